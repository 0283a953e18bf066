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
;;    21  movsd [rbp-0x38], xmm5
;;    26  mov rbx, rax
;;    29  mov rsi, rcx
;;    2c  mov r15, rdx
;;    2f  mov r13, r8
;;    32  mov r12, r9
;;    35  movaps xmm5, xmm0
;;    38  mov [rbp-0x40], rbx
;;    3c  mov [rbp-0x48], rsi
;;    40  mov [rbp-0x50], r15
;;    44  mov [rbp-0x58], r13
;;    48  mov [rbp-0x60], r12
;;    4c  mov r11, [rbp+0x10]
;;    50  mov [rbp-0x68], r11
;;    54  mov r11, [rbp+0x18]
;;    58  mov [rbp-0x70], r11
;;    5c  mov qword ptr [rbp-0x78], 8
;;    64  mov r11, [rbp-0x68]
;;    68  mov [rbp+0x10], r11
;;    6c  mov r11, [rbp-0x70]
;;    70  mov [rbp+0x18], r11
;;    74  mov r11, [rbp-0x78]
;;    78  mov [rbp+0x20], r11
;;    7c  mov eax, [rbp-0x40]
;;    7f  mov ecx, [rbp-0x48]
;;    82  mov edx, [rbp-0x50]
;;    85  mov r8d, [rbp-0x58]
;;    89  mov r9d, [rbp-0x60]
;;    8d  movsd xmm5, [rbp-0x38]
;;    92  lea rsp, [rbp-0x30]
;;    96  pop r12
;;    98  pop r13
;;    9a  pop r15
;;    9c  pop rsi
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
;;    28  mov r8d, 4
;;    2e  mov r9d, 5
;;    34  mov r11d, 6
;;    3a  mov [rsp], r11
;;    3e  mov r11d, 7
;;    44  mov [rsp+8], r11
;;    49  mov r11d, 8
;;    4f  mov [rsp+0x10], r11
;;    54  movss xmm0, [0x80]
;;    5c  call 0xFFFFFFFFFFFFFF60
;;    61  mov r11, [rsp]
;;    65  mov [rbp-0x38], r11
;;    69  mov r11, [rsp+8]
;;    6e  mov [rbp-0x40], r11
;;    72  mov r11, [rsp+0x10]
;;    77  mov [rbp-0x48], r11
;;    7b  leave
;;    7c  ret
