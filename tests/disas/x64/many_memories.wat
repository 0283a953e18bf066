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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov r10, [r14+0x38]
;;    1a  mov r10, [r10]
;;    1d  mov eax, [r10+rbx+8]
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
;;
;; function 1
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
;;    16  mov r10, [r14+0x40]
;;    1a  mov r10, [r10]
;;    1d  mov dword ptr [r10+rbx], 1
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
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
;;    13  mov r11, [r14+0x38]
;;    17  mov rax, [r11+8]
;;    1b  shr rax, 0x10
;;    1f  leave
;;    20  ret
;;
;; function 3
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
;;    16  mov edx, ebx
;;    18  mov eax, 2
;;    1d  mov r11, [r14+8]
;;    21  call qword ptr [r11]
;;    25  mov eax, eax
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
