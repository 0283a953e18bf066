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
;;     7  push rsi
;;     8  push r15
;;     a  push r13
;;     c  push r12
;;     e  sub rsp, 0
;;    15  mov r11, [r14]
;;    18  cmp rsp, [r11]
;;    1b  jb trap 9
;;    21  mov rbx, rax
;;    24  mov rsi, rcx
;;    27  mov r15, rdx
;;    2a  mov r13, r8
;;    2d  mov r12, r9
;;    30  lea rsp, [rbp-0x30]
;;    34  pop r12
;;    36  pop r13
;;    38  pop r15
;;    3a  pop rsi
;;    3b  pop rbx
;;    3c  leave
;;    3d  ret
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
;;    1d  movsd [rbp-0x28], xmm5
;;    22  mov rbx, rax
;;    25  mov rsi, rcx
;;    28  movaps xmm5, xmm0
;;    2b  xor r15d, r15d
;;    2e  mov eax, ebx
;;    30  movaps xmm0, xmm5
;;    33  movsd xmm5, [rbp-0x28]
;;    38  mov rbx, [rbp-0x10]
;;    3c  mov rsi, [rbp-0x18]
;;    40  mov r15, [rbp-0x20]
;;    44  leave
;;    45  jmp 0xFFFFFFFFFFFFFF90
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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  test ebx, ebx
;;    21  jne 0x2E
;;    27  mov eax, esi
;;    29  jmp 0x42
;;    2e  lea eax, [rbx-1]
;;    31  lea ecx, [rsi+rbx]
;;    34  mov rbx, [rbp-0x10]
;;    38  mov rsi, [rbp-0x18]
;;    3c  leave
;;    3d  jmp 0
;;    42  lea rsp, [rbp-0x18]
;;    46  pop rsi
;;    47  pop rbx
;;    48  leave
;;    49  ret
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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov eax, esi
;;    21  mov ecx, ebx
;;    23  mov rbx, [rbp-0x10]
;;    27  mov rsi, [rbp-0x18]
;;    2b  leave
;;    2c  jmp 0
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
;;    21  mov rbx, rax
;;    24  mov rsi, rcx
;;    27  mov r15, rdx
;;    2a  mov r13, r8
;;    2d  mov r12, r9
;;    30  mov rax, [rbp+0x40]
;;    34  mov rcx, rsi
;;    37  mov rdx, r15
;;    3a  mov r8, r13
;;    3d  mov r9, r12
;;    40  mov r11, [rbp+0x10]
;;    44  mov [rsp], r11
;;    48  mov r11, [rbp+0x18]
;;    4c  mov [rsp+8], r11
;;    51  mov r11, [rbp+0x20]
;;    55  mov [rsp+0x10], r11
;;    5a  mov r11, [rbp+0x28]
;;    5e  mov [rsp+0x18], r11
;;    63  mov r11, [rbp+0x30]
;;    67  mov [rsp+0x20], r11
;;    6c  mov r11, [rbp+0x38]
;;    70  mov [rsp+0x28], r11
;;    75  mov [rsp+0x30], rbx
;;    7a  mov rbx, [rbp-0x10]
;;    7e  mov rsi, [rbp-0x18]
;;    82  mov r15, [rbp-0x20]
;;    86  mov r13, [rbp-0x28]
;;    8a  mov r12, [rbp-0x30]
;;    8e  mov r11, [rsp+0x30]
;;    96  mov [rbp+0x40], r11
;;    9d  mov r11, [rsp+0x28]
;;    a5  mov [rbp+0x38], r11
;;    ac  mov r11, [rsp+0x20]
;;    b4  mov [rbp+0x30], r11
;;    bb  mov r11, [rsp+0x18]
;;    c3  mov [rbp+0x28], r11
;;    ca  mov r11, [rsp+0x10]
;;    d2  mov [rbp+0x20], r11
;;    d9  mov r11, [rsp+8]
;;    e1  mov [rbp+0x18], r11
;;    e8  mov r11, [rsp]
;;    f0  mov [rbp+0x10], r11
;;    f7  leave
;;    f8  jmp 0xFFFFFFFFFFFFFEE0
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
;;    1a  mov ebx, eax
;;    1c  xor eax, eax
;;    1e  mov ecx, 1
;;    23  mov edx, 2
;;    28  mov r8d, 3
;;    2e  mov r9d, 4
;;    34  mov r11d, 5
;;    3a  mov [rsp], r11
;;    3e  mov r11d, 6
;;    44  mov [rsp+8], r11
;;    49  mov r11d, 7
;;    4f  mov [rsp+0x10], r11
;;    54  mov r11d, 8
;;    5a  mov [rsp+0x18], r11
;;    5f  mov r11d, 9
;;    65  mov [rsp+0x20], r11
;;    6a  mov r11d, 0xA
;;    70  mov [rsp+0x28], r11
;;    75  mov r11d, 0xB
;;    7b  mov [rsp+0x30], r11
;;    80  mov rbx, [rbp-0x10]
;;    84  lea r11, [0xFFFFFFFFFFFFFDE0]
;;    8b  mov r10, r14
;;    8e  mov r14, [r14+8]
;;    92  push 7
;;    97  jmp qword ptr [r14+0x60]
