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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  movsd [rbp-0x20], xmm5
;;    20  mov rbx, rax
;;    23  mov rsi, rcx
;;    26  movaps xmm5, xmm0
;;    29  mov eax, ebx
;;    2b  movsd xmm5, [rbp-0x20]
;;    30  lea rsp, [rbp-0x18]
;;    34  pop rsi
;;    35  pop rbx
;;    36  leave
;;    37  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  mov ecx, 2
;;    23  movsd xmm0, [0x38]
;;    2b  call 0xFFFFFFFFFFFFFFC0
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  xor ecx, ecx
;;    20  mov r11, [r14+0x30]
;;    24  mov r14, [r14+0x38]
;;    28  mov rdi, [r14+0x10]
;;    2c  call r11
;;    2f  mov r14, [rbp-8]
;;    33  mov rdi, [r14+0x10]
;;    37  mov rbx, [rbp-0x10]
;;    3b  leave
;;    3c  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  imul eax, ebx
;;    21  mov [rbp-0x18], rax
;;    25  mov eax, 1
;;    2a  mov ecx, 2
;;    2f  mov r11, [r14+0x30]
;;    33  mov r14, [r14+0x38]
;;    37  mov rdi, [r14+0x10]
;;    3b  call r11
;;    3e  mov r14, [rbp-8]
;;    42  mov rdi, [r14+0x10]
;;    46  add eax, [rbp-0x18]
;;    49  mov rbx, [rbp-0x10]
;;    4d  leave
;;    4e  ret
