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
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1a  clc
;;    1b  movsd [rbp-0x38], xmm5
;;    20  mov rbx, rax
;;    23  mov rsi, rcx
;;    26  mov r15, rdx
;;    29  mov r13, r8
;;    2c  mov r12, r9
;;    2f  movaps xmm5, xmm0
;;    32  mov [rbp-0x40], rbx
;;    36  mov [rbp-0x48], rsi
;;    3a  mov [rbp-0x50], r15
;;    3e  mov [rbp-0x58], r13
;;    42  mov [rbp-0x60], r12
;;    46  mov r11, [rbp+0x10]
;;    4a  mov [rbp-0x68], r11
;;    4e  mov r11, [rbp+0x18]
;;    52  mov [rbp-0x70], r11
;;    56  mov qword ptr [rbp-0x78], 8
;;    5e  mov r11, [rbp-0x68]
;;    62  mov [rbp+0x10], r11
;;    66  mov r11, [rbp-0x70]
;;    6a  mov [rbp+0x18], r11
;;    6e  mov r11, [rbp-0x78]
;;    72  mov [rbp+0x20], r11
;;    76  mov eax, [rbp-0x40]
;;    79  mov ecx, [rbp-0x48]
;;    7c  mov edx, [rbp-0x50]
;;    7f  mov r8d, [rbp-0x58]
;;    83  mov r9d, [rbp-0x60]
;;    87  movsd xmm5, [rbp-0x38]
;;    8c  lea rsp, [rbp-0x30]
;;    90  pop r12
;;    92  pop r13
;;    94  pop r15
;;    96  pop rsi
;;    97  pop rbx
;;    98  leave
;;    99  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x58
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov eax, 1
;;    18  mov ecx, 2
;;    1d  mov edx, 3
;;    22  mov r8d, 4
;;    28  mov r9d, 5
;;    2e  mov r11d, 6
;;    34  mov [rsp], r11
;;    38  mov r11d, 7
;;    3e  mov [rsp+8], r11
;;    43  mov r11d, 8
;;    49  mov [rsp+0x10], r11
;;    4e  movss xmm0, [0x78]
;;    56  call 0xFFFFFFFFFFFFFF60
;;    5b  mov r11, [rsp]
;;    5f  mov [rbp-0x38], r11
;;    63  mov r11, [rsp+8]
;;    68  mov [rbp-0x40], r11
;;    6c  mov r11, [rsp+0x10]
;;    71  mov [rbp-0x48], r11
;;    75  leave
;;    76  ret
