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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  mov r11, [r14+0x30]
;;    26  cmp rax, [r11+8]
;;    2a  jae trap 3
;;    30  mov r11, [r11]
;;    34  lea r10, [r11+rax*8]
;;    38  mov rax, [r10]
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
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
;;    2c  cmp rbx, [r11+8]
;;    30  jae trap 3
;;    36  mov r11, [r11]
;;    3a  lea r10, [r11+rbx*8]
;;    3e  mov [r10], rax
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
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
;;    20  mov rax, [r11+8]
;;    24  leave
;;    25  ret
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
;;    26  xor esi, esi
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+0x28]
;;    33  mov eax, eax
;;    35  leave
;;    36  ret
