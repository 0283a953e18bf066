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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm0, xmm5
;;    29  addsd xmm0, xmm6
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movss xmm0, [0x38]
;;    26  movaps xmm1, xmm5
;;    29  mulss xmm1, xmm0
;;    2d  movaps xmm0, xmm1
;;    30  movsd xmm5, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pcmpeqd xmm15, xmm15
;;    23  psllq xmm15, 0x3F
;;    29  movaps xmm0, xmm5
;;    2c  xorps xmm0, xmm15
;;    30  movsd xmm5, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pcmpeqd xmm15, xmm15
;;    23  psrld xmm15, 1
;;    29  movaps xmm0, xmm5
;;    2c  andps xmm0, xmm15
;;    30  movsd xmm5, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  sqrtsd xmm0, xmm5
;;    22  roundsd xmm0, xmm0, 9
;;    29  movsd xmm5, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm0, xmm5
;;    29  pcmpeqd xmm15, xmm15
;;    2e  psllq xmm15, 0x3F
;;    34  movaps xmm14, xmm6
;;    38  andps xmm14, xmm15
;;    3c  andnps xmm15, xmm0
;;    40  orps xmm15, xmm14
;;    44  movaps xmm0, xmm15
;;    48  movsd xmm5, [rbp-0x10]
;;    4d  movsd xmm6, [rbp-0x18]
;;    52  leave
;;    53  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  xorps xmm0, xmm0
;;    19  leave
;;    1a  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd xmm0, [0x20]
;;    1e  leave
;;    1f  ret
