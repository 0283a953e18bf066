;; Minimum and maximum: NaNs and signed zeros.
(module
  (func (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
  (func (param f32 f32) (result f32) (f32.max (local.get 0) (local.get 1))))

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
;;    26  ucomisd xmm0, xmm6
;;    2a  jne 0x3A
;;    2c  jp 0x34
;;    2e  orps xmm0, xmm6
;;    32  jmp 0x3E
;;    34  addsd xmm0, xmm6
;;    38  jmp 0x3E
;;    3a  minsd xmm0, xmm6
;;    3e  movsd xmm5, [rbp-0x10]
;;    43  movsd xmm6, [rbp-0x18]
;;    48  leave
;;    49  ret
;;
;; function 1
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
;;    26  ucomiss xmm0, xmm6
;;    29  jne 0x39
;;    2b  jp 0x33
;;    2d  andps xmm0, xmm6
;;    31  jmp 0x3D
;;    33  addss xmm0, xmm6
;;    37  jmp 0x3D
;;    39  maxss xmm0, xmm6
;;    3d  movsd xmm5, [rbp-0x10]
;;    42  movsd xmm6, [rbp-0x18]
;;    47  leave
;;    48  ret
