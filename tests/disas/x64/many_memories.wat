;; Memories other than the first go through their pointers.
(module (import "m" "m" (memory 1)) (memory 1) (memory 1)
  (func (param i32) (result i32) (i32.load 1 offset=8 (local.get 0)))
  (func (param i32) (i32.store 2 (local.get 0) (i32.const 1)))
  (func (result i32) (memory.size 1))
  (func (param i32) (result i32) (memory.grow 2 (local.get 0))))

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
;;    1d  mov r10, [r14+0x38]
;;    24  mov r10, [r10]
;;    28  mov eax, [r10+rbx+8]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r10, [r14+0x40]
;;    24  mov r10, [r10]
;;    28  mov dword ptr [r10+rbx], 1
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov r11, [r14+0x38]
;;    20  mov rax, [r11+8]
;;    24  shr rax, 0x10
;;    28  leave
;;    29  ret
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
;;    1d  mov edx, ebx
;;    1f  mov esi, 2
;;    24  mov r11, [r14+8]
;;    28  call qword ptr [r11]
;;    2f  mov eax, eax
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
