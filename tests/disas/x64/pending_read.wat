;; A local that is on the stack unread is read before it is written.
(module
  (func (param i32) (result i32)
    local.get 0
    (local.set 0 (i32.const 5))
    local.get 0
    i32.add))

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
;;    1b  mov ebx, 5
;;    20  add eax, ebx
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
