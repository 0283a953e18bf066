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
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov eax, ebx
;;    24  test r12d, r12d
;;    27  je trap 7
;;    2d  cmp r12d, 0xFFFFFFFF
;;    31  jne 0x3F
;;    33  mov r11d, eax
;;    36  neg r11d
;;    39  jo trap 6
;;    3f  cdq
;;    40  idiv r12d
;;    43  lea rsp, [rbp-0x18]
;;    47  pop r12
;;    49  pop rbx
;;    4a  leave
;;    4b  ret
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
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov eax, ebx
;;    24  test r12d, r12d
;;    27  je trap 7
;;    2d  xor edx, edx
;;    2f  cmp r12d, 0xFFFFFFFF
;;    33  je 0x39
;;    35  cdq
;;    36  idiv r12d
;;    39  mov eax, edx
;;    3b  lea rsp, [rbp-0x18]
;;    3f  pop r12
;;    41  pop rbx
;;    42  leave
;;    43  ret
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
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov rax, rbx
;;    25  test r12, r12
;;    28  je trap 7
;;    2e  xor edx, edx
;;    30  div r12
;;    33  lea rsp, [rbp-0x18]
;;    37  pop r12
;;    39  pop rbx
;;    3a  leave
;;    3b  ret
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
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov rax, rbx
;;    25  test r12, r12
;;    28  je trap 7
;;    2e  xor edx, edx
;;    30  div r12
;;    33  mov rax, rdx
;;    36  lea rsp, [rbp-0x18]
;;    3a  pop r12
;;    3c  pop rbx
;;    3d  leave
;;    3e  ret
