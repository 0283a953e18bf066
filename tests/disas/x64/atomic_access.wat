(module
  (import "" "" (memory 1 2 shared))
  (func (param i32) (result i32)
    (i32.atomic.load offset=8 (local.get 0)))
  (func (param i32) (result i64)
    (i64.add (i64.atomic.load8_u (local.get 0)) (i64.atomic.load16_u offset=3 (local.get 0))))
  (func (result i64)
    (i64.add (i64.atomic.load (i32.const 1024)) (i64.atomic.load32_u (i32.const 1026))))
  (func (param i32 i32)
    (i32.atomic.store (local.get 0) (local.get 1))
    (i32.atomic.store8 offset=1 (local.get 0) (i32.const 7))
    (i32.atomic.store16 (local.get 0) (i32.add (local.get 1) (i32.const 1))))
  (func (param i32 i64)
    (i64.atomic.store offset=0x80000000 (local.get 0) (local.get 1)))
  (func (atomic.fence))
  (func (param i32) (result i32)
    (memory.atomic.wait32 offset=16 (local.get 0) (i32.const 1) (i64.const -1)))
  (func (param i32 i64) (result i32)
    (memory.atomic.wait64 (local.get 0) (local.get 1) (i64.const 1000000)))
  (func (param i32) (result i32)
    (memory.atomic.notify offset=16 (local.get 0) (i32.const 1)))
)

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  test ebx, 3
;;    1d  jne trap 13
;;    1f  js 0x21
;;    21  mov eax, [rdi+rbx+8]
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  movzx eax, byte ptr [rdi+rbx]
;;    1a  lea r11d, [rbx+1]
;;    1e  test r11d, 1
;;    25  jne trap 13
;;    27  js 0x29
;;    29  movzx ecx, word ptr [rdi+rbx+3]
;;    2e  add rax, rcx
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov rax, [rdi+0x400]
;;    1a  mov ecx, 0x402
;;    1f  test ecx, 3
;;    26  jne trap 13
;;    28  js 0x2A
;;    2a  mov ecx, [rdi+rcx]
;;    2d  add rax, rcx
;;    30  leave
;;    31  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  mov eax, esi
;;    1b  test ebx, 3
;;    22  jne trap 13
;;    24  js 0x26
;;    26  xchg [rdi+rbx], eax
;;    29  mov eax, 7
;;    2e  xchg [rdi+rbx+1], al
;;    32  lea eax, [rsi+1]
;;    35  test ebx, 1
;;    3c  jne trap 13
;;    3e  js 0x40
;;    40  xchg [rdi+rbx], ax
;;    44  lea rsp, [rbp-0x18]
;;    48  pop rsi
;;    49  pop rbx
;;    4a  leave
;;    4b  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov rsi, rcx
;;    1a  mov rax, rsi
;;    1d  test ebx, 7
;;    24  jne trap 13
;;    26  js 0x28
;;    28  mov r11d, 0x80000000
;;    2e  add r11, rbx
;;    31  xchg [rdi+r11], rax
;;    35  lea rsp, [rbp-0x18]
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mfence
;;    16  leave
;;    17  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov ecx, ebx
;;    18  mov r8d, 1
;;    1e  mov r9, 0xFFFFFFFFFFFFFFFF
;;    25  xor eax, eax
;;    27  mov edx, 0x10
;;    2c  mov r11, [r14+8]
;;    30  call qword ptr [r11+0x90]
;;    37  mov eax, eax
;;    39  mov rbx, [rbp-0x10]
;;    3d  leave
;;    3e  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov rsi, rcx
;;    1a  mov ecx, ebx
;;    1c  mov r8, rsi
;;    1f  mov r9d, 0xF4240
;;    25  xor eax, eax
;;    27  xor edx, edx
;;    29  mov r11, [r14+8]
;;    2d  call qword ptr [r11+0x98]
;;    34  mov eax, eax
;;    36  lea rsp, [rbp-0x18]
;;    3a  pop rsi
;;    3b  pop rbx
;;    3c  leave
;;    3d  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov ecx, ebx
;;    18  mov r8d, 1
;;    1e  xor eax, eax
;;    20  mov edx, 0x10
;;    25  mov r11, [r14+8]
;;    29  call qword ptr [r11+0x88]
;;    30  mov eax, eax
;;    32  mov rbx, [rbp-0x10]
;;    36  leave
;;    37  ret
