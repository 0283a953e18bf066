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
;;    13  jb 0x44
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movsd [rbp-0x18], xmm9
;;    25  movaps xmm8, xmm0
;;    29  movaps xmm9, xmm1
;;    2d  movaps xmm0, xmm8
;;    31  addsd xmm0, xmm9
;;    36  movsd xmm8, [rbp-0x10]
;;    3c  movsd xmm9, [rbp-0x18]
;;    42  leave
;;    43  ret
;;    44  ud2
;;    46  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x41
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  mov r11d, 0x3F000000
;;    29  movd xmm0, r11d
;;    2e  movaps xmm1, xmm8
;;    32  mulss xmm1, xmm0
;;    36  movaps xmm0, xmm1
;;    39  movsd xmm8, [rbp-0x10]
;;    3f  leave
;;    40  ret
;;    41  ud2
;;    43  trap 9
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x3E
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  pcmpeqd xmm15, xmm15
;;    28  psllq xmm15, 0x3F
;;    2e  movaps xmm0, xmm8
;;    32  xorps xmm0, xmm15
;;    36  movsd xmm8, [rbp-0x10]
;;    3c  leave
;;    3d  ret
;;    3e  ud2
;;    40  trap 9
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x3E
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  pcmpeqd xmm15, xmm15
;;    28  psrld xmm15, 1
;;    2e  movaps xmm0, xmm8
;;    32  andps xmm0, xmm15
;;    36  movsd xmm8, [rbp-0x10]
;;    3c  leave
;;    3d  ret
;;    3e  ud2
;;    40  trap 9
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x37
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  sqrtsd xmm0, xmm8
;;    28  roundsd xmm0, xmm0, 9
;;    2f  movsd xmm8, [rbp-0x10]
;;    35  leave
;;    36  ret
;;    37  ud2
;;    39  trap 9
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x5E
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movsd [rbp-0x18], xmm9
;;    25  movaps xmm8, xmm0
;;    29  movaps xmm9, xmm1
;;    2d  movaps xmm0, xmm8
;;    31  pcmpeqd xmm15, xmm15
;;    36  psllq xmm15, 0x3F
;;    3c  movaps xmm14, xmm9
;;    40  andps xmm14, xmm15
;;    44  andnps xmm15, xmm0
;;    48  orps xmm15, xmm14
;;    4c  movaps xmm0, xmm15
;;    50  movsd xmm8, [rbp-0x10]
;;    56  movsd xmm9, [rbp-0x18]
;;    5c  leave
;;    5d  ret
;;    5e  ud2
;;    60  trap 9
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x1E
;;    19  xorps xmm0, xmm0
;;    1c  leave
;;    1d  ret
;;    1e  ud2
;;    20  trap 9
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x2A
;;    19  mov r11, 0x3FB999999999999A
;;    23  movq xmm0, r11
;;    28  leave
;;    29  ret
;;    2a  ud2
;;    2c  trap 9
