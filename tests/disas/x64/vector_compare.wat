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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm5
;;    26  pcmpeqb xmm0, xmm6
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
;;    23  movaps xmm0, xmm5
;;    26  pcmpeqw xmm0, xmm6
;;    2a  pcmpeqd xmm15, xmm15
;;    2f  pxor xmm0, xmm15
;;    34  movsd xmm5, [rbp-0x10]
;;    39  movsd xmm6, [rbp-0x18]
;;    3e  leave
;;    3f  ret
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
;;    23  movaps xmm0, xmm6
;;    26  pcmpgtd xmm0, xmm5
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
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
;;    27  pmaxub xmm15, xmm6
;;    2c  movaps xmm0, xmm5
;;    2f  pcmpeqb xmm0, xmm15
;;    34  movsd xmm5, [rbp-0x10]
;;    39  movsd xmm6, [rbp-0x18]
;;    3e  leave
;;    3f  ret
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
;;    23  movaps xmm15, xmm5
;;    27  pminud xmm15, xmm6
;;    2d  movaps xmm0, xmm5
;;    30  pcmpeqd xmm0, xmm15
;;    35  pcmpeqd xmm15, xmm15
;;    3a  pxor xmm0, xmm15
;;    3f  movsd xmm5, [rbp-0x10]
;;    44  movsd xmm6, [rbp-0x18]
;;    49  leave
;;    4a  ret
;;
;; function 5
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
;;    27  psubq xmm15, xmm5
;;    2c  movaps xmm14, xmm6
;;    30  pcmpeqd xmm14, xmm5
;;    35  pand xmm15, xmm14
;;    3a  movaps xmm14, xmm5
;;    3e  pcmpgtd xmm14, xmm6
;;    43  por xmm15, xmm14
;;    48  pshufd xmm0, xmm15, 0xF5
;;    4e  movsd xmm5, [rbp-0x10]
;;    53  movsd xmm6, [rbp-0x18]
;;    58  leave
;;    59  ret
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
;;    23  movaps xmm15, xmm6
;;    27  psubq xmm15, xmm5
;;    2c  movaps xmm14, xmm6
;;    30  pcmpeqd xmm14, xmm5
;;    35  pand xmm15, xmm14
;;    3a  movaps xmm14, xmm5
;;    3e  pcmpgtd xmm14, xmm6
;;    43  por xmm15, xmm14
;;    48  pshufd xmm0, xmm15, 0xF5
;;    4e  pcmpeqd xmm15, xmm15
;;    53  pxor xmm0, xmm15
;;    58  movsd xmm5, [rbp-0x10]
;;    5d  movsd xmm6, [rbp-0x18]
;;    62  leave
;;    63  ret
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
;;    1b  pxor xmm0, xmm0
;;    1f  movaps xmm1, xmm5
;;    22  pcmpgtb xmm1, xmm0
;;    26  movaps xmm0, xmm1
;;    29  movsd xmm5, [rbp-0x10]
;;    2e  leave
;;    2f  ret
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
;;    23  movaps xmm0, xmm6
;;    26  cmpltps xmm0, xmm5
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
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
;;    26  cmpneqpd xmm0, xmm6
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  movsd xmm6, [rbp-0x18]
;;    35  leave
;;    36  ret
