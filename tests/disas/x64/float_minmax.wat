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
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  movaps xmm0, xmm5
;;    2c  ucomisd xmm0, xmm6
;;    30  jne 0x40
;;    32  jp 0x3A
;;    34  orps xmm0, xmm6
;;    38  jmp 0x44
;;    3a  addsd xmm0, xmm6
;;    3e  jmp 0x44
;;    40  minsd xmm0, xmm6
;;    44  movsd xmm5, [rbp-0x10]
;;    49  movsd xmm6, [rbp-0x18]
;;    4e  leave
;;    4f  ret
;;
;; function 1
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
;;    2c  ucomiss xmm0, xmm6
;;    2f  jne 0x3F
;;    31  jp 0x39
;;    33  andps xmm0, xmm6
;;    37  jmp 0x43
;;    39  addss xmm0, xmm6
;;    3d  jmp 0x43
;;    3f  maxss xmm0, xmm6
;;    43  movsd xmm5, [rbp-0x10]
;;    48  movsd xmm6, [rbp-0x18]
;;    4d  leave
;;    4e  ret
