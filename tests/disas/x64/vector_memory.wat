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
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  movups xmm0, [rdi+rbx+5]
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movups [rdi+rbx+0x7FFFFFF0], xmm5
;;    2a  movsd xmm5, [rbp-0x18]
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    16  movups xmm0, [rdi+0x400]
;;    1d  leave
;;    1e  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  pmovzxbw xmm0, [rdi+rbx]
;;    1f  mov rbx, [rbp-0x10]
;;    23  leave
;;    24  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  pmovsxdq xmm0, [rdi+rbx+9]
;;    20  mov rbx, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  pinsrb xmm0, [rdi+rbx], 0
;;    20  pxor xmm15, xmm15
;;    25  pshufb xmm0, xmm15
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  movss xmm0, [rdi+rbx]
;;    1e  pshufd xmm0, xmm0, 0
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  movddup xmm0, [rdi+rbx]
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  movsd xmm0, [rdi+rbx]
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
;;
;; function 9
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movaps xmm0, xmm5
;;    25  pinsrb xmm0, [rdi+rbx], 3
;;    2c  movsd xmm5, [rbp-0x18]
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 10
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movaps xmm0, xmm5
;;    25  mov r11d, 0xFFFFFFF8
;;    2b  add r11, rbx
;;    2e  pinsrq xmm0, [rdi+r11], 1
;;    36  movsd xmm5, [rbp-0x18]
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
;;
;; function 11
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  pextrw [rdi+rbx], xmm5, 7
;;    29  movsd xmm5, [rbp-0x18]
;;    2e  mov rbx, [rbp-0x10]
;;    32  leave
;;    33  ret
;;
;; function 12
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movss [rdi+rbx], xmm5
;;    27  movsd xmm5, [rbp-0x18]
;;    2c  mov rbx, [rbp-0x10]
;;    30  leave
;;    31  ret
;;
;; function 13
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movhps [rdi+rbx], xmm5
;;    26  movsd xmm5, [rbp-0x18]
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
;;
;; function 14
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  pextrb eax, xmm5, 3
;;    28  mov [rdi+rbx], al
;;    2b  movsd xmm5, [rbp-0x18]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 15
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  movups xmm0, [rdi+rbx]
;;    1d  paddb xmm0, [0x30]  = 0x00000000000000020000000000000001
;;    25  movups [rdi+rbx+0x10], xmm0
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
