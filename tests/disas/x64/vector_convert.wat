;; Conversions of lanes.
(module
  (func (param v128) (result v128) (i16x8.extend_low_i8x16_s (local.get 0)))
  (func (param v128) (result v128) (i32x4.extend_high_i16x8_u (local.get 0)))
  (func (param v128 v128) (result v128) (i8x16.narrow_i16x8_u (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (f32x4.convert_i32x4_s (local.get 0)))
  (func (param v128) (result v128) (f32x4.convert_i32x4_u (local.get 0)))
  (func (param v128) (result v128) (f64x2.convert_low_i32x4_u (local.get 0)))
  (func (param v128) (result v128) (i32x4.trunc_sat_f32x4_s (local.get 0)))
  (func (param v128) (result v128) (i32x4.trunc_sat_f32x4_u (local.get 0)))
  (func (param v128) (result v128) (i32x4.trunc_sat_f64x2_s_zero (local.get 0)))
  (func (param v128) (result v128) (i32x4.trunc_sat_f64x2_u_zero (local.get 0)))
  (func (param v128) (result v128) (f32x4.demote_f64x2_zero (local.get 0)))
  (func (param v128) (result v128) (f64x2.promote_low_f32x4 (local.get 0))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pmovsxbw xmm0, xmm5
;;    26  movsd xmm5, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pxor xmm15, xmm15
;;    26  movaps xmm0, xmm5
;;    29  punpckhwd xmm0, xmm15
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    2c  packuswb xmm0, xmm6
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
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
;;    21  cvtdq2ps xmm0, xmm5
;;    24  movsd xmm5, [rbp-0x10]
;;    29  leave
;;    2a  ret
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
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm15, xmm5
;;    25  pand xmm15, [0x60]  = 0x0000ffff0000ffff0000ffff0000ffff
;;    2e  movaps xmm14, xmm5
;;    32  psubd xmm14, xmm15
;;    37  cvtdq2ps xmm15, xmm15
;;    3b  psrld xmm14, 1
;;    41  cvtdq2ps xmm14, xmm14
;;    45  addps xmm14, xmm14
;;    49  movaps xmm0, xmm15
;;    4d  addps xmm0, xmm14
;;    51  movsd xmm5, [rbp-0x10]
;;    56  leave
;;    57  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm15, xmm5
;;    25  unpcklps xmm15, [0x40]  = 0x43300000433000004330000043300000
;;    2d  movaps xmm0, xmm15
;;    31  subpd xmm0, [0x50]  = 0x43300000000000004330000000000000
;;    39  movsd xmm5, [rbp-0x10]
;;    3e  leave
;;    3f  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm15, xmm5
;;    25  cmpeqps xmm15, xmm5
;;    2a  movaps xmm14, xmm5
;;    2e  andps xmm14, xmm15
;;    32  pxor xmm15, xmm14
;;    37  cvttps2dq xmm14, xmm14
;;    3c  pand xmm15, xmm14
;;    41  psrad xmm15, 0x1F
;;    47  movaps xmm0, xmm15
;;    4b  pxor xmm0, xmm14
;;    50  movsd xmm5, [rbp-0x10]
;;    55  leave
;;    56  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pxor xmm15, xmm15
;;    26  movaps xmm0, xmm5
;;    29  maxps xmm0, xmm15
;;    2d  pcmpeqd xmm15, xmm15
;;    32  psrld xmm15, 1
;;    38  cvtdq2ps xmm15, xmm15
;;    3c  movaps xmm14, xmm0
;;    40  subps xmm14, xmm15
;;    44  cvttps2dq xmm0, xmm0
;;    48  cmpleps xmm15, xmm14
;;    4d  cvttps2dq xmm14, xmm14
;;    52  pxor xmm14, xmm15
;;    57  pxor xmm15, xmm15
;;    5c  pmaxsd xmm14, xmm15
;;    62  paddd xmm0, xmm14
;;    67  movsd xmm5, [rbp-0x10]
;;    6c  leave
;;    6d  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm15, xmm5
;;    25  cmpeqpd xmm15, xmm5
;;    2b  andpd xmm15, [0x50]  = 0x41dfffffffc0000041dfffffffc00000
;;    34  movaps xmm14, xmm5
;;    38  minpd xmm14, xmm15
;;    3d  cvttpd2dq xmm0, xmm14
;;    42  movsd xmm5, [rbp-0x10]
;;    47  leave
;;    48  ret
;;
;; function 9
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pxor xmm15, xmm15
;;    26  movaps xmm14, xmm5
;;    2a  maxpd xmm14, xmm15
;;    2f  minpd xmm14, [0x60]  = 0x41efffffffe0000041efffffffe00000
;;    38  roundpd xmm14, xmm14, 0xB
;;    3f  addpd xmm14, [0x70]  = 0x43300000000000004330000000000000
;;    48  movaps xmm0, xmm14
;;    4c  shufps xmm0, xmm15, 0x88
;;    51  movsd xmm5, [rbp-0x10]
;;    56  leave
;;    57  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  cvtpd2ps xmm0, xmm5
;;    25  movsd xmm5, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  cvtps2pd xmm0, xmm5
;;    24  movsd xmm5, [rbp-0x10]
;;    29  leave
;;    2a  ret
