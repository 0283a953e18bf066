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
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movsd [rbp-0x20], xmm6
;;    24  movaps xmm5, xmm0
;;    27  xor ebx, ebx
;;    29  xorps xmm6, xmm6
;;    2c  paddb xmm5, xmm5
;;    30  movaps xmm6, xmm5
;;    33  movaps xmm0, xmm6
;;    36  psubb xmm0, xmm5
;;    3a  movsd xmm5, [rbp-0x18]
;;    3f  movsd xmm6, [rbp-0x20]
;;    44  mov rbx, [rbp-0x10]
;;    48  leave
;;    49  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x128
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movsd [rbp-0x28], xmm8
;;    2e  movsd [rbp-0x30], xmm9
;;    34  movsd [rbp-0x38], xmm10
;;    3a  movsd [rbp-0x40], xmm11
;;    40  movsd [rbp-0x48], xmm12
;;    46  movsd [rbp-0x50], xmm13
;;    4c  xorps xmm5, xmm5
;;    4f  xorps xmm6, xmm6
;;    52  xorps xmm7, xmm7
;;    55  xorps xmm8, xmm8
;;    59  xorps xmm9, xmm9
;;    5d  xorps xmm10, xmm10
;;    61  xorps xmm11, xmm11
;;    65  xorps xmm12, xmm12
;;    69  xorps xmm13, xmm13
;;    6d  xorps xmm15, xmm15
;;    71  movups [rbp-0xA0], xmm15
;;    79  movups [rbp-0x90], xmm15
;;    81  movups [rbp-0x80], xmm15
;;    86  movups [rbp-0x70], xmm15
;;    8b  movups [rbp-0x60], xmm15
;;    90  movaps xmm0, xmm5
;;    93  paddb xmm0, [rbp-0x90]
;;    9b  movups [rbp-0xA0], xmm0
;;    a2  movups xmm0, [rbp-0xA0]
;;    a9  movsd xmm5, [rbp-0x10]
;;    ae  movsd xmm6, [rbp-0x18]
;;    b3  movsd xmm7, [rbp-0x20]
;;    b8  movsd xmm8, [rbp-0x28]
;;    be  movsd xmm9, [rbp-0x30]
;;    c4  movsd xmm10, [rbp-0x38]
;;    ca  movsd xmm11, [rbp-0x40]
;;    d0  movsd xmm12, [rbp-0x48]
;;    d6  movsd xmm13, [rbp-0x50]
;;    dc  leave
;;    dd  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movsd [rbp-0x20], xmm6
;;    24  movsd [rbp-0x28], xmm7
;;    29  movsd [rbp-0x30], xmm8
;;    2f  movsd [rbp-0x38], xmm9
;;    35  movsd [rbp-0x40], xmm10
;;    3b  movsd [rbp-0x48], xmm11
;;    41  movsd [rbp-0x50], xmm12
;;    47  movsd [rbp-0x58], xmm13
;;    4d  movaps xmm5, xmm0
;;    50  movaps xmm6, xmm1
;;    53  movaps xmm7, xmm2
;;    56  movaps xmm8, xmm3
;;    5a  movaps xmm9, xmm4
;;    5e  movups xmm10, [rbp+0x10]
;;    63  movups xmm11, [rbp+0x20]
;;    68  movups xmm12, [rbp+0x30]
;;    6d  movups xmm13, [rbp+0x40]
;;    72  mov rbx, rax
;;    75  movaps xmm0, xmm13
;;    79  paddw xmm0, [rbp+0x50]
;;    7e  movsd xmm5, [rbp-0x18]
;;    83  movsd xmm6, [rbp-0x20]
;;    88  movsd xmm7, [rbp-0x28]
;;    8d  movsd xmm8, [rbp-0x30]
;;    93  movsd xmm9, [rbp-0x38]
;;    99  movsd xmm10, [rbp-0x40]
;;    9f  movsd xmm11, [rbp-0x48]
;;    a5  movsd xmm12, [rbp-0x50]
;;    ab  movsd xmm13, [rbp-0x58]
;;    b1  mov rbx, [rbp-0x10]
;;    b5  leave
;;    b6  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov ebx, eax
;;    1c  movd xmm0, ebx
;;    20  pshufd xmm0, xmm0, 0
;;    25  pextrd eax, xmm0, 1
;;    2b  add eax, ebx
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pxor xmm15, xmm15
;;    26  movaps xmm0, xmm15
;;    2a  psubb xmm0, xmm5
;;    2e  pxor xmm15, xmm15
;;    33  movaps xmm1, xmm15
;;    37  psubw xmm1, xmm5
;;    3b  pxor xmm15, xmm15
;;    40  movaps xmm2, xmm15
;;    44  psubd xmm2, xmm5
;;    48  pxor xmm15, xmm15
;;    4d  movaps xmm3, xmm15
;;    51  psubq xmm3, xmm5
;;    55  pabsb xmm4, xmm5
;;    5a  movups [rbp-0x30], xmm0
;;    5e  pabsw xmm0, xmm5
;;    63  movups [rbp-0x40], xmm1
;;    67  pabsd xmm1, xmm5
;;    6c  movups [rbp-0x50], xmm2
;;    70  pcmpeqd xmm15, xmm15
;;    75  movaps xmm2, xmm5
;;    78  pxor xmm2, xmm15
;;    7d  pxor xmm1, xmm2
;;    81  pxor xmm0, xmm1
;;    85  pxor xmm4, xmm0
;;    89  pxor xmm3, xmm4
;;    8d  pxor xmm3, [rbp-0x50]
;;    92  pxor xmm3, [rbp-0x40]
;;    97  pxor xmm3, [rbp-0x30]
;;    9c  movaps xmm0, xmm3
;;    9f  movsd xmm5, [rbp-0x10]
;;    a4  leave
;;    a5  ret
