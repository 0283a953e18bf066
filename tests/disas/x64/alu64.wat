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
;;    1b  mov rbx, rax
;;    1e  mov rsi, rcx
;;    21  lea rax, [rbx+rsi]
;;    25  lea rsp, [rbp-0x18]
;;    29  pop rsi
;;    2a  pop rbx
;;    2b  leave
;;    2c  ret
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
;;    1a  mov rbx, rax
;;    1d  mov rax, rbx
;;    20  xor rax, 0xFFFFFFFFFFFFFFFF
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
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
;;    1a  mov rbx, rax
;;    1d  mov rax, 0x123456789
;;    27  add rax, rbx
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
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
;;    1a  mov rbx, rax
;;    1d  mov rax, rbx
;;    20  sub rax, 0xFFFFFFFF80000000
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
