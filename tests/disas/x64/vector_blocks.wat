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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movaps xmm5, xmm0
;;    22  mov rbx, rax
;;    25  test ebx, ebx
;;    27  movaps xmm0, xmm5
;;    2a  jne 0x37
;;    30  movaps xmm0, [0x50]  = 0x00000000000000020000000000000001
;;    37  movsd xmm5, [rbp-0x18]
;;    3c  mov rbx, [rbp-0x10]
;;    40  leave
;;    41  ret
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
;;    1f  movaps xmm5, xmm0
;;    22  mov rbx, rax
;;    25  test ebx, ebx
;;    27  je 0x35
;;    2d  movaps xmm0, xmm5
;;    30  jmp 0x42
;;    35  pcmpeqd xmm15, xmm15
;;    3a  movaps xmm0, xmm5
;;    3d  pxor xmm0, xmm15
;;    42  movsd xmm5, [rbp-0x18]
;;    47  mov rbx, [rbp-0x10]
;;    4b  leave
;;    4c  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movaps xmm5, xmm0
;;    22  mov rbx, rax
;;    25  movups [rbp-0x40], xmm5
;;    29  movups xmm0, [rbp-0x40]
;;    2d  paddb xmm0, xmm5
;;    31  sub ebx, 1
;;    34  test ebx, ebx
;;    36  movups [rbp-0x40], xmm0
;;    3a  jne 0x29
;;    3c  movups xmm0, [rbp-0x40]
;;    40  movsd xmm5, [rbp-0x18]
;;    45  mov rbx, [rbp-0x10]
;;    49  leave
;;    4a  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movsd [rbp-0x20], xmm6
;;    24  movaps xmm5, xmm0
;;    27  movaps xmm6, xmm1
;;    2a  mov rbx, rax
;;    2d  mov eax, ebx
;;    2f  movups [rbp-0x50], xmm5
;;    33  movups [rbp-0x60], xmm6
;;    37  mov [rbp-0x70], rbx
;;    3b  mov r11d, 1
;;    41  cmp eax, r11d
;;    44  cmova eax, r11d
;;    48  lea r11, [0x59]
;;    4f  lea r10, [rax+rax*4]
;;    53  add r11, r10
;;    56  jmp r11
;;    59  jmp 0x63
;;    5e  jmp 0x63
;;    63  movups xmm0, [rbp-0x50]
;;    67  movups xmm1, [rbp-0x60]
;;    6b  mov eax, [rbp-0x70]
;;    6e  movsd xmm5, [rbp-0x18]
;;    73  movsd xmm6, [rbp-0x20]
;;    78  mov rbx, [rbp-0x10]
;;    7c  leave
;;    7d  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movsd [rbp-0x20], xmm6
;;    24  movaps xmm5, xmm0
;;    27  movaps xmm6, xmm1
;;    2a  mov rbx, rax
;;    2d  test ebx, ebx
;;    2f  movaps xmm0, xmm5
;;    32  jne 0x37
;;    34  movaps xmm0, xmm6
;;    37  movsd xmm5, [rbp-0x18]
;;    3c  movsd xmm6, [rbp-0x20]
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movsd [rbp-0x20], xmm6
;;    24  movaps xmm5, xmm0
;;    27  movaps xmm6, xmm1
;;    2a  mov rbx, rax
;;    2d  cmp ebx, 5
;;    30  setl al
;;    33  movzx eax, al
;;    36  test eax, eax
;;    38  pxor xmm0, xmm0
;;    3c  jne 0x41
;;    3e  movaps xmm0, xmm6
;;    41  movsd xmm5, [rbp-0x18]
;;    46  movsd xmm6, [rbp-0x20]
;;    4b  mov rbx, [rbp-0x10]
;;    4f  leave
;;    50  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x38
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movsd [rbp-0x20], xmm7
;;    28  movaps xmm5, xmm0
;;    2b  movaps xmm6, xmm1
;;    2e  movaps xmm7, xmm2
;;    31  xorps xmm0, xmm0
;;    34  ucomisd xmm7, xmm0
;;    38  movaps xmm0, xmm5
;;    3b  jp 0x3F
;;    3d  je 0x42
;;    3f  movaps xmm0, xmm6
;;    42  movsd xmm5, [rbp-0x10]
;;    47  movsd xmm6, [rbp-0x18]
;;    4c  movsd xmm7, [rbp-0x20]
;;    51  leave
;;    52  ret
