;; Arithmetic of vectors: one instruction, or a sequence; constants as second operands are read where they are.
(module
  (func (param v128 v128) (result v128) (i8x16.add (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (local.set 0 (i32x4.mul (local.get 0) (local.get 1))) (local.get 0))
  (func (param v128 v128) (result v128) (i64x2.mul (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i16x8.sub_sat_u (local.get 0) (v128.const i16x8 1 2 3 4 5 6 7 8)))
  (func (param v128) (result v128) (i64x2.abs (i8x16.neg (local.get 0))))
  (func (param v128) (result v128) (i8x16.popcnt (local.get 0)))
  (func (param v128 v128) (result v128) (f32x4.min (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (f64x2.pmax (f64x2.sqrt (local.get 0)) (local.get 1)))
  (func (param v128) (result v128) (f32x4.neg (f32x4.floor (local.get 0))))
  (func (param v128 v128) (result v128) (i32x4.dot_i16x8_s (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i16x8.q15mulr_sat_s (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i32x4.extmul_high_i16x8_u (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i32x4.extadd_pairwise_i16x8_u (local.get 0))))

;; x86-64
;;
;; function 0
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
;;    2c  paddb xmm0, xmm6
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
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
;;    29  pmulld xmm5, xmm6
;;    2e  movaps xmm0, xmm5
;;    31  movsd xmm5, [rbp-0x10]
;;    36  movsd xmm6, [rbp-0x18]
;;    3b  leave
;;    3c  ret
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
;;    29  movaps xmm15, xmm5
;;    2d  psrlq xmm15, 0x20
;;    33  pmuludq xmm15, xmm6
;;    38  movaps xmm14, xmm6
;;    3c  psrlq xmm14, 0x20
;;    42  pmuludq xmm14, xmm5
;;    47  paddq xmm15, xmm14
;;    4c  psllq xmm15, 0x20
;;    52  movaps xmm14, xmm5
;;    56  pmuludq xmm14, xmm6
;;    5b  movaps xmm0, xmm15
;;    5f  paddq xmm0, xmm14
;;    64  movsd xmm5, [rbp-0x10]
;;    69  movsd xmm6, [rbp-0x18]
;;    6e  leave
;;    6f  ret
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
;;    21  movaps xmm0, xmm5
;;    24  psubusw xmm0, [0x40]  = 0x00080007000600050004000300020001
;;    2c  movsd xmm5, [rbp-0x10]
;;    31  leave
;;    32  ret
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
;;    21  pxor xmm15, xmm15
;;    26  movaps xmm0, xmm15
;;    2a  psubb xmm0, xmm5
;;    2e  pshufd xmm15, xmm0, 0xF5
;;    34  psrad xmm15, 0x1F
;;    3a  movaps xmm14, xmm0
;;    3e  pxor xmm14, xmm15
;;    43  movaps xmm0, xmm14
;;    47  psubq xmm0, xmm15
;;    4c  movsd xmm5, [rbp-0x10]
;;    51  leave
;;    52  ret
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
;;    25  pand xmm15, [0x70]  = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
;;    2e  movaps xmm14, [0x80]  = 0x04030302030202010302020102010100
;;    36  pshufb xmm14, xmm15
;;    3c  movaps xmm15, xmm5
;;    40  psrlw xmm15, 4
;;    46  pand xmm15, [0x70]  = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
;;    4f  movaps xmm0, [0x80]  = 0x04030302030202010302020102010100
;;    56  pshufb xmm0, xmm15
;;    5c  paddb xmm0, xmm14
;;    61  movsd xmm5, [rbp-0x10]
;;    66  leave
;;    67  ret
;;
;; function 6
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
;;    2d  minps xmm15, xmm6
;;    31  movaps xmm14, xmm6
;;    35  minps xmm14, xmm5
;;    39  orps xmm15, xmm14
;;    3d  cmpunordps xmm14, xmm15
;;    42  orps xmm15, xmm14
;;    46  psrld xmm14, 0xA
;;    4c  movaps xmm0, xmm14
;;    50  andnps xmm0, xmm15
;;    54  movsd xmm5, [rbp-0x10]
;;    59  movsd xmm6, [rbp-0x18]
;;    5e  leave
;;    5f  ret
;;
;; function 7
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
;;    29  sqrtpd xmm0, xmm5
;;    2d  movaps xmm15, xmm6
;;    31  maxpd xmm15, xmm0
;;    36  movaps xmm0, xmm15
;;    3a  movsd xmm5, [rbp-0x10]
;;    3f  movsd xmm6, [rbp-0x18]
;;    44  leave
;;    45  ret
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
;;    21  roundps xmm0, xmm5, 9
;;    27  xorps xmm0, [0x40]  = 0x80000000800000008000000080000000
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  leave
;;    34  ret
;;
;; function 9
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
;;    2c  pmaddwd xmm0, xmm6
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
;;
;; function 10
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
;;    29  movaps xmm14, xmm5
;;    2d  pmulhrsw xmm14, xmm6
;;    33  movaps xmm15, xmm14
;;    37  pcmpeqw xmm15, [0x60]  = 0x80008000800080008000800080008000
;;    40  movaps xmm0, xmm14
;;    44  pxor xmm0, xmm15
;;    49  movsd xmm5, [rbp-0x10]
;;    4e  movsd xmm6, [rbp-0x18]
;;    53  leave
;;    54  ret
;;
;; function 11
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
;;    29  movaps xmm14, xmm5
;;    2d  pmulhuw xmm14, xmm6
;;    32  movaps xmm15, xmm5
;;    36  pmullw xmm15, xmm6
;;    3b  movaps xmm0, xmm15
;;    3f  punpckhwd xmm0, xmm14
;;    44  movsd xmm5, [rbp-0x10]
;;    49  movsd xmm6, [rbp-0x18]
;;    4e  leave
;;    4f  ret
;;
;; function 12
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
;;    25  psrld xmm15, 0x10
;;    2b  movaps xmm14, xmm5
;;    2f  pand xmm14, [0x50]  = 0x0000ffff0000ffff0000ffff0000ffff
;;    38  movaps xmm0, xmm15
;;    3c  paddd xmm0, xmm14
;;    41  movsd xmm5, [rbp-0x10]
;;    46  leave
;;    47  ret
