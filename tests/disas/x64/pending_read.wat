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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  mov ebx, 5
;;    1d  add eax, ebx
;;    1f  mov rbx, [rbp-0x10]
;;    23  leave
;;    24  ret
