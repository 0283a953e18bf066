;; Where vectors are: pinned locals, frame slots, which are sixteen bytes in a wide frame, and arguments on the stack.
(module
  (func (param v128) (result v128) (local v128 i32)
    (local.set 1 (local.tee 0 (i8x16.add (local.get 0) (local.get 0))))
    (i8x16.sub (local.get 1) (local.get 0)))
  (func (result v128)
    (local v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128 v128)
    (local.set 13 (i8x16.add (local.get 0) (local.get 12)))
    (local.get 13))
  (func (param v128 v128 v128 v128 v128 v128 v128 v128 v128 i32 v128) (result v128)
    (i16x8.add (local.get 8) (local.get 10)))
  ;; No local is a vector: that the frame is wide is seen late.
  (func (param i32) (result i32)
    (i32.add (local.get 0) (i32x4.extract_lane 1 (i32x4.splat (local.get 0)))))
  ;; More operands than registers.
  (func (param v128) (result v128)
    (i8x16.neg (local.get 0)) (i16x8.neg (local.get 0)) (i32x4.neg (local.get 0)) (i64x2.neg (local.get 0))
    (i8x16.abs (local.get 0)) (i16x8.abs (local.get 0)) (i32x4.abs (local.get 0)) (v128.not (local.get 0))
    (v128.xor) (v128.xor) (v128.xor) (v128.xor) (v128.xor) (v128.xor) (v128.xor)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movsd [rbp-0x20], xmm6
;;    1e  movaps xmm5, xmm0
;;    21  xor ebx, ebx
;;    23  xorps xmm6, xmm6
;;    26  paddb xmm5, xmm5
;;    2a  movaps xmm6, xmm5
;;    2d  movaps xmm0, xmm6
;;    30  psubb xmm0, xmm5
;;    34  movsd xmm5, [rbp-0x18]
;;    39  movsd xmm6, [rbp-0x20]
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x128
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movsd [rbp-0x28], xmm8
;;    2b  movsd [rbp-0x30], xmm9
;;    31  movsd [rbp-0x38], xmm10
;;    37  movsd [rbp-0x40], xmm11
;;    3d  movsd [rbp-0x48], xmm12
;;    43  movsd [rbp-0x50], xmm13
;;    49  xorps xmm5, xmm5
;;    4c  xorps xmm6, xmm6
;;    4f  xorps xmm7, xmm7
;;    52  xorps xmm8, xmm8
;;    56  xorps xmm9, xmm9
;;    5a  xorps xmm10, xmm10
;;    5e  xorps xmm11, xmm11
;;    62  xorps xmm12, xmm12
;;    66  xorps xmm13, xmm13
;;    6a  xorps xmm15, xmm15
;;    6e  movups [rbp-0xA0], xmm15
;;    76  movups [rbp-0x90], xmm15
;;    7e  movups [rbp-0x80], xmm15
;;    83  movups [rbp-0x70], xmm15
;;    88  movups [rbp-0x60], xmm15
;;    8d  movaps xmm0, xmm5
;;    90  paddb xmm0, [rbp-0x90]
;;    98  movups [rbp-0xA0], xmm0
;;    9f  movups xmm0, [rbp-0xA0]
;;    a6  movsd xmm5, [rbp-0x10]
;;    ab  movsd xmm6, [rbp-0x18]
;;    b0  movsd xmm7, [rbp-0x20]
;;    b5  movsd xmm8, [rbp-0x28]
;;    bb  movsd xmm9, [rbp-0x30]
;;    c1  movsd xmm10, [rbp-0x38]
;;    c7  movsd xmm11, [rbp-0x40]
;;    cd  movsd xmm12, [rbp-0x48]
;;    d3  movsd xmm13, [rbp-0x50]
;;    d9  leave
;;    da  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0xE0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movsd [rbp-0x20], xmm6
;;    21  movsd [rbp-0x28], xmm7
;;    26  movsd [rbp-0x30], xmm8
;;    2c  movsd [rbp-0x38], xmm9
;;    32  movsd [rbp-0x40], xmm10
;;    38  movsd [rbp-0x48], xmm11
;;    3e  movsd [rbp-0x50], xmm12
;;    44  movsd [rbp-0x58], xmm13
;;    4a  movaps xmm5, xmm0
;;    4d  movaps xmm6, xmm1
;;    50  movaps xmm7, xmm2
;;    53  movaps xmm8, xmm3
;;    57  movaps xmm9, xmm4
;;    5b  movups xmm10, [rbp+0x10]
;;    60  movups xmm11, [rbp+0x20]
;;    65  movups xmm12, [rbp+0x30]
;;    6a  movups xmm13, [rbp+0x40]
;;    6f  mov rbx, rax
;;    72  movaps xmm0, xmm13
;;    76  paddw xmm0, [rbp+0x50]
;;    7b  movsd xmm5, [rbp-0x18]
;;    80  movsd xmm6, [rbp-0x20]
;;    85  movsd xmm7, [rbp-0x28]
;;    8a  movsd xmm8, [rbp-0x30]
;;    90  movsd xmm9, [rbp-0x38]
;;    96  movsd xmm10, [rbp-0x40]
;;    9c  movsd xmm11, [rbp-0x48]
;;    a2  movsd xmm12, [rbp-0x50]
;;    a8  movsd xmm13, [rbp-0x58]
;;    ae  mov rbx, [rbp-0x10]
;;    b2  leave
;;    b3  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  movd xmm0, ebx
;;    1a  pshufd xmm0, xmm0, 0
;;    1f  pextrd eax, xmm0, 1
;;    25  add eax, ebx
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  pxor xmm15, xmm15
;;    20  movaps xmm0, xmm15
;;    24  psubb xmm0, xmm5
;;    28  pxor xmm15, xmm15
;;    2d  movaps xmm1, xmm15
;;    31  psubw xmm1, xmm5
;;    35  pxor xmm15, xmm15
;;    3a  movaps xmm2, xmm15
;;    3e  psubd xmm2, xmm5
;;    42  pxor xmm15, xmm15
;;    47  movaps xmm3, xmm15
;;    4b  psubq xmm3, xmm5
;;    4f  pabsb xmm4, xmm5
;;    54  movups [rbp-0x30], xmm0
;;    58  pabsw xmm0, xmm5
;;    5d  movups [rbp-0x40], xmm1
;;    61  pabsd xmm1, xmm5
;;    66  movups [rbp-0x50], xmm2
;;    6a  pcmpeqd xmm15, xmm15
;;    6f  movaps xmm2, xmm5
;;    72  pxor xmm2, xmm15
;;    77  pxor xmm1, xmm2
;;    7b  pxor xmm0, xmm1
;;    7f  pxor xmm4, xmm0
;;    83  pxor xmm3, xmm4
;;    87  pxor xmm3, [rbp-0x50]
;;    8c  pxor xmm3, [rbp-0x40]
;;    91  pxor xmm3, [rbp-0x30]
;;    96  movaps xmm0, xmm3
;;    99  movsd xmm5, [rbp-0x10]
;;    9e  leave
;;    9f  ret
