;; Relaxed operators whose results are the same on all machines.
;; modes: deterministic
(module
  (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (param v128 v128) (result v128) (f64x2.relaxed_max (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1))))

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
;;    31  movaps xmm1, xmm5
;;    34  mulps xmm1, xmm6
;;    37  movaps xmm0, xmm1
;;    3a  addps xmm0, xmm7
;;    3d  movsd xmm5, [rbp-0x10]
;;    42  movsd xmm6, [rbp-0x18]
;;    47  movsd xmm7, [rbp-0x20]
;;    4c  leave
;;    4d  ret
;;
;; function 1
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
;;    29  movaps xmm15, xmm6
;;    2d  paddusb xmm15, [0x50]  = 0x70707070707070707070707070707070
;;    36  movaps xmm0, xmm5
;;    39  pshufb xmm0, xmm15
;;    3f  movsd xmm5, [rbp-0x10]
;;    44  movsd xmm6, [rbp-0x18]
;;    49  leave
;;    4a  ret
;;
;; function 2
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
;; function 3
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
;;    29  movaps xmm15, xmm5
;;    2d  maxpd xmm15, xmm6
;;    32  movaps xmm14, xmm6
;;    36  maxpd xmm14, xmm5
;;    3b  xorpd xmm14, xmm15
;;    40  orpd xmm15, xmm14
;;    45  subpd xmm15, xmm14
;;    4a  cmpunordpd xmm14, xmm15
;;    50  psrlq xmm14, 0xD
;;    56  movaps xmm0, xmm14
;;    5a  andnpd xmm0, xmm15
;;    5f  movsd xmm5, [rbp-0x10]
;;    64  movsd xmm6, [rbp-0x18]
;;    69  leave
;;    6a  ret
;;
;; function 4
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
;;    29  pmovsxbw xmm15, xmm5
;;    2f  pmovsxbw xmm14, xmm6
;;    35  movaps xmm0, xmm15
;;    39  pmullw xmm0, xmm14
;;    3e  movaps xmm15, xmm5
;;    42  punpckhbw xmm15, xmm5
;;    47  psraw xmm15, 8
;;    4d  movaps xmm14, xmm6
;;    51  punpckhbw xmm14, xmm6
;;    56  psraw xmm14, 8
;;    5c  movaps xmm1, xmm15
;;    60  pmullw xmm1, xmm14
;;    65  pmaddwd xmm0, [0xB0]  = 0x00010001000100010001000100010001
;;    6d  pmaddwd xmm1, [0xB0]  = 0x00010001000100010001000100010001
;;    75  movaps xmm15, xmm0
;;    79  pshufb xmm15, [0xC0]  = 0x80808080808080800d0c090805040100
;;    83  movaps xmm14, xmm1
;;    87  pshufb xmm14, [0xD0]  = 0x0d0c0908050401008080808080808080
;;    91  movaps xmm0, xmm15
;;    95  por xmm0, xmm14
;;    9a  movsd xmm5, [rbp-0x10]
;;    9f  movsd xmm6, [rbp-0x18]
;;    a4  leave
;;    a5  ret
