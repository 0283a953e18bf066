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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  leave
;;    14  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFFE0
;;    18  mov eax, 0
;;    1d  jmp 0x3F
;; landing, tag 0:
;;    22  mov [rbp-0x10], rax
;;    26  mov r11, [rax+0x10]
;;    2a  mov [rbp-0x18], r11
;;    2e  mov eax, [rbp-0x18]
;;    31  jmp 0x3F
;; landing, all:
;;    36  mov [rbp-0x10], rax
;;    3a  mov eax, 2
;;    3f  leave
;;    40  ret
;; a call that returns to 0x18 is handled at 0x22, 0x36
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFF90
;;    18  jmp 0x35
;; landing, all:
;;    1d  mov [rbp-0x10], rax
;;    21  call 0xFFFFFFFFFFFFFF90
;;    26  mov rax, [rbp-0x10]
;;    2a  mov r11, [r14+8]
;;    2e  call qword ptr [r11+0x70]
;;    32  ud2
;;    34  trap 1
;;    35  leave
;;    36  ret
;; a call that returns to 0x18 is handled at 0x1d
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFF50
;;    18  jmp 0x21
;; landing, all:
;;    1d  mov [rbp-0x10], rax
;;    21  leave
;;    22  ret
;; a call that returns to 0x18 is handled at 0x1d
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFF20
;;    18  leave
;;    19  ret
;; a call that returns to 0x18 is handled at 
