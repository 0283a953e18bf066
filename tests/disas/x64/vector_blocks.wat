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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movaps xmm5, xmm0
;;    1c  mov rbx, rax
;;    1f  test ebx, ebx
;;    21  movaps xmm0, xmm5
;;    24  jne 0x31
;;    2a  movaps xmm0, [0x40]  = 0x00000000000000020000000000000001
;;    31  movsd xmm5, [rbp-0x18]
;;    36  mov rbx, [rbp-0x10]
;;    3a  leave
;;    3b  ret
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
;;    19  movaps xmm5, xmm0
;;    1c  mov rbx, rax
;;    1f  test ebx, ebx
;;    21  je 0x2F
;;    27  movaps xmm0, xmm5
;;    2a  jmp 0x3C
;;    2f  pcmpeqd xmm15, xmm15
;;    34  movaps xmm0, xmm5
;;    37  pxor xmm0, xmm15
;;    3c  movsd xmm5, [rbp-0x18]
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movaps xmm5, xmm0
;;    1c  mov rbx, rax
;;    1f  movups [rbp-0x40], xmm5
;;    23  movups xmm0, [rbp-0x40]
;;    27  paddb xmm0, xmm5
;;    2b  sub ebx, 1
;;    2e  test ebx, ebx
;;    30  movups [rbp-0x40], xmm0
;;    34  jne 0x23
;;    36  movups xmm0, [rbp-0x40]
;;    3a  movsd xmm5, [rbp-0x18]
;;    3f  mov rbx, [rbp-0x10]
;;    43  leave
;;    44  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x60
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movsd [rbp-0x20], xmm6
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm6, xmm1
;;    24  mov rbx, rax
;;    27  mov eax, ebx
;;    29  movups [rbp-0x50], xmm5
;;    2d  movups [rbp-0x60], xmm6
;;    31  mov [rbp-0x70], rbx
;;    35  mov r11d, 1
;;    3b  cmp eax, r11d
;;    3e  cmova eax, r11d
;;    42  lea r11, [0x70]
;;    49  movzx r10d, word ptr [r11+rax*2]
;;    4e  sub r11, r10
;;    51  jmp r11
;;    54  movups xmm0, [rbp-0x50]
;;    58  movups xmm1, [rbp-0x60]
;;    5c  mov eax, [rbp-0x70]
;;    5f  movsd xmm5, [rbp-0x18]
;;    64  movsd xmm6, [rbp-0x20]
;;    69  mov rbx, [rbp-0x10]
;;    6d  leave
;;    6e  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movsd [rbp-0x20], xmm6
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm6, xmm1
;;    24  mov rbx, rax
;;    27  test ebx, ebx
;;    29  movaps xmm0, xmm5
;;    2c  jne 0x31
;;    2e  movaps xmm0, xmm6
;;    31  movsd xmm5, [rbp-0x18]
;;    36  movsd xmm6, [rbp-0x20]
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movsd [rbp-0x20], xmm6
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm6, xmm1
;;    24  mov rbx, rax
;;    27  cmp ebx, 5
;;    2a  setl al
;;    2d  movzx eax, al
;;    30  test eax, eax
;;    32  pxor xmm0, xmm0
;;    36  jne 0x3B
;;    38  movaps xmm0, xmm6
;;    3b  movsd xmm5, [rbp-0x18]
;;    40  movsd xmm6, [rbp-0x20]
;;    45  mov rbx, [rbp-0x10]
;;    49  leave
;;    4a  ret
;;
;; function 6
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
;;    1d  movsd [rbp-0x20], xmm7
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm6, xmm1
;;    28  movaps xmm7, xmm2
;;    2b  xorps xmm0, xmm0
;;    2e  ucomisd xmm7, xmm0
;;    32  movaps xmm0, xmm5
;;    35  jp 0x39
;;    37  je 0x3C
;;    39  movaps xmm0, xmm6
;;    3c  movsd xmm5, [rbp-0x10]
;;    41  movsd xmm6, [rbp-0x18]
;;    46  movsd xmm7, [rbp-0x20]
;;    4b  leave
;;    4c  ret
