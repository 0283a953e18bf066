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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movaps xmm5, xmm0
;;    1c  mov rbx, rax
;;    1f  mov r11d, ebx
;;    22  and r11d, 0x1F
;;    26  movd xmm15, r11d
;;    2b  movaps xmm0, xmm5
;;    2e  pslld xmm0, xmm15
;;    33  movsd xmm5, [rbp-0x18]
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movaps xmm5, xmm0
;;    1c  mov rbx, rax
;;    1f  mov r11d, ebx
;;    22  and r11d, 7
;;    26  movd xmm15, r11d
;;    2b  pcmpeqd xmm14, xmm14
;;    30  psrlw xmm14, xmm15
;;    35  movaps xmm0, xmm5
;;    38  psrlw xmm0, xmm15
;;    3d  psrlw xmm14, 8
;;    43  pxor xmm15, xmm15
;;    48  pshufb xmm14, xmm15
;;    4e  pand xmm0, xmm14
;;    53  movsd xmm5, [rbp-0x18]
;;    58  mov rbx, [rbp-0x10]
;;    5c  leave
;;    5d  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movaps xmm5, xmm0
;;    1c  mov rbx, rax
;;    1f  mov r11d, ebx
;;    22  and r11d, 7
;;    26  add r11d, 8
;;    2a  movd xmm15, r11d
;;    2f  movaps xmm14, xmm5
;;    33  punpckhbw xmm14, xmm5
;;    38  psraw xmm14, xmm15
;;    3d  movaps xmm0, xmm5
;;    40  punpcklbw xmm0, xmm5
;;    44  psraw xmm0, xmm15
;;    49  packsswb xmm0, xmm14
;;    4e  movsd xmm5, [rbp-0x18]
;;    53  mov rbx, [rbp-0x10]
;;    57  leave
;;    58  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movaps xmm5, xmm0
;;    1c  mov rbx, rax
;;    1f  mov r11d, ebx
;;    22  and r11d, 0x3F
;;    26  movd xmm15, r11d
;;    2b  pcmpeqd xmm14, xmm14
;;    30  psllq xmm14, 0x3F
;;    36  psrlq xmm14, xmm15
;;    3b  movaps xmm0, xmm5
;;    3e  psrlq xmm0, xmm15
;;    43  pxor xmm0, xmm14
;;    48  psubq xmm0, xmm14
;;    4d  movsd xmm5, [rbp-0x18]
;;    52  mov rbx, [rbp-0x10]
;;    56  leave
;;    57  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm0, xmm5
;;    1e  psllw xmm0, 3
;;    23  movsd xmm5, [rbp-0x10]
;;    28  leave
;;    29  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm0, xmm5
;;    1e  psrad xmm0, 1
;;    23  movsd xmm5, [rbp-0x10]
;;    28  leave
;;    29  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm0, xmm5
;;    1e  psllw xmm0, 2
;;    23  pand xmm0, [0x40]  = 0xfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfc
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  leave
;;    31  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm14, xmm5
;;    1f  punpckhbw xmm14, xmm5
;;    24  psraw xmm14, 0xF
;;    2a  movaps xmm0, xmm5
;;    2d  punpcklbw xmm0, xmm5
;;    31  psraw xmm0, 0xF
;;    36  packsswb xmm0, xmm14
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  leave
;;    41  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  pshufd xmm0, xmm5, 0xF5
;;    20  psrad xmm0, 0x1F
;;    25  movsd xmm5, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 9
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm0, xmm5
;;    1e  movsd xmm5, [rbp-0x10]
;;    23  leave
;;    24  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm0, xmm5
;;    1e  pslld xmm0, 7
;;    23  movaps xmm1, xmm5
;;    26  psrld xmm1, 0x19
;;    2b  por xmm0, xmm1
;;    2f  movsd xmm5, [rbp-0x10]
;;    34  leave
;;    35  ret
