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
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  cvttsd2si eax, xmm5
;;    25  cmp eax, 1
;;    28  jno 0x57
;;    2a  ucomisd xmm5, xmm5
;;    2e  jp trap 8
;;    34  movsd xmm15, [0x60]
;;    3d  ucomisd xmm5, xmm15
;;    42  jbe trap 6
;;    48  xorps xmm15, xmm15
;;    4c  ucomisd xmm5, xmm15
;;    51  jae trap 6
;;    57  movsd xmm5, [rbp-0x10]
;;    5c  leave
;;    5d  ret
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
;;    21  ucomiss xmm5, xmm5
;;    24  jp trap 8
;;    2a  cvttss2si r11, xmm5
;;    2f  mov eax, r11d
;;    32  cmp rax, r11
;;    35  jb trap 6
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  leave
;;    41  ret
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
;;    21  ucomisd xmm5, xmm5
;;    25  jp trap 8
;;    2b  movsd xmm15, [0x70]
;;    34  ucomisd xmm5, xmm15
;;    39  jae 0x4B
;;    3b  cvttsd2si rax, xmm5
;;    40  test rax, rax
;;    43  js trap 6
;;    49  jmp 0x67
;;    4b  movaps xmm14, xmm5
;;    4f  subsd xmm14, xmm15
;;    54  cvttsd2si rax, xmm14
;;    59  test rax, rax
;;    5c  js trap 6
;;    62  btc rax, 0x3F
;;    67  movsd xmm5, [rbp-0x10]
;;    6c  leave
;;    6d  ret
