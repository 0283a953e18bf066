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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm6
;;    26  pandn xmm0, xmm5
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  movsd xmm6, [rbp-0x18]
;;    34  leave
;;    35  ret
;;
;; function 1
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
;;    1b  pcmpeqd xmm15, xmm15
;;    20  movaps xmm0, xmm5
;;    23  pxor xmm0, xmm15
;;    28  movsd xmm5, [rbp-0x10]
;;    2d  leave
;;    2e  ret
;;
;; function 2
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
;;    1e  pxor xmm0, [0x30]  = 0x00000004000000030000000200000001
;;    26  movsd xmm5, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movsd [rbp-0x20], xmm7
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm6, xmm1
;;    28  movaps xmm7, xmm2
;;    2b  movaps xmm15, xmm5
;;    2f  pxor xmm15, xmm6
;;    34  pand xmm15, xmm7
;;    39  movaps xmm0, xmm6
;;    3c  pxor xmm0, xmm15
;;    41  movsd xmm5, [rbp-0x10]
;;    46  movsd xmm6, [rbp-0x18]
;;    4b  movsd xmm7, [rbp-0x20]
;;    50  leave
;;    51  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  movaps xmm0, xmm6
;;    26  pcmpgtd xmm0, xmm5
;;    2a  movaps xmm15, xmm5
;;    2e  pxor xmm15, xmm6
;;    33  pand xmm15, xmm0
;;    38  movaps xmm1, xmm6
;;    3b  pxor xmm1, xmm15
;;    40  movaps xmm0, xmm1
;;    43  movsd xmm5, [rbp-0x10]
;;    48  movsd xmm6, [rbp-0x18]
;;    4d  leave
;;    4e  ret
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
;;    1b  ptest xmm5, xmm5
;;    20  setne al
;;    23  movzx eax, al
;;    26  movsd xmm5, [rbp-0x10]
;;    2b  leave
;;    2c  ret
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
;;    1b  pxor xmm15, xmm15
;;    20  pcmpeqb xmm15, xmm5
;;    25  ptest xmm15, xmm15
;;    2b  setne al
;;    2e  movzx eax, al
;;    31  movsd xmm5, [rbp-0x10]
;;    36  leave
;;    37  ret
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
;;    1b  ptest xmm5, xmm5
;;    20  jne 0x1B
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
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
;;    1b  pxor xmm15, xmm15
;;    20  pcmpeqq xmm15, xmm5
;;    26  ptest xmm15, xmm15
;;    2c  je 0x35
;;    32  ud2
;;    34  trap 1
;;    35  movsd xmm5, [rbp-0x10]
;;    3a  leave
;;    3b  ret
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
;;    1b  pxor xmm15, xmm15
;;    20  pcmpeqw xmm15, xmm5
;;    25  ptest xmm15, xmm15
;;    2b  je 0x34
;;    31  ud2
;;    33  trap 1
;;    34  movsd xmm5, [rbp-0x10]
;;    39  leave
;;    3a  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  movsd [rbp-0x20], xmm5
;;    1a  movaps xmm5, xmm0
;;    1d  mov rbx, rax
;;    20  mov rsi, rcx
;;    23  ptest xmm5, xmm5
;;    28  mov eax, ebx
;;    2a  cmove eax, esi
;;    2d  movsd xmm5, [rbp-0x20]
;;    32  lea rsp, [rbp-0x18]
;;    36  pop rsi
;;    37  pop rbx
;;    38  leave
;;    39  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  pxor xmm15, xmm15
;;    28  pcmpeqd xmm15, xmm5
;;    2d  ptest xmm15, xmm15
;;    33  movaps xmm0, xmm5
;;    36  je 0x3B
;;    38  movaps xmm0, xmm6
;;    3b  movsd xmm5, [rbp-0x10]
;;    40  movsd xmm6, [rbp-0x18]
;;    45  leave
;;    46  ret
;;
;; function 12
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
;;    1b  pmovmskb eax, xmm5
;;    1f  movsd xmm5, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 13
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
;;    1b  movaps xmm15, xmm5
;;    1f  packsswb xmm15, xmm5
;;    24  pmovmskb eax, xmm15
;;    29  movzx eax, al
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  leave
;;    33  ret
;;
;; function 14
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
;;    1b  movmskps eax, xmm5
;;    1e  test eax, eax
;;    20  jne 0x1B
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 15
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
;;    1b  pmovmskb eax, xmm5
;;    1f  cmp eax, 0xFFFF
;;    25  je 0x1B
;;    27  movsd xmm5, [rbp-0x10]
;;    2c  leave
;;    2d  ret
