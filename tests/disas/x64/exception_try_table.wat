;; try_table with each kind of clause; landings are behind the function's code.
(module
  (tag $e (param i32)) (tag $pair (param i64 f64))
  (func $f)
  (func $one (result i32)
    (block $l (result i32) (try_table (catch $e $l) (call $f)) (i32.const 0)))
  (func $reference (result i32 exnref)
    (block $l (result i32 exnref) (try_table (catch_ref $e $l) (call $f)) (i32.const 0) (ref.null exn)))
  (func $all (block $l (try_table (catch_all $l) (call $f))))
  (func $all_ref (result exnref)
    (block $l (result exnref) (try_table (catch_all_ref $l) (call $f)) (ref.null exn)))
  (func $several (param $pinned i64) (result i64 f64)
    (loop $again
      (block $l (result i64 f64)
        (try_table (catch $pair $l) (catch_all $again) (call $f))
        (local.get $pinned) (f64.const 1))
      (return))
    (unreachable))
  (func $nested (result i32)
    (block $l (result i32)
      (try_table (catch $e $l)
        (call $f)
        (block $m (try_table (catch_all $m) (call $f)))
        (call $f))
      (i32.const 1))))

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
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFFE0
;;    18  mov eax, 0
;;    1d  leave
;;    1e  ret
;; landing, tag 0:
;;    1f  mov eax, [rax+0x10]
;;    22  jmp 0x1D
;; a call that returns to 0x18 is handled at 0x1f
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFFB0
;;    18  mov qword ptr [rbp-0x10], 0
;;    20  mov qword ptr [rbp-0x18], 0
;;    28  mov eax, [rbp-0x10]
;;    2b  mov rcx, [rbp-0x18]
;;    2f  leave
;;    30  ret
;; landing, tag 0:
;;    31  mov r11, [rax+0x10]
;;    35  mov [rbp-0x10], r11
;;    39  mov [rbp-0x18], rax
;;    3d  jmp 0x28
;; a call that returns to 0x18 is handled at 0x31
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
;;    13  call 0xFFFFFFFFFFFFFF70
;; landing, all:
;;    18  leave
;;    19  ret
;; a call that returns to 0x18 is handled at 0x18
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
;;    13  call 0xFFFFFFFFFFFFFF50
;;    18  mov eax, 0
;; landing, all:
;;    1d  leave
;;    1e  ret
;; a call that returns to 0x18 is handled at 0x1d
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;; landing, all:
;;    17  call 0xFFFFFFFFFFFFFF30
;;    1c  mov [rbp-0x18], rbx
;;    20  mov r11, 0x3FF0000000000000
;;    2a  mov [rbp-0x20], r11
;;    2e  jmp 0x33
;;    33  mov rax, [rbp-0x18]
;;    37  movsd xmm0, [rbp-0x20]
;;    3c  mov rbx, [rbp-0x10]
;;    40  leave
;;    41  ret
;; landing, tag 1:
;;    42  mov r11, [rax+0x10]
;;    46  mov [rbp-0x18], r11
;;    4a  mov r11, [rax+0x20]
;;    4e  mov [rbp-0x20], r11
;;    52  jmp 0x2E
;; a call that returns to 0x1c is handled at 0x42, 0x17
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFED0
;;    18  call 0xFFFFFFFFFFFFFED0
;; landing, all:
;;    1d  call 0xFFFFFFFFFFFFFED0
;;    22  mov eax, 1
;;    27  leave
;;    28  ret
;; landing, tag 0:
;;    29  mov eax, [rax+0x10]
;;    2c  jmp 0x27
;; a call that returns to 0x18 is handled at 0x29
;; a call that returns to 0x1d is handled at 0x1d, 0x29
;; a call that returns to 0x22 is handled at 0x29
