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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  mov ebx, 5
;;    23  add eax, ebx
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
