;; Splats, and lanes that are read and replaced.
(module
  (func (param i32) (result v128) (i8x16.splat (local.get 0)))
  (func (param i32) (result v128) (i16x8.splat (local.get 0)))
  (func (param i64) (result v128) (i64x2.splat (local.get 0)))
  (func (param f32) (result v128) (f32x4.splat (local.get 0)))
  (func (param f64) (result v128) (f64x2.splat (local.get 0)))
  (func (param v128) (result i32) (i8x16.extract_lane_s 5 (local.get 0)))
  (func (param v128) (result i32) (i16x8.extract_lane_u 7 (local.get 0)))
  (func (param v128) (result i32) (i32x4.extract_lane 0 (local.get 0)))
  (func (param v128) (result i64) (i64x2.extract_lane 1 (local.get 0)))
  (func (param v128) (result f32) (f32x4.extract_lane 2 (local.get 0)))
  (func (param v128) (result f64) (f64x2.extract_lane 1 (local.get 0)))
  (func (param v128 i32) (result v128) (i8x16.replace_lane 15 (local.get 0) (local.get 1)))
  (func (param v128 i64) (result v128) (i64x2.replace_lane 0 (local.get 0) (local.get 1)))
  (func (param v128 f32) (result v128) (f32x4.replace_lane 3 (local.get 0) (local.get 1)))
  (func (param v128 f64) (result v128) (f64x2.replace_lane 1 (local.get 0) (local.get 1)))
  (func (result v128) (i32x4.splat (i32.const 7))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  movd xmm0, ebx
;;    1a  pxor xmm15, xmm15
;;    1f  pshufb xmm0, xmm15
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  movd xmm0, ebx
;;    1a  pshuflw xmm0, xmm0, 0
;;    1f  pshufd xmm0, xmm0, 0
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  movq xmm0, rbx
;;    1c  punpcklqdq xmm0, xmm0
;;    20  mov rbx, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 3
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
;;    1b  pshufd xmm0, xmm5, 0
;;    20  movsd xmm5, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 4
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
;;    1b  movddup xmm0, xmm5
;;    1f  movsd xmm5, [rbp-0x10]
;;    24  leave
;;    25  ret
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
;;    1b  pextrb eax, xmm5, 5
;;    21  movsx eax, al
;;    25  movsd xmm5, [rbp-0x10]
;;    2a  leave
;;    2b  ret
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
;;    1b  pextrw eax, xmm5, 7
;;    20  movsd xmm5, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    1b  movd eax, xmm5
;;    1f  movsd xmm5, [rbp-0x10]
;;    24  leave
;;    25  ret
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
;;    1b  pextrq rax, xmm5, 1
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
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
;;    1b  pshufd xmm0, xmm5, 2
;;    20  movsd xmm5, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    1b  pshufd xmm0, xmm5, 0xEE
;;    20  movsd xmm5, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 11
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
;;    1f  movaps xmm0, xmm5
;;    22  pinsrb xmm0, ebx, 0xF
;;    28  movsd xmm5, [rbp-0x18]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 12
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
;;    1f  movaps xmm0, xmm5
;;    22  pinsrq xmm0, rbx, 0
;;    29  movsd xmm5, [rbp-0x18]
;;    2e  mov rbx, [rbp-0x10]
;;    32  leave
;;    33  ret
;;
;; function 13
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x28
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm5
;;    26  insertps xmm0, xmm6, 0x30
;;    2c  movsd xmm5, [rbp-0x10]
;;    31  movsd xmm6, [rbp-0x18]
;;    36  leave
;;    37  ret
;;
;; function 14
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x28
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm5
;;    26  movlhps xmm0, xmm6
;;    29  movsd xmm5, [rbp-0x10]
;;    2e  movsd xmm6, [rbp-0x18]
;;    33  leave
;;    34  ret
;;
;; function 15
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov eax, 7
;;    18  movd xmm0, eax
;;    1c  pshufd xmm0, xmm0, 0
;;    21  leave
;;    22  ret
