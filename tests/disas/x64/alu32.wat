;; Two-operand integer operators, 32 bits: registers, immediates on either side.
(module
  (func (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32) (i32.mul (local.get 0) (local.get 1)))
  (func (param i32) (result i32) (i32.and (local.get 0) (i32.const 255)))
  (func (param i32) (result i32) (i32.or (i32.const 0x12345) (local.get 0)))
  (func (param i32) (result i32) (i32.sub (i32.const 7) (local.get 0)))
  (func (param i32) (result i32) (i32.mul (local.get 0) (i32.const 1000))))

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
;;    22  lea eax, [rbx+r12]
;;    26  lea rsp, [rbp-0x18]
;;    2a  pop r12
;;    2c  pop rbx
;;    2d  leave
;;    2e  ret
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
;;    24  sub eax, r12d
;;    27  lea rsp, [rbp-0x18]
;;    2b  pop r12
;;    2d  pop rbx
;;    2e  leave
;;    2f  ret
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
;;    22  mov eax, ebx
;;    24  imul eax, r12d
;;    28  lea rsp, [rbp-0x18]
;;    2c  pop r12
;;    2e  pop rbx
;;    2f  leave
;;    30  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  and eax, 0xFF
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  or eax, 0x12345
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov eax, 7
;;    22  sub eax, ebx
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  imul eax, ebx, 0x3E8
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
