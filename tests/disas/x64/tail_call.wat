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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movsd xmm5, [rbp-0x18]
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
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
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1a  clc
;;    1b  mov rbx, rax
;;    1e  mov rsi, rcx
;;    21  mov r15, rdx
;;    24  mov r13, r8
;;    27  mov r12, r9
;;    2a  lea rsp, [rbp-0x30]
;;    2e  pop r12
;;    30  pop r13
;;    32  pop r15
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
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  movsd [rbp-0x28], xmm5
;;    1c  mov rbx, rax
;;    1f  mov rsi, rcx
;;    22  movaps xmm5, xmm0
;;    25  xor r15d, r15d
;;    28  mov eax, ebx
;;    2a  movaps xmm0, xmm5
;;    2d  movsd xmm5, [rbp-0x28]
;;    32  mov rbx, [rbp-0x10]
;;    36  mov rsi, [rbp-0x18]
;;    3a  mov r15, [rbp-0x20]
;;    3e  leave
;;    3f  jmp 0xFFFFFFFFFFFFFF90
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  test ebx, ebx
;;    1b  jne 0x28
;;    21  mov eax, esi
;;    23  jmp 0x3C
;;    28  lea eax, [rbx-1]
;;    2b  lea ecx, [rsi+rbx]
;;    2e  mov rbx, [rbp-0x10]
;;    32  mov rsi, [rbp-0x18]
;;    36  leave
;;    37  jmp 0
;;    3c  lea rsp, [rbp-0x18]
;;    40  pop rsi
;;    41  pop rbx
;;    42  leave
;;    43  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  mov eax, esi
;;    1b  mov ecx, ebx
;;    1d  mov rbx, [rbp-0x10]
;;    21  mov rsi, [rbp-0x18]
;;    25  leave
;;    26  jmp 0
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
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1a  clc
;;    1b  mov rbx, rax
;;    1e  mov rsi, rcx
;;    21  mov r15, rdx
;;    24  mov r13, r8
;;    27  mov r12, r9
;;    2a  mov rax, [rbp+0x40]
;;    2e  mov rcx, rsi
;;    31  mov rdx, r15
;;    34  mov r8, r13
;;    37  mov r9, r12
;;    3a  mov r11, [rbp+0x10]
;;    3e  mov [rsp], r11
;;    42  mov r11, [rbp+0x18]
;;    46  mov [rsp+8], r11
;;    4b  mov r11, [rbp+0x20]
;;    4f  mov [rsp+0x10], r11
;;    54  mov r11, [rbp+0x28]
;;    58  mov [rsp+0x18], r11
;;    5d  mov r11, [rbp+0x30]
;;    61  mov [rsp+0x20], r11
;;    66  mov r11, [rbp+0x38]
;;    6a  mov [rsp+0x28], r11
;;    6f  mov [rsp+0x30], rbx
;;    74  mov rbx, [rbp-0x10]
;;    78  mov rsi, [rbp-0x18]
;;    7c  mov r15, [rbp-0x20]
;;    80  mov r13, [rbp-0x28]
;;    84  mov r12, [rbp-0x30]
;;    88  mov r11, [rsp+0x30]
;;    90  mov [rbp+0x40], r11
;;    97  mov r11, [rsp+0x28]
;;    9f  mov [rbp+0x38], r11
;;    a6  mov r11, [rsp+0x20]
;;    ae  mov [rbp+0x30], r11
;;    b5  mov r11, [rsp+0x18]
;;    bd  mov [rbp+0x28], r11
;;    c4  mov r11, [rsp+0x10]
;;    cc  mov [rbp+0x20], r11
;;    d3  mov r11, [rsp+8]
;;    db  mov [rbp+0x18], r11
;;    e2  mov r11, [rsp]
;;    ea  mov [rbp+0x10], r11
;;    f1  leave
;;    f2  jmp 0xFFFFFFFFFFFFFEF0
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x50
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  xor eax, eax
;;    18  mov ecx, 1
;;    1d  mov edx, 2
;;    22  mov r8d, 3
;;    28  mov r9d, 4
;;    2e  mov r11d, 5
;;    34  mov [rsp], r11
;;    38  mov r11d, 6
;;    3e  mov [rsp+8], r11
;;    43  mov r11d, 7
;;    49  mov [rsp+0x10], r11
;;    4e  mov r11d, 8
;;    54  mov [rsp+0x18], r11
;;    59  mov r11d, 9
;;    5f  mov [rsp+0x20], r11
;;    64  mov r11d, 0xA
;;    6a  mov [rsp+0x28], r11
;;    6f  mov r11d, 0xB
;;    75  mov [rsp+0x30], r11
;;    7a  mov rbx, [rbp-0x10]
;;    7e  lea r11, [0xFFFFFFFFFFFFFDF0]
;;    85  mov r10, r14
;;    88  mov r14, [r14+8]
;;    8c  push 7
;;    91  jmp qword ptr [r14+0x60]
