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
;;    17  clc
;;    18  movsd [rbp-0x20], xmm5
;;    1d  mov rbx, rax
;;    20  mov rsi, rcx
;;    23  movaps xmm5, xmm0
;;    26  mov eax, ebx
;;    28  movsd xmm5, [rbp-0x20]
;;    2d  lea rsp, [rbp-0x18]
;;    31  pop rsi
;;    32  pop rbx
;;    33  leave
;;    34  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  mov ecx, 2
;;    20  movsd xmm0, [0x38]
;;    28  call 0xFFFFFFFFFFFFFFC0
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  xor ecx, ecx
;;    1d  mov r11, [r14+0x40]
;;    21  mov r14, [r14+0x48]
;;    25  mov rdi, [r14+0x10]
;;    29  call r11
;;    2c  mov r14, [rbp-8]
;;    30  mov rdi, [r14+0x10]
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  imul eax, ebx
;;    1e  mov [rbp-0x18], rax
;;    22  mov eax, 1
;;    27  mov ecx, 2
;;    2c  mov r11, [r14+0x40]
;;    30  mov r14, [r14+0x48]
;;    34  mov rdi, [r14+0x10]
;;    38  call r11
;;    3b  mov r14, [rbp-8]
;;    3f  mov rdi, [r14+0x10]
;;    43  add eax, [rbp-0x18]
;;    46  mov rbx, [rbp-0x10]
;;    4a  leave
;;    4b  ret
