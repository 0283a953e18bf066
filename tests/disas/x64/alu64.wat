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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov rbx, rax
;;    1b  mov rsi, rcx
;;    1e  lea rax, [rbx+rsi]
;;    22  lea rsp, [rbp-0x18]
;;    26  pop rsi
;;    27  pop rbx
;;    28  leave
;;    29  ret
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
;;    17  mov rbx, rax
;;    1a  mov rax, rbx
;;    1d  xor rax, 0xFFFFFFFFFFFFFFFF
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov rax, 0x123456789
;;    24  add rax, rbx
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov rax, rbx
;;    1d  sub rax, 0xFFFFFFFF80000000
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
