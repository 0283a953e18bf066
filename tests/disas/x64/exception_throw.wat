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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  mov [rbp-0x20], rbx
;;    23  movsd [rbp-0x28], xmm5
;;    28  xor eax, eax
;;    2a  lea rdx, [rbp-0x20]
;;    2e  mov ecx, 8
;;    33  mov r11, [r14+8]
;;    37  call qword ptr [r11+0x68]
;;    3b  ud2
;;    3d  trap 1
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
;;    13  mov [rbp-0x10], rax
;;    17  mov rax, [rbp-0x10]
;;    1b  mov r11, [r14+8]
;;    1f  call qword ptr [r11+0x70]
;;    23  ud2
;;    25  trap 1
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
;;    13  mov qword ptr [rbp-0x10], 1
;;    1b  mov r11, 0x4000000000000000
;;    25  mov [rbp-0x18], r11
;;    29  xor eax, eax
;;    2b  lea rdx, [rbp-0x10]
;;    2f  mov ecx, 8
;;    34  mov r11, [r14+8]
;;    38  call qword ptr [r11+0x68]
;;    3c  ud2
;;    3e  trap 1
;;    3f  mov eax, [rbp-0x10]
;;    42  movsd xmm0, [rbp-0x18]
;;    47  leave
;;    48  ret
;; landing, tag 0:
;;    49  mov r11, [rax+0x10]
;;    4d  mov [rbp-0x10], r11
;;    51  mov r11, [rax+0x20]
;;    55  mov [rbp-0x18], r11
;;    59  jmp 0x3F
;; a call that returns to 0x3c is handled at 0x49
