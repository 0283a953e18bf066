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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm0, xmm5
;;    29  ucomisd xmm0, xmm6
;;    2d  jne 0x3D
;;    2f  jp 0x37
;;    31  orps xmm0, xmm6
;;    35  jmp 0x41
;;    37  addsd xmm0, xmm6
;;    3b  jmp 0x41
;;    3d  minsd xmm0, xmm6
;;    41  movsd xmm5, [rbp-0x10]
;;    46  movsd xmm6, [rbp-0x18]
;;    4b  leave
;;    4c  ret
;;
;; function 1
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
;;    29  ucomiss xmm0, xmm6
;;    2c  jne 0x3C
;;    2e  jp 0x36
;;    30  andps xmm0, xmm6
;;    34  jmp 0x40
;;    36  addss xmm0, xmm6
;;    3a  jmp 0x40
;;    3c  maxss xmm0, xmm6
;;    40  movsd xmm5, [rbp-0x10]
;;    45  movsd xmm6, [rbp-0x18]
;;    4a  leave
;;    4b  ret
