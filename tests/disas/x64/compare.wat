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
;;    16  jb trap 9
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
;;    1d  test ebx, ebx
;;    1f  sete al
;;    22  movzx eax, al
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  cmp rbx, 5
;;    21  setb al
;;    24  movzx eax, al
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  ucomisd xmm5, xmm6
;;    2d  setnp r11b
;;    31  sete al
;;    35  and al, r11b
;;    38  movzx eax, al
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  movsd xmm6, [rbp-0x18]
;;    45  leave
;;    46  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  ucomisd xmm6, xmm5
;;    2d  seta al
;;    30  movzx eax, al
;;    33  movsd xmm5, [rbp-0x10]
;;    38  movsd xmm6, [rbp-0x18]
;;    3d  leave
;;    3e  ret
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
;;    22  cmp ebx, r12d
;;    25  setb al
;;    28  movzx eax, al
;;    2b  lea rsp, [rbp-0x18]
;;    2f  pop r12
;;    31  pop rbx
;;    32  leave
;;    33  ret
