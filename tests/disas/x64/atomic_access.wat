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
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  test ebx, 3
;;    20  jne trap 13
;;    22  js 0x24
;;    24  mov eax, [rdi+rbx+8]
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  movzx eax, byte ptr [rdi+rbx]
;;    1d  lea r11d, [rbx+1]
;;    21  test r11d, 1
;;    28  jne trap 13
;;    2a  js 0x2C
;;    2c  movzx ecx, word ptr [rdi+rbx+3]
;;    31  add rax, rcx
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov rax, [rdi+0x400]
;;    1d  mov ecx, 0x402
;;    22  test ecx, 3
;;    29  jne trap 13
;;    2b  js 0x2D
;;    2d  mov ecx, [rdi+rcx]
;;    30  add rax, rcx
;;    33  leave
;;    34  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  mov eax, esi
;;    1e  test ebx, 3
;;    25  jne trap 13
;;    27  js 0x29
;;    29  xchg [rdi+rbx], eax
;;    2c  mov eax, 7
;;    31  xchg [rdi+rbx+1], al
;;    35  lea eax, [rsi+1]
;;    38  test ebx, 1
;;    3f  jne trap 13
;;    41  js 0x43
;;    43  xchg [rdi+rbx], ax
;;    47  lea rsp, [rbp-0x18]
;;    4b  pop rsi
;;    4c  pop rbx
;;    4d  leave
;;    4e  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov rsi, rcx
;;    1d  mov rax, rsi
;;    20  test ebx, 7
;;    27  jne trap 13
;;    29  js 0x2B
;;    2b  mov r11d, 0x80000000
;;    31  add r11, rbx
;;    34  xchg [rdi+r11], rax
;;    38  lea rsp, [rbp-0x18]
;;    3c  pop rsi
;;    3d  pop rbx
;;    3e  leave
;;    3f  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mfence
;;    19  leave
;;    1a  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov ecx, ebx
;;    1b  mov r8d, 1
;;    21  mov r9, 0xFFFFFFFFFFFFFFFF
;;    28  xor eax, eax
;;    2a  mov edx, 0x10
;;    2f  mov r11, [r14+8]
;;    33  call qword ptr [r11+0x90]
;;    3a  mov eax, eax
;;    3c  mov rbx, [rbp-0x10]
;;    40  leave
;;    41  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov rsi, rcx
;;    1d  mov ecx, ebx
;;    1f  mov r8, rsi
;;    22  mov r9d, 0xF4240
;;    28  xor eax, eax
;;    2a  xor edx, edx
;;    2c  mov r11, [r14+8]
;;    30  call qword ptr [r11+0x98]
;;    37  mov eax, eax
;;    39  lea rsp, [rbp-0x18]
;;    3d  pop rsi
;;    3e  pop rbx
;;    3f  leave
;;    40  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov ecx, ebx
;;    1b  mov r8d, 1
;;    21  xor eax, eax
;;    23  mov edx, 0x10
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+0x88]
;;    33  mov eax, eax
;;    35  mov rbx, [rbp-0x10]
;;    39  leave
;;    3a  ret
