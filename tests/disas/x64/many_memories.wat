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
;;    1a  mov ebx, eax
;;    1c  mov r10, [r14+0x38]
;;    20  mov r10, [r10]
;;    23  mov eax, [r10+rbx+8]
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
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
;;    1a  mov ebx, eax
;;    1c  mov r10, [r14+0x40]
;;    20  mov r10, [r10]
;;    23  mov dword ptr [r10+rbx], 1
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
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
;;    1d  mov rax, [r11+8]
;;    21  shr rax, 0x10
;;    25  leave
;;    26  ret
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
;;    1a  mov ebx, eax
;;    1c  mov edx, ebx
;;    1e  mov eax, 2
;;    23  mov r11, [r14+8]
;;    27  call qword ptr [r11]
;;    2b  mov eax, eax
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
