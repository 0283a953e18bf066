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
;;    13  jb 0x2F
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd [rbp-0x18], xmm1
;;    23  movsd xmm0, [rbp-0x10]
;;    28  addsd xmm0, [rbp-0x18]
;;    2d  leave
;;    2e  ret
;;    2f  ud2
;;    31  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x34
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movss xmm0, [rbp-0x10]
;;    23  mov r11d, 0x3F000000
;;    29  movd xmm1, r11d
;;    2e  mulss xmm0, xmm1
;;    32  leave
;;    33  ret
;;    34  ud2
;;    36  trap 9
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x34
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd xmm0, [rbp-0x10]
;;    23  pcmpeqd xmm15, xmm15
;;    28  psllq xmm15, 0x3F
;;    2e  xorps xmm0, xmm15
;;    32  leave
;;    33  ret
;;    34  ud2
;;    36  trap 9
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x34
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movss xmm0, [rbp-0x10]
;;    23  pcmpeqd xmm15, xmm15
;;    28  psrld xmm15, 1
;;    2e  andps xmm0, xmm15
;;    32  leave
;;    33  ret
;;    34  ud2
;;    36  trap 9
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x30
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd xmm0, [rbp-0x10]
;;    23  sqrtsd xmm0, xmm0
;;    27  roundsd xmm0, xmm0, 9
;;    2e  leave
;;    2f  ret
;;    30  ud2
;;    32  trap 9
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x4E
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd [rbp-0x18], xmm1
;;    23  movsd xmm0, [rbp-0x10]
;;    28  movsd xmm1, [rbp-0x18]
;;    2d  pcmpeqd xmm15, xmm15
;;    32  psllq xmm15, 0x3F
;;    38  movaps xmm14, xmm1
;;    3c  andps xmm14, xmm15
;;    40  andnps xmm15, xmm0
;;    44  orps xmm15, xmm14
;;    48  movaps xmm0, xmm15
;;    4c  leave
;;    4d  ret
;;    4e  ud2
;;    50  trap 9
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
