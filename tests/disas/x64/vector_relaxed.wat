;; Relaxed operators: what the machine has.
(module
  (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128 v128) (result v128) (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128) (result v128) (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (param v128 v128 v128) (result v128) (i16x8.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128 v128) (result v128)
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movaps xmm5, xmm0
;;    28  movaps xmm6, xmm1
;;    2b  movaps xmm7, xmm2
;;    2e  movaps xmm15, xmm5
;;    32  mulps xmm15, xmm6
;;    36  movaps xmm0, xmm7
;;    39  addps xmm0, xmm15
;;    3d  movsd xmm5, [rbp-0x10]
;;    42  movsd xmm6, [rbp-0x18]
;;    47  movsd xmm7, [rbp-0x20]
;;    4c  leave
;;    4d  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movaps xmm5, xmm0
;;    28  movaps xmm6, xmm1
;;    2b  movaps xmm7, xmm2
;;    2e  movaps xmm15, xmm5
;;    32  mulpd xmm15, xmm6
;;    37  movaps xmm14, xmm7
;;    3b  subpd xmm14, xmm15
;;    40  movaps xmm0, xmm14
;;    44  movsd xmm5, [rbp-0x10]
;;    49  movsd xmm6, [rbp-0x18]
;;    4e  movsd xmm7, [rbp-0x20]
;;    53  leave
;;    54  ret
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
;;    29  pshufb xmm0, xmm6
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  movsd xmm6, [rbp-0x18]
;;    38  leave
;;    39  ret
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
;;    1e  cvttps2dq xmm0, xmm5
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movaps xmm5, xmm0
;;    28  movaps xmm6, xmm1
;;    2b  movaps xmm7, xmm2
;;    2e  movaps xmm15, xmm5
;;    32  pxor xmm15, xmm6
;;    37  pand xmm15, xmm7
;;    3c  movaps xmm0, xmm6
;;    3f  pxor xmm0, xmm15
;;    44  movsd xmm5, [rbp-0x10]
;;    49  movsd xmm6, [rbp-0x18]
;;    4e  movsd xmm7, [rbp-0x20]
;;    53  leave
;;    54  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movaps xmm5, xmm0
;;    28  movaps xmm6, xmm1
;;    2b  movaps xmm7, xmm2
;;    2e  movaps xmm15, xmm6
;;    32  pmaddubsw xmm15, xmm5
;;    38  pmaddwd xmm15, [0x60]  = 0x00010001000100010001000100010001
;;    41  movaps xmm0, xmm7
;;    44  paddd xmm0, xmm15
;;    49  movsd xmm5, [rbp-0x10]
;;    4e  movsd xmm6, [rbp-0x18]
;;    53  movsd xmm7, [rbp-0x20]
;;    58  leave
;;    59  ret
