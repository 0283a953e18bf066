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
;;    1a  mov rbx, rax
;;    1d  test ebx, 3
;;    24  jne trap 13
;;    2a  mov eax, [r15+rbx+8]
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    1a  mov rbx, rax
;;    1d  movzx eax, byte ptr [r15+rbx]
;;    22  lea r11d, [rbx+1]
;;    26  test r11d, 1
;;    2d  jne trap 13
;;    33  movzx ecx, word ptr [r15+rbx+3]
;;    39  add rax, rcx
;;    3c  mov rbx, [rbp-0x10]
;;    40  leave
;;    41  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov rax, [r15+0x400]
;;    20  mov ecx, 0x402
;;    25  test ecx, 3
;;    2c  jne trap 13
;;    32  mov ecx, [r15+rcx]
;;    36  add rax, rcx
;;    39  leave
;;    3a  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov eax, r12d
;;    25  test ebx, 3
;;    2c  jne trap 13
;;    32  xchg [r15+rbx], eax
;;    36  mov eax, 7
;;    3b  xchg [r15+rbx+1], al
;;    40  lea eax, [r12+1]
;;    45  test ebx, 1
;;    4c  jne trap 13
;;    52  xchg [r15+rbx], ax
;;    57  lea rsp, [rbp-0x18]
;;    5b  pop r12
;;    5d  pop rbx
;;    5e  leave
;;    5f  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov rax, r12
;;    25  test ebx, 7
;;    2c  jne trap 13
;;    32  mov r11d, 0x80000000
;;    38  add r11, rbx
;;    3b  xchg [r15+r11], rax
;;    3f  lea rsp, [rbp-0x18]
;;    43  pop r12
;;    45  pop rbx
;;    46  leave
;;    47  ret
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
;;    1a  mov rbx, rax
;;    1d  mov ecx, ebx
;;    1f  mov eax, 1
;;    24  mov rdi, 0xFFFFFFFFFFFFFFFF
;;    2b  xor esi, esi
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
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov ecx, ebx
;;    24  mov rax, r12
;;    27  mov edi, 0xF4240
;;    2c  xor esi, esi
;;    2e  xor edx, edx
;;    30  mov r11, [r14+8]
;;    34  call qword ptr [r11+0x90]
;;    3b  mov eax, eax
;;    3d  lea rsp, [rbp-0x18]
;;    41  pop r12
;;    43  pop rbx
;;    44  leave
;;    45  ret
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
;;    1a  mov rbx, rax
;;    1d  mov ecx, ebx
;;    1f  mov eax, 1
;;    24  xor esi, esi
;;    26  mov edx, 0x10
;;    2b  mov r11, [r14+8]
;;    2f  call qword ptr [r11+0x80]
;;    36  mov eax, eax
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
