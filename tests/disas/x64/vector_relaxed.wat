;; Relaxed operators: what the machine has.
(module
  (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128 v128) (result v128) (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (param v128 v128 v128) (result v128) (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128 v128) (result v128)
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movaps xmm5, xmm0
;;    2b  movaps xmm6, xmm1
;;    2e  movaps xmm7, xmm2
;;    31  movaps xmm15, xmm5
;;    35  mulps xmm15, xmm6
;;    39  movaps xmm0, xmm7
;;    3c  addps xmm0, xmm15
;;    40  movsd xmm5, [rbp-0x10]
;;    45  movsd xmm6, [rbp-0x18]
;;    4a  movsd xmm7, [rbp-0x20]
;;    4f  leave
;;    50  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movaps xmm5, xmm0
;;    2b  movaps xmm6, xmm1
;;    2e  movaps xmm7, xmm2
;;    31  movaps xmm15, xmm5
;;    35  mulpd xmm15, xmm6
;;    3a  movaps xmm14, xmm7
;;    3e  subpd xmm14, xmm15
;;    43  movaps xmm0, xmm14
;;    47  movsd xmm5, [rbp-0x10]
;;    4c  movsd xmm6, [rbp-0x18]
;;    51  movsd xmm7, [rbp-0x20]
;;    56  leave
;;    57  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  movaps xmm0, xmm5
;;    2c  pshufb xmm0, xmm6
;;    31  movsd xmm5, [rbp-0x10]
;;    36  movsd xmm6, [rbp-0x18]
;;    3b  leave
;;    3c  ret
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
;;    1e  movaps xmm5, xmm0
;;    21  cvttps2dq xmm0, xmm5
;;    25  movsd xmm5, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movaps xmm5, xmm0
;;    2b  movaps xmm6, xmm1
;;    2e  movaps xmm7, xmm2
;;    31  movaps xmm15, xmm5
;;    35  pxor xmm15, xmm6
;;    3a  pand xmm15, xmm7
;;    3f  movaps xmm0, xmm6
;;    42  pxor xmm0, xmm15
;;    47  movsd xmm5, [rbp-0x10]
;;    4c  movsd xmm6, [rbp-0x18]
;;    51  movsd xmm7, [rbp-0x20]
;;    56  leave
;;    57  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movaps xmm5, xmm0
;;    2b  movaps xmm6, xmm1
;;    2e  movaps xmm7, xmm2
;;    31  movaps xmm15, xmm6
;;    35  pmaddubsw xmm15, xmm5
;;    3b  pmaddwd xmm15, [0x60]  = 0x00010001000100010001000100010001
;;    44  movaps xmm0, xmm7
;;    47  paddd xmm0, xmm15
;;    4c  movsd xmm5, [rbp-0x10]
;;    51  movsd xmm6, [rbp-0x18]
;;    56  movsd xmm7, [rbp-0x20]
;;    5b  leave
;;    5c  ret
