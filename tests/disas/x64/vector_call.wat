;; Calls: pinned vectors are saved around them, arguments and results travel in registers and on the stack.
(module
  (type $many (func (param v128 v128 v128 v128 v128 v128 v128) (result v128 v128 v128 v128 v128 v128 v128)))
  (import "m" "f" (func $f (param v128 i32) (result v128)))
  (import "m" "g" (global $g (mut v128)))
  (table 1 funcref)
  (func (param v128) (result v128) (i8x16.add (call $f (local.get 0) (i32.const 1)) (local.get 0)))
  (func $many (type $many)
    (local.get 6) (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (param v128) (result v128)
    (call $many (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0) (local.get 0)
      (v128.const i64x2 0 0))
    (v128.or) (v128.or) (v128.or) (v128.or) (v128.or) (v128.or))
  (func (param v128 i32) (result v128)
    (call_indirect (param v128) (result v128) (local.get 0) (local.get 1)))
  (func (param v128) (local v128)
    (local.set 1 (global.get $g))
    (loop
      (local.set 1 (call $f (local.get 1) (i32.const 0)))
      (br_if 0 (v128.any_true (i8x16.eq (local.get 0) (local.get 1)))))
    (global.set $g (local.get 1))))

;; x86-64
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
;;    21  movaps xmm0, xmm5
;;    24  mov eax, 1
;;    29  movups [rbp-0x20], xmm5
;;    2d  mov r11, [r14+0x48]
;;    31  mov r14, [r14+0x50]
;;    35  mov rdi, [r14+0x10]
;;    39  call r11
;;    3c  mov r14, [rbp-8]
;;    40  mov rdi, [r14+0x10]
;;    44  movups xmm5, [rbp-0x20]
;;    48  paddb xmm0, xmm5
;;    4c  movsd xmm5, [rbp-0x10]
;;    51  leave
;;    52  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x118
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movsd [rbp-0x28], xmm8
;;    2e  movsd [rbp-0x30], xmm9
;;    34  movsd [rbp-0x38], xmm10
;;    3a  movsd [rbp-0x40], xmm11
;;    40  movaps xmm5, xmm0
;;    43  movaps xmm6, xmm1
;;    46  movaps xmm7, xmm2
;;    49  movaps xmm8, xmm3
;;    4d  movaps xmm9, xmm4
;;    51  movups xmm10, [rbp+0x10]
;;    56  movups xmm11, [rbp+0x20]
;;    5b  movups [rbp-0xC0], xmm11
;;    63  movups [rbp-0xD0], xmm10
;;    6b  movups [rbp-0xE0], xmm9
;;    73  movups [rbp-0xF0], xmm8
;;    7b  movups [rbp-0x100], xmm7
;;    82  movups [rbp-0x110], xmm6
;;    89  movups [rbp-0x120], xmm5
;;    90  movups xmm15, [rbp-0x110]
;;    98  movups [rbp+0x10], xmm15
;;    9d  movups xmm15, [rbp-0x120]
;;    a5  movups [rbp+0x20], xmm15
;;    aa  movups xmm0, [rbp-0xC0]
;;    b1  movups xmm1, [rbp-0xD0]
;;    b8  movups xmm2, [rbp-0xE0]
;;    bf  movups xmm3, [rbp-0xF0]
;;    c6  movups xmm4, [rbp-0x100]
;;    cd  movsd xmm5, [rbp-0x10]
;;    d2  movsd xmm6, [rbp-0x18]
;;    d7  movsd xmm7, [rbp-0x20]
;;    dc  movsd xmm8, [rbp-0x28]
;;    e2  movsd xmm9, [rbp-0x30]
;;    e8  movsd xmm10, [rbp-0x38]
;;    ee  movsd xmm11, [rbp-0x40]
;;    f4  leave
;;    f5  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0xA8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm0, xmm5
;;    24  movaps xmm1, xmm5
;;    27  movaps xmm2, xmm5
;;    2a  movaps xmm3, xmm5
;;    2d  movaps xmm4, xmm5
;;    30  movups [rsp], xmm5
;;    34  pxor xmm15, xmm15
;;    39  movups [rsp+0x10], xmm15
;;    3f  movups [rbp-0x20], xmm5
;;    43  call 0xFFFFFFFFFFFFFF00
;;    48  movups xmm5, [rbp-0x20]
;;    4c  movups xmm15, [rsp]
;;    51  movups [rbp-0x80], xmm15
;;    56  movups xmm15, [rsp+0x10]
;;    5c  movups [rbp-0x90], xmm15
;;    64  movups [rbp-0x30], xmm0
;;    68  movups xmm0, [rbp-0x80]
;;    6c  por xmm0, [rbp-0x90]
;;    74  por xmm4, xmm0
;;    78  por xmm3, xmm4
;;    7c  por xmm2, xmm3
;;    80  por xmm1, xmm2
;;    84  por xmm1, [rbp-0x30]
;;    89  movaps xmm0, xmm1
;;    8c  movsd xmm5, [rbp-0x10]
;;    91  leave
;;    92  ret
;;
;; function 4
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
;;    25  mov r11, [r14+0x30]
;;    29  cmp rbx, [r11+8]
;;    2d  jae trap 3
;;    33  mov r11, [r11]
;;    36  mov r10, [r11+rbx*8]
;;    3a  mov r11, [r14+0x20]
;;    3e  mov r11d, [r11+8]
;;    42  cmp [r10+0x10], r11d
;;    46  jne trap 5
;;    4c  movaps xmm0, xmm5
;;    4f  movups [rbp-0x30], xmm5
;;    53  mov r14, [r10+8]
;;    57  mov rdi, [r14+0x10]
;;    5b  call qword ptr [r10]
;;    5e  mov r14, [rbp-8]
;;    62  mov rdi, [r14+0x10]
;;    66  movups xmm5, [rbp-0x30]
;;    6a  movsd xmm5, [rbp-0x18]
;;    6f  mov rbx, [rbp-0x10]
;;    73  leave
;;    74  ret
;;
;; function 5
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
;;    26  xorps xmm6, xmm6
;;    29  mov r10, [r14+0x40]
;;    2d  movups xmm6, [r10]
;;    31  movaps xmm0, xmm6
;;    34  xor eax, eax
;;    36  movups [rbp-0x30], xmm5
;;    3a  movups [rbp-0x40], xmm6
;;    3e  mov r11, [r14+0x48]
;;    42  mov r14, [r14+0x50]
;;    46  mov rdi, [r14+0x10]
;;    4a  call r11
;;    4d  mov r14, [rbp-8]
;;    51  mov rdi, [r14+0x10]
;;    55  movups xmm5, [rbp-0x30]
;;    59  movups xmm6, [rbp-0x40]
;;    5d  movaps xmm6, xmm0
;;    60  movaps xmm0, xmm5
;;    63  pcmpeqb xmm0, xmm6
;;    67  ptest xmm0, xmm0
;;    6c  jne 0x31
;;    6e  mov r10, [r14+0x40]
;;    72  movups [r10], xmm6
;;    76  movsd xmm5, [rbp-0x10]
;;    7b  movsd xmm6, [rbp-0x18]
;;    80  leave
;;    81  ret
