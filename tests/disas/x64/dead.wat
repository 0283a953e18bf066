;; Code that is never reached is not emitted.
(module
  (func (result i32)
    (return (i32.const 1))
    (i32.add (i32.const 1) (i32.const 2)))
  (func (param i32)
    (block (br 0 (unreachable)) (drop (i32.load (local.get 0)))) )
  (memory 1))

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
;;    13  mov eax, 1
;;    18  jmp 0x1D
;;    1d  leave
;;    1e  ret
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
;;    16  ud2
;;    18  trap 1
