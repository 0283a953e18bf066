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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  cvttsd2si eax, xmm5
;;    1f  cmp eax, 1
;;    22  jno 0x3A
;;    24  xorps xmm15, xmm15
;;    28  ucomisd xmm5, xmm15
;;    2d  jp 0x38
;;    2f  jb 0x3A
;;    31  mov eax, 0x7FFFFFFF
;;    36  jmp 0x3A
;;    38  xor eax, eax
;;    3a  movsd xmm5, [rbp-0x10]
;;    3f  leave
;;    40  ret
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
;;    1b  xorps xmm15, xmm15
;;    1f  ucomiss xmm5, xmm15
;;    23  ja 0x29
;;    25  xor eax, eax
;;    27  jmp 0x3B
;;    29  cvttss2si rax, xmm5
;;    2e  mov r11d, 0xFFFFFFFF
;;    34  cmp rax, r11
;;    37  cmova rax, r11
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  leave
;;    41  ret
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
;;    1b  xorps xmm15, xmm15
;;    1f  ucomisd xmm5, xmm15
;;    24  ja 0x2A
;;    26  xor eax, eax
;;    28  jmp 0x62
;;    2a  movsd xmm15, [0x70]
;;    33  ucomisd xmm5, xmm15
;;    38  jae 0x41
;;    3a  cvttsd2si rax, xmm5
;;    3f  jmp 0x62
;;    41  movaps xmm14, xmm5
;;    45  subsd xmm14, xmm15
;;    4a  cvttsd2si rax, xmm14
;;    4f  test rax, rax
;;    52  jns 0x5D
;;    54  mov rax, 0xFFFFFFFFFFFFFFFF
;;    5b  jmp 0x62
;;    5d  btc rax, 0x3F
;;    62  movsd xmm5, [rbp-0x10]
;;    67  leave
;;    68  ret
