;; Shuffles: the patterns of one instruction, the general form, and shuffles by a vector.
(module
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 4 5 6 7 20 21 22 23 0 1 2 3 16 17 18 19 (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 1 18 19 4 5 22 23 8 9 26 27 12 13 30 31 (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 8 9 10 11 0 1 2 3 20 21 22 23 28 29 30 31 (local.get 0) (local.get 1)))
  (func (param v128) (result v128)
    (i8x16.shuffle 12 13 14 15 8 9 10 11 4 5 6 7 0 1 2 3 (local.get 0) (local.get 0)))
  (func (param v128) (result v128)
    (i8x16.shuffle 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12 (local.get 0) (local.get 0)))
  (func (param v128) (result v128) (i8x16.shuffle 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 (local.get 0) (local.get 0)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 31 2 30 4 29 6 28 8 27 10 26 12 25 14 24 (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i8x16.swizzle (local.get 0) (local.get 1)))
  (func (param v128) (result v128)
    (i8x16.swizzle (local.get 0) (v128.const i8x16 15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0))))

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
;;    29  punpcklbw xmm0, xmm6
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
;;    26  movaps xmm15, xmm5
;;    2a  pshufb xmm15, [0x60]  = 0x80808080030201008080808007060504
;;    34  movaps xmm14, xmm6
;;    38  pshufb xmm14, [0x70]  = 0x03020100808080800706050480808080
;;    42  movaps xmm0, xmm15
;;    46  por xmm0, xmm14
;;    4b  movsd xmm5, [rbp-0x10]
;;    50  movsd xmm6, [rbp-0x18]
;;    55  leave
;;    56  ret
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
;;    29  pblendw xmm0, xmm6, 0xAA
;;    2f  movsd xmm5, [rbp-0x10]
;;    34  movsd xmm6, [rbp-0x18]
;;    39  leave
;;    3a  ret
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
;;    26  movaps xmm0, xmm6
;;    29  palignr xmm0, xmm5, 3
;;    2f  movsd xmm5, [rbp-0x10]
;;    34  movsd xmm6, [rbp-0x18]
;;    39  leave
;;    3a  ret
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
;;    26  movaps xmm0, xmm5
;;    29  shufps xmm0, xmm6, 0xD2
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
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
;;    1e  pshufd xmm0, xmm5, 0x1B
;;    23  movsd xmm5, [rbp-0x10]
;;    28  leave
;;    29  ret
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
;;    1e  movaps xmm0, xmm5
;;    21  pshufb xmm0, [0x40]  = 0x0c0d0e0f08090a0b0405060700010203
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  leave
;;    30  ret
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
;;    1e  movaps xmm0, xmm5
;;    21  pshufb xmm0, [0x40]  = 0x00000000000000000000000000000000
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  leave
;;    30  ret
;;
;; function 8
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
;;    2a  pshufb xmm15, [0x60]  = 0x800e800c800a80088006800480028000
;;    34  movaps xmm14, xmm6
;;    38  pshufb xmm14, [0x70]  = 0x088009800a800b800c800d800e800f80
;;    42  movaps xmm0, xmm15
;;    46  por xmm0, xmm14
;;    4b  movsd xmm5, [rbp-0x10]
;;    50  movsd xmm6, [rbp-0x18]
;;    55  leave
;;    56  ret
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
;;    26  movaps xmm15, xmm6
;;    2a  paddusb xmm15, [0x50]  = 0x70707070707070707070707070707070
;;    33  movaps xmm0, xmm5
;;    36  pshufb xmm0, xmm15
;;    3c  movsd xmm5, [rbp-0x10]
;;    41  movsd xmm6, [rbp-0x18]
;;    46  leave
;;    47  ret
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
;;    1e  movaps xmm0, [0x50]  = 0x000102030405060708090a0b0c0d0e0f
;;    25  movaps xmm15, xmm0
;;    29  paddusb xmm15, [0x60]  = 0x70707070707070707070707070707070
;;    32  movaps xmm1, xmm5
;;    35  pshufb xmm1, xmm15
;;    3b  movaps xmm0, xmm1
;;    3e  movsd xmm5, [rbp-0x10]
;;    43  leave
;;    44  ret
