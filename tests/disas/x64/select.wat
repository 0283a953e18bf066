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
;;    18  jb 0x3E
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  test r13d, r13d
;;    2a  mov eax, ebx
;;    2c  cmove eax, r12d
;;    30  mov rbx, [rbp-0x10]
;;    34  mov r12, [rbp-0x18]
;;    38  mov r13, [rbp-0x20]
;;    3c  leave
;;    3d  ret
;;    3e  ud2
;;    40  trap 9
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
;;    16  jb 0x35
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  cmp ebx, r12d
;;    25  mov eax, ebx
;;    27  cmovle eax, r12d
;;    2b  mov rbx, [rbp-0x10]
;;    2f  mov r12, [rbp-0x18]
;;    33  leave
;;    34  ret
;;    35  ud2
;;    37  trap 9
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x3E
;;    1a  movsd [rbp-0x18], xmm0
;;    1f  movsd [rbp-0x20], xmm1
;;    24  mov rbx, rax
;;    27  test ebx, ebx
;;    29  movsd xmm0, [rbp-0x18]
;;    2e  movsd xmm1, [rbp-0x20]
;;    33  jne 0x38
;;    35  movaps xmm0, xmm1
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
;;    3e  ud2
;;    40  trap 9
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x44
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd [rbp-0x18], xmm1
;;    23  movsd xmm0, [rbp-0x10]
;;    28  movsd xmm1, [rbp-0x18]
;;    2d  ucomisd xmm0, xmm1
;;    31  movsd xmm0, [rbp-0x10]
;;    36  movsd xmm1, [rbp-0x18]
;;    3b  jp 0x3F
;;    3d  je 0x42
;;    3f  movaps xmm0, xmm1
;;    42  leave
;;    43  ret
;;    44  ud2
;;    46  trap 9
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
