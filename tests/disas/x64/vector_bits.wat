;; Bitwise operators, selection by masks, and tests of lanes with what follows them.
(module
  (func (param v128 v128) (result v128) (v128.andnot (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (v128.not (local.get 0)))
  (func (param v128) (result v128) (v128.xor (local.get 0) (v128.const i32x4 1 2 3 4)))
  (func (param v128 v128 v128) (result v128) (v128.bitselect (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128) (result v128)
    (v128.bitselect (local.get 0) (local.get 1) (i32x4.lt_s (local.get 0) (local.get 1))))
  (func (param v128) (result i32) (v128.any_true (local.get 0)))
  (func (param v128) (result i32) (i32.eqz (i8x16.all_true (local.get 0))))
  (func (param v128) (loop (br_if 0 (v128.any_true (local.get 0)))))
  (func (param v128) (block (br_if 0 (i64x2.all_true (local.get 0))) (unreachable)))
  (func (param v128) (if (i32.eqz (i16x8.all_true (local.get 0))) (then (unreachable))))
  (func (param v128 i32 i32) (result i32) (select (local.get 1) (local.get 2) (v128.any_true (local.get 0))))
  (func (param v128 v128) (result v128) (select (local.get 0) (local.get 1) (i32x4.all_true (local.get 0))))
  (func (param v128) (result i32) (i8x16.bitmask (local.get 0)))
  (func (param v128) (result i32) (i16x8.bitmask (local.get 0)))
  (func (param v128) (loop (br_if 0 (i32x4.bitmask (local.get 0)))))
  (func (param v128) (loop (br_if 0 (i32.eq (i8x16.bitmask (local.get 0)) (i32.const 0xffff))))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  movaps xmm0, xmm6
;;    2c  pandn xmm0, xmm5
;;    30  movsd xmm5, [rbp-0x10]
;;    35  movsd xmm6, [rbp-0x18]
;;    3a  leave
;;    3b  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pcmpeqd xmm15, xmm15
;;    26  movaps xmm0, xmm5
;;    29  pxor xmm0, xmm15
;;    2e  movsd xmm5, [rbp-0x10]
;;    33  leave
;;    34  ret
;;
;; function 2
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
;;    24  pxor xmm0, [0x40]  = 0x00000004000000030000000200000001
;;    2c  movsd xmm5, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movaps xmm5, xmm0
;;    2b  movaps xmm6, xmm1
;;    2e  movaps xmm7, xmm2
;;    31  movaps xmm15, xmm5
;;    35  pxor xmm15, xmm6
;;    3a  pand xmm15, xmm7
;;    3f  movaps xmm0, xmm6
;;    42  pxor xmm0, xmm15
;;    47  movsd xmm5, [rbp-0x10]
;;    4c  movsd xmm6, [rbp-0x18]
;;    51  movsd xmm7, [rbp-0x20]
;;    56  leave
;;    57  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  movaps xmm0, xmm6
;;    2c  pcmpgtd xmm0, xmm5
;;    30  movaps xmm15, xmm5
;;    34  pxor xmm15, xmm6
;;    39  pand xmm15, xmm0
;;    3e  movaps xmm1, xmm6
;;    41  pxor xmm1, xmm15
;;    46  movaps xmm0, xmm1
;;    49  movsd xmm5, [rbp-0x10]
;;    4e  movsd xmm6, [rbp-0x18]
;;    53  leave
;;    54  ret
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
;;    21  ptest xmm5, xmm5
;;    26  setne al
;;    29  movzx eax, al
;;    2c  movsd xmm5, [rbp-0x10]
;;    31  leave
;;    32  ret
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
;;    21  pxor xmm15, xmm15
;;    26  pcmpeqb xmm15, xmm5
;;    2b  ptest xmm15, xmm15
;;    31  setne al
;;    34  movzx eax, al
;;    37  movsd xmm5, [rbp-0x10]
;;    3c  leave
;;    3d  ret
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
;;    21  ptest xmm5, xmm5
;;    26  jne 0x21
;;    28  movsd xmm5, [rbp-0x10]
;;    2d  leave
;;    2e  ret
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
;;    21  pxor xmm15, xmm15
;;    26  pcmpeqq xmm15, xmm5
;;    2c  ptest xmm15, xmm15
;;    32  je 0x3B
;;    38  ud2
;;    3a  trap 1
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  leave
;;    41  ret
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
;;    21  pxor xmm15, xmm15
;;    26  pcmpeqw xmm15, xmm5
;;    2b  ptest xmm15, xmm15
;;    31  je 0x3A
;;    37  ud2
;;    39  trap 1
;;    3a  movsd xmm5, [rbp-0x10]
;;    3f  leave
;;    40  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  movsd [rbp-0x20], xmm5
;;    20  movaps xmm5, xmm0
;;    23  mov rbx, rax
;;    26  mov rsi, rcx
;;    29  ptest xmm5, xmm5
;;    2e  mov eax, ebx
;;    30  cmove eax, esi
;;    33  movsd xmm5, [rbp-0x20]
;;    38  lea rsp, [rbp-0x18]
;;    3c  pop rsi
;;    3d  pop rbx
;;    3e  leave
;;    3f  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  pxor xmm15, xmm15
;;    2e  pcmpeqd xmm15, xmm5
;;    33  ptest xmm15, xmm15
;;    39  movaps xmm0, xmm5
;;    3c  je 0x41
;;    3e  movaps xmm0, xmm6
;;    41  movsd xmm5, [rbp-0x10]
;;    46  movsd xmm6, [rbp-0x18]
;;    4b  leave
;;    4c  ret
;;
;; function 12
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pmovmskb eax, xmm5
;;    25  movsd xmm5, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 13
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm15, xmm5
;;    25  packsswb xmm15, xmm5
;;    2a  pmovmskb eax, xmm15
;;    2f  movzx eax, al
;;    33  movsd xmm5, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 14
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movmskps eax, xmm5
;;    24  test eax, eax
;;    26  jne 0x21
;;    28  movsd xmm5, [rbp-0x10]
;;    2d  leave
;;    2e  ret
;;
;; function 15
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  pmovmskb eax, xmm5
;;    25  cmp eax, 0xFFFF
;;    2b  je 0x21
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  leave
;;    33  ret
