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
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm0, xmm5
;;    21  mov eax, 1
;;    26  movups [rbp-0x20], xmm5
;;    2a  mov r11, [r14+0x58]
;;    2e  mov r14, [r14+0x60]
;;    32  mov rdi, [r14+0x10]
;;    36  call r11
;;    39  mov r14, [rbp-8]
;;    3d  mov rdi, [r14+0x10]
;;    41  movups xmm5, [rbp-0x20]
;;    45  paddb xmm0, xmm5
;;    49  movsd xmm5, [rbp-0x10]
;;    4e  leave
;;    4f  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x118
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movsd [rbp-0x20], xmm7
;;    25  movsd [rbp-0x28], xmm8
;;    2b  movsd [rbp-0x30], xmm9
;;    31  movsd [rbp-0x38], xmm10
;;    37  movsd [rbp-0x40], xmm11
;;    3d  movaps xmm5, xmm0
;;    40  movaps xmm6, xmm1
;;    43  movaps xmm7, xmm2
;;    46  movaps xmm8, xmm3
;;    4a  movaps xmm9, xmm4
;;    4e  movups xmm10, [rbp+0x10]
;;    53  movups xmm11, [rbp+0x20]
;;    58  movups [rbp-0xC0], xmm11
;;    60  movups [rbp-0xD0], xmm10
;;    68  movups [rbp-0xE0], xmm9
;;    70  movups [rbp-0xF0], xmm8
;;    78  movups [rbp-0x100], xmm7
;;    7f  movups [rbp-0x110], xmm6
;;    86  movups [rbp-0x120], xmm5
;;    8d  movups xmm15, [rbp-0x110]
;;    95  movups [rbp+0x10], xmm15
;;    9a  movups xmm15, [rbp-0x120]
;;    a2  movups [rbp+0x20], xmm15
;;    a7  movups xmm0, [rbp-0xC0]
;;    ae  movups xmm1, [rbp-0xD0]
;;    b5  movups xmm2, [rbp-0xE0]
;;    bc  movups xmm3, [rbp-0xF0]
;;    c3  movups xmm4, [rbp-0x100]
;;    ca  movsd xmm5, [rbp-0x10]
;;    cf  movsd xmm6, [rbp-0x18]
;;    d4  movsd xmm7, [rbp-0x20]
;;    d9  movsd xmm8, [rbp-0x28]
;;    df  movsd xmm9, [rbp-0x30]
;;    e5  movsd xmm10, [rbp-0x38]
;;    eb  movsd xmm11, [rbp-0x40]
;;    f1  leave
;;    f2  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0xA8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movaps xmm0, xmm5
;;    21  movaps xmm1, xmm5
;;    24  movaps xmm2, xmm5
;;    27  movaps xmm3, xmm5
;;    2a  movaps xmm4, xmm5
;;    2d  movups [rsp], xmm5
;;    31  pxor xmm15, xmm15
;;    36  movups [rsp+0x10], xmm15
;;    3c  movups [rbp-0x20], xmm5
;;    40  call 0xFFFFFFFFFFFFFF00
;;    45  movups xmm5, [rbp-0x20]
;;    49  movups xmm15, [rsp]
;;    4e  movups [rbp-0x80], xmm15
;;    53  movups xmm15, [rsp+0x10]
;;    59  movups [rbp-0x90], xmm15
;;    61  movups [rbp-0x30], xmm0
;;    65  movups xmm0, [rbp-0x80]
;;    69  por xmm0, [rbp-0x90]
;;    71  por xmm4, xmm0
;;    75  por xmm3, xmm4
;;    79  por xmm2, xmm3
;;    7d  por xmm1, xmm2
;;    81  por xmm1, [rbp-0x30]
;;    86  movaps xmm0, xmm1
;;    89  movsd xmm5, [rbp-0x10]
;;    8e  leave
;;    8f  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movaps xmm5, xmm0
;;    1f  mov rbx, rax
;;    22  mov r11, [r14+0x30]
;;    26  cmp rbx, [r11+8]
;;    2a  jae trap 3
;;    2c  clc
;;    2d  mov r11, [r11]
;;    30  mov r10, [r11+rbx*8]
;;    34  mov r11d, [r14+0x48]
;;    38  cmp [r10+0x10], r11d
;;    3c  jne trap 5
;;    3e  clc
;;    3f  movaps xmm0, xmm5
;;    42  movups [rbp-0x30], xmm5
;;    46  mov r14, [r10+8]
;;    4a  mov rdi, [r14+0x10]
;;    4e  call qword ptr [r10]
;;    51  mov r14, [rbp-8]
;;    55  mov rdi, [r14+0x10]
;;    59  movups xmm5, [rbp-0x30]
;;    5d  movsd xmm5, [rbp-0x18]
;;    62  mov rbx, [rbp-0x10]
;;    66  leave
;;    67  ret
;;
;; function 5
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
;;    23  xorps xmm6, xmm6
;;    26  mov r10, [r14+0x50]
;;    2a  movups xmm6, [r10]
;;    2e  movaps xmm0, xmm6
;;    31  xor eax, eax
;;    33  movups [rbp-0x30], xmm5
;;    37  movups [rbp-0x40], xmm6
;;    3b  mov r11, [r14+0x58]
;;    3f  mov r14, [r14+0x60]
;;    43  mov rdi, [r14+0x10]
;;    47  call r11
;;    4a  mov r14, [rbp-8]
;;    4e  mov rdi, [r14+0x10]
;;    52  movups xmm5, [rbp-0x30]
;;    56  movups xmm6, [rbp-0x40]
;;    5a  movaps xmm6, xmm0
;;    5d  movaps xmm0, xmm5
;;    60  pcmpeqb xmm0, xmm6
;;    64  ptest xmm0, xmm0
;;    69  jne 0x2E
;;    6b  mov r10, [r14+0x50]
;;    6f  movups [r10], xmm6
;;    73  movsd xmm5, [rbp-0x10]
;;    78  movsd xmm6, [rbp-0x18]
;;    7d  leave
;;    7e  ret
