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
;;    26  lock xadd [rdi+rbx], eax
;;    2b  lea rsp, [rbp-0x18]
;;    2f  pop rsi
;;    30  pop rbx
;;    31  leave
;;    32  ret
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
;;    16  mov eax, 3
;;    1b  test ebx, 7
;;    22  jne trap 13
;;    24  js 0x26
;;    26  neg rax
;;    29  lock xadd [rdi+rbx+0x10], rax
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 2
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
;;    1b  xchg [rdi+rbx], al
;;    1e  movzx eax, al
;;    22  lea rsp, [rbp-0x18]
;;    26  pop rsi
;;    27  pop rbx
;;    28  leave
;;    29  ret
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
;;    19  test ebx, 3
;;    20  jne trap 13
;;    22  js 0x24
;;    24  mov eax, [rdi+rbx]
;;    27  mov ecx, eax
;;    29  and ecx, esi
;;    2b  lock cmpxchg [rdi+rbx], ecx
;;    30  jne 0x27
;;    32  lea rsp, [rbp-0x18]
;;    36  pop rsi
;;    37  pop rbx
;;    38  leave
;;    39  ret
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
;;    1a  test ebx, 1
;;    21  jne trap 13
;;    23  js 0x25
;;    25  movzx eax, word ptr [rdi+rbx]
;;    29  mov ecx, eax
;;    2b  or ecx, esi
;;    2d  lock cmpxchg [rdi+rbx], cx
;;    33  jne 0x29
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
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov rsi, rcx
;;    1a  lea rax, [rsi+1]
;;    1e  mov rcx, rax
;;    21  test ebx, 7
;;    28  jne trap 13
;;    2a  js 0x2C
;;    2c  mov rax, [rdi+rbx]
;;    30  mov rdx, rax
;;    33  xor rdx, rcx
;;    36  lock cmpxchg [rdi+rbx], rdx
;;    3c  jne 0x30
;;    3e  lea rsp, [rbp-0x18]
;;    42  pop rsi
;;    43  pop rbx
;;    44  leave
;;    45  ret
;;
;; function 6
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
;;    19  mov eax, 1
;;    1e  test ebx, 3
;;    25  jne trap 13
;;    27  js 0x29
;;    29  lock add [rdi+rbx], eax
;;    2d  lock sub [rdi+rbx], sil
;;    32  test ebx, 1
;;    39  jne trap 13
;;    3b  js 0x3D
;;    3d  lock and [rdi+rbx], si
;;    42  test ebx, 3
;;    49  jne trap 13
;;    4b  js 0x4D
;;    4d  lock or [rdi+rbx], esi
;;    51  test ebx, 3
;;    58  jne trap 13
;;    5a  js 0x5C
;;    5c  lock xor [rdi+rbx], esi
;;    60  mov eax, esi
;;    62  test ebx, 3
;;    69  jne trap 13
;;    6b  js 0x6D
;;    6d  xchg [rdi+rbx], eax
;;    70  lea rsp, [rbp-0x18]
;;    74  pop rsi
;;    75  pop rbx
;;    76  leave
;;    77  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov esi, ecx
;;    1b  mov r15d, edx
;;    1e  mov eax, esi
;;    20  test ebx, 3
;;    27  jne trap 13
;;    29  js 0x2B
;;    2b  lock cmpxchg [rdi+rbx], r15d
;;    31  mov eax, eax
;;    33  lea rsp, [rbp-0x20]
;;    37  pop r15
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov rsi, rcx
;;    1c  mov r15, rdx
;;    1f  mov rax, rsi
;;    22  lock cmpxchg [rdi+rbx], r15b
;;    28  movzx eax, al
;;    2c  mov rcx, rax
;;    2f  mov rax, rsi
;;    32  test ebx, 3
;;    39  jne trap 13
;;    3b  js 0x3D
;;    3d  lock cmpxchg [rdi+rbx], r15d
;;    43  mov eax, eax
;;    45  add rcx, rax
;;    48  mov rax, rcx
;;    4b  lea rsp, [rbp-0x20]
;;    4f  pop r15
;;    51  pop rsi
;;    52  pop rbx
;;    53  leave
;;    54  ret
;;
;; function 9
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
;;    19  imul eax, ebx, 3
;;    1c  imul ecx, ebx, 5
;;    1f  imul edx, ebx, 7
;;    22  imul r8d, esi, 9
;;    26  mov r9d, eax
;;    29  mov eax, esi
;;    2b  test edx, 1
;;    32  jne trap 13
;;    34  js 0x36
;;    36  lock cmpxchg [rdi+rdx], r8w
;;    3d  movzx eax, ax
;;    40  add ecx, eax
;;    42  add r9d, ecx
;;    45  mov eax, r9d
;;    48  lea rsp, [rbp-0x18]
;;    4c  pop rsi
;;    4d  pop rbx
;;    4e  leave
;;    4f  ret
