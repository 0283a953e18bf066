;; Throwing: arguments in home slots, references, and what was caught before.
(module
  (tag $e (param i32 f64))
  (func (param i32 f64) (throw $e (local.get 0) (local.get 1)))
  (func (param exnref) (throw_ref (local.get 0)))
  (func (result i32 f64)
    (block $l (result i32 f64) (try_table (catch $e $l) (throw $e (i32.const 1) (f64.const 2))) (unreachable))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  mov [rbp-0x20], rbx
;;    29  movsd [rbp-0x28], xmm5
;;    2e  xor esi, esi
;;    30  lea rdx, [rbp-0x20]
;;    34  mov ecx, 8
;;    39  mov r11, [r14+8]
;;    3d  call qword ptr [r11+0x68]
;;    44  ud2
;;    46  trap 1
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov rsi, [rbp-0x10]
;;    21  mov r11, [r14+8]
;;    25  call qword ptr [r11+0x70]
;;    2c  ud2
;;    2e  trap 1
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov qword ptr [rbp-0x10], 1
;;    21  mov r11, 0x4000000000000000
;;    2b  mov [rbp-0x18], r11
;;    2f  xor esi, esi
;;    31  lea rdx, [rbp-0x10]
;;    35  mov ecx, 8
;;    3a  mov r11, [r14+8]
;;    3e  call qword ptr [r11+0x68]
;;    45  ud2
;;    47  trap 1
;;    48  mov eax, [rbp-0x10]
;;    4b  movsd xmm0, [rbp-0x18]
;;    50  leave
;;    51  ret
;; landing, tag 0:
;;    52  lea rsp, [rbp-0x20]
;;    59  mov r14, [rbp-8]
;;    5d  mov r15, [r14+0x10]
;;    61  mov r11, [rax+0x10]
;;    65  mov [rbp-0x10], r11
;;    69  mov r11, [rax+0x20]
;;    6d  mov [rbp-0x18], r11
;;    71  jmp 0x48
;; a call that returns to 0x45 is handled at 0x52
