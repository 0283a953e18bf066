;; Comparisons as values.
(module
  (func (param i32 i32) (result i32) (i32.lt_s (local.get 0) (local.get 1)))
  (func (param i32) (result i32) (i32.eqz (local.get 0)))
  (func (param i64) (result i32) (i64.gt_u (i64.const 5) (local.get 0)))
  (func (param f64 f64) (result i32) (f64.eq (local.get 0) (local.get 1)))
  (func (param f64 f64) (result i32) (f64.lt (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32) (i32.eqz (i32.ge_u (local.get 0) (local.get 1)))))

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
;;    16  jb 0x34
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  cmp ebx, r12d
;;    25  setl al
;;    28  movzx eax, al
;;    2b  lea rsp, [rbp-0x18]
;;    2f  pop r12
;;    31  pop rbx
;;    32  leave
;;    33  ret
;;    34  ud2
;;    36  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x2B
;;    1a  mov rbx, rax
;;    1d  test ebx, ebx
;;    1f  sete al
;;    22  movzx eax, al
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;    2b  ud2
;;    2d  trap 9
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x2D
;;    1a  mov rbx, rax
;;    1d  cmp rbx, 5
;;    21  setb al
;;    24  movzx eax, al
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;    2d  ud2
;;    2f  trap 9
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x4E
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movsd [rbp-0x18], xmm9
;;    25  movaps xmm8, xmm0
;;    29  movaps xmm9, xmm1
;;    2d  ucomisd xmm8, xmm9
;;    32  setnp r11b
;;    36  sete al
;;    3a  and al, r11b
;;    3d  movzx eax, al
;;    40  movsd xmm8, [rbp-0x10]
;;    46  movsd xmm9, [rbp-0x18]
;;    4c  leave
;;    4d  ret
;;    4e  ud2
;;    50  trap 9
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x46
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movsd [rbp-0x18], xmm9
;;    25  movaps xmm8, xmm0
;;    29  movaps xmm9, xmm1
;;    2d  ucomisd xmm9, xmm8
;;    32  seta al
;;    35  movzx eax, al
;;    38  movsd xmm8, [rbp-0x10]
;;    3e  movsd xmm9, [rbp-0x18]
;;    44  leave
;;    45  ret
;;    46  ud2
;;    48  trap 9
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
;;    16  jb 0x34
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  cmp ebx, r12d
;;    25  setb al
;;    28  movzx eax, al
;;    2b  lea rsp, [rbp-0x18]
;;    2f  pop r12
;;    31  pop rbx
;;    32  leave
;;    33  ret
;;    34  ud2
;;    36  trap 9
