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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov r10, [r14+0x38]
;;    1d  mov r10, [r10]
;;    20  mov eax, [r10+rbx+8]
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov r10, [r14+0x40]
;;    1d  mov r10, [r10]
;;    20  mov dword ptr [r10+rbx], 1
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
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
;;    16  mov r11, [r14+0x38]
;;    1a  mov rax, [r11+8]
;;    1e  shr rax, 0x10
;;    22  leave
;;    23  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov edx, ebx
;;    1b  mov eax, 2
;;    20  mov r11, [r14+8]
;;    24  call qword ptr [r11]
;;    28  mov eax, eax
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
