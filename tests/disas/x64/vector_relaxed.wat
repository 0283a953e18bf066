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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movsd [rbp-0x20], xmm7
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm6, xmm1
;;    28  movaps xmm7, xmm2
;;    2b  movaps xmm15, xmm5
;;    2f  mulps xmm15, xmm6
;;    33  movaps xmm0, xmm7
;;    36  addps xmm0, xmm15
;;    3a  movsd xmm5, [rbp-0x10]
;;    3f  movsd xmm6, [rbp-0x18]
;;    44  movsd xmm7, [rbp-0x20]
;;    49  leave
;;    4a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movsd [rbp-0x20], xmm7
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm6, xmm1
;;    28  movaps xmm7, xmm2
;;    2b  movaps xmm15, xmm5
;;    2f  mulpd xmm15, xmm6
;;    34  movaps xmm14, xmm7
;;    38  subpd xmm14, xmm15
;;    3d  movaps xmm0, xmm14
;;    41  movsd xmm5, [rbp-0x10]
;;    46  movsd xmm6, [rbp-0x18]
;;    4b  movsd xmm7, [rbp-0x20]
;;    50  leave
;;    51  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm5
;;    26  pshufb xmm0, xmm6
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  movsd xmm6, [rbp-0x18]
;;    35  leave
;;    36  ret
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
;;    18  movaps xmm5, xmm0
;;    1b  cvttps2dq xmm0, xmm5
;;    1f  movsd xmm5, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movsd [rbp-0x20], xmm7
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm6, xmm1
;;    28  movaps xmm7, xmm2
;;    2b  movaps xmm15, xmm5
;;    2f  pxor xmm15, xmm6
;;    34  pand xmm15, xmm7
;;    39  movaps xmm0, xmm6
;;    3c  pxor xmm0, xmm15
;;    41  movsd xmm5, [rbp-0x10]
;;    46  movsd xmm6, [rbp-0x18]
;;    4b  movsd xmm7, [rbp-0x20]
;;    50  leave
;;    51  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movsd [rbp-0x20], xmm7
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm6, xmm1
;;    28  movaps xmm7, xmm2
;;    2b  movaps xmm15, xmm6
;;    2f  pmaddubsw xmm15, xmm5
;;    35  pmaddwd xmm15, [0x60]  = 0x00010001000100010001000100010001
;;    3e  movaps xmm0, xmm7
;;    41  paddd xmm0, xmm15
;;    46  movsd xmm5, [rbp-0x10]
;;    4b  movsd xmm6, [rbp-0x18]
;;    50  movsd xmm7, [rbp-0x20]
;;    55  leave
;;    56  ret
