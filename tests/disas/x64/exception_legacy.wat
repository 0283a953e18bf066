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
;;    15  clc
;;    16  leave
;;    17  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFFE0
;;    1b  mov eax, 0
;;    20  jmp 0x42
;; landing, tag 0:
;;    25  mov [rbp-0x10], rax
;;    29  mov r11, [rax+0x10]
;;    2d  mov [rbp-0x18], r11
;;    31  mov eax, [rbp-0x18]
;;    34  jmp 0x42
;; landing, all:
;;    39  mov [rbp-0x10], rax
;;    3d  mov eax, 2
;;    42  leave
;;    43  ret
;; a call that returns to 0x1b is handled at 0x25, 0x39
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFF90
;;    1b  jmp 0x38
;; landing, all:
;;    20  mov [rbp-0x10], rax
;;    24  call 0xFFFFFFFFFFFFFF90
;;    29  mov rax, [rbp-0x10]
;;    2d  mov r11, [r14+8]
;;    31  call qword ptr [r11+0x70]
;;    35  ud2
;;    37  trap 1
;;    38  leave
;;    39  ret
;; a call that returns to 0x1b is handled at 0x20
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFF50
;;    1b  jmp 0x24
;; landing, all:
;;    20  mov [rbp-0x10], rax
;;    24  leave
;;    25  ret
;; a call that returns to 0x1b is handled at 0x20
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFF20
;;    1b  leave
;;    1c  ret
;; a call that returns to 0x1b is handled at 
