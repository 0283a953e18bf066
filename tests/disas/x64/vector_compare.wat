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
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  movaps xmm0, xmm5
;;    2c  pcmpeqb xmm0, xmm6
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
;;    29  movaps xmm0, xmm5
;;    2c  pcmpeqw xmm0, xmm6
;;    30  pcmpeqd xmm15, xmm15
;;    35  pxor xmm0, xmm15
;;    3a  movsd xmm5, [rbp-0x10]
;;    3f  movsd xmm6, [rbp-0x18]
;;    44  leave
;;    45  ret
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
;;    29  movaps xmm0, xmm6
;;    2c  pcmpgtd xmm0, xmm5
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
;;
;; function 3
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
;;    2d  pmaxub xmm15, xmm6
;;    32  movaps xmm0, xmm5
;;    35  pcmpeqb xmm0, xmm15
;;    3a  movsd xmm5, [rbp-0x10]
;;    3f  movsd xmm6, [rbp-0x18]
;;    44  leave
;;    45  ret
;;
;; function 4
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
;;    2d  pminud xmm15, xmm6
;;    33  movaps xmm0, xmm5
;;    36  pcmpeqd xmm0, xmm15
;;    3b  pcmpeqd xmm15, xmm15
;;    40  pxor xmm0, xmm15
;;    45  movsd xmm5, [rbp-0x10]
;;    4a  movsd xmm6, [rbp-0x18]
;;    4f  leave
;;    50  ret
;;
;; function 5
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
;;    29  movaps xmm15, xmm6
;;    2d  psubq xmm15, xmm5
;;    32  movaps xmm14, xmm6
;;    36  pcmpeqd xmm14, xmm5
;;    3b  pand xmm15, xmm14
;;    40  movaps xmm14, xmm5
;;    44  pcmpgtd xmm14, xmm6
;;    49  por xmm15, xmm14
;;    4e  pshufd xmm0, xmm15, 0xF5
;;    54  movsd xmm5, [rbp-0x10]
;;    59  movsd xmm6, [rbp-0x18]
;;    5e  leave
;;    5f  ret
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
;;    29  movaps xmm15, xmm6
;;    2d  psubq xmm15, xmm5
;;    32  movaps xmm14, xmm6
;;    36  pcmpeqd xmm14, xmm5
;;    3b  pand xmm15, xmm14
;;    40  movaps xmm14, xmm5
;;    44  pcmpgtd xmm14, xmm6
;;    49  por xmm15, xmm14
;;    4e  pshufd xmm0, xmm15, 0xF5
;;    54  pcmpeqd xmm15, xmm15
;;    59  pxor xmm0, xmm15
;;    5e  movsd xmm5, [rbp-0x10]
;;    63  movsd xmm6, [rbp-0x18]
;;    68  leave
;;    69  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pxor xmm0, xmm0
;;    25  movaps xmm1, xmm5
;;    28  pcmpgtb xmm1, xmm0
;;    2c  movaps xmm0, xmm1
;;    2f  movsd xmm5, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 8
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
;;    29  movaps xmm0, xmm6
;;    2c  cmpltps xmm0, xmm5
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
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
;;    2c  cmpneqpd xmm0, xmm6
;;    31  movsd xmm5, [rbp-0x10]
;;    36  movsd xmm6, [rbp-0x18]
;;    3b  leave
;;    3c  ret
