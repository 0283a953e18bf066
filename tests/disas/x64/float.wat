;; Float arithmetic and constants.
(module
  (func (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
  (func (param f32) (result f32) (f32.mul (local.get 0) (f32.const 0.5)))
  (func (param f64) (result f64) (f64.neg (local.get 0)))
  (func (param f32) (result f32) (f32.abs (local.get 0)))
  (func (param f64) (result f64) (f64.floor (f64.sqrt (local.get 0))))
  (func (param f64 f64) (result f64) (f64.copysign (local.get 0) (local.get 1)))
  (func (result f64) (f64.const 0))
  (func (result f64) (f64.const 0.1)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  movaps xmm0, xmm5
;;    2c  addsd xmm0, xmm6
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movss xmm0, [0x40]
;;    29  movaps xmm1, xmm5
;;    2c  mulss xmm1, xmm0
;;    30  movaps xmm0, xmm1
;;    33  movsd xmm5, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pcmpeqd xmm15, xmm15
;;    26  psllq xmm15, 0x3F
;;    2c  movaps xmm0, xmm5
;;    2f  xorps xmm0, xmm15
;;    33  movsd xmm5, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pcmpeqd xmm15, xmm15
;;    26  psrld xmm15, 1
;;    2c  movaps xmm0, xmm5
;;    2f  andps xmm0, xmm15
;;    33  movsd xmm5, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  sqrtsd xmm0, xmm5
;;    25  roundsd xmm0, xmm0, 9
;;    2c  movsd xmm5, [rbp-0x10]
;;    31  leave
;;    32  ret
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
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  movaps xmm0, xmm5
;;    2c  pcmpeqd xmm15, xmm15
;;    31  psllq xmm15, 0x3F
;;    37  movaps xmm14, xmm6
;;    3b  andps xmm14, xmm15
;;    3f  andnps xmm15, xmm0
;;    43  orps xmm15, xmm14
;;    47  movaps xmm0, xmm15
;;    4b  movsd xmm5, [rbp-0x10]
;;    50  movsd xmm6, [rbp-0x18]
;;    55  leave
;;    56  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  xorps xmm0, xmm0
;;    1c  leave
;;    1d  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd xmm0, [0x28]
;;    21  leave
;;    22  ret
