(module
  (import "" "" (memory 1 2 shared))
  (func (param i32 i32) (result i32)
    (i32.atomic.rmw.add (local.get 0) (local.get 1)))
  (func (param i32) (result i64)
    (i64.atomic.rmw.sub offset=16 (local.get 0) (i64.const 3)))
  (func (param i32 i32) (result i32)
    (i32.atomic.rmw8.xchg_u (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32)
    (i32.atomic.rmw.and (local.get 0) (local.get 1)))
  (func (param i32 i64) (result i64)
    (i64.atomic.rmw16.or_u (local.get 0) (local.get 1)))
  (func (param i32 i64) (result i64)
    (i64.atomic.rmw.xor (local.get 0) (i64.add (local.get 1) (i64.const 1))))
  ;; Nobody needs the old value.
  (func (param i32 i32)
    (drop (i32.atomic.rmw.add (local.get 0) (i32.const 1)))
    (drop (i32.atomic.rmw8.sub_u (local.get 0) (local.get 1)))
    (drop (i32.atomic.rmw16.and_u (local.get 0) (local.get 1)))
    (drop (i32.atomic.rmw.or (local.get 0) (local.get 1)))
    (drop (i32.atomic.rmw.xor (local.get 0) (local.get 1)))
    (drop (i32.atomic.rmw.xchg (local.get 0) (local.get 1))))
  (func (param i32 i32 i32) (result i32)
    (i32.atomic.rmw.cmpxchg (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32 i64 i64) (result i64)
    (i64.add (i64.atomic.rmw8.cmpxchg_u (local.get 0) (local.get 1) (local.get 2))
             (i64.atomic.rmw32.cmpxchg_u (local.get 0) (local.get 1) (local.get 2))))
  ;; The registers that x86-64 wants are taken.
  (func (param i32 i32) (result i32)
    (i32.mul (local.get 0) (i32.const 3))
    (i32.mul (local.get 0) (i32.const 5))
    (i32.atomic.rmw16.cmpxchg_u (i32.mul (local.get 0) (i32.const 7)) (local.get 1) (i32.mul (local.get 1) (i32.const 9)))
    i32.add
    i32.add)
)

;; x86-64
;;
;; function 0
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
;;    29  lock xadd [rdi+rbx], eax
;;    2e  lea rsp, [rbp-0x18]
;;    32  pop rsi
;;    33  pop rbx
;;    34  leave
;;    35  ret
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
;;    19  mov eax, 3
;;    1e  test ebx, 7
;;    25  jne trap 13
;;    27  js 0x29
;;    29  neg rax
;;    2c  lock xadd [rdi+rbx+0x10], rax
;;    33  mov rbx, [rbp-0x10]
;;    37  leave
;;    38  ret
;;
;; function 2
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
;;    1e  xchg [rdi+rbx], al
;;    21  movzx eax, al
;;    25  lea rsp, [rbp-0x18]
;;    29  pop rsi
;;    2a  pop rbx
;;    2b  leave
;;    2c  ret
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
;;    1c  test ebx, 3
;;    23  jne trap 13
;;    25  js 0x27
;;    27  mov eax, [rdi+rbx]
;;    2a  mov ecx, eax
;;    2c  and ecx, esi
;;    2e  lock cmpxchg [rdi+rbx], ecx
;;    33  jne 0x2A
;;    35  lea rsp, [rbp-0x18]
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
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
;;    1d  test ebx, 1
;;    24  jne trap 13
;;    26  js 0x28
;;    28  movzx eax, word ptr [rdi+rbx]
;;    2c  mov ecx, eax
;;    2e  or ecx, esi
;;    30  lock cmpxchg [rdi+rbx], cx
;;    36  jne 0x2C
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
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov rsi, rcx
;;    1d  lea rax, [rsi+1]
;;    21  mov rcx, rax
;;    24  test ebx, 7
;;    2b  jne trap 13
;;    2d  js 0x2F
;;    2f  mov rax, [rdi+rbx]
;;    33  mov rdx, rax
;;    36  xor rdx, rcx
;;    39  lock cmpxchg [rdi+rbx], rdx
;;    3f  jne 0x33
;;    41  lea rsp, [rbp-0x18]
;;    45  pop rsi
;;    46  pop rbx
;;    47  leave
;;    48  ret
;;
;; function 6
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
;;    1c  mov eax, 1
;;    21  test ebx, 3
;;    28  jne trap 13
;;    2a  js 0x2C
;;    2c  lock add [rdi+rbx], eax
;;    30  lock sub [rdi+rbx], sil
;;    35  test ebx, 1
;;    3c  jne trap 13
;;    3e  js 0x40
;;    40  lock and [rdi+rbx], si
;;    45  test ebx, 3
;;    4c  jne trap 13
;;    4e  js 0x50
;;    50  lock or [rdi+rbx], esi
;;    54  test ebx, 3
;;    5b  jne trap 13
;;    5d  js 0x5F
;;    5f  lock xor [rdi+rbx], esi
;;    63  mov eax, esi
;;    65  test ebx, 3
;;    6c  jne trap 13
;;    6e  js 0x70
;;    70  xchg [rdi+rbx], eax
;;    73  lea rsp, [rbp-0x18]
;;    77  pop rsi
;;    78  pop rbx
;;    79  leave
;;    7a  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov esi, ecx
;;    1e  mov r15d, edx
;;    21  mov eax, esi
;;    23  test ebx, 3
;;    2a  jne trap 13
;;    2c  js 0x2E
;;    2e  lock cmpxchg [rdi+rbx], r15d
;;    34  mov eax, eax
;;    36  lea rsp, [rbp-0x20]
;;    3a  pop r15
;;    3c  pop rsi
;;    3d  pop rbx
;;    3e  leave
;;    3f  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov rsi, rcx
;;    1f  mov r15, rdx
;;    22  mov rax, rsi
;;    25  lock cmpxchg [rdi+rbx], r15b
;;    2b  movzx eax, al
;;    2f  mov rcx, rax
;;    32  mov rax, rsi
;;    35  test ebx, 3
;;    3c  jne trap 13
;;    3e  js 0x40
;;    40  lock cmpxchg [rdi+rbx], r15d
;;    46  mov eax, eax
;;    48  add rcx, rax
;;    4b  mov rax, rcx
;;    4e  lea rsp, [rbp-0x20]
;;    52  pop r15
;;    54  pop rsi
;;    55  pop rbx
;;    56  leave
;;    57  ret
;;
;; function 9
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
;;    1c  imul eax, ebx, 3
;;    1f  imul ecx, ebx, 5
;;    22  imul edx, ebx, 7
;;    25  imul r8d, esi, 9
;;    29  mov r9d, eax
;;    2c  mov eax, esi
;;    2e  test edx, 1
;;    35  jne trap 13
;;    37  js 0x39
;;    39  lock cmpxchg [rdi+rdx], r8w
;;    40  movzx eax, ax
;;    43  add ecx, eax
;;    45  add r9d, ecx
;;    48  mov eax, r9d
;;    4b  lea rsp, [rbp-0x18]
;;    4f  pop rsi
;;    50  pop rbx
;;    51  leave
;;    52  ret
