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
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  movsd [rbp-0x20], xmm5
;;    21  mov rbx, rax
;;    24  mov r12, rcx
;;    27  movaps xmm5, xmm0
;;    2a  mov eax, ebx
;;    2c  movsd xmm5, [rbp-0x20]
;;    31  lea rsp, [rbp-0x18]
;;    35  pop r12
;;    37  pop rbx
;;    38  leave
;;    39  ret
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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  mov ecx, 2
;;    24  movsd xmm0, [0x38]
;;    2c  call 0xFFFFFFFFFFFFFFC0
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  xor ecx, ecx
;;    21  mov r11, [r14+0x30]
;;    28  mov r14, [r14+0x38]
;;    2f  mov r15, [r14+0x10]
;;    33  call r11
;;    36  mov r14, [rbp-8]
;;    3a  mov r15, [r14+0x10]
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  imul eax, ebx
;;    22  mov [rbp-0x18], rax
;;    26  mov eax, 1
;;    2b  mov ecx, 2
;;    30  mov r11, [r14+0x30]
;;    37  mov r14, [r14+0x38]
;;    3e  mov r15, [r14+0x10]
;;    42  call r11
;;    45  mov r14, [rbp-8]
;;    49  mov r15, [r14+0x10]
;;    4d  add eax, [rbp-0x18]
;;    50  mov rbx, [rbp-0x10]
;;    54  leave
;;    55  ret
