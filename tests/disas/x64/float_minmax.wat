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
;;    13  jb 0x47
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd [rbp-0x18], xmm1
;;    23  movsd xmm0, [rbp-0x10]
;;    28  movsd xmm1, [rbp-0x18]
;;    2d  ucomisd xmm0, xmm1
;;    31  jne 0x41
;;    33  jp 0x3B
;;    35  orps xmm0, xmm1
;;    39  jmp 0x45
;;    3b  addsd xmm0, xmm1
;;    3f  jmp 0x45
;;    41  minsd xmm0, xmm1
;;    45  leave
;;    46  ret
;;    47  ud2
;;    49  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x46
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd [rbp-0x18], xmm1
;;    23  movss xmm0, [rbp-0x10]
;;    28  movss xmm1, [rbp-0x18]
;;    2d  ucomiss xmm0, xmm1
;;    30  jne 0x40
;;    32  jp 0x3A
;;    34  andps xmm0, xmm1
;;    38  jmp 0x44
;;    3a  addss xmm0, xmm1
;;    3e  jmp 0x44
;;    40  maxss xmm0, xmm1
;;    44  leave
;;    45  ret
;;    46  ud2
;;    48  trap 9
