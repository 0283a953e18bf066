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
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  cmp ebx, esi
;;    1b  setl al
;;    1e  movzx eax, al
;;    21  lea rsp, [rbp-0x18]
;;    25  pop rsi
;;    26  pop rbx
;;    27  leave
;;    28  ret
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
;;    16  test ebx, ebx
;;    18  sete al
;;    1b  movzx eax, al
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  cmp rbx, 5
;;    1b  setb al
;;    1e  movzx eax, al
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  ucomisd xmm5, xmm6
;;    27  setnp r11b
;;    2b  sete al
;;    2f  and al, r11b
;;    32  movzx eax, al
;;    35  movsd xmm5, [rbp-0x10]
;;    3a  movsd xmm6, [rbp-0x18]
;;    3f  leave
;;    40  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  ucomisd xmm6, xmm5
;;    27  seta al
;;    2a  movzx eax, al
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
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
;;    17  mov esi, ecx
;;    19  cmp ebx, esi
;;    1b  setb al
;;    1e  movzx eax, al
;;    21  lea rsp, [rbp-0x18]
;;    25  pop rsi
;;    26  pop rbx
;;    27  leave
;;    28  ret
