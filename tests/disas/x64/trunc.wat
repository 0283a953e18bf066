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
;;    13  jb 0x69
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  cvttsd2si eax, xmm8
;;    28  cmp eax, 1
;;    2b  jno 0x61
;;    2d  ucomisd xmm8, xmm8
;;    32  jp 0x6C
;;    38  mov r11, 0xC1E0000000200000
;;    42  movq xmm15, r11
;;    47  ucomisd xmm8, xmm15
;;    4c  jbe 0x6F
;;    52  xorps xmm15, xmm15
;;    56  ucomisd xmm8, xmm15
;;    5b  jae 0x72
;;    61  movsd xmm8, [rbp-0x10]
;;    67  leave
;;    68  ret
;;    69  ud2
;;    6b  trap 9
;;    6c  ud2
;;    6e  trap 8
;;    6f  ud2
;;    71  trap 6
;;    72  ud2
;;    74  trap 6
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x46
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  ucomiss xmm8, xmm8
;;    27  jp 0x49
;;    2d  cvttss2si r11, xmm8
;;    32  mov eax, r11d
;;    35  cmp rax, r11
;;    38  jne 0x4C
;;    3e  movsd xmm8, [rbp-0x10]
;;    44  leave
;;    45  ret
;;    46  ud2
;;    48  trap 9
;;    49  ud2
;;    4b  trap 8
;;    4c  ud2
;;    4e  trap 6
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x78
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  ucomisd xmm8, xmm8
;;    28  jp 0x7B
;;    2e  mov r11, 0x43E0000000000000
;;    38  movq xmm15, r11
;;    3d  ucomisd xmm8, xmm15
;;    42  jae 0x54
;;    44  cvttsd2si rax, xmm8
;;    49  test rax, rax
;;    4c  js 0x7E
;;    52  jmp 0x70
;;    54  movaps xmm14, xmm8
;;    58  subsd xmm14, xmm15
;;    5d  cvttsd2si rax, xmm14
;;    62  test rax, rax
;;    65  js 0x81
;;    6b  btc rax, 0x3F
;;    70  movsd xmm8, [rbp-0x10]
;;    76  leave
;;    77  ret
;;    78  ud2
;;    7a  trap 9
;;    7b  ud2
;;    7d  trap 8
;;    7e  ud2
;;    80  trap 6
;;    81  ud2
;;    83  trap 6
