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
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFFE0
;;    1b  mov eax, 0
;;    20  leave
;;    21  ret
;; landing, tag 0:
;;    22  mov eax, [rax+0x10]
;;    25  jmp 0x20
;; a call that returns to 0x1b is handled at 0x22
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFFB0
;;    1b  mov qword ptr [rbp-0x10], 0
;;    23  mov qword ptr [rbp-0x18], 0
;;    2b  mov eax, [rbp-0x10]
;;    2e  mov rcx, [rbp-0x18]
;;    32  leave
;;    33  ret
;; landing, tag 0:
;;    34  mov r11, [rax+0x10]
;;    38  mov [rbp-0x10], r11
;;    3c  mov [rbp-0x18], rax
;;    40  jmp 0x2B
;; a call that returns to 0x1b is handled at 0x34
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
;;    16  call 0xFFFFFFFFFFFFFF60
;; landing, all:
;;    1b  leave
;;    1c  ret
;; a call that returns to 0x1b is handled at 0x1b
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
;;    16  call 0xFFFFFFFFFFFFFF40
;;    1b  mov eax, 0
;; landing, all:
;;    20  leave
;;    21  ret
;; a call that returns to 0x1b is handled at 0x20
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov rbx, rax
;; landing, all:
;;    1a  call 0xFFFFFFFFFFFFFF10
;;    1f  mov [rbp-0x18], rbx
;;    23  mov r11, 0x3FF0000000000000
;;    2d  mov [rbp-0x20], r11
;;    31  jmp 0x36
;;    36  mov rax, [rbp-0x18]
;;    3a  movsd xmm0, [rbp-0x20]
;;    3f  mov rbx, [rbp-0x10]
;;    43  leave
;;    44  ret
;; landing, tag 1:
;;    45  mov r11, [rax+0x10]
;;    49  mov [rbp-0x18], r11
;;    4d  mov r11, [rax+0x20]
;;    51  mov [rbp-0x20], r11
;;    55  jmp 0x31
;; a call that returns to 0x1f is handled at 0x45, 0x1a
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFEB0
;;    1b  call 0xFFFFFFFFFFFFFEB0
;; landing, all:
;;    20  call 0xFFFFFFFFFFFFFEB0
;;    25  mov eax, 1
;;    2a  leave
;;    2b  ret
;; landing, tag 0:
;;    2c  mov eax, [rax+0x10]
;;    2f  jmp 0x2A
;; a call that returns to 0x1b is handled at 0x2c
;; a call that returns to 0x20 is handled at 0x20, 0x2c
;; a call that returns to 0x25 is handled at 0x2c
