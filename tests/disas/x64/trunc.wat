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
;;    13  jb 0x61
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd xmm0, [rbp-0x10]
;;    23  cvttsd2si eax, xmm0
;;    27  cmp eax, 1
;;    2a  jno 0x5F
;;    2c  ucomisd xmm0, xmm0
;;    30  jp 0x64
;;    36  mov r11, 0xC1E0000000200000
;;    40  movq xmm15, r11
;;    45  ucomisd xmm0, xmm15
;;    4a  jbe 0x67
;;    50  xorps xmm15, xmm15
;;    54  ucomisd xmm0, xmm15
;;    59  jae 0x6A
;;    5f  leave
;;    60  ret
;;    61  ud2
;;    63  trap 9
;;    64  ud2
;;    66  trap 8
;;    67  ud2
;;    69  trap 6
;;    6a  ud2
;;    6c  trap 6
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x3F
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movss xmm0, [rbp-0x10]
;;    23  ucomiss xmm0, xmm0
;;    26  jp 0x42
;;    2c  cvttss2si r11, xmm0
;;    31  mov eax, r11d
;;    34  cmp rax, r11
;;    37  jne 0x45
;;    3d  leave
;;    3e  ret
;;    3f  ud2
;;    41  trap 9
;;    42  ud2
;;    44  trap 8
;;    45  ud2
;;    47  trap 6
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x71
;;    19  movsd [rbp-0x10], xmm0
;;    1e  movsd xmm0, [rbp-0x10]
;;    23  ucomisd xmm0, xmm0
;;    27  jp 0x74
;;    2d  mov r11, 0x43E0000000000000
;;    37  movq xmm15, r11
;;    3c  ucomisd xmm0, xmm15
;;    41  jae 0x53
;;    43  cvttsd2si rax, xmm0
;;    48  test rax, rax
;;    4b  js 0x77
;;    51  jmp 0x6F
;;    53  movaps xmm14, xmm0
;;    57  subsd xmm14, xmm15
;;    5c  cvttsd2si rax, xmm14
;;    61  test rax, rax
;;    64  js 0x7A
;;    6a  btc rax, 0x3F
;;    6f  leave
;;    70  ret
;;    71  ud2
;;    73  trap 9
;;    74  ud2
;;    76  trap 8
;;    77  ud2
;;    79  trap 6
;;    7a  ud2
;;    7c  trap 6
