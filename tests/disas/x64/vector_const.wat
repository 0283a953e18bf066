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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  pxor xmm0, xmm0
;;    17  leave
;;    18  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  pcmpeqd xmm0, xmm0
;;    17  leave
;;    18  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movaps xmm0, [0x20]  = 0x0f0e0d0c0b0a09080706050403020100
;;    1a  leave
;;    1b  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movaps xmm0, [0x20]  = 0x12001200120012001200120012001200
;;    1a  leave
;;    1b  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movaps xmm0, [0x20]  = 0x3f8000003f8000003f8000003f800000
;;    1a  leave
;;    1b  ret
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
;;    1b  movaps xmm0, xmm5
;;    1e  paddd xmm0, [0x40]  = 0x00000004000000030000000200000001
;;    26  psubd xmm0, [0x40]  = 0x00000004000000030000000200000001
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    20  xorps xmm6, xmm6
;;    23  movaps xmm6, [0x40]  = 0x00000004000000030000000200000001
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
