;; Pinned locals and framed ones; zeroing.
(module
  (func (param i32 i64 f32 f64 externref) (result f64) (local i32 i32 i64 f64)
    (local.set 6 (i32.add (local.get 5) (local.get 6)))
    (local.set 8 (f64.add (local.get 3) (local.get 8)))
    (local.get 8))
  (func (local i32 i32 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  push r13
;;     c  push r12
;;     e  sub rsp, 0x20
;;    15  mov r11, [r14]
;;    18  cmp rsp, [r11]
;;    1b  jb trap 9
;;    1d  clc
;;    1e  movsd [rbp-0x38], xmm5
;;    23  movsd [rbp-0x40], xmm6
;;    28  movsd [rbp-0x48], xmm7
;;    2d  mov rbx, rax
;;    30  mov rsi, rcx
;;    33  movaps xmm5, xmm0
;;    36  movaps xmm6, xmm1
;;    39  mov [rbp-0x50], rdx
;;    3d  xor r15d, r15d
;;    40  xor r13d, r13d
;;    43  xor r12d, r12d
;;    46  xorps xmm7, xmm7
;;    49  add r13d, r15d
;;    4c  movaps xmm0, xmm6
;;    4f  addsd xmm0, xmm7
;;    53  movaps xmm7, xmm0
;;    56  movaps xmm0, xmm7
;;    59  movsd xmm5, [rbp-0x38]
;;    5e  movsd xmm6, [rbp-0x40]
;;    63  movsd xmm7, [rbp-0x48]
;;    68  lea rsp, [rbp-0x30]
;;    6c  pop r12
;;    6e  pop r13
;;    70  pop r15
;;    72  pop rsi
;;    73  pop rbx
;;    74  leave
;;    75  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  push r13
;;     c  push r12
;;     e  sub rsp, 0x70
;;    15  mov r11, [r14]
;;    18  cmp rsp, [r11]
;;    1b  jb trap 9
;;    1d  clc
;;    1e  xor ebx, ebx
;;    20  xor esi, esi
;;    22  xor r15d, r15d
;;    25  xor r13d, r13d
;;    28  xor r12d, r12d
;;    2b  xorps xmm15, xmm15
;;    2f  movups [rbp-0x98], xmm15
;;    37  movups [rbp-0x88], xmm15
;;    3f  movups [rbp-0x78], xmm15
;;    44  movups [rbp-0x68], xmm15
;;    49  movups [rbp-0x58], xmm15
;;    4e  movups [rbp-0x48], xmm15
;;    53  movups [rbp-0x40], xmm15
;;    58  lea rsp, [rbp-0x30]
;;    5c  pop r12
;;    5e  pop r13
;;    60  pop r15
;;    62  pop rsi
;;    63  pop rbx
;;    64  leave
;;    65  ret
