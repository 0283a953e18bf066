;; Conversions that saturate.
(module
  (func (param f64) (result i32) (i32.trunc_sat_f64_s (local.get 0)))
  (func (param f32) (result i32) (i32.trunc_sat_f32_u (local.get 0)))
  (func (param f64) (result i64) (i64.trunc_sat_f64_u (local.get 0))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x4B
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  cvttsd2si eax, xmm8
;;    28  cmp eax, 1
;;    2b  jno 0x43
;;    2d  xorps xmm15, xmm15
;;    31  ucomisd xmm8, xmm15
;;    36  jp 0x41
;;    38  jb 0x43
;;    3a  mov eax, 0x7FFFFFFF
;;    3f  jmp 0x43
;;    41  xor eax, eax
;;    43  movsd xmm8, [rbp-0x10]
;;    49  leave
;;    4a  ret
;;    4b  ud2
;;    4d  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x4B
;;    19  movsd [rbp-0x10], xmm8
;;    1f  movaps xmm8, xmm0
;;    23  xorps xmm15, xmm15
;;    27  ucomiss xmm8, xmm15
;;    2b  ja 0x31
;;    2d  xor eax, eax
;;    2f  jmp 0x43
;;    31  cvttss2si rax, xmm8
;;    36  mov r11d, 0xFFFFFFFF
;;    3c  cmp rax, r11
;;    3f  cmova rax, r11
;;    43  movsd xmm8, [rbp-0x10]
;;    49  leave
;;    4a  ret
;;    4b  ud2
;;    4d  trap 9
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
;;    23  xorps xmm15, xmm15
;;    27  ucomisd xmm8, xmm15
;;    2c  ja 0x32
;;    2e  xor eax, eax
;;    30  jmp 0x70
;;    32  mov r11, 0x43E0000000000000
;;    3c  movq xmm15, r11
;;    41  ucomisd xmm8, xmm15
;;    46  jae 0x4F
;;    48  cvttsd2si rax, xmm8
;;    4d  jmp 0x70
;;    4f  movaps xmm14, xmm8
;;    53  subsd xmm14, xmm15
;;    58  cvttsd2si rax, xmm14
;;    5d  test rax, rax
;;    60  jns 0x6B
;;    62  mov rax, 0xFFFFFFFFFFFFFFFF
;;    69  jmp 0x70
;;    6b  btc rax, 0x3F
;;    70  movsd xmm8, [rbp-0x10]
;;    76  leave
;;    77  ret
;;    78  ud2
;;    7a  trap 9
