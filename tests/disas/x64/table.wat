;; Table accesses.
(module (table $t 4 externref)
  (func (param i32) (result externref) (table.get $t (local.get 0)))
  (func (param i32 externref) (table.set $t (local.get 0) (local.get 1)))
  (func (result i32) (table.size $t))
  (func (param externref) (result i32) (table.grow $t (local.get 0) (i32.const 2))))

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
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  mov r11, [r14+0x30]
;;    1f  cmp rax, [r11+8]
;;    23  jae trap 3
;;    25  clc
;;    26  mov r11, [r11]
;;    29  lea r10, [r11+rax*8]
;;    2d  mov rax, [r10]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov [rbp-0x18], rcx
;;    1e  mov rax, [rbp-0x18]
;;    22  mov r11, [r14+0x30]
;;    26  cmp rbx, [r11+8]
;;    2a  jae trap 3
;;    2c  clc
;;    2d  mov r11, [r11]
;;    30  lea r10, [r11+rbx*8]
;;    34  mov [r10], rax
;;    37  mov rbx, [rbp-0x10]
;;    3b  leave
;;    3c  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov r11, [r14+0x30]
;;    1a  mov rax, [r11+8]
;;    1e  leave
;;    1f  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov rdx, [rbp-0x10]
;;    1e  mov ecx, 2
;;    23  xor eax, eax
;;    25  mov r11, [r14+8]
;;    29  call qword ptr [r11+0x28]
;;    2d  mov eax, eax
;;    2f  leave
;;    30  ret
