;; Conversions that trap.
(module
  (func (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func (param f32) (result i32) (i32.trunc_f32_u (local.get 0)))
  (func (param f64) (result i64) (i64.trunc_f64_u (local.get 0))))

;; x86-64
;;
;; function 0
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
;;    1e  cvttsd2si eax, xmm5
;;    22  cmp eax, 1
;;    25  jno 0x4C
;;    27  ucomisd xmm5, xmm5
;;    2b  jp trap 8
;;    2d  clc
;;    2e  movsd xmm15, [0x58]
;;    37  ucomisd xmm5, xmm15
;;    3c  jbe trap 6
;;    3e  clc
;;    3f  xorps xmm15, xmm15
;;    43  ucomisd xmm5, xmm15
;;    48  jae trap 6
;;    4a  js 0x4C
;;    4c  movsd xmm5, [rbp-0x10]
;;    51  leave
;;    52  ret
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
;;    1e  ucomiss xmm5, xmm5
;;    21  jp trap 8
;;    23  clc
;;    24  cvttss2si r11, xmm5
;;    29  mov eax, r11d
;;    2c  cmp rax, r11
;;    2f  jb trap 6
;;    31  js 0x33
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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  ucomisd xmm5, xmm5
;;    22  jp trap 8
;;    24  clc
;;    25  movsd xmm15, [0x68]
;;    2e  ucomisd xmm5, xmm15
;;    33  jae 0x42
;;    35  cvttsd2si rax, xmm5
;;    3a  test rax, rax
;;    3d  js trap 6
;;    3f  clc
;;    40  jmp 0x5B
;;    42  movaps xmm14, xmm5
;;    46  subsd xmm14, xmm15
;;    4b  cvttsd2si rax, xmm14
;;    50  test rax, rax
;;    53  js trap 6
;;    55  clc
;;    56  btc rax, 0x3F
;;    5b  movsd xmm5, [rbp-0x10]
;;    60  leave
;;    61  ret
