;; Divisions by constants: no checks where none are needed.
(module
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 10)))
  (func (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 16)))
  (func (param i32) (result i32) (i32.rem_u (local.get 0) (i32.const 16)))
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 0)))
  (func (param i64) (result i64) (i64.rem_s (local.get 0) (i64.const -1))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x2D
;;    1a  mov rbx, rax
;;    1d  mov ecx, 0xA
;;    22  mov eax, ebx
;;    24  cdq
;;    25  idiv ecx
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;    2d  ud2
;;    2f  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x28
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  shr eax, 4
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
;;    28  ud2
;;    2a  trap 9
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x28
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  and eax, 0xF
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
;;    28  ud2
;;    2a  trap 9
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x46
;;    1a  mov rbx, rax
;;    1d  mov ecx, 0
;;    22  mov eax, ebx
;;    24  test ecx, ecx
;;    26  je 0x49
;;    2c  cmp ecx, 0xFFFFFFFF
;;    2f  jne 0x3D
;;    31  mov r11d, eax
;;    34  neg r11d
;;    37  jo 0x4C
;;    3d  cdq
;;    3e  idiv ecx
;;    40  mov rbx, [rbp-0x10]
;;    44  leave
;;    45  ret
;;    46  ud2
;;    48  trap 9
;;    49  ud2
;;    4b  trap 7
;;    4c  ud2
;;    4e  trap 6
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x46
;;    1a  mov rbx, rax
;;    1d  mov rcx, 0xFFFFFFFFFFFFFFFF
;;    24  mov rax, rbx
;;    27  test rcx, rcx
;;    2a  je 0x49
;;    30  xor edx, edx
;;    32  cmp rcx, 0xFFFFFFFFFFFFFFFF
;;    36  je 0x3D
;;    38  cqo
;;    3a  idiv rcx
;;    3d  mov rax, rdx
;;    40  mov rbx, [rbp-0x10]
;;    44  leave
;;    45  ret
;;    46  ud2
;;    48  trap 9
;;    49  ud2
;;    4b  trap 7
