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
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  cvttsd2si eax, xmm5
;;    25  cmp eax, 1
;;    28  jno 0x40
;;    2a  xorps xmm15, xmm15
;;    2e  ucomisd xmm5, xmm15
;;    33  jp 0x3E
;;    35  jb 0x40
;;    37  mov eax, 0x7FFFFFFF
;;    3c  jmp 0x40
;;    3e  xor eax, eax
;;    40  movsd xmm5, [rbp-0x10]
;;    45  leave
;;    46  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  xorps xmm15, xmm15
;;    25  ucomiss xmm5, xmm15
;;    29  ja 0x2F
;;    2b  xor eax, eax
;;    2d  jmp 0x41
;;    2f  cvttss2si rax, xmm5
;;    34  mov r11d, 0xFFFFFFFF
;;    3a  cmp rax, r11
;;    3d  cmova rax, r11
;;    41  movsd xmm5, [rbp-0x10]
;;    46  leave
;;    47  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  xorps xmm15, xmm15
;;    25  ucomisd xmm5, xmm15
;;    2a  ja 0x30
;;    2c  xor eax, eax
;;    2e  jmp 0x68
;;    30  movsd xmm15, [0x70]
;;    39  ucomisd xmm5, xmm15
;;    3e  jae 0x47
;;    40  cvttsd2si rax, xmm5
;;    45  jmp 0x68
;;    47  movaps xmm14, xmm5
;;    4b  subsd xmm14, xmm15
;;    50  cvttsd2si rax, xmm14
;;    55  test rax, rax
;;    58  jns 0x63
;;    5a  mov rax, 0xFFFFFFFFFFFFFFFF
;;    61  jmp 0x68
;;    63  btc rax, 0x3F
;;    68  movsd xmm5, [rbp-0x10]
;;    6d  leave
;;    6e  ret
