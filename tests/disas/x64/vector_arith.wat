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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm0, xmm5
;;    29  paddb xmm0, xmm6
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
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
;;    26  pmulld xmm5, xmm6
;;    2b  movaps xmm0, xmm5
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  movsd xmm6, [rbp-0x18]
;;    38  leave
;;    39  ret
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
;;    26  movaps xmm15, xmm5
;;    2a  psrlq xmm15, 0x20
;;    30  pmuludq xmm15, xmm6
;;    35  movaps xmm14, xmm6
;;    39  psrlq xmm14, 0x20
;;    3f  pmuludq xmm14, xmm5
;;    44  paddq xmm15, xmm14
;;    49  psllq xmm15, 0x20
;;    4f  movaps xmm14, xmm5
;;    53  pmuludq xmm14, xmm6
;;    58  movaps xmm0, xmm15
;;    5c  paddq xmm0, xmm14
;;    61  movsd xmm5, [rbp-0x10]
;;    66  movsd xmm6, [rbp-0x18]
;;    6b  leave
;;    6c  ret
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
;;    1e  movaps xmm0, xmm5
;;    21  psubusw xmm0, [0x30]  = 0x00080007000600050004000300020001
;;    29  movsd xmm5, [rbp-0x10]
;;    2e  leave
;;    2f  ret
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
;;    1e  pxor xmm15, xmm15
;;    23  movaps xmm0, xmm15
;;    27  psubb xmm0, xmm5
;;    2b  pshufd xmm15, xmm0, 0xF5
;;    31  psrad xmm15, 0x1F
;;    37  movaps xmm14, xmm0
;;    3b  pxor xmm14, xmm15
;;    40  movaps xmm0, xmm14
;;    44  psubq xmm0, xmm15
;;    49  movsd xmm5, [rbp-0x10]
;;    4e  leave
;;    4f  ret
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
;;    22  pand xmm15, [0x70]  = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
;;    2b  movaps xmm14, [0x80]  = 0x04030302030202010302020102010100
;;    33  pshufb xmm14, xmm15
;;    39  movaps xmm15, xmm5
;;    3d  psrlw xmm15, 4
;;    43  pand xmm15, [0x70]  = 0x0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f
;;    4c  movaps xmm0, [0x80]  = 0x04030302030202010302020102010100
;;    53  pshufb xmm0, xmm15
;;    59  paddb xmm0, xmm14
;;    5e  movsd xmm5, [rbp-0x10]
;;    63  leave
;;    64  ret
;;
;; function 6
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
;;    2a  minps xmm15, xmm6
;;    2e  movaps xmm14, xmm6
;;    32  minps xmm14, xmm5
;;    36  orps xmm15, xmm14
;;    3a  cmpunordps xmm14, xmm15
;;    3f  orps xmm15, xmm14
;;    43  psrld xmm14, 0xA
;;    49  movaps xmm0, xmm14
;;    4d  andnps xmm0, xmm15
;;    51  movsd xmm5, [rbp-0x10]
;;    56  movsd xmm6, [rbp-0x18]
;;    5b  leave
;;    5c  ret
;;
;; function 7
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
;;    26  sqrtpd xmm0, xmm5
;;    2a  movaps xmm15, xmm6
;;    2e  maxpd xmm15, xmm0
;;    33  movaps xmm0, xmm15
;;    37  movsd xmm5, [rbp-0x10]
;;    3c  movsd xmm6, [rbp-0x18]
;;    41  leave
;;    42  ret
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
;;    1e  roundps xmm0, xmm5, 9
;;    24  xorps xmm0, [0x40]  = 0x80000000800000008000000080000000
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  leave
;;    31  ret
;;
;; function 9
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
;;    29  pmaddwd xmm0, xmm6
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
;;
;; function 10
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
;;    26  movaps xmm14, xmm5
;;    2a  pmulhrsw xmm14, xmm6
;;    30  movaps xmm15, xmm14
;;    34  pcmpeqw xmm15, [0x60]  = 0x80008000800080008000800080008000
;;    3d  movaps xmm0, xmm14
;;    41  pxor xmm0, xmm15
;;    46  movsd xmm5, [rbp-0x10]
;;    4b  movsd xmm6, [rbp-0x18]
;;    50  leave
;;    51  ret
;;
;; function 11
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
;;    26  movaps xmm14, xmm5
;;    2a  pmulhuw xmm14, xmm6
;;    2f  movaps xmm15, xmm5
;;    33  pmullw xmm15, xmm6
;;    38  movaps xmm0, xmm15
;;    3c  punpckhwd xmm0, xmm14
;;    41  movsd xmm5, [rbp-0x10]
;;    46  movsd xmm6, [rbp-0x18]
;;    4b  leave
;;    4c  ret
;;
;; function 12
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
;;    22  psrld xmm15, 0x10
;;    28  movaps xmm14, xmm5
;;    2c  pand xmm14, [0x50]  = 0x0000ffff0000ffff0000ffff0000ffff
;;    35  movaps xmm0, xmm15
;;    39  paddd xmm0, xmm14
;;    3e  movsd xmm5, [rbp-0x10]
;;    43  leave
;;    44  ret
