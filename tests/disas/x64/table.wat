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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  mov r11, [r14+0x30]
;;    1c  cmp rax, [r11+8]
;;    20  jae trap 3
;;    22  clc
;;    23  mov r11, [r11]
;;    26  lea r10, [r11+rax*8]
;;    2a  mov rax, [r10]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov [rbp-0x18], rcx
;;    1b  mov rax, [rbp-0x18]
;;    1f  mov r11, [r14+0x30]
;;    23  cmp rbx, [r11+8]
;;    27  jae trap 3
;;    29  clc
;;    2a  mov r11, [r11]
;;    2d  lea r10, [r11+rbx*8]
;;    31  mov [r10], rax
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov r11, [r14+0x30]
;;    17  mov rax, [r11+8]
;;    1b  leave
;;    1c  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov rdx, [rbp-0x10]
;;    1b  mov ecx, 2
;;    20  xor eax, eax
;;    22  mov r11, [r14+8]
;;    26  call qword ptr [r11+0x28]
;;    2a  mov eax, eax
;;    2c  leave
;;    2d  ret
