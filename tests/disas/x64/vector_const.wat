;; Constants: without a load where there is a way, each once otherwise, at a multiple of 16.
(module
  (func (result v128) (v128.const i64x2 0 0))
  (func (result v128) (v128.const i64x2 -1 -1))
  (func (result v128) (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
  (func (result v128) (v128.const i16x8 0x1200 0x1200 0x1200 0x1200 0x1200 0x1200 0x1200 0x1200))
  (func (result v128) (v128.const f32x4 1 1 1 1))
  (func (param v128) (result v128)
    (i32x4.sub (i32x4.add (local.get 0) (v128.const i32x4 1 2 3 4)) (v128.const i32x4 1 2 3 4)))
  (func (param v128) (local v128) (local.set 1 (v128.const i32x4 1 2 3 4)) (drop (local.get 1))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  pxor xmm0, xmm0
;;    1d  leave
;;    1e  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  pcmpeqd xmm0, xmm0
;;    1d  leave
;;    1e  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movaps xmm0, [0x30]  = 0x0f0e0d0c0b0a09080706050403020100
;;    20  leave
;;    21  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movaps xmm0, [0x30]  = 0x12001200120012001200120012001200
;;    20  leave
;;    21  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movaps xmm0, [0x30]  = 0x3f8000003f8000003f8000003f800000
;;    20  leave
;;    21  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm0, xmm5
;;    24  paddd xmm0, [0x40]  = 0x00000004000000030000000200000001
;;    2c  psubd xmm0, [0x40]  = 0x00000004000000030000000200000001
;;    34  movsd xmm5, [rbp-0x10]
;;    39  leave
;;    3a  ret
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
;;    26  xorps xmm6, xmm6
;;    29  movaps xmm6, [0x40]  = 0x00000004000000030000000200000001
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
