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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm0, xmm6
;;    29  pandn xmm0, xmm5
;;    2d  movsd xmm5, [rbp-0x10]
;;    32  movsd xmm6, [rbp-0x18]
;;    37  leave
;;    38  ret
;;
;; function 1
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
;;    1e  pcmpeqd xmm15, xmm15
;;    23  movaps xmm0, xmm5
;;    26  pxor xmm0, xmm15
;;    2b  movsd xmm5, [rbp-0x10]
;;    30  leave
;;    31  ret
;;
;; function 2
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
;;    21  pxor xmm0, [0x30]  = 0x00000004000000030000000200000001
;;    29  movsd xmm5, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movaps xmm5, xmm0
;;    28  movaps xmm6, xmm1
;;    2b  movaps xmm7, xmm2
;;    2e  movaps xmm15, xmm5
;;    32  pxor xmm15, xmm6
;;    37  pand xmm15, xmm7
;;    3c  movaps xmm0, xmm6
;;    3f  pxor xmm0, xmm15
;;    44  movsd xmm5, [rbp-0x10]
;;    49  movsd xmm6, [rbp-0x18]
;;    4e  movsd xmm7, [rbp-0x20]
;;    53  leave
;;    54  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  movaps xmm0, xmm6
;;    29  pcmpgtd xmm0, xmm5
;;    2d  movaps xmm15, xmm5
;;    31  pxor xmm15, xmm6
;;    36  pand xmm15, xmm0
;;    3b  movaps xmm1, xmm6
;;    3e  pxor xmm1, xmm15
;;    43  movaps xmm0, xmm1
;;    46  movsd xmm5, [rbp-0x10]
;;    4b  movsd xmm6, [rbp-0x18]
;;    50  leave
;;    51  ret
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
;;    1e  ptest xmm5, xmm5
;;    23  setne al
;;    26  movzx eax, al
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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  pxor xmm15, xmm15
;;    23  pcmpeqb xmm15, xmm5
;;    28  ptest xmm15, xmm15
;;    2e  setne al
;;    31  movzx eax, al
;;    34  movsd xmm5, [rbp-0x10]
;;    39  leave
;;    3a  ret
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
;;    1e  ptest xmm5, xmm5
;;    23  jne 0x1E
;;    25  movsd xmm5, [rbp-0x10]
;;    2a  leave
;;    2b  ret
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
;;    1e  pxor xmm15, xmm15
;;    23  pcmpeqq xmm15, xmm5
;;    29  ptest xmm15, xmm15
;;    2f  je 0x38
;;    35  ud2
;;    37  trap 1
;;    38  movsd xmm5, [rbp-0x10]
;;    3d  leave
;;    3e  ret
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
;;    1e  pxor xmm15, xmm15
;;    23  pcmpeqw xmm15, xmm5
;;    28  ptest xmm15, xmm15
;;    2e  je 0x37
;;    34  ud2
;;    36  trap 1
;;    37  movsd xmm5, [rbp-0x10]
;;    3c  leave
;;    3d  ret
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
;;    17  clc
;;    18  movsd [rbp-0x20], xmm5
;;    1d  movaps xmm5, xmm0
;;    20  mov rbx, rax
;;    23  mov rsi, rcx
;;    26  ptest xmm5, xmm5
;;    2b  mov eax, ebx
;;    2d  cmove eax, esi
;;    30  movsd xmm5, [rbp-0x20]
;;    35  lea rsp, [rbp-0x18]
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  pxor xmm15, xmm15
;;    2b  pcmpeqd xmm15, xmm5
;;    30  ptest xmm15, xmm15
;;    36  movaps xmm0, xmm5
;;    39  je 0x3E
;;    3b  movaps xmm0, xmm6
;;    3e  movsd xmm5, [rbp-0x10]
;;    43  movsd xmm6, [rbp-0x18]
;;    48  leave
;;    49  ret
;;
;; function 12
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
;;    1e  pmovmskb eax, xmm5
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 13
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
;;    1e  movaps xmm15, xmm5
;;    22  packsswb xmm15, xmm5
;;    27  pmovmskb eax, xmm15
;;    2c  movzx eax, al
;;    30  movsd xmm5, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 14
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
;;    1e  movmskps eax, xmm5
;;    21  test eax, eax
;;    23  jne 0x1E
;;    25  movsd xmm5, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 15
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
;;    1e  pmovmskb eax, xmm5
;;    22  cmp eax, 0xFFFF
;;    28  je 0x1E
;;    2a  movsd xmm5, [rbp-0x10]
;;    2f  leave
;;    30  ret
