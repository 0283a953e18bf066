;; Comparisons of lanes: those that the machine has, by minimum and maximum, and inverted.
(module
  (func (param v128 v128) (result v128) (i8x16.eq (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i16x8.ne (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i32x4.lt_s (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i8x16.ge_u (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i32x4.gt_u (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i64x2.gt_s (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (i64x2.le_s (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i8x16.gt_s (local.get 0) (v128.const i64x2 0 0)))
  (func (param v128 v128) (result v128) (f32x4.gt (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128) (f64x2.ne (local.get 0) (local.get 1))))

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
;;    29  pcmpeqb xmm0, xmm6
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
;;    26  movaps xmm0, xmm5
;;    29  pcmpeqw xmm0, xmm6
;;    2d  pcmpeqd xmm15, xmm15
;;    32  pxor xmm0, xmm15
;;    37  movsd xmm5, [rbp-0x10]
;;    3c  movsd xmm6, [rbp-0x18]
;;    41  leave
;;    42  ret
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
;;    26  movaps xmm0, xmm6
;;    29  pcmpgtd xmm0, xmm5
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
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
;;    2a  pmaxub xmm15, xmm6
;;    2f  movaps xmm0, xmm5
;;    32  pcmpeqb xmm0, xmm15
;;    37  movsd xmm5, [rbp-0x10]
;;    3c  movsd xmm6, [rbp-0x18]
;;    41  leave
;;    42  ret
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
;;    26  movaps xmm15, xmm5
;;    2a  pminud xmm15, xmm6
;;    30  movaps xmm0, xmm5
;;    33  pcmpeqd xmm0, xmm15
;;    38  pcmpeqd xmm15, xmm15
;;    3d  pxor xmm0, xmm15
;;    42  movsd xmm5, [rbp-0x10]
;;    47  movsd xmm6, [rbp-0x18]
;;    4c  leave
;;    4d  ret
;;
;; function 5
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
;;    2a  psubq xmm15, xmm5
;;    2f  movaps xmm14, xmm6
;;    33  pcmpeqd xmm14, xmm5
;;    38  pand xmm15, xmm14
;;    3d  movaps xmm14, xmm5
;;    41  pcmpgtd xmm14, xmm6
;;    46  por xmm15, xmm14
;;    4b  pshufd xmm0, xmm15, 0xF5
;;    51  movsd xmm5, [rbp-0x10]
;;    56  movsd xmm6, [rbp-0x18]
;;    5b  leave
;;    5c  ret
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
;;    26  movaps xmm15, xmm6
;;    2a  psubq xmm15, xmm5
;;    2f  movaps xmm14, xmm6
;;    33  pcmpeqd xmm14, xmm5
;;    38  pand xmm15, xmm14
;;    3d  movaps xmm14, xmm5
;;    41  pcmpgtd xmm14, xmm6
;;    46  por xmm15, xmm14
;;    4b  pshufd xmm0, xmm15, 0xF5
;;    51  pcmpeqd xmm15, xmm15
;;    56  pxor xmm0, xmm15
;;    5b  movsd xmm5, [rbp-0x10]
;;    60  movsd xmm6, [rbp-0x18]
;;    65  leave
;;    66  ret
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
;;    1e  pxor xmm0, xmm0
;;    22  movaps xmm1, xmm5
;;    25  pcmpgtb xmm1, xmm0
;;    29  movaps xmm0, xmm1
;;    2c  movsd xmm5, [rbp-0x10]
;;    31  leave
;;    32  ret
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
;;    26  movaps xmm0, xmm6
;;    29  cmpltps xmm0, xmm5
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
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
;;    29  cmpneqpd xmm0, xmm6
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  movsd xmm6, [rbp-0x18]
;;    38  leave
;;    39  ret
