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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm5
;;    26  paddb xmm0, xmm6
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
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
;;    23  pmulld xmm5, xmm6
;;    28  movaps xmm0, xmm5
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  movsd xmm6, [rbp-0x18]
;;    35  leave
;;    36  ret
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
;;    23  movaps xmm15, xmm5
;;    27  psrlq xmm15, 0x20
;;    2d  pmuludq xmm15, xmm6
;;    32  movaps xmm14, xmm6
;;    36  psrlq xmm14, 0x20
;;    3c  pmuludq xmm14, xmm5
;;    41  paddq xmm15, xmm14
;;    46  psllq xmm15, 0x20
;;    4c  movaps xmm14, xmm5
;;    50  pmuludq xmm14, xmm6
;;    55  movaps xmm0, xmm15
;;    59  paddq xmm0, xmm14
;;    5e  movsd xmm5, [rbp-0x10]
;;    63  movsd xmm6, [rbp-0x18]
;;    68  leave
;;    69  ret
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
;;    1b  movaps xmm0, xmm5
;;    1e  psubusw xmm0, [0x30]  = 0x00080007000600050004000300020001
;;    26  movsd xmm5, [rbp-0x10]
;;    2b  leave
;;    2c  ret
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
;;    1b  pxor xmm15, xmm15
;;    20  movaps xmm0, xmm15
;;    24  psubb xmm0, xmm5
;;    28  pshufd xmm15, xmm0, 0xF5
;;    2e  psrad xmm15, 0x1F
;;    34  movaps xmm14, xmm0
;;    38  pxor xmm14, xmm15
;;    3d  movaps xmm0, xmm14
;;    41  psubq xmm0, xmm15
;;    46  movsd xmm5, [rbp-0x10]
;;    4b  leave
;;    4c  ret
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
;;    1f  pand xmm15, [0x70]  = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
;;    28  movaps xmm14, [0x80]  = 0x04030302030202010302020102010100
;;    30  pshufb xmm14, xmm15
;;    36  movaps xmm15, xmm5
;;    3a  psrlw xmm15, 4
;;    40  pand xmm15, [0x70]  = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
;;    49  movaps xmm0, [0x80]  = 0x04030302030202010302020102010100
;;    50  pshufb xmm0, xmm15
;;    56  paddb xmm0, xmm14
;;    5b  movsd xmm5, [rbp-0x10]
;;    60  leave
;;    61  ret
;;
;; function 6
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
;;    27  minps xmm15, xmm6
;;    2b  movaps xmm14, xmm6
;;    2f  minps xmm14, xmm5
;;    33  orps xmm15, xmm14
;;    37  cmpunordps xmm14, xmm15
;;    3c  orps xmm15, xmm14
;;    40  psrld xmm14, 0xA
;;    46  movaps xmm0, xmm14
;;    4a  andnps xmm0, xmm15
;;    4e  movsd xmm5, [rbp-0x10]
;;    53  movsd xmm6, [rbp-0x18]
;;    58  leave
;;    59  ret
;;
;; function 7
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
;;    23  sqrtpd xmm0, xmm5
;;    27  movaps xmm15, xmm6
;;    2b  maxpd xmm15, xmm0
;;    30  movaps xmm0, xmm15
;;    34  movsd xmm5, [rbp-0x10]
;;    39  movsd xmm6, [rbp-0x18]
;;    3e  leave
;;    3f  ret
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
;;    1b  roundps xmm0, xmm5, 9
;;    21  xorps xmm0, [0x30]  = 0x80000000800000008000000080000000
;;    28  movsd xmm5, [rbp-0x10]
;;    2d  leave
;;    2e  ret
;;
;; function 9
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
;;    26  pmaddwd xmm0, xmm6
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
;;
;; function 10
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
;;    23  movaps xmm14, xmm5
;;    27  pmulhrsw xmm14, xmm6
;;    2d  movaps xmm15, xmm14
;;    31  pcmpeqw xmm15, [0x50]  = 0x80008000800080008000800080008000
;;    3a  movaps xmm0, xmm14
;;    3e  pxor xmm0, xmm15
;;    43  movsd xmm5, [rbp-0x10]
;;    48  movsd xmm6, [rbp-0x18]
;;    4d  leave
;;    4e  ret
;;
;; function 11
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
;;    23  movaps xmm14, xmm5
;;    27  pmulhuw xmm14, xmm6
;;    2c  movaps xmm15, xmm5
;;    30  pmullw xmm15, xmm6
;;    35  movaps xmm0, xmm15
;;    39  punpckhwd xmm0, xmm14
;;    3e  movsd xmm5, [rbp-0x10]
;;    43  movsd xmm6, [rbp-0x18]
;;    48  leave
;;    49  ret
;;
;; function 12
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
;;    1f  psrld xmm15, 0x10
;;    25  movaps xmm14, xmm5
;;    29  pand xmm14, [0x50]  = 0x0000ffff0000ffff0000ffff0000ffff
;;    32  movaps xmm0, xmm15
;;    36  paddd xmm0, xmm14
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  leave
;;    41  ret
