;; Blocks with vectors as parameters and results, and selections of vectors.
(module
  (func (param v128 i32) (result v128)
    (block (result v128) (br_if 0 (local.get 0) (local.get 1)) (drop) (v128.const i64x2 1 2)))
  (func (param v128 i32) (result v128)
    (if (result v128) (local.get 1) (then (local.get 0)) (else (v128.not (local.get 0)))))
  (func (param v128 i32) (result v128)
    (local.get 0)
    (loop (param v128) (result v128)
      (i8x16.add (local.get 0))
      (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1))))))
  (func (param v128 v128 i32) (result v128 v128 i32)
    (block (result v128 v128 i32)
      (br_table 0 1 (local.get 0) (local.get 1) (local.get 2) (local.get 2))))
  (func (param v128 v128 i32) (result v128) (select (local.get 0) (local.get 1) (local.get 2)))
  (func (param v128 v128 i32) (result v128)
    (select (result v128) (v128.const i64x2 0 0) (local.get 1) (i32.lt_s (local.get 2) (i32.const 5))))
  (func (param v128 v128 f64) (result v128)
    (select (local.get 0) (local.get 1) (f64.eq (local.get 2) (f64.const 0)))))

;; x86-64
;;
;; function 0
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
;;    22  test ebx, ebx
;;    24  movaps xmm0, xmm5
;;    27  jne 0x34
;;    2d  movaps xmm0, [0x40]  = 0x00000000000000020000000000000001
;;    34  movsd xmm5, [rbp-0x18]
;;    39  mov rbx, [rbp-0x10]
;;    3d  leave
;;    3e  ret
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
;;    1c  movaps xmm5, xmm0
;;    1f  mov rbx, rax
;;    22  test ebx, ebx
;;    24  je 0x32
;;    2a  movaps xmm0, xmm5
;;    2d  jmp 0x3F
;;    32  pcmpeqd xmm15, xmm15
;;    37  movaps xmm0, xmm5
;;    3a  pxor xmm0, xmm15
;;    3f  movsd xmm5, [rbp-0x18]
;;    44  mov rbx, [rbp-0x10]
;;    48  leave
;;    49  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movaps xmm5, xmm0
;;    1f  mov rbx, rax
;;    22  movups [rbp-0x40], xmm5
;;    26  movups xmm0, [rbp-0x40]
;;    2a  paddb xmm0, xmm5
;;    2e  sub ebx, 1
;;    31  test ebx, ebx
;;    33  movups [rbp-0x40], xmm0
;;    37  jne 0x26
;;    39  movups xmm0, [rbp-0x40]
;;    3d  movsd xmm5, [rbp-0x18]
;;    42  mov rbx, [rbp-0x10]
;;    46  leave
;;    47  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x60
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movsd [rbp-0x20], xmm6
;;    21  movaps xmm5, xmm0
;;    24  movaps xmm6, xmm1
;;    27  mov rbx, rax
;;    2a  mov eax, ebx
;;    2c  movups [rbp-0x50], xmm5
;;    30  movups [rbp-0x60], xmm6
;;    34  mov [rbp-0x70], rbx
;;    38  mov r11d, 1
;;    3e  cmp eax, r11d
;;    41  cmova eax, r11d
;;    45  lea r11, [0x56]
;;    4c  lea r10, [rax+rax*4]
;;    50  add r11, r10
;;    53  jmp r11
;;    56  jmp 0x60
;;    5b  jmp 0x60
;;    60  movups xmm0, [rbp-0x50]
;;    64  movups xmm1, [rbp-0x60]
;;    68  mov eax, [rbp-0x70]
;;    6b  movsd xmm5, [rbp-0x18]
;;    70  movsd xmm6, [rbp-0x20]
;;    75  mov rbx, [rbp-0x10]
;;    79  leave
;;    7a  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movsd [rbp-0x20], xmm6
;;    21  movaps xmm5, xmm0
;;    24  movaps xmm6, xmm1
;;    27  mov rbx, rax
;;    2a  test ebx, ebx
;;    2c  movaps xmm0, xmm5
;;    2f  jne 0x34
;;    31  movaps xmm0, xmm6
;;    34  movsd xmm5, [rbp-0x18]
;;    39  movsd xmm6, [rbp-0x20]
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movsd [rbp-0x20], xmm6
;;    21  movaps xmm5, xmm0
;;    24  movaps xmm6, xmm1
;;    27  mov rbx, rax
;;    2a  cmp ebx, 5
;;    2d  setl al
;;    30  movzx eax, al
;;    33  test eax, eax
;;    35  pxor xmm0, xmm0
;;    39  jne 0x3E
;;    3b  movaps xmm0, xmm6
;;    3e  movsd xmm5, [rbp-0x18]
;;    43  movsd xmm6, [rbp-0x20]
;;    48  mov rbx, [rbp-0x10]
;;    4c  leave
;;    4d  ret
;;
;; function 6
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
;;    20  movsd [rbp-0x20], xmm7
;;    25  movaps xmm5, xmm0
;;    28  movaps xmm6, xmm1
;;    2b  movaps xmm7, xmm2
;;    2e  xorps xmm0, xmm0
;;    31  ucomisd xmm7, xmm0
;;    35  movaps xmm0, xmm5
;;    38  jp 0x3C
;;    3a  je 0x3F
;;    3c  movaps xmm0, xmm6
;;    3f  movsd xmm5, [rbp-0x10]
;;    44  movsd xmm6, [rbp-0x18]
;;    49  movsd xmm7, [rbp-0x20]
;;    4e  leave
;;    4f  ret
