;; Traps carry their code.
(module (func unreachable) (func (param i32) (if (local.get 0) (then unreachable))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  ud2
;;    15  trap 1
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
;;    16  test ebx, ebx
;;    18  je 0x21
;;    1e  ud2
;;    20  trap 1
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
