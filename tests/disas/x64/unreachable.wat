;; Traps carry their code.
(module (func unreachable) (func (param i32) (if (local.get 0) (then unreachable))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  ud2
;;    1b  trap 1
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
;;    1c  test ebx, ebx
;;    1e  je 0x27
;;    24  ud2
;;    26  trap 1
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
