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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movups [rbp-0x20], xmm0
;;    17  movups xmm0, [rbp-0x20]
;;    1b  mov eax, 1
;;    20  mov r11, [r14+0x58]
;;    24  mov r14, [r14+0x60]
;;    28  mov rdi, [r14+0x10]
;;    2c  call r11
;;    2f  mov r14, [rbp-8]
;;    33  mov rdi, [r14+0x10]
;;    37  paddb xmm0, [rbp-0x20]
;;    3c  leave
;;    3d  ret
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
;;     6  jmp 0x8D
;;     b  xchg ax, ax
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movaps xmm0, xmm5
;;    1e  movaps xmm1, xmm5
;;    21  movaps xmm2, xmm5
;;    24  movaps xmm3, xmm5
;;    27  movaps xmm4, xmm5
;;    2a  movups [rsp], xmm5
;;    2e  pxor xmm15, xmm15
;;    33  movups [rsp+0x10], xmm15
;;    39  movups [rbp-0x20], xmm5
;;    3d  call 0xFFFFFFFFFFFFFF00
;;    42  movups xmm5, [rbp-0x20]
;;    46  movups xmm15, [rsp]
;;    4b  movups [rbp-0x80], xmm15
;;    50  movups xmm15, [rsp+0x10]
;;    56  movups [rbp-0x90], xmm15
;;    5e  movups [rbp-0x30], xmm0
;;    62  movups xmm0, [rbp-0x80]
;;    66  por xmm0, [rbp-0x90]
;;    6e  por xmm4, xmm0
;;    72  por xmm3, xmm4
;;    76  por xmm2, xmm3
;;    7a  por xmm1, xmm2
;;    7e  por xmm1, [rbp-0x30]
;;    83  movaps xmm0, xmm1
;;    86  movsd xmm5, [rbp-0x10]
;;    8b  leave
;;    8c  ret
;;    8d  sub rsp, 0xA8
;;    94  mov r11, [r14]
;;    97  jmp 0xD
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movups [rbp-0x20], xmm0
;;    18  mov rbx, rax
;;    1b  mov r11, [r14+0x30]
;;    1f  cmp rbx, [r11+8]
;;    23  jae trap 3
;;    25  clc
;;    26  mov r11, [r11]
;;    29  mov r10, [r11+rbx*8]
;;    2d  mov r11d, [r14+0x48]
;;    31  cmp [r10+0x10], r11d
;;    35  jne trap 5
;;    37  clc
;;    38  movups xmm0, [rbp-0x20]
;;    3c  mov r14, [r10+8]
;;    40  mov rdi, [r14+0x10]
;;    44  call qword ptr [r10]
;;    47  mov r14, [rbp-8]
;;    4b  mov rdi, [r14+0x10]
;;    4f  mov rbx, [rbp-0x10]
;;    53  leave
;;    54  ret
;;
;; function 5
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
;;    20  xorps xmm6, xmm6
;;    23  mov r10, [r14+0x50]
;;    27  movups xmm6, [r10]
;;    2b  movaps xmm0, xmm6
;;    2e  xor eax, eax
;;    30  movups [rbp-0x30], xmm5
;;    34  movups [rbp-0x40], xmm6
;;    38  mov r11, [r14+0x58]
;;    3c  mov r14, [r14+0x60]
;;    40  mov rdi, [r14+0x10]
;;    44  call r11
;;    47  mov r14, [rbp-8]
;;    4b  mov rdi, [r14+0x10]
;;    4f  movups xmm5, [rbp-0x30]
;;    53  movups xmm6, [rbp-0x40]
;;    57  movaps xmm6, xmm0
;;    5a  movaps xmm0, xmm5
;;    5d  pcmpeqb xmm0, xmm6
;;    61  ptest xmm0, xmm0
;;    66  jne 0x2B
;;    68  mov r10, [r14+0x50]
;;    6c  movups [r10], xmm6
;;    70  movsd xmm5, [rbp-0x10]
;;    75  movsd xmm6, [rbp-0x18]
;;    7a  leave
;;    7b  ret
