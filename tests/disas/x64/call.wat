;; Calls, of the same module and imported; a temporary goes to its home slot.
(module
  (import "m" "f" (func $imported (param i32 i32) (result i32)))
  (func $callee (param i32 i64 f64) (result i32) (local.get 0))
  (func (param i32) (result i32) (call $callee (local.get 0) (i64.const 2) (f64.const 3)))
  (func (param i32) (result i32) (call $imported (local.get 0) (i32.const 0)))
  (func (param i32) (result i32)
    (i32.add (i32.mul (local.get 0) (local.get 0)) (call $imported (i32.const 1) (i32.const 2)))))

;; x86-64
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  movsd [rbp-0x20], xmm5
;;    1a  mov rbx, rax
;;    1d  mov rsi, rcx
;;    20  movaps xmm5, xmm0
;;    23  mov eax, ebx
;;    25  movsd xmm5, [rbp-0x20]
;;    2a  lea rsp, [rbp-0x18]
;;    2e  pop rsi
;;    2f  pop rbx
;;    30  leave
;;    31  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  mov ecx, 2
;;    1d  movsd xmm0, [0x30]
;;    25  call 0xFFFFFFFFFFFFFFC0
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  xor ecx, ecx
;;    1a  mov r11, [r14+0x40]
;;    1e  mov r14, [r14+0x48]
;;    22  mov rdi, [r14+0x10]
;;    26  call r11
;;    29  mov r14, [rbp-8]
;;    2d  mov rdi, [r14+0x10]
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  imul eax, ebx
;;    1b  mov [rbp-0x18], rax
;;    1f  mov eax, 1
;;    24  mov ecx, 2
;;    29  mov r11, [r14+0x40]
;;    2d  mov r14, [r14+0x48]
;;    31  mov rdi, [r14+0x10]
;;    35  call r11
;;    38  mov r14, [rbp-8]
;;    3c  mov rdi, [r14+0x10]
;;    40  add eax, [rbp-0x18]
;;    43  mov rbx, [rbp-0x10]
;;    47  leave
;;    48  ret
