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
;;     6  sub rsp, 0x28
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movups [rbp-0x20], xmm0
;;    17  movups [rbp-0x30], xmm1
;;    1b  movups xmm0, [rbp-0x20]
;;    1f  movups xmm1, [rbp-0x30]
;;    23  movaps xmm2, xmm0
;;    26  punpcklbw xmm2, xmm1
;;    2a  movaps xmm0, xmm2
;;    2d  leave
;;    2e  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x28
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movups [rbp-0x20], xmm0
;;    17  movups [rbp-0x30], xmm1
;;    1b  movups xmm0, [rbp-0x20]
;;    1f  movups xmm1, [rbp-0x30]
;;    23  movaps xmm15, xmm0
;;    27  pshufb xmm15, [0x50]  = 0x80808080030201008080808007060504
;;    31  movaps xmm14, xmm1
;;    35  pshufb xmm14, [0x60]  = 0x03020100808080800706050480808080
;;    3f  movaps xmm2, xmm15
;;    43  por xmm2, xmm14
;;    48  movaps xmm0, xmm2
;;    4b  leave
;;    4c  ret
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
;;    26  pblendw xmm0, xmm6, 0xAA
;;    2c  movsd xmm5, [rbp-0x10]
;;    31  movsd xmm6, [rbp-0x18]
;;    36  leave
;;    37  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x28
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movups [rbp-0x20], xmm0
;;    17  movups [rbp-0x30], xmm1
;;    1b  movups xmm0, [rbp-0x20]
;;    1f  movups xmm1, [rbp-0x30]
;;    23  movaps xmm2, xmm1
;;    26  palignr xmm2, xmm0, 3
;;    2c  movaps xmm0, xmm2
;;    2f  leave
;;    30  ret
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
;;    23  movaps xmm0, xmm5
;;    26  shufps xmm0, xmm6, 0xD2
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
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
;;    1b  pshufd xmm0, xmm5, 0x1B
;;    20  movsd xmm5, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    1b  movaps xmm0, xmm5
;;    1e  pshufb xmm0, [0x30]  = 0x0c0d0e0f08090a0b0405060700010203
;;    27  movsd xmm5, [rbp-0x10]
;;    2c  leave
;;    2d  ret
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
;;    1b  movaps xmm0, xmm5
;;    1e  pshufb xmm0, [0x30]  = 0x00000000000000000000000000000000
;;    27  movsd xmm5, [rbp-0x10]
;;    2c  leave
;;    2d  ret
;;
;; function 8
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
;;    27  pshufb xmm15, [0x60]  = 0x800e800c800a80088006800480028000
;;    31  movaps xmm14, xmm6
;;    35  pshufb xmm14, [0x70]  = 0x088009800a800b800c800d800e800f80
;;    3f  movaps xmm0, xmm15
;;    43  por xmm0, xmm14
;;    48  movsd xmm5, [rbp-0x10]
;;    4d  movsd xmm6, [rbp-0x18]
;;    52  leave
;;    53  ret
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
;;    23  movaps xmm15, xmm6
;;    27  paddusb xmm15, [0x50]  = 0x70707070707070707070707070707070
;;    30  movaps xmm0, xmm5
;;    33  pshufb xmm0, xmm15
;;    39  movsd xmm5, [rbp-0x10]
;;    3e  movsd xmm6, [rbp-0x18]
;;    43  leave
;;    44  ret
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
;;    1b  movaps xmm0, [0x50]  = 0x000102030405060708090a0b0c0d0e0f
;;    22  movaps xmm15, xmm0
;;    26  paddusb xmm15, [0x60]  = 0x70707070707070707070707070707070
;;    2f  movaps xmm1, xmm5
;;    32  pshufb xmm1, xmm15
;;    38  movaps xmm0, xmm1
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  leave
;;    41  ret
