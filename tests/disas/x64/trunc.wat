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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  cvttsd2si eax, xmm5
;;    1f  cmp eax, 1
;;    22  jno 0x49
;;    24  ucomisd xmm5, xmm5
;;    28  jp trap 8
;;    2a  clc
;;    2b  movsd xmm15, [0x50]
;;    34  ucomisd xmm5, xmm15
;;    39  jbe trap 6
;;    3b  clc
;;    3c  xorps xmm15, xmm15
;;    40  ucomisd xmm5, xmm15
;;    45  jae trap 6
;;    47  js 0x49
;;    49  movsd xmm5, [rbp-0x10]
;;    4e  leave
;;    4f  ret
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
;;    1b  ucomiss xmm5, xmm5
;;    1e  jp trap 8
;;    20  clc
;;    21  cvttss2si r11, xmm5
;;    26  mov eax, r11d
;;    29  cmp rax, r11
;;    2c  jb trap 6
;;    2e  js 0x30
;;    30  movsd xmm5, [rbp-0x10]
;;    35  leave
;;    36  ret
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
;;    1b  ucomisd xmm5, xmm5
;;    1f  jp trap 8
;;    21  clc
;;    22  movsd xmm15, [0x60]
;;    2b  ucomisd xmm5, xmm15
;;    30  jae 0x3F
;;    32  cvttsd2si rax, xmm5
;;    37  test rax, rax
;;    3a  js trap 6
;;    3c  clc
;;    3d  jmp 0x58
;;    3f  movaps xmm14, xmm5
;;    43  subsd xmm14, xmm15
;;    48  cvttsd2si rax, xmm14
;;    4d  test rax, rax
;;    50  js trap 6
;;    52  clc
;;    53  btc rax, 0x3F
;;    58  movsd xmm5, [rbp-0x10]
;;    5d  leave
;;    5e  ret
