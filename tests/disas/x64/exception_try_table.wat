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
;;    19  leave
;;    1a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFFE0
;;    1e  mov eax, 0
;;    23  leave
;;    24  ret
;; landing, tag 0:
;;    25  mov eax, [rax+0x10]
;;    28  jmp 0x23
;; a call that returns to 0x1e is handled at 0x25
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFFB0
;;    1e  mov qword ptr [rbp-0x10], 0
;;    26  mov qword ptr [rbp-0x18], 0
;;    2e  mov eax, [rbp-0x10]
;;    31  mov rcx, [rbp-0x18]
;;    35  leave
;;    36  ret
;; landing, tag 0:
;;    37  mov r11, [rax+0x10]
;;    3b  mov [rbp-0x10], r11
;;    3f  mov [rbp-0x18], rax
;;    43  jmp 0x2E
;; a call that returns to 0x1e is handled at 0x37
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFF60
;; landing, all:
;;    1e  leave
;;    1f  ret
;; a call that returns to 0x1e is handled at 0x1e
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFF40
;;    1e  mov eax, 0
;; landing, all:
;;    23  leave
;;    24  ret
;; a call that returns to 0x1e is handled at 0x23
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
;;    1a  mov rbx, rax
;; landing, all:
;;    1d  call 0xFFFFFFFFFFFFFF10
;;    22  mov [rbp-0x18], rbx
;;    26  mov r11, 0x3FF0000000000000
;;    30  mov [rbp-0x20], r11
;;    34  jmp 0x39
;;    39  mov rax, [rbp-0x18]
;;    3d  movsd xmm0, [rbp-0x20]
;;    42  mov rbx, [rbp-0x10]
;;    46  leave
;;    47  ret
;; landing, tag 1:
;;    48  mov r11, [rax+0x10]
;;    4c  mov [rbp-0x18], r11
;;    50  mov r11, [rax+0x20]
;;    54  mov [rbp-0x20], r11
;;    58  jmp 0x34
;; a call that returns to 0x22 is handled at 0x48, 0x1d
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFEB0
;;    1e  call 0xFFFFFFFFFFFFFEB0
;; landing, all:
;;    23  call 0xFFFFFFFFFFFFFEB0
;;    28  mov eax, 1
;;    2d  leave
;;    2e  ret
;; landing, tag 0:
;;    2f  mov eax, [rax+0x10]
;;    32  jmp 0x2D
;; a call that returns to 0x1e is handled at 0x2f
;; a call that returns to 0x23 is handled at 0x23, 0x2f
;; a call that returns to 0x28 is handled at 0x2f
