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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movaps xmm5, xmm0
;;    1f  mov rbx, rax
;;    22  mov r11d, ebx
;;    25  and r11d, 0x1F
;;    29  movd xmm15, r11d
;;    2e  movaps xmm0, xmm5
;;    31  pslld xmm0, xmm15
;;    36  movsd xmm5, [rbp-0x18]
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movaps xmm5, xmm0
;;    1f  mov rbx, rax
;;    22  mov r11d, ebx
;;    25  and r11d, 7
;;    29  movd xmm15, r11d
;;    2e  pcmpeqd xmm14, xmm14
;;    33  psrlw xmm14, xmm15
;;    38  movaps xmm0, xmm5
;;    3b  psrlw xmm0, xmm15
;;    40  psrlw xmm14, 8
;;    46  pxor xmm15, xmm15
;;    4b  pshufb xmm14, xmm15
;;    51  pand xmm0, xmm14
;;    56  movsd xmm5, [rbp-0x18]
;;    5b  mov rbx, [rbp-0x10]
;;    5f  leave
;;    60  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movaps xmm5, xmm0
;;    1f  mov rbx, rax
;;    22  mov r11d, ebx
;;    25  and r11d, 7
;;    29  add r11d, 8
;;    2d  movd xmm15, r11d
;;    32  movaps xmm14, xmm5
;;    36  punpckhbw xmm14, xmm5
;;    3b  psraw xmm14, xmm15
;;    40  movaps xmm0, xmm5
;;    43  punpcklbw xmm0, xmm5
;;    47  psraw xmm0, xmm15
;;    4c  packsswb xmm0, xmm14
;;    51  movsd xmm5, [rbp-0x18]
;;    56  mov rbx, [rbp-0x10]
;;    5a  leave
;;    5b  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movaps xmm5, xmm0
;;    1f  mov rbx, rax
;;    22  mov r11d, ebx
;;    25  and r11d, 0x3F
;;    29  movd xmm15, r11d
;;    2e  pcmpeqd xmm14, xmm14
;;    33  psllq xmm14, 0x3F
;;    39  psrlq xmm14, xmm15
;;    3e  movaps xmm0, xmm5
;;    41  psrlq xmm0, xmm15
;;    46  pxor xmm0, xmm14
;;    4b  psubq xmm0, xmm14
;;    50  movsd xmm5, [rbp-0x18]
;;    55  mov rbx, [rbp-0x10]
;;    59  leave
;;    5a  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm0, xmm5
;;    21  psllw xmm0, 3
;;    26  movsd xmm5, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm0, xmm5
;;    21  psrad xmm0, 1
;;    26  movsd xmm5, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm0, xmm5
;;    21  psllw xmm0, 2
;;    26  pand xmm0, [0x40]  = 0xfcfcfcfcfcfcfcfcfcfcfcfcfcfcfcfc
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  leave
;;    34  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm14, xmm5
;;    22  punpckhbw xmm14, xmm5
;;    27  psraw xmm14, 0xF
;;    2d  movaps xmm0, xmm5
;;    30  punpcklbw xmm0, xmm5
;;    34  psraw xmm0, 0xF
;;    39  packsswb xmm0, xmm14
;;    3e  movsd xmm5, [rbp-0x10]
;;    43  leave
;;    44  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pshufd xmm0, xmm5, 0xF5
;;    23  psrad xmm0, 0x1F
;;    28  movsd xmm5, [rbp-0x10]
;;    2d  leave
;;    2e  ret
;;
;; function 9
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm0, xmm5
;;    21  movsd xmm5, [rbp-0x10]
;;    26  leave
;;    27  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm0, xmm5
;;    21  pslld xmm0, 7
;;    26  movaps xmm1, xmm5
;;    29  psrld xmm1, 0x19
;;    2e  por xmm0, xmm1
;;    32  movsd xmm5, [rbp-0x10]
;;    37  leave
;;    38  ret
