;; Selects.
(module
  (func (param i32 i32 i32) (result i32) (select (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32 i32) (result i32) (select (local.get 0) (local.get 1) (i32.gt_s (local.get 0) (local.get 1))))
  (func (param f64 f64 i32) (result f64) (select (local.get 0) (local.get 1) (local.get 2)))
  (func (param f64 f64) (result f64) (select (local.get 0) (local.get 1) (f64.eq (local.get 0) (local.get 1))))
  (func (param externref externref i32) (result externref)
    (select (result externref) (local.get 0) (local.get 1) (local.get 2))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb 0x3B
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  test r13d, r13d
;;    2a  mov eax, ebx
;;    2c  cmove eax, r12d
;;    30  lea rsp, [rbp-0x20]
;;    34  pop r13
;;    36  pop r12
;;    38  pop rbx
;;    39  leave
;;    3a  ret
;;    3b  ud2
;;    3d  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb 0x34
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  cmp ebx, r12d
;;    25  mov eax, ebx
;;    27  cmovle eax, r12d
;;    2b  lea rsp, [rbp-0x18]
;;    2f  pop r12
;;    31  pop rbx
;;    32  leave
;;    33  ret
;;    34  ud2
;;    36  trap 9
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x4F
;;    1a  movsd [rbp-0x18], xmm8
;;    20  movsd [rbp-0x20], xmm9
;;    26  movaps xmm8, xmm0
;;    2a  movaps xmm9, xmm1
;;    2e  mov rbx, rax
;;    31  test ebx, ebx
;;    33  movaps xmm0, xmm8
;;    37  jne 0x3D
;;    39  movaps xmm0, xmm9
;;    3d  movsd xmm8, [rbp-0x18]
;;    43  movsd xmm9, [rbp-0x20]
;;    49  mov rbx, [rbp-0x10]
;;    4d  leave
;;    4e  ret
;;    4f  ud2
;;    51  trap 9
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x4C
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movsd [rbp-0x18], xmm9
;;    25  movaps xmm8, xmm0
;;    29  movaps xmm9, xmm1
;;    2d  ucomisd xmm8, xmm9
;;    32  movaps xmm0, xmm8
;;    36  jp 0x3A
;;    38  je 0x3E
;;    3a  movaps xmm0, xmm9
;;    3e  movsd xmm8, [rbp-0x10]
;;    44  movsd xmm9, [rbp-0x18]
;;    4a  leave
;;    4b  ret
;;    4c  ud2
;;    4e  trap 9
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x36
;;    1a  mov [rbp-0x18], rax
;;    1e  mov [rbp-0x20], rcx
;;    22  mov rbx, rdx
;;    25  test ebx, ebx
;;    27  mov rax, [rbp-0x18]
;;    2b  cmove rax, [rbp-0x20]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;    36  ud2
;;    38  trap 9
