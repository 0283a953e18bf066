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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  mov r11, [r14+0x30]
;;    22  cmp rax, [r11+8]
;;    26  jae trap 3
;;    2c  mov r11, [r11]
;;    2f  lea r10, [r11+rax*8]
;;    33  mov rax, [r10]
;;    36  mov rbx, [rbp-0x10]
;;    3a  leave
;;    3b  ret
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
;;    1a  mov rbx, rax
;;    1d  mov [rbp-0x18], rcx
;;    21  mov rax, [rbp-0x18]
;;    25  mov r11, [r14+0x30]
;;    29  cmp rbx, [r11+8]
;;    2d  jae trap 3
;;    33  mov r11, [r11]
;;    36  lea r10, [r11+rbx*8]
;;    3a  mov [r10], rax
;;    3d  mov rbx, [rbp-0x10]
;;    41  leave
;;    42  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov r11, [r14+0x30]
;;    1d  mov rax, [r11+8]
;;    21  leave
;;    22  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov rdx, [rbp-0x10]
;;    21  mov ecx, 2
;;    26  xor eax, eax
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+0x28]
;;    30  mov eax, eax
;;    32  leave
;;    33  ret
