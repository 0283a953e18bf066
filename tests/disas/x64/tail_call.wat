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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movsd xmm5, [rbp-0x18]
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  push r9
;;     d  push r8
;;     f  sub rsp, 0
;;    16  mov r11, [r14]
;;    19  cmp rsp, [r11]
;;    1c  jb trap 9
;;    22  mov rbx, rax
;;    25  mov r12, rcx
;;    28  mov r13, rdx
;;    2b  mov r9, rsi
;;    2e  mov r8, rdi
;;    31  lea rsp, [rbp-0x30]
;;    35  pop r8
;;    37  pop r9
;;    39  pop r13
;;    3b  pop r12
;;    3d  pop rbx
;;    3e  leave
;;    3f  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0x20
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1e  movsd [rbp-0x28], xmm5
;;    23  mov rbx, rax
;;    26  mov r12, rcx
;;    29  movaps xmm5, xmm0
;;    2c  xor r13d, r13d
;;    2f  mov eax, ebx
;;    31  movaps xmm0, xmm5
;;    34  movsd xmm5, [rbp-0x28]
;;    39  mov rbx, [rbp-0x10]
;;    3d  mov r12, [rbp-0x18]
;;    41  mov r13, [rbp-0x20]
;;    45  leave
;;    46  jmp 0xFFFFFFFFFFFFFF90
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 0x18
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  test ebx, ebx
;;    24  jne 0x32
;;    2a  mov eax, r12d
;;    2d  jmp 0x47
;;    32  lea eax, [rbx-1]
;;    35  lea ecx, [r12+rbx]
;;    39  mov rbx, [rbp-0x10]
;;    3d  mov r12, [rbp-0x18]
;;    41  leave
;;    42  jmp 0
;;    47  lea rsp, [rbp-0x18]
;;    4b  pop r12
;;    4d  pop rbx
;;    4e  leave
;;    4f  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 0x18
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov eax, r12d
;;    25  mov ecx, ebx
;;    27  mov rbx, [rbp-0x10]
;;    2b  mov r12, [rbp-0x18]
;;    2f  leave
;;    30  jmp 0
;;
;; function 5
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
;;    22  mov rbx, rax
;;    25  mov r12, rcx
;;    28  mov r13, rdx
;;    2b  mov r9, rsi
;;    2e  mov r8, rdi
;;    31  mov rax, [rbp+0x40]
;;    35  mov rcx, r12
;;    38  mov rdx, r13
;;    3b  mov rsi, r9
;;    3e  mov rdi, r8
;;    41  mov r11, [rbp+0x10]
;;    45  mov [rsp], r11
;;    49  mov r11, [rbp+0x18]
;;    4d  mov [rsp+8], r11
;;    52  mov r11, [rbp+0x20]
;;    56  mov [rsp+0x10], r11
;;    5b  mov r11, [rbp+0x28]
;;    5f  mov [rsp+0x18], r11
;;    64  mov r11, [rbp+0x30]
;;    68  mov [rsp+0x20], r11
;;    6d  mov r11, [rbp+0x38]
;;    71  mov [rsp+0x28], r11
;;    76  mov [rsp+0x30], rbx
;;    7b  mov rbx, [rbp-0x10]
;;    7f  mov r12, [rbp-0x18]
;;    83  mov r13, [rbp-0x20]
;;    87  mov r9, [rbp-0x28]
;;    8b  mov r8, [rbp-0x30]
;;    8f  mov r11, [rsp+0x30]
;;    97  mov [rbp+0x40], r11
;;    9e  mov r11, [rsp+0x28]
;;    a6  mov [rbp+0x38], r11
;;    ad  mov r11, [rsp+0x20]
;;    b5  mov [rbp+0x30], r11
;;    bc  mov r11, [rsp+0x18]
;;    c4  mov [rbp+0x28], r11
;;    cb  mov r11, [rsp+0x10]
;;    d3  mov [rbp+0x20], r11
;;    da  mov r11, [rsp+8]
;;    e2  mov [rbp+0x18], r11
;;    e9  mov r11, [rsp]
;;    f1  mov [rbp+0x10], r11
;;    f8  leave
;;    f9  jmp 0xFFFFFFFFFFFFFEE0
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
;;    1a  mov rbx, rax
;;    1d  xor eax, eax
;;    1f  mov ecx, 1
;;    24  mov edx, 2
;;    29  mov esi, 3
;;    2e  mov edi, 4
;;    33  mov r11d, 5
;;    39  mov [rsp], r11
;;    3d  mov r11d, 6
;;    43  mov [rsp+8], r11
;;    48  mov r11d, 7
;;    4e  mov [rsp+0x10], r11
;;    53  mov r11d, 8
;;    59  mov [rsp+0x18], r11
;;    5e  mov r11d, 9
;;    64  mov [rsp+0x20], r11
;;    69  mov r11d, 0xA
;;    6f  mov [rsp+0x28], r11
;;    74  mov r11d, 0xB
;;    7a  mov [rsp+0x30], r11
;;    7f  mov rbx, [rbp-0x10]
;;    83  lea r11, [0xFFFFFFFFFFFFFDE0]
;;    8a  mov r10, r14
;;    8d  mov r14, [r14+8]
;;    91  push 7
;;    96  jmp qword ptr [r14+0x60]
