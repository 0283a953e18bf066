;; Shifts: by a register, and by constants, which are taken modulo the width of a lane.
(module
  (func (param v128 i32) (result v128) (i32x4.shl (local.get 0) (local.get 1)))
  (func (param v128 i32) (result v128) (i8x16.shr_u (local.get 0) (local.get 1)))
  (func (param v128 i32) (result v128) (i8x16.shr_s (local.get 0) (local.get 1)))
  (func (param v128 i32) (result v128) (i64x2.shr_s (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i16x8.shl (local.get 0) (i32.const 3)))
  (func (param v128) (result v128) (i32x4.shr_s (local.get 0) (i32.const 33)))
  (func (param v128) (result v128) (i8x16.shl (local.get 0) (i32.const 2)))
  (func (param v128) (result v128) (i8x16.shr_s (local.get 0) (i32.const 7)))
  (func (param v128) (result v128) (i64x2.shr_s (local.get 0) (i32.const 63)))
  (func (param v128) (result v128) (i64x2.shr_u (local.get 0) (i32.const 64)))
  (func (param v128) (result v128) (v128.or
    (i32x4.shl (local.get 0) (i32.const 7)) (i32x4.shr_u (local.get 0) (i32.const 25)))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movaps xmm5, xmm0
;;    22  mov rbx, rax
;;    25  mov r11d, ebx
;;    28  and r11d, 0x1F
;;    2c  movd xmm15, r11d
;;    31  movaps xmm0, xmm5
;;    34  pslld xmm0, xmm15
;;    39  movsd xmm5, [rbp-0x18]
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movaps xmm5, xmm0
;;    22  mov rbx, rax
;;    25  mov r11d, ebx
;;    28  and r11d, 7
;;    2c  movd xmm15, r11d
;;    31  pcmpeqd xmm14, xmm14
;;    36  psrlw xmm14, xmm15
;;    3b  movaps xmm0, xmm5
;;    3e  psrlw xmm0, xmm15
;;    43  psrlw xmm14, 8
;;    49  pxor xmm15, xmm15
;;    4e  pshufb xmm14, xmm15
;;    54  pand xmm0, xmm14
;;    59  movsd xmm5, [rbp-0x18]
;;    5e  mov rbx, [rbp-0x10]
;;    62  leave
;;    63  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movaps xmm5, xmm0
;;    22  mov rbx, rax
;;    25  mov r11d, ebx
;;    28  and r11d, 7
;;    2c  add r11d, 8
;;    30  movd xmm15, r11d
;;    35  movaps xmm14, xmm5
;;    39  punpckhbw xmm14, xmm5
;;    3e  psraw xmm14, xmm15
;;    43  movaps xmm0, xmm5
;;    46  punpcklbw xmm0, xmm5
;;    4a  psraw xmm0, xmm15
;;    4f  packsswb xmm0, xmm14
;;    54  movsd xmm5, [rbp-0x18]
;;    59  mov rbx, [rbp-0x10]
;;    5d  leave
;;    5e  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movaps xmm5, xmm0
;;    22  mov rbx, rax
;;    25  mov r11d, ebx
;;    28  and r11d, 0x3F
;;    2c  movd xmm15, r11d
;;    31  pcmpeqd xmm14, xmm14
;;    36  psllq xmm14, 0x3F
;;    3c  psrlq xmm14, xmm15
;;    41  movaps xmm0, xmm5
;;    44  psrlq xmm0, xmm15
;;    49  pxor xmm0, xmm14
;;    4e  psubq xmm0, xmm14
;;    53  movsd xmm5, [rbp-0x18]
;;    58  mov rbx, [rbp-0x10]
;;    5c  leave
;;    5d  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm0, xmm5
;;    24  psllw xmm0, 3
;;    29  movsd xmm5, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm0, xmm5
;;    24  psrad xmm0, 1
;;    29  movsd xmm5, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm0, xmm5
;;    24  psllw xmm0, 2
;;    29  pand xmm0, [0x40]  = 0xfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfc
;;    31  movsd xmm5, [rbp-0x10]
;;    36  leave
;;    37  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm14, xmm5
;;    25  punpckhbw xmm14, xmm5
;;    2a  psraw xmm14, 0xF
;;    30  movaps xmm0, xmm5
;;    33  punpcklbw xmm0, xmm5
;;    37  psraw xmm0, 0xF
;;    3c  packsswb xmm0, xmm14
;;    41  movsd xmm5, [rbp-0x10]
;;    46  leave
;;    47  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pshufd xmm0, xmm5, 0xF5
;;    26  psrad xmm0, 0x1F
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  leave
;;    31  ret
;;
;; function 9
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm0, xmm5
;;    24  movsd xmm5, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm0, xmm5
;;    24  pslld xmm0, 7
;;    29  movaps xmm1, xmm5
;;    2c  psrld xmm1, 0x19
;;    31  por xmm0, xmm1
;;    35  movsd xmm5, [rbp-0x10]
;;    3a  leave
;;    3b  ret
