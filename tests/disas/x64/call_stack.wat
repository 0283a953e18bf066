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
;;    1c  jb trap 9
;;    22  movsd [rbp-0x38], xmm5
;;    27  mov rbx, rax
;;    2a  mov r12, rcx
;;    2d  mov r13, rdx
;;    30  mov r9, rsi
;;    33  mov r8, rdi
;;    36  movaps xmm5, xmm0
;;    39  mov [rbp-0x40], rbx
;;    3d  mov [rbp-0x48], r12
;;    41  mov [rbp-0x50], r13
;;    45  mov [rbp-0x58], r9
;;    49  mov [rbp-0x60], r8
;;    4d  mov r11, [rbp+0x10]
;;    51  mov [rbp-0x68], r11
;;    55  mov r11, [rbp+0x18]
;;    59  mov [rbp-0x70], r11
;;    5d  mov qword ptr [rbp-0x78], 8
;;    65  mov r11, [rbp-0x68]
;;    69  mov [rbp+0x10], r11
;;    6d  mov r11, [rbp-0x70]
;;    71  mov [rbp+0x18], r11
;;    75  mov r11, [rbp-0x78]
;;    79  mov [rbp+0x20], r11
;;    7d  mov eax, [rbp-0x40]
;;    80  mov ecx, [rbp-0x48]
;;    83  mov edx, [rbp-0x50]
;;    86  mov esi, [rbp-0x58]
;;    89  mov edi, [rbp-0x60]
;;    8c  movsd xmm5, [rbp-0x38]
;;    91  lea rsp, [rbp-0x30]
;;    95  pop r8
;;    97  pop r9
;;    99  pop r13
;;    9b  pop r12
;;    9d  pop rbx
;;    9e  leave
;;    9f  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x58
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
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
;;    52  movss xmm0, [0x80]
;;    5a  call 0xFFFFFFFFFFFFFF60
;;    5f  mov r11, [rsp]
;;    63  mov [rbp-0x38], r11
;;    67  mov r11, [rsp+8]
;;    6c  mov [rbp-0x40], r11
;;    70  mov r11, [rsp+0x10]
;;    75  mov [rbp-0x48], r11
;;    79  leave
;;    7a  ret
