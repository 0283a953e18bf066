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
;;     7  push rsi
;;     8  push r15
;;     a  push r13
;;     c  push r12
;;     e  sub rsp, 0x50
;;    15  mov r11, [r14]
;;    18  cmp rsp, [r11]
;;    1b  jb trap 9
;;    1d  clc
;;    1e  movsd [rbp-0x38], xmm5
;;    23  mov rbx, rax
;;    26  mov rsi, rcx
;;    29  mov r15, rdx
;;    2c  mov r13, r8
;;    2f  mov r12, r9
;;    32  movaps xmm5, xmm0
;;    35  mov [rbp-0x40], rbx
;;    39  mov [rbp-0x48], rsi
;;    3d  mov [rbp-0x50], r15
;;    41  mov [rbp-0x58], r13
;;    45  mov [rbp-0x60], r12
;;    49  mov r11, [rbp+0x10]
;;    4d  mov [rbp-0x68], r11
;;    51  mov r11, [rbp+0x18]
;;    55  mov [rbp-0x70], r11
;;    59  mov qword ptr [rbp-0x78], 8
;;    61  mov r11, [rbp-0x68]
;;    65  mov [rbp+0x10], r11
;;    69  mov r11, [rbp-0x70]
;;    6d  mov [rbp+0x18], r11
;;    71  mov r11, [rbp-0x78]
;;    75  mov [rbp+0x20], r11
;;    79  mov eax, [rbp-0x40]
;;    7c  mov ecx, [rbp-0x48]
;;    7f  mov edx, [rbp-0x50]
;;    82  mov r8d, [rbp-0x58]
;;    86  mov r9d, [rbp-0x60]
;;    8a  movsd xmm5, [rbp-0x38]
;;    8f  lea rsp, [rbp-0x30]
;;    93  pop r12
;;    95  pop r13
;;    97  pop r15
;;    99  pop rsi
;;    9a  pop rbx
;;    9b  leave
;;    9c  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x58
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov eax, 1
;;    1b  mov ecx, 2
;;    20  mov edx, 3
;;    25  mov r8d, 4
;;    2b  mov r9d, 5
;;    31  mov r11d, 6
;;    37  mov [rsp], r11
;;    3b  mov r11d, 7
;;    41  mov [rsp+8], r11
;;    46  mov r11d, 8
;;    4c  mov [rsp+0x10], r11
;;    51  movss xmm0, [0x80]
;;    59  call 0xFFFFFFFFFFFFFF60
;;    5e  mov r11, [rsp]
;;    62  mov [rbp-0x38], r11
;;    66  mov r11, [rsp+8]
;;    6b  mov [rbp-0x40], r11
;;    6f  mov r11, [rsp+0x10]
;;    74  mov [rbp-0x48], r11
;;    78  leave
;;    79  ret
