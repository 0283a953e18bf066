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
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov eax, 1
;;    1b  jmp 0x20
;;    20  leave
;;    21  ret
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
;;    19  ud2
;;    1b  trap 1
