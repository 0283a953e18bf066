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
;;    2e  xor eax, eax
;;    30  lea rdx, [rbp-0x20]
;;    34  mov ecx, 8
;;    39  mov r11, [r14+8]
;;    3d  call qword ptr [r11+0x68]
;;    41  ud2
;;    43  trap 1
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
;;    1d  mov rax, [rbp-0x10]
;;    21  mov r11, [r14+8]
;;    25  call qword ptr [r11+0x70]
;;    29  ud2
;;    2b  trap 1
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
;;    2f  xor eax, eax
;;    31  lea rdx, [rbp-0x10]
;;    35  mov ecx, 8
;;    3a  mov r11, [r14+8]
;;    3e  call qword ptr [r11+0x68]
;;    42  ud2
;;    44  trap 1
;;    45  mov eax, [rbp-0x10]
;;    48  movsd xmm0, [rbp-0x18]
;;    4d  leave
;;    4e  ret
;; landing, tag 0:
;;    4f  mov r11, [rax+0x10]
;;    53  mov [rbp-0x10], r11
;;    57  mov r11, [rax+0x20]
;;    5b  mov [rbp-0x18], r11
;;    5f  jmp 0x45
;; a call that returns to 0x42 is handled at 0x4f
