;; The older form: catch is a landing itself, delegate one of another try.
(module
  (tag $e (param i32))
  (func $f)
  (func (result i32)
    try (result i32) (call $f) (i32.const 0) catch $e catch_all (i32.const 2) end)
  (func
    try (call $f) catch_all (call $f) rethrow 0 end)
  (func
    try $outer
      try (call $f) delegate $outer
    catch_all
    end)
  (func
    try (call $f) delegate 0))

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
;;    19  leave
;;    1a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFFE0
;;    1e  mov eax, 0
;;    23  jmp 0x63
;; landing, tag 0:
;;    28  lea rsp, [rbp-0x20]
;;    2f  mov r14, [rbp-8]
;;    33  mov r15, [r14+0x10]
;;    37  mov [rbp-0x10], rax
;;    3b  mov r11, [rax+0x10]
;;    3f  mov [rbp-0x18], r11
;;    43  mov eax, [rbp-0x18]
;;    46  jmp 0x63
;; landing, all:
;;    4b  lea rsp, [rbp-0x20]
;;    52  mov r14, [rbp-8]
;;    56  mov r15, [r14+0x10]
;;    5a  mov [rbp-0x10], rax
;;    5e  mov eax, 2
;;    63  leave
;;    64  ret
;; a call that returns to 0x1e is handled at 0x28, 0x4b
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFF70
;;    1e  jmp 0x4D
;; landing, all:
;;    23  lea rsp, [rbp-0x10]
;;    2a  mov r14, [rbp-8]
;;    2e  mov r15, [r14+0x10]
;;    32  mov [rbp-0x10], rax
;;    36  call 0xFFFFFFFFFFFFFF70
;;    3b  mov rsi, [rbp-0x10]
;;    3f  mov r11, [r14+8]
;;    43  call qword ptr [r11+0x70]
;;    4a  ud2
;;    4c  trap 1
;;    4d  leave
;;    4e  ret
;; a call that returns to 0x1e is handled at 0x23
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFF20
;;    1e  jmp 0x36
;; landing, all:
;;    23  lea rsp, [rbp-0x10]
;;    2a  mov r14, [rbp-8]
;;    2e  mov r15, [r14+0x10]
;;    32  mov [rbp-0x10], rax
;;    36  leave
;;    37  ret
;; a call that returns to 0x1e is handled at 0x23
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFEE0
;;    1e  leave
;;    1f  ret
;; a call that returns to 0x1e is handled at 
