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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  pmovsxbw xmm0, xmm5
;;    20  movsd xmm5, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 1
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
;;    1b  pxor xmm15, xmm15
;;    20  movaps xmm0, xmm5
;;    23  punpckhwd xmm0, xmm15
;;    28  movsd xmm5, [rbp-0x10]
;;    2d  leave
;;    2e  ret
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
;;    26  packuswb xmm0, xmm6
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
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
;;    1b  cvtdq2ps xmm0, xmm5
;;    1e  movsd xmm5, [rbp-0x10]
;;    23  leave
;;    24  ret
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
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm15, xmm5
;;    1f  pand xmm15, [0x60]  = 0x0000ffff0000ffff0000ffff0000ffff
;;    28  movaps xmm14, xmm5
;;    2c  psubd xmm14, xmm15
;;    31  cvtdq2ps xmm15, xmm15
;;    35  psrld xmm14, 1
;;    3b  cvtdq2ps xmm14, xmm14
;;    3f  addps xmm14, xmm14
;;    43  movaps xmm0, xmm15
;;    47  addps xmm0, xmm14
;;    4b  movsd xmm5, [rbp-0x10]
;;    50  leave
;;    51  ret
;;
;; function 5
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
;;    1b  movaps xmm15, xmm5
;;    1f  unpcklps xmm15, [0x40]  = 0x43300000433000004330000043300000
;;    27  movaps xmm0, xmm15
;;    2b  subpd xmm0, [0x50]  = 0x43300000000000004330000000000000
;;    33  movsd xmm5, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 6
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
;;    1b  movaps xmm15, xmm5
;;    1f  cmpeqps xmm15, xmm5
;;    24  movaps xmm14, xmm5
;;    28  andps xmm14, xmm15
;;    2c  pxor xmm15, xmm14
;;    31  cvttps2dq xmm14, xmm14
;;    36  pand xmm15, xmm14
;;    3b  psrad xmm15, 0x1F
;;    41  movaps xmm0, xmm15
;;    45  pxor xmm0, xmm14
;;    4a  movsd xmm5, [rbp-0x10]
;;    4f  leave
;;    50  ret
;;
;; function 7
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
;;    1b  pxor xmm15, xmm15
;;    20  movaps xmm0, xmm5
;;    23  maxps xmm0, xmm15
;;    27  pcmpeqd xmm15, xmm15
;;    2c  psrld xmm15, 1
;;    32  cvtdq2ps xmm15, xmm15
;;    36  movaps xmm14, xmm0
;;    3a  subps xmm14, xmm15
;;    3e  cvttps2dq xmm0, xmm0
;;    42  cmpleps xmm15, xmm14
;;    47  cvttps2dq xmm14, xmm14
;;    4c  pxor xmm14, xmm15
;;    51  pxor xmm15, xmm15
;;    56  pmaxsd xmm14, xmm15
;;    5c  paddd xmm0, xmm14
;;    61  movsd xmm5, [rbp-0x10]
;;    66  leave
;;    67  ret
;;
;; function 8
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
;;    1b  movaps xmm15, xmm5
;;    1f  cmpeqpd xmm15, xmm5
;;    25  andpd xmm15, [0x50]  = 0x41dfffffffc0000041dfffffffc00000
;;    2e  movaps xmm14, xmm5
;;    32  minpd xmm14, xmm15
;;    37  cvttpd2dq xmm0, xmm14
;;    3c  movsd xmm5, [rbp-0x10]
;;    41  leave
;;    42  ret
;;
;; function 9
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
;;    1b  pxor xmm15, xmm15
;;    20  movaps xmm14, xmm5
;;    24  maxpd xmm14, xmm15
;;    29  minpd xmm14, [0x60]  = 0x41efffffffe0000041efffffffe00000
;;    32  roundpd xmm14, xmm14, 0xB
;;    39  addpd xmm14, [0x70]  = 0x43300000000000004330000000000000
;;    42  movaps xmm0, xmm14
;;    46  shufps xmm0, xmm15, 0x88
;;    4b  movsd xmm5, [rbp-0x10]
;;    50  leave
;;    51  ret
;;
;; function 10
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
;;    1b  cvtpd2ps xmm0, xmm5
;;    1f  movsd xmm5, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 11
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
;;    1b  cvtps2pd xmm0, xmm5
;;    1e  movsd xmm5, [rbp-0x10]
;;    23  leave
;;    24  ret
