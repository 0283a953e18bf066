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
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1a  clc
;;    1b  movsd [rbp-0x38], xmm5
;;    20  movsd [rbp-0x40], xmm6
;;    25  movsd [rbp-0x48], xmm7
;;    2a  mov rbx, rax
;;    2d  mov rsi, rcx
;;    30  movaps xmm5, xmm0
;;    33  movaps xmm6, xmm1
;;    36  mov [rbp-0x50], rdx
;;    3a  xor r15d, r15d
;;    3d  xor r13d, r13d
;;    40  xor r12d, r12d
;;    43  xorps xmm7, xmm7
;;    46  add r13d, r15d
;;    49  movaps xmm0, xmm6
;;    4c  addsd xmm0, xmm7
;;    50  movaps xmm7, xmm0
;;    53  movaps xmm0, xmm7
;;    56  movsd xmm5, [rbp-0x38]
;;    5b  movsd xmm6, [rbp-0x40]
;;    60  movsd xmm7, [rbp-0x48]
;;    65  lea rsp, [rbp-0x30]
;;    69  pop r12
;;    6b  pop r13
;;    6d  pop r15
;;    6f  pop rsi
;;    70  pop rbx
;;    71  leave
;;    72  ret
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
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1a  clc
;;    1b  xor ebx, ebx
;;    1d  xor esi, esi
;;    1f  xor r15d, r15d
;;    22  xor r13d, r13d
;;    25  xor r12d, r12d
;;    28  xorps xmm15, xmm15
;;    2c  movups [rbp-0x98], xmm15
;;    34  movups [rbp-0x88], xmm15
;;    3c  movups [rbp-0x78], xmm15
;;    41  movups [rbp-0x68], xmm15
;;    46  movups [rbp-0x58], xmm15
;;    4b  movups [rbp-0x48], xmm15
;;    50  movups [rbp-0x40], xmm15
;;    55  lea rsp, [rbp-0x30]
;;    59  pop r12
;;    5b  pop r13
;;    5d  pop r15
;;    5f  pop rsi
;;    60  pop rbx
;;    61  leave
;;    62  ret
