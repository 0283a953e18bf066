;; Divisions: zero and overflow trap, the remainder by -1 is 0.
(module
  (func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
  (func (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb 0x4D
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov eax, ebx
;;    24  test r12d, r12d
;;    27  je 0x50
;;    2d  cmp r12d, 0xFFFFFFFF
;;    31  jne 0x3F
;;    33  mov r11d, eax
;;    36  neg r11d
;;    39  jo 0x53
;;    3f  cdq
;;    40  idiv r12d
;;    43  mov rbx, [rbp-0x10]
;;    47  mov r12, [rbp-0x18]
;;    4b  leave
;;    4c  ret
;;    4d  ud2
;;    4f  trap 9
;;    50  ud2
;;    52  trap 7
;;    53  ud2
;;    55  trap 6
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb 0x45
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov eax, ebx
;;    24  test r12d, r12d
;;    27  je 0x48
;;    2d  xor edx, edx
;;    2f  cmp r12d, 0xFFFFFFFF
;;    33  je 0x39
;;    35  cdq
;;    36  idiv r12d
;;    39  mov eax, edx
;;    3b  mov rbx, [rbp-0x10]
;;    3f  mov r12, [rbp-0x18]
;;    43  leave
;;    44  ret
;;    45  ud2
;;    47  trap 9
;;    48  ud2
;;    4a  trap 7
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb 0x3D
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov rax, rbx
;;    25  test r12, r12
;;    28  je 0x40
;;    2e  xor edx, edx
;;    30  div r12
;;    33  mov rbx, [rbp-0x10]
;;    37  mov r12, [rbp-0x18]
;;    3b  leave
;;    3c  ret
;;    3d  ud2
;;    3f  trap 9
;;    40  ud2
;;    42  trap 7
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb 0x40
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov rax, rbx
;;    25  test r12, r12
;;    28  je 0x43
;;    2e  xor edx, edx
;;    30  div r12
;;    33  mov rax, rdx
;;    36  mov rbx, [rbp-0x10]
;;    3a  mov r12, [rbp-0x18]
;;    3e  leave
;;    3f  ret
;;    40  ud2
;;    42  trap 9
;;    43  ud2
;;    45  trap 7
