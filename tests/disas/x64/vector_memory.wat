;; Loads and stores of vectors and lanes, and loads that extend, splat and fill with zeros.
(module (memory 1)
  (func (param i32) (result v128) (v128.load offset=5 (local.get 0)))
  (func (param i32 v128) (v128.store offset=0x7ffffff0 (local.get 0) (local.get 1)))
  (func (result v128) (v128.load (i32.const 1024)))
  (func (param i32) (result v128) (v128.load8x8_u (local.get 0)))
  (func (param i32) (result v128) (v128.load32x2_s offset=9 (local.get 0)))
  (func (param i32) (result v128) (v128.load8_splat (local.get 0)))
  (func (param i32) (result v128) (v128.load32_splat (local.get 0)))
  (func (param i32) (result v128) (v128.load64_splat (local.get 0)))
  (func (param i32) (result v128) (v128.load64_zero (local.get 0)))
  (func (param i32 v128) (result v128) (v128.load8_lane 3 (local.get 0) (local.get 1)))
  (func (param i32 v128) (result v128) (v128.load64_lane offset=0xfffffff8 1 (local.get 0) (local.get 1)))
  (func (param i32 v128) (v128.store16_lane 7 (local.get 0) (local.get 1)))
  (func (param i32 v128) (v128.store32_lane 0 (local.get 0) (local.get 1)))
  (func (param i32 v128) (v128.store64_lane 1 (local.get 0) (local.get 1)))
  (func (param i32 v128) (i32.store8 (local.get 0) (i8x16.extract_lane_u 3 (local.get 1))))
  (func (param i32) (v128.store offset=16 (local.get 0) (i8x16.add (v128.load (local.get 0)) (v128.const i64x2 1 2)))))

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
;;    16  movups xmm0, [rdi+rbx+5]
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movups [rdi+rbx+0x7FFFFFF0], xmm5
;;    27  movsd xmm5, [rbp-0x18]
;;    2c  mov rbx, [rbp-0x10]
;;    30  leave
;;    31  ret
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
;;    13  movups xmm0, [rdi+0x400]
;;    1a  leave
;;    1b  ret
;;
;; function 3
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
;;    16  pmovzxbw xmm0, [rdi+rbx]
;;    1c  mov rbx, [rbp-0x10]
;;    20  leave
;;    21  ret
;;
;; function 4
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
;;    16  pmovsxdq xmm0, [rdi+rbx+9]
;;    1d  mov rbx, [rbp-0x10]
;;    21  leave
;;    22  ret
;;
;; function 5
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
;;    16  pinsrb xmm0, [rdi+rbx], 0
;;    1d  pxor xmm15, xmm15
;;    22  pshufb xmm0, xmm15
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
;;
;; function 6
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
;;    16  movss xmm0, [rdi+rbx]
;;    1b  pshufd xmm0, xmm0, 0
;;    20  mov rbx, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 7
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
;;    16  movddup xmm0, [rdi+rbx]
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
;;
;; function 8
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
;;    16  movsd xmm0, [rdi+rbx]
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
;;
;; function 9
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movaps xmm0, xmm5
;;    22  pinsrb xmm0, [rdi+rbx], 3
;;    29  movsd xmm5, [rbp-0x18]
;;    2e  mov rbx, [rbp-0x10]
;;    32  leave
;;    33  ret
;;
;; function 10
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movaps xmm0, xmm5
;;    22  mov r11d, 0xFFFFFFF8
;;    28  add r11, rbx
;;    2b  pinsrq xmm0, [rdi+r11], 1
;;    33  movsd xmm5, [rbp-0x18]
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  pextrw [rdi+rbx], xmm5, 7
;;    26  movsd xmm5, [rbp-0x18]
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movss [rdi+rbx], xmm5
;;    24  movsd xmm5, [rbp-0x18]
;;    29  mov rbx, [rbp-0x10]
;;    2d  leave
;;    2e  ret
;;
;; function 13
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movhps [rdi+rbx], xmm5
;;    23  movsd xmm5, [rbp-0x18]
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
;;
;; function 14
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  pextrb eax, xmm5, 3
;;    25  mov [rdi+rbx], al
;;    28  movsd xmm5, [rbp-0x18]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 15
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
;;    16  movups xmm0, [rdi+rbx]
;;    1a  paddb xmm0, [0x30]  = 0x00000000000000020000000000000001
;;    22  movups [rdi+rbx+0x10], xmm0
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
