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
;;    13  jb 0x1B
;;    19  leave
;;    1a  ret
;;    1b  ud2
;;    1d  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x25
;;    19  call 0xFFFFFFFFFFFFFFE0
;;    1e  mov eax, 0
;;    23  leave
;;    24  ret
;;    25  ud2
;;    27  trap 9
;; landing, tag 0:
;;    28  lea rsp, [rbp-0x10]
;;    2f  mov r14, [rbp-8]
;;    33  mov r15, [r14+0x10]
;;    37  mov eax, [rax+0x10]
;;    3a  jmp 0x23
;; a call that returns to 0x1e is handled at 0x28
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x37
;;    19  call 0xFFFFFFFFFFFFFFA0
;;    1e  mov qword ptr [rbp-0x10], 0
;;    26  mov qword ptr [rbp-0x18], 0
;;    2e  mov eax, [rbp-0x10]
;;    31  mov rcx, [rbp-0x18]
;;    35  leave
;;    36  ret
;;    37  ud2
;;    39  trap 9
;; landing, tag 0:
;;    3a  lea rsp, [rbp-0x20]
;;    41  mov r14, [rbp-8]
;;    45  mov r15, [r14+0x10]
;;    49  mov r11, [rax+0x10]
;;    4d  mov [rbp-0x10], r11
;;    51  mov [rbp-0x18], rax
;;    55  jmp 0x2E
;; a call that returns to 0x1e is handled at 0x3a
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x20
;;    19  call 0xFFFFFFFFFFFFFF40
;;    1e  leave
;;    1f  ret
;;    20  ud2
;;    22  trap 9
;; landing, all:
;;    23  lea rsp, [rbp-0x10]
;;    2a  mov r14, [rbp-8]
;;    2e  mov r15, [r14+0x10]
;;    32  jmp 0x1E
;; a call that returns to 0x1e is handled at 0x23
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x25
;;    19  call 0xFFFFFFFFFFFFFF00
;;    1e  mov eax, 0
;;    23  leave
;;    24  ret
;;    25  ud2
;;    27  trap 9
;; landing, all:
;;    28  lea rsp, [rbp-0x10]
;;    2f  mov r14, [rbp-8]
;;    33  mov r15, [r14+0x10]
;;    37  jmp 0x23
;; a call that returns to 0x1e is handled at 0x28
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x48
;;    1a  mov rbx, rax
;;    1d  call 0xFFFFFFFFFFFFFEC0
;;    22  mov [rbp-0x18], rbx
;;    26  mov r11, 0x3FF0000000000000
;;    30  mov [rbp-0x20], r11
;;    34  jmp 0x39
;;    39  mov rax, [rbp-0x18]
;;    3d  movsd xmm0, [rbp-0x20]
;;    42  mov rbx, [rbp-0x10]
;;    46  leave
;;    47  ret
;;    48  ud2
;;    4a  trap 9
;; landing, tag 1:
;;    4b  lea rsp, [rbp-0x20]
;;    52  mov r14, [rbp-8]
;;    56  mov r15, [r14+0x10]
;;    5a  mov r11, [rax+0x10]
;;    5e  mov [rbp-0x18], r11
;;    62  mov r11, [rax+0x20]
;;    66  mov [rbp-0x20], r11
;;    6a  jmp 0x34
;; landing, all:
;;    6c  lea rsp, [rbp-0x20]
;;    73  mov r14, [rbp-8]
;;    77  mov r15, [r14+0x10]
;;    7b  jmp 0x1D
;; a call that returns to 0x22 is handled at 0x4b, 0x6c
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x2F
;;    19  call 0xFFFFFFFFFFFFFE40
;;    1e  call 0xFFFFFFFFFFFFFE40
;;    23  call 0xFFFFFFFFFFFFFE40
;;    28  mov eax, 1
;;    2d  leave
;;    2e  ret
;;    2f  ud2
;;    31  trap 9
;; landing, tag 0:
;;    32  lea rsp, [rbp-0x10]
;;    39  mov r14, [rbp-8]
;;    3d  mov r15, [r14+0x10]
;;    41  mov eax, [rax+0x10]
;;    44  jmp 0x2D
;; landing, all:
;;    46  lea rsp, [rbp-0x10]
;;    4d  mov r14, [rbp-8]
;;    51  mov r15, [r14+0x10]
;;    55  jmp 0x23
;; a call that returns to 0x1e is handled at 0x32
;; a call that returns to 0x23 is handled at 0x46, 0x32
;; a call that returns to 0x28 is handled at 0x32
