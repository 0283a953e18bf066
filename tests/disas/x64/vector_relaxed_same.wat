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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movaps xmm5, xmm0
;;    28  movaps xmm6, xmm1
;;    2b  movaps xmm7, xmm2
;;    2e  movaps xmm1, xmm5
;;    31  mulps xmm1, xmm6
;;    34  movaps xmm0, xmm1
;;    37  addps xmm0, xmm7
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
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm15, xmm6
;;    2a  paddusb xmm15, [0x50]  = 0x70707070707070707070707070707070
;;    33  movaps xmm0, xmm5
;;    36  pshufb xmm0, xmm15
;;    3c  movsd xmm5, [rbp-0x10]
;;    41  movsd xmm6, [rbp-0x18]
;;    46  leave
;;    47  ret
;;
;; function 2
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
;; function 3
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
;;    26  movaps xmm15, xmm5
;;    2a  maxpd xmm15, xmm6
;;    2f  movaps xmm14, xmm6
;;    33  maxpd xmm14, xmm5
;;    38  xorpd xmm14, xmm15
;;    3d  orpd xmm15, xmm14
;;    42  subpd xmm15, xmm14
;;    47  cmpunordpd xmm14, xmm15
;;    4d  psrlq xmm14, 0xD
;;    53  movaps xmm0, xmm14
;;    57  andnpd xmm0, xmm15
;;    5c  movsd xmm5, [rbp-0x10]
;;    61  movsd xmm6, [rbp-0x18]
;;    66  leave
;;    67  ret
;;
;; function 4
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
;;    26  pmovsxbw xmm15, xmm5
;;    2c  pmovsxbw xmm14, xmm6
;;    32  movaps xmm0, xmm15
;;    36  pmullw xmm0, xmm14
;;    3b  movaps xmm15, xmm5
;;    3f  punpckhbw xmm15, xmm5
;;    44  psraw xmm15, 8
;;    4a  movaps xmm14, xmm6
;;    4e  punpckhbw xmm14, xmm6
;;    53  psraw xmm14, 8
;;    59  movaps xmm1, xmm15
;;    5d  pmullw xmm1, xmm14
;;    62  pmaddwd xmm0, [0xB0]  = 0x00010001000100010001000100010001
;;    6a  pmaddwd xmm1, [0xB0]  = 0x00010001000100010001000100010001
;;    72  movaps xmm15, xmm0
;;    76  pshufb xmm15, [0xC0]  = 0x80808080808080800d0c090805040100
;;    80  movaps xmm14, xmm1
;;    84  pshufb xmm14, [0xD0]  = 0x0d0c0908050401008080808080808080
;;    8e  movaps xmm0, xmm15
;;    92  por xmm0, xmm14
;;    97  movsd xmm5, [rbp-0x10]
;;    9c  movsd xmm6, [rbp-0x18]
;;    a1  leave
;;    a2  ret
