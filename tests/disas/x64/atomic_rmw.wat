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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov eax, esi
;;    21  test ebx, 3
;;    28  jne trap 13
;;    2e  lock xadd [rdi+rbx], eax
;;    33  lea rsp, [rbp-0x18]
;;    37  pop rsi
;;    38  pop rbx
;;    39  leave
;;    3a  ret
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
;;    1c  mov eax, 3
;;    21  test ebx, 7
;;    28  jne trap 13
;;    2e  neg rax
;;    31  lock xadd [rdi+rbx+0x10], rax
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov eax, esi
;;    21  xchg [rdi+rbx], al
;;    24  movzx eax, al
;;    28  lea rsp, [rbp-0x18]
;;    2c  pop rsi
;;    2d  pop rbx
;;    2e  leave
;;    2f  ret
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
;;    1f  test ebx, 3
;;    26  jne trap 13
;;    2c  mov eax, [rdi+rbx]
;;    2f  mov ecx, eax
;;    31  and ecx, esi
;;    33  lock cmpxchg [rdi+rbx], ecx
;;    38  jne 0x2F
;;    3a  lea rsp, [rbp-0x18]
;;    3e  pop rsi
;;    3f  pop rbx
;;    40  leave
;;    41  ret
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
;;    20  test ebx, 1
;;    27  jne trap 13
;;    2d  movzx eax, word ptr [rdi+rbx]
;;    31  mov ecx, eax
;;    33  or ecx, esi
;;    35  lock cmpxchg [rdi+rbx], cx
;;    3b  jne 0x31
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
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  mov ebx, eax
;;    1d  mov rsi, rcx
;;    20  lea rax, [rsi+1]
;;    24  mov rcx, rax
;;    27  test ebx, 7
;;    2e  jne trap 13
;;    34  mov rax, [rdi+rbx]
;;    38  mov rdx, rax
;;    3b  xor rdx, rcx
;;    3e  lock cmpxchg [rdi+rbx], rdx
;;    44  jne 0x38
;;    46  lea rsp, [rbp-0x18]
;;    4a  pop rsi
;;    4b  pop rbx
;;    4c  leave
;;    4d  ret
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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov eax, 1
;;    24  test ebx, 3
;;    2b  jne trap 13
;;    31  lock add [rdi+rbx], eax
;;    35  lock sub [rdi+rbx], sil
;;    3a  test ebx, 1
;;    41  jne trap 13
;;    47  lock and [rdi+rbx], si
;;    4c  test ebx, 3
;;    53  jne trap 13
;;    59  lock or [rdi+rbx], esi
;;    5d  test ebx, 3
;;    64  jne trap 13
;;    6a  lock xor [rdi+rbx], esi
;;    6e  mov eax, esi
;;    70  test ebx, 3
;;    77  jne trap 13
;;    7d  xchg [rdi+rbx], eax
;;    80  lea rsp, [rbp-0x18]
;;    84  pop rsi
;;    85  pop rbx
;;    86  leave
;;    87  ret
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
;;    1d  mov ebx, eax
;;    1f  mov esi, ecx
;;    21  mov r15d, edx
;;    24  mov eax, esi
;;    26  test ebx, 3
;;    2d  jne trap 13
;;    33  lock cmpxchg [rdi+rbx], r15d
;;    39  mov eax, eax
;;    3b  lea rsp, [rbp-0x20]
;;    3f  pop r15
;;    41  pop rsi
;;    42  pop rbx
;;    43  leave
;;    44  ret
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
;;    1d  mov ebx, eax
;;    1f  mov rsi, rcx
;;    22  mov r15, rdx
;;    25  mov rax, rsi
;;    28  lock cmpxchg [rdi+rbx], r15b
;;    2e  movzx eax, al
;;    32  mov rcx, rax
;;    35  mov rax, rsi
;;    38  test ebx, 3
;;    3f  jne trap 13
;;    45  lock cmpxchg [rdi+rbx], r15d
;;    4b  mov eax, eax
;;    4d  add rcx, rax
;;    50  mov rax, rcx
;;    53  lea rsp, [rbp-0x20]
;;    57  pop r15
;;    59  pop rsi
;;    5a  pop rbx
;;    5b  leave
;;    5c  ret
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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  imul eax, ebx, 3
;;    22  imul ecx, ebx, 5
;;    25  imul edx, ebx, 7
;;    28  imul r8d, esi, 9
;;    2c  mov r9d, eax
;;    2f  mov eax, esi
;;    31  test edx, 1
;;    38  jne trap 13
;;    3e  lock cmpxchg [rdi+rdx], r8w
;;    45  movzx eax, ax
;;    48  add ecx, eax
;;    4a  add r9d, ecx
;;    4d  mov eax, r9d
;;    50  lea rsp, [rbp-0x18]
;;    54  pop rsi
;;    55  pop rbx
;;    56  leave
;;    57  ret
