;; The same, 64 bits, with a constant that is no immediate.
(module
  (func (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (param i64) (result i64) (i64.xor (local.get 0) (i64.const -1)))
  (func (param i64) (result i64) (i64.add (local.get 0) (i64.const 0x123456789)))
  (func (param i64) (result i64) (i64.sub (local.get 0) (i64.const -2147483648))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov rbx, rax
;;    18  mov rsi, rcx
;;    1b  lea rax, [rbx+rsi]
;;    1f  lea rsp, [rbp-0x18]
;;    23  pop rsi
;;    24  pop rbx
;;    25  leave
;;    26  ret
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
;;    14  mov rbx, rax
;;    17  mov rax, rbx
;;    1a  xor rax, 0xFFFFFFFFFFFFFFFF
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov rax, 0x123456789
;;    21  add rax, rbx
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
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
;;    14  mov rbx, rax
;;    17  mov rax, rbx
;;    1a  sub rax, 0xFFFFFFFF80000000
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
