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
;;    2b  movaps xmm1, xmm5
;;    2e  mulps xmm1, xmm6
;;    31  movaps xmm0, xmm1
;;    34  addps xmm0, xmm7
;;    37  movsd xmm5, [rbp-0x10]
;;    3c  movsd xmm6, [rbp-0x18]
;;    41  movsd xmm7, [rbp-0x20]
;;    46  leave
;;    47  ret
;;
;; function 1
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
;;    23  movaps xmm15, xmm6
;;    27  paddusb xmm15, [0x50]  = 0x70707070707070707070707070707070
;;    30  movaps xmm0, xmm5
;;    33  pshufb xmm0, xmm15
;;    39  movsd xmm5, [rbp-0x10]
;;    3e  movsd xmm6, [rbp-0x18]
;;    43  leave
;;    44  ret
;;
;; function 2
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
;; function 3
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
;;    23  movaps xmm15, xmm5
;;    27  maxpd xmm15, xmm6
;;    2c  movaps xmm14, xmm6
;;    30  maxpd xmm14, xmm5
;;    35  xorpd xmm14, xmm15
;;    3a  orpd xmm15, xmm14
;;    3f  subpd xmm15, xmm14
;;    44  cmpunordpd xmm14, xmm15
;;    4a  psrlq xmm14, 0xD
;;    50  movaps xmm0, xmm14
;;    54  andnpd xmm0, xmm15
;;    59  movsd xmm5, [rbp-0x10]
;;    5e  movsd xmm6, [rbp-0x18]
;;    63  leave
;;    64  ret
;;
;; function 4
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
;;    23  pmovsxbw xmm15, xmm5
;;    29  pmovsxbw xmm14, xmm6
;;    2f  movaps xmm0, xmm15
;;    33  pmullw xmm0, xmm14
;;    38  movaps xmm15, xmm5
;;    3c  punpckhbw xmm15, xmm5
;;    41  psraw xmm15, 8
;;    47  movaps xmm14, xmm6
;;    4b  punpckhbw xmm14, xmm6
;;    50  psraw xmm14, 8
;;    56  movaps xmm1, xmm15
;;    5a  pmullw xmm1, xmm14
;;    5f  pmaddwd xmm0, [0xA0]  = 0x00010001000100010001000100010001
;;    67  pmaddwd xmm1, [0xA0]  = 0x00010001000100010001000100010001
;;    6f  movaps xmm15, xmm0
;;    73  pshufb xmm15, [0xB0]  = 0x80808080808080800d0c090805040100
;;    7d  movaps xmm14, xmm1
;;    81  pshufb xmm14, [0xC0]  = 0x0d0c0908050401008080808080808080
;;    8b  movaps xmm0, xmm15
;;    8f  por xmm0, xmm14
;;    94  movsd xmm5, [rbp-0x10]
;;    99  movsd xmm6, [rbp-0x18]
;;    9e  leave
;;    9f  ret
