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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm5
;;    26  addsd xmm0, xmm6
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
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
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movss xmm0, [0x38]
;;    23  movaps xmm1, xmm5
;;    26  mulss xmm1, xmm0
;;    2a  movaps xmm0, xmm1
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  leave
;;    33  ret
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
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  pcmpeqd xmm15, xmm15
;;    20  psllq xmm15, 0x3F
;;    26  movaps xmm0, xmm5
;;    29  xorps xmm0, xmm15
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  leave
;;    33  ret
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
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  pcmpeqd xmm15, xmm15
;;    20  psrld xmm15, 1
;;    26  movaps xmm0, xmm5
;;    29  andps xmm0, xmm15
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  leave
;;    33  ret
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
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  sqrtsd xmm0, xmm5
;;    1f  roundsd xmm0, xmm0, 9
;;    26  movsd xmm5, [rbp-0x10]
;;    2b  leave
;;    2c  ret
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
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm5
;;    26  pcmpeqd xmm15, xmm15
;;    2b  psllq xmm15, 0x3F
;;    31  movaps xmm14, xmm6
;;    35  andps xmm14, xmm15
;;    39  andnps xmm15, xmm0
;;    3d  orps xmm15, xmm14
;;    41  movaps xmm0, xmm15
;;    45  movsd xmm5, [rbp-0x10]
;;    4a  movsd xmm6, [rbp-0x18]
;;    4f  leave
;;    50  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  xorps xmm0, xmm0
;;    16  leave
;;    17  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd xmm0, [0x20]
;;    1b  leave
;;    1c  ret
