;; Arguments and results on the stack.
(module
  (func $f (param i32 i32 i32 i32 i32 i32 i32 i64 f32) (result i32 i32 i32 i32 i32 i32 i32 i32)
    (local.get 7) (drop)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (i32.const 8))
  (func (result i32)
    (call $f (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7)
      (i64.const 8) (f32.const 9))
    drop drop drop drop drop drop drop))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  push r9
;;     d  push r8
;;     f  sub rsp, 0x50
;;    16  mov r11, [r14]
;;    19  cmp rsp, [r11]
;;    1c  jb 0xA3
;;    22  movsd [rbp-0x38], xmm8
;;    28  mov rbx, rax
;;    2b  mov r12, rcx
;;    2e  mov r13, rdx
;;    31  mov r9, rsi
;;    34  mov r8, rdi
;;    37  movaps xmm8, xmm0
;;    3b  mov [rbp-0x40], rbx
;;    3f  mov [rbp-0x48], r12
;;    43  mov [rbp-0x50], r13
;;    47  mov [rbp-0x58], r9
;;    4b  mov [rbp-0x60], r8
;;    4f  mov r11, [rbp+0x10]
;;    53  mov [rbp-0x68], r11
;;    57  mov r11, [rbp+0x18]
;;    5b  mov [rbp-0x70], r11
;;    5f  mov qword ptr [rbp-0x78], 8
;;    67  mov r11, [rbp-0x68]
;;    6b  mov [rbp+0x10], r11
;;    6f  mov r11, [rbp-0x70]
;;    73  mov [rbp+0x18], r11
;;    77  mov r11, [rbp-0x78]
;;    7b  mov [rbp+0x20], r11
;;    7f  mov eax, [rbp-0x40]
;;    82  mov ecx, [rbp-0x48]
;;    85  mov edx, [rbp-0x50]
;;    88  mov esi, [rbp-0x58]
;;    8b  mov edi, [rbp-0x60]
;;    8e  movsd xmm8, [rbp-0x38]
;;    94  lea rsp, [rbp-0x30]
;;    98  pop r8
;;    9a  pop r9
;;    9c  pop r13
;;    9e  pop r12
;;    a0  pop rbx
;;    a1  leave
;;    a2  ret
;;    a3  ud2
;;    a5  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x58
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x7E
;;    19  mov eax, 1
;;    1e  mov ecx, 2
;;    23  mov edx, 3
;;    28  mov esi, 4
;;    2d  mov edi, 5
;;    32  mov r11d, 6
;;    38  mov [rsp], r11
;;    3c  mov r11d, 7
;;    42  mov [rsp+8], r11
;;    47  mov r11d, 8
;;    4d  mov [rsp+0x10], r11
;;    52  mov r11d, 0x41100000
;;    58  movd xmm0, r11d
;;    5d  call 0xFFFFFFFFFFFFFF50
;;    62  mov r11, [rsp]
;;    66  mov [rbp-0x38], r11
;;    6a  mov r11, [rsp+8]
;;    6f  mov [rbp-0x40], r11
;;    73  mov r11, [rsp+0x10]
;;    78  mov [rbp-0x48], r11
;;    7c  leave
;;    7d  ret
;;    7e  ud2
;;    80  trap 9
