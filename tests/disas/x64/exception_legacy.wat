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
;;    23  jmp 0x45
;; landing, tag 0:
;;    28  mov [rbp-0x10], rax
;;    2c  mov r11, [rax+0x10]
;;    30  mov [rbp-0x18], r11
;;    34  mov eax, [rbp-0x18]
;;    37  jmp 0x45
;; landing, all:
;;    3c  mov [rbp-0x10], rax
;;    40  mov eax, 2
;;    45  leave
;;    46  ret
;; a call that returns to 0x1e is handled at 0x28, 0x3c
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFF90
;;    1e  jmp 0x3B
;; landing, all:
;;    23  mov [rbp-0x10], rax
;;    27  call 0xFFFFFFFFFFFFFF90
;;    2c  mov rax, [rbp-0x10]
;;    30  mov r11, [r14+8]
;;    34  call qword ptr [r11+0x70]
;;    38  ud2
;;    3a  trap 1
;;    3b  leave
;;    3c  ret
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
;;    19  call 0xFFFFFFFFFFFFFF50
;;    1e  jmp 0x27
;; landing, all:
;;    23  mov [rbp-0x10], rax
;;    27  leave
;;    28  ret
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
;;    19  call 0xFFFFFFFFFFFFFF20
;;    1e  leave
;;    1f  ret
;; a call that returns to 0x1e is handled at 
