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
;;    1a  mov rbx, rax
;;    1d  movups xmm0, [r15+rbx+5]
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
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
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movups [r15+rbx+0x7FFFFFF0], xmm5
;;    2e  movsd xmm5, [rbp-0x18]
;;    33  mov rbx, [rbp-0x10]
;;    37  leave
;;    38  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movups xmm0, [r15+0x400]
;;    21  leave
;;    22  ret
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
;;    1a  mov rbx, rax
;;    1d  pmovzxbw xmm0, [r15+rbx]
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
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
;;    1a  mov rbx, rax
;;    1d  pmovsxdq xmm0, [r15+rbx+9]
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
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
;;    1a  mov rbx, rax
;;    1d  pinsrb xmm0, [r15+rbx], 0
;;    25  pxor xmm15, xmm15
;;    2a  pshufb xmm0, xmm15
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
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
;;    1a  mov rbx, rax
;;    1d  movss xmm0, [r15+rbx]
;;    23  pshufd xmm0, xmm0, 0
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
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
;;    1a  mov rbx, rax
;;    1d  movddup xmm0, [r15+rbx]
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
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
;;    1a  mov rbx, rax
;;    1d  movsd xmm0, [r15+rbx]
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm0, xmm5
;;    28  pinsrb xmm0, [r15+rbx], 3
;;    30  movsd xmm5, [rbp-0x18]
;;    35  mov rbx, [rbp-0x10]
;;    39  leave
;;    3a  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm0, xmm5
;;    28  mov r11d, 0xFFFFFFF8
;;    2e  add r11, rbx
;;    31  pinsrq xmm0, [r15+r11], 1
;;    39  movsd xmm5, [rbp-0x18]
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  pextrw [r15+rbx], xmm5, 7
;;    2d  movsd xmm5, [rbp-0x18]
;;    32  mov rbx, [rbp-0x10]
;;    36  leave
;;    37  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movss [r15+rbx], xmm5
;;    2b  movsd xmm5, [rbp-0x18]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movhps [r15+rbx], xmm5
;;    2a  movsd xmm5, [rbp-0x18]
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  pextrb eax, xmm5, 3
;;    2b  mov [r15+rbx], al
;;    2f  movsd xmm5, [rbp-0x18]
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
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
;;    1a  mov rbx, rax
;;    1d  movups xmm0, [r15+rbx]
;;    22  paddb xmm0, [0x40]  = 0x00000000000000020000000000000001
;;    2a  movups [r15+rbx+0x10], xmm0
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
