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
;;    15  clc
;;    16  ud2
;;    18  trap 1
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
;;    19  test ebx, ebx
;;    1b  je 0x24
;;    21  ud2
;;    23  trap 1
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
