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
;;    13  jb 0x5A
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movsd [rbp-0x18], xmm9
;;    25  movaps xmm8, xmm0
;;    29  movaps xmm9, xmm1
;;    2d  movaps xmm0, xmm8
;;    31  ucomisd xmm0, xmm9
;;    36  jne 0x47
;;    38  jp 0x40
;;    3a  orps xmm0, xmm9
;;    3e  jmp 0x4C
;;    40  addsd xmm0, xmm9
;;    45  jmp 0x4C
;;    47  minsd xmm0, xmm9
;;    4c  movsd xmm8, [rbp-0x10]
;;    52  movsd xmm9, [rbp-0x18]
;;    58  leave
;;    59  ret
;;    5a  ud2
;;    5c  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x59
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movsd [rbp-0x18], xmm9
;;    25  movaps xmm8, xmm0
;;    29  movaps xmm9, xmm1
;;    2d  movaps xmm0, xmm8
;;    31  ucomiss xmm0, xmm9
;;    35  jne 0x46
;;    37  jp 0x3F
;;    39  andps xmm0, xmm9
;;    3d  jmp 0x4B
;;    3f  addss xmm0, xmm9
;;    44  jmp 0x4B
;;    46  maxss xmm0, xmm9
;;    4b  movsd xmm8, [rbp-0x10]
;;    51  movsd xmm9, [rbp-0x18]
;;    57  leave
;;    58  ret
;;    59  ud2
;;    5b  trap 9
