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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  cvttsd2si eax, xmm5
;;    22  cmp eax, 1
;;    25  jno 0x3D
;;    27  xorps xmm15, xmm15
;;    2b  ucomisd xmm5, xmm15
;;    30  jp 0x3B
;;    32  jb 0x3D
;;    34  mov eax, 0x7FFFFFFF
;;    39  jmp 0x3D
;;    3b  xor eax, eax
;;    3d  movsd xmm5, [rbp-0x10]
;;    42  leave
;;    43  ret
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
;;    1e  xorps xmm15, xmm15
;;    22  ucomiss xmm5, xmm15
;;    26  ja 0x2C
;;    28  xor eax, eax
;;    2a  jmp 0x3E
;;    2c  cvttss2si rax, xmm5
;;    31  mov r11d, 0xFFFFFFFF
;;    37  cmp rax, r11
;;    3a  cmova rax, r11
;;    3e  movsd xmm5, [rbp-0x10]
;;    43  leave
;;    44  ret
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
;;    1e  xorps xmm15, xmm15
;;    22  ucomisd xmm5, xmm15
;;    27  ja 0x2D
;;    29  xor eax, eax
;;    2b  jmp 0x65
;;    2d  movsd xmm15, [0x70]
;;    36  ucomisd xmm5, xmm15
;;    3b  jae 0x44
;;    3d  cvttsd2si rax, xmm5
;;    42  jmp 0x65
;;    44  movaps xmm14, xmm5
;;    48  subsd xmm14, xmm15
;;    4d  cvttsd2si rax, xmm14
;;    52  test rax, rax
;;    55  jns 0x60
;;    57  mov rax, 0xFFFFFFFFFFFFFFFF
;;    5e  jmp 0x65
;;    60  btc rax, 0x3F
;;    65  movsd xmm5, [rbp-0x10]
;;    6a  leave
;;    6b  ret
