;; Comparisons fused with the branch that follows.
(module
  (func (param i32 i32) (result i32)
    (block (br_if 0 (i32.lt_u (local.get 0) (local.get 1))) (return (i32.const 1)))
    (if (i32.eqz (local.get 0)) (then (return (i32.const 2))))
    (if (result i32) (i32.ne (local.get 1) (i32.const 9)) (then (i32.const 3)) (else (i32.const 4))))
  (func (param f32 f32) (result i32)
    (block (br_if 0 (f32.ne (local.get 0) (local.get 1))) (return (i32.const 1)))
    (block (br_if 0 (f32.eq (local.get 0) (local.get 1))) (return (i32.const 2)))
    (block (br_if 0 (i32.eqz (f32.lt (local.get 0) (local.get 1)))) (return (i32.const 3)))
    (i32.const 4)))

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
;;    16  jb 0x6A
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  cmp ebx, r12d
;;    25  jb 0x35
;;    2b  mov eax, 1
;;    30  jmp 0x60
;;    35  test ebx, ebx
;;    37  jne 0x47
;;    3d  mov eax, 2
;;    42  jmp 0x60
;;    47  cmp r12d, 9
;;    4b  je 0x5B
;;    51  mov eax, 3
;;    56  jmp 0x60
;;    5b  mov eax, 4
;;    60  mov rbx, [rbp-0x10]
;;    64  mov r12, [rbp-0x18]
;;    68  leave
;;    69  ret
;;    6a  ud2
;;    6c  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x89
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd [rbp-0x18], xmm1
;;    23  movss xmm0, [rbp-0x10]
;;    28  movss xmm1, [rbp-0x18]
;;    2d  ucomiss xmm0, xmm1
;;    30  jp 0x46
;;    36  jne 0x46
;;    3c  mov eax, 1
;;    41  jmp 0x87
;;    46  movss xmm0, [rbp-0x10]
;;    4b  movss xmm1, [rbp-0x18]
;;    50  ucomiss xmm0, xmm1
;;    53  jp 0x5B
;;    55  je 0x65
;;    5b  mov eax, 2
;;    60  jmp 0x87
;;    65  movss xmm0, [rbp-0x10]
;;    6a  movss xmm1, [rbp-0x18]
;;    6f  ucomiss xmm1, xmm0
;;    72  jbe 0x82
;;    78  mov eax, 3
;;    7d  jmp 0x87
;;    82  mov eax, 4
;;    87  leave
;;    88  ret
;;    89  ud2
;;    8b  trap 9
