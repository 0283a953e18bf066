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
;;    1a  mov ebx, eax
;;    1c  test ebx, 3
;;    23  jne trap 13
;;    29  mov eax, [rdi+rbx+8]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
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
;;    1a  mov ebx, eax
;;    1c  movzx eax, byte ptr [rdi+rbx]
;;    20  lea r11d, [rbx+1]
;;    24  test r11d, 1
;;    2b  jne trap 13
;;    31  movzx ecx, word ptr [rdi+rbx+3]
;;    36  add rax, rcx
;;    39  mov rbx, [rbp-0x10]
;;    3d  leave
;;    3e  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov rax, [rdi+0x400]
;;    20  mov ecx, 0x402
;;    25  test ecx, 3
;;    2c  jne trap 13
;;    32  mov ecx, [rdi+rcx]
;;    35  add rax, rcx
;;    38  leave
;;    39  ret
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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov eax, esi
;;    21  test ebx, 3
;;    28  jne trap 13
;;    2e  xchg [rdi+rbx], eax
;;    31  mov eax, 7
;;    36  xchg [rdi+rbx+1], al
;;    3a  lea eax, [rsi+1]
;;    3d  test ebx, 1
;;    44  jne trap 13
;;    4a  xchg [rdi+rbx], ax
;;    4e  lea rsp, [rbp-0x18]
;;    52  pop rsi
;;    53  pop rbx
;;    54  leave
;;    55  ret
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
;;    1b  mov ebx, eax
;;    1d  mov rsi, rcx
;;    20  mov rax, rsi
;;    23  test ebx, 7
;;    2a  jne trap 13
;;    30  mov r11d, 0x80000000
;;    36  add r11, rbx
;;    39  xchg [rdi+r11], rax
;;    3d  lea rsp, [rbp-0x18]
;;    41  pop rsi
;;    42  pop rbx
;;    43  leave
;;    44  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mfence
;;    1c  leave
;;    1d  ret
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
;;    1a  mov ebx, eax
;;    1c  mov ecx, ebx
;;    1e  mov r8d, 1
;;    24  mov r9, 0xFFFFFFFFFFFFFFFF
;;    2b  xor eax, eax
;;    2d  mov edx, 0x10
;;    32  mov r11, [r14+8]
;;    36  call qword ptr [r11+0x88]
;;    3d  mov eax, eax
;;    3f  mov rbx, [rbp-0x10]
;;    43  leave
;;    44  ret
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
;;    1b  mov ebx, eax
;;    1d  mov rsi, rcx
;;    20  mov ecx, ebx
;;    22  mov r8, rsi
;;    25  mov r9d, 0xF4240
;;    2b  xor eax, eax
;;    2d  xor edx, edx
;;    2f  mov r11, [r14+8]
;;    33  call qword ptr [r11+0x90]
;;    3a  mov eax, eax
;;    3c  lea rsp, [rbp-0x18]
;;    40  pop rsi
;;    41  pop rbx
;;    42  leave
;;    43  ret
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
;;    1a  mov ebx, eax
;;    1c  mov ecx, ebx
;;    1e  mov r8d, 1
;;    24  xor eax, eax
;;    26  mov edx, 0x10
;;    2b  mov r11, [r14+8]
;;    2f  call qword ptr [r11+0x80]
;;    36  mov eax, eax
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
