;; Tail calls within the module: stack arguments fit where the function's own are, or need an adapter.
(module
  (func $few (param i32 f64))
  (func $many (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64))
  (func $fits (param i32 i64 f64) (local i64)
    (return_call $few (local.get 0) (local.get 2)))
  (func $itself (param i32 i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
    (return_call $itself (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (local.get 0))))
  (func $swapped (param i32 i32) (result i32)
    (return_call $swapped (local.get 1) (local.get 0)))
  (func $many_to_many (param i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
    (return_call $many (local.get 11) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
      (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 0)))
  (func $adapted (param i32)
    (return_call $many (i64.const 0) (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5)
      (i64.const 6) (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10) (i64.const 11))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movsd xmm5, [rbp-0x18]
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  push r13
;;     c  push r12
;;     e  sub rsp, 0
;;    15  mov r11, [r14]
;;    18  cmp rsp, [r11]
;;    1b  jb trap 9
;;    1d  clc
;;    1e  mov rbx, rax
;;    21  mov rsi, rcx
;;    24  mov r15, rdx
;;    27  mov r13, r8
;;    2a  mov r12, r9
;;    2d  lea rsp, [rbp-0x30]
;;    31  pop r12
;;    33  pop r13
;;    35  pop r15
;;    37  pop rsi
;;    38  pop rbx
;;    39  leave
;;    3a  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0x20
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    19  clc
;;    1a  movsd [rbp-0x28], xmm5
;;    1f  mov rbx, rax
;;    22  mov rsi, rcx
;;    25  movaps xmm5, xmm0
;;    28  xor r15d, r15d
;;    2b  mov eax, ebx
;;    2d  movaps xmm0, xmm5
;;    30  movsd xmm5, [rbp-0x28]
;;    35  mov rbx, [rbp-0x10]
;;    39  mov rsi, [rbp-0x18]
;;    3d  mov r15, [rbp-0x20]
;;    41  leave
;;    42  jmp 0xFFFFFFFFFFFFFF90
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  test ebx, ebx
;;    1e  jne 0x2B
;;    24  mov eax, esi
;;    26  jmp 0x3F
;;    2b  lea eax, [rbx-1]
;;    2e  lea ecx, [rsi+rbx]
;;    31  mov rbx, [rbp-0x10]
;;    35  mov rsi, [rbp-0x18]
;;    39  leave
;;    3a  jmp 0
;;    3f  lea rsp, [rbp-0x18]
;;    43  pop rsi
;;    44  pop rbx
;;    45  leave
;;    46  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  mov eax, esi
;;    1e  mov ecx, ebx
;;    20  mov rbx, [rbp-0x10]
;;    24  mov rsi, [rbp-0x18]
;;    28  leave
;;    29  jmp 0
;;
;; function 5
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
;;    1e  mov rbx, rax
;;    21  mov rsi, rcx
;;    24  mov r15, rdx
;;    27  mov r13, r8
;;    2a  mov r12, r9
;;    2d  mov rax, [rbp+0x40]
;;    31  mov rcx, rsi
;;    34  mov rdx, r15
;;    37  mov r8, r13
;;    3a  mov r9, r12
;;    3d  mov r11, [rbp+0x10]
;;    41  mov [rsp], r11
;;    45  mov r11, [rbp+0x18]
;;    49  mov [rsp+8], r11
;;    4e  mov r11, [rbp+0x20]
;;    52  mov [rsp+0x10], r11
;;    57  mov r11, [rbp+0x28]
;;    5b  mov [rsp+0x18], r11
;;    60  mov r11, [rbp+0x30]
;;    64  mov [rsp+0x20], r11
;;    69  mov r11, [rbp+0x38]
;;    6d  mov [rsp+0x28], r11
;;    72  mov [rsp+0x30], rbx
;;    77  mov rbx, [rbp-0x10]
;;    7b  mov rsi, [rbp-0x18]
;;    7f  mov r15, [rbp-0x20]
;;    83  mov r13, [rbp-0x28]
;;    87  mov r12, [rbp-0x30]
;;    8b  mov r11, [rsp+0x30]
;;    93  mov [rbp+0x40], r11
;;    9a  mov r11, [rsp+0x28]
;;    a2  mov [rbp+0x38], r11
;;    a9  mov r11, [rsp+0x20]
;;    b1  mov [rbp+0x30], r11
;;    b8  mov r11, [rsp+0x18]
;;    c0  mov [rbp+0x28], r11
;;    c7  mov r11, [rsp+0x10]
;;    cf  mov [rbp+0x20], r11
;;    d6  mov r11, [rsp+8]
;;    de  mov [rbp+0x18], r11
;;    e5  mov r11, [rsp]
;;    ed  mov [rbp+0x10], r11
;;    f4  leave
;;    f5  jmp 0xFFFFFFFFFFFFFEF0
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x50
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  xor eax, eax
;;    1b  mov ecx, 1
;;    20  mov edx, 2
;;    25  mov r8d, 3
;;    2b  mov r9d, 4
;;    31  mov r11d, 5
;;    37  mov [rsp], r11
;;    3b  mov r11d, 6
;;    41  mov [rsp+8], r11
;;    46  mov r11d, 7
;;    4c  mov [rsp+0x10], r11
;;    51  mov r11d, 8
;;    57  mov [rsp+0x18], r11
;;    5c  mov r11d, 9
;;    62  mov [rsp+0x20], r11
;;    67  mov r11d, 0xA
;;    6d  mov [rsp+0x28], r11
;;    72  mov r11d, 0xB
;;    78  mov [rsp+0x30], r11
;;    7d  mov rbx, [rbp-0x10]
;;    81  lea r11, [0xFFFFFFFFFFFFFDF0]
;;    88  mov r10, r14
;;    8b  mov r14, [r14+8]
;;    8f  push 7
;;    94  jmp qword ptr [r14+0x60]
