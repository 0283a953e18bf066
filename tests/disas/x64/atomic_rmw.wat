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
;;    32  lock xadd [r15+rbx], eax
;;    38  lea rsp, [rbp-0x18]
;;    3c  pop r12
;;    3e  pop rbx
;;    3f  leave
;;    40  ret
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
;;    1d  mov eax, 3
;;    22  test ebx, 7
;;    29  jne trap 13
;;    2f  neg rax
;;    32  lock xadd [r15+rbx+0x10], rax
;;    39  mov rbx, [rbp-0x10]
;;    3d  leave
;;    3e  ret
;;
;; function 2
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
;;    25  xchg [r15+rbx], al
;;    29  movzx eax, al
;;    2d  lea rsp, [rbp-0x18]
;;    31  pop r12
;;    33  pop rbx
;;    34  leave
;;    35  ret
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
;;    22  test ebx, 3
;;    29  jne trap 13
;;    2f  mov eax, [r15+rbx]
;;    33  mov ecx, eax
;;    35  and ecx, r12d
;;    38  lock cmpxchg [r15+rbx], ecx
;;    3e  jne 0x33
;;    40  lea rsp, [rbp-0x18]
;;    44  pop r12
;;    46  pop rbx
;;    47  leave
;;    48  ret
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
;;    22  test ebx, 1
;;    29  jne trap 13
;;    2f  movzx eax, word ptr [r15+rbx]
;;    34  mov ecx, eax
;;    36  or ecx, r12d
;;    39  lock cmpxchg [r15+rbx], cx
;;    40  jne 0x34
;;    42  lea rsp, [rbp-0x18]
;;    46  pop r12
;;    48  pop rbx
;;    49  leave
;;    4a  ret
;;
;; function 5
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
;;    22  lea rax, [r12+1]
;;    27  mov rcx, rax
;;    2a  test ebx, 7
;;    31  jne trap 13
;;    37  mov rax, [r15+rbx]
;;    3b  mov rdx, rax
;;    3e  xor rdx, rcx
;;    41  lock cmpxchg [r15+rbx], rdx
;;    47  jne 0x3B
;;    49  lea rsp, [rbp-0x18]
;;    4d  pop r12
;;    4f  pop rbx
;;    50  leave
;;    51  ret
;;
;; function 6
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
;;    22  mov eax, 1
;;    27  test ebx, 3
;;    2e  jne trap 13
;;    34  lock add [r15+rbx], eax
;;    39  lock sub [r15+rbx], r12b
;;    3e  test ebx, 1
;;    45  jne trap 13
;;    4b  lock and [r15+rbx], r12w
;;    51  test ebx, 3
;;    58  jne trap 13
;;    5e  lock or [r15+rbx], r12d
;;    63  test ebx, 3
;;    6a  jne trap 13
;;    70  lock xor [r15+rbx], r12d
;;    75  mov eax, r12d
;;    78  test ebx, 3
;;    7f  jne trap 13
;;    85  xchg [r15+rbx], eax
;;    89  lea rsp, [rbp-0x18]
;;    8d  pop r12
;;    8f  pop rbx
;;    90  leave
;;    91  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov eax, r12d
;;    2a  test ebx, 3
;;    31  jne trap 13
;;    37  lock cmpxchg [r15+rbx], r13d
;;    3d  mov eax, eax
;;    3f  lea rsp, [rbp-0x20]
;;    43  pop r13
;;    45  pop r12
;;    47  pop rbx
;;    48  leave
;;    49  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov rax, r12
;;    2a  lock cmpxchg [r15+rbx], r13b
;;    30  movzx eax, al
;;    34  mov rcx, rax
;;    37  mov rax, r12
;;    3a  test ebx, 3
;;    41  jne trap 13
;;    47  lock cmpxchg [r15+rbx], r13d
;;    4d  mov eax, eax
;;    4f  add rcx, rax
;;    52  mov rax, rcx
;;    55  lea rsp, [rbp-0x20]
;;    59  pop r13
;;    5b  pop r12
;;    5d  pop rbx
;;    5e  leave
;;    5f  ret
;;
;; function 9
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
;;    22  imul eax, ebx, 3
;;    25  imul ecx, ebx, 5
;;    28  imul edx, ebx, 7
;;    2b  imul esi, r12d, 9
;;    2f  mov edi, eax
;;    31  mov eax, r12d
;;    34  test edx, 1
;;    3b  jne trap 13
;;    41  lock cmpxchg [r15+rdx], si
;;    48  movzx eax, ax
;;    4b  add ecx, eax
;;    4d  add edi, ecx
;;    4f  mov eax, edi
;;    51  lea rsp, [rbp-0x18]
;;    55  pop r12
;;    57  pop rbx
;;    58  leave
;;    59  ret
