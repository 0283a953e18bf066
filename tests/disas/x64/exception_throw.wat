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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  mov [rbp-0x20], rbx
;;    26  movsd [rbp-0x28], xmm5
;;    2b  xor eax, eax
;;    2d  lea rdx, [rbp-0x20]
;;    31  mov ecx, 8
;;    36  mov r11, [r14+8]
;;    3a  call qword ptr [r11+0x68]
;;    3e  ud2
;;    40  trap 1
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
;;    16  mov [rbp-0x10], rax
;;    1a  mov rax, [rbp-0x10]
;;    1e  mov r11, [r14+8]
;;    22  call qword ptr [r11+0x70]
;;    26  ud2
;;    28  trap 1
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
;;    16  mov qword ptr [rbp-0x10], 1
;;    1e  mov r11, 0x4000000000000000
;;    28  mov [rbp-0x18], r11
;;    2c  xor eax, eax
;;    2e  lea rdx, [rbp-0x10]
;;    32  mov ecx, 8
;;    37  mov r11, [r14+8]
;;    3b  call qword ptr [r11+0x68]
;;    3f  ud2
;;    41  trap 1
;;    42  mov eax, [rbp-0x10]
;;    45  movsd xmm0, [rbp-0x18]
;;    4a  leave
;;    4b  ret
;; landing, tag 0:
;;    4c  mov r11, [rax+0x10]
;;    50  mov [rbp-0x10], r11
;;    54  mov r11, [rax+0x20]
;;    58  mov [rbp-0x18], r11
;;    5c  jmp 0x42
;; a call that returns to 0x3f is handled at 0x4c
