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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pmovsxbw xmm0, xmm5
;;    23  movsd xmm5, [rbp-0x10]
;;    28  leave
;;    29  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pxor xmm15, xmm15
;;    23  movaps xmm0, xmm5
;;    26  punpckhwd xmm0, xmm15
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  leave
;;    31  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm0, xmm5
;;    29  packuswb xmm0, xmm6
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  cvtdq2ps xmm0, xmm5
;;    21  movsd xmm5, [rbp-0x10]
;;    26  leave
;;    27  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm15, xmm5
;;    22  pand xmm15, [0x60]  = 0x0000ffff0000ffff0000ffff0000ffff
;;    2b  movaps xmm14, xmm5
;;    2f  psubd xmm14, xmm15
;;    34  cvtdq2ps xmm15, xmm15
;;    38  psrld xmm14, 1
;;    3e  cvtdq2ps xmm14, xmm14
;;    42  addps xmm14, xmm14
;;    46  movaps xmm0, xmm15
;;    4a  addps xmm0, xmm14
;;    4e  movsd xmm5, [rbp-0x10]
;;    53  leave
;;    54  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm15, xmm5
;;    22  unpcklps xmm15, [0x40]  = 0x43300000433000004330000043300000
;;    2a  movaps xmm0, xmm15
;;    2e  subpd xmm0, [0x50]  = 0x43300000000000004330000000000000
;;    36  movsd xmm5, [rbp-0x10]
;;    3b  leave
;;    3c  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm15, xmm5
;;    22  cmpeqps xmm15, xmm5
;;    27  movaps xmm14, xmm5
;;    2b  andps xmm14, xmm15
;;    2f  pxor xmm15, xmm14
;;    34  cvttps2dq xmm14, xmm14
;;    39  pand xmm15, xmm14
;;    3e  psrad xmm15, 0x1F
;;    44  movaps xmm0, xmm15
;;    48  pxor xmm0, xmm14
;;    4d  movsd xmm5, [rbp-0x10]
;;    52  leave
;;    53  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pxor xmm15, xmm15
;;    23  movaps xmm0, xmm5
;;    26  maxps xmm0, xmm15
;;    2a  pcmpeqd xmm15, xmm15
;;    2f  psrld xmm15, 1
;;    35  cvtdq2ps xmm15, xmm15
;;    39  movaps xmm14, xmm0
;;    3d  subps xmm14, xmm15
;;    41  cvttps2dq xmm0, xmm0
;;    45  cmpleps xmm15, xmm14
;;    4a  cvttps2dq xmm14, xmm14
;;    4f  pxor xmm14, xmm15
;;    54  pxor xmm15, xmm15
;;    59  pmaxsd xmm14, xmm15
;;    5f  paddd xmm0, xmm14
;;    64  movsd xmm5, [rbp-0x10]
;;    69  leave
;;    6a  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm15, xmm5
;;    22  cmpeqpd xmm15, xmm5
;;    28  andpd xmm15, [0x50]  = 0x41dfffffffc0000041dfffffffc00000
;;    31  movaps xmm14, xmm5
;;    35  minpd xmm14, xmm15
;;    3a  cvttpd2dq xmm0, xmm14
;;    3f  movsd xmm5, [rbp-0x10]
;;    44  leave
;;    45  ret
;;
;; function 9
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pxor xmm15, xmm15
;;    23  movaps xmm14, xmm5
;;    27  maxpd xmm14, xmm15
;;    2c  minpd xmm14, [0x60]  = 0x41efffffffe0000041efffffffe00000
;;    35  roundpd xmm14, xmm14, 0xB
;;    3c  addpd xmm14, [0x70]  = 0x43300000000000004330000000000000
;;    45  movaps xmm0, xmm14
;;    49  shufps xmm0, xmm15, 0x88
;;    4e  movsd xmm5, [rbp-0x10]
;;    53  leave
;;    54  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  cvtpd2ps xmm0, xmm5
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  cvtps2pd xmm0, xmm5
;;    21  movsd xmm5, [rbp-0x10]
;;    26  leave
;;    27  ret
