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
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  cmp ebx, esi
;;    21  setl al
;;    24  movzx eax, al
;;    27  lea rsp, [rbp-0x18]
;;    2b  pop rsi
;;    2c  pop rbx
;;    2d  leave
;;    2e  ret
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
;;    1c  test ebx, ebx
;;    1e  sete al
;;    21  movzx eax, al
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
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
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  cmp ebx, esi
;;    21  setb al
;;    24  movzx eax, al
;;    27  lea rsp, [rbp-0x18]
;;    2b  pop rsi
;;    2c  pop rbx
;;    2d  leave
;;    2e  ret
