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
;;    21  movsd [rbp-0x38], xmm5
;;    26  movsd [rbp-0x40], xmm6
;;    2b  movsd [rbp-0x48], xmm7
;;    30  mov rbx, rax
;;    33  mov rsi, rcx
;;    36  movaps xmm5, xmm0
;;    39  movaps xmm6, xmm1
;;    3c  mov [rbp-0x50], rdx
;;    40  xor r15d, r15d
;;    43  xor r13d, r13d
;;    46  xor r12d, r12d
;;    49  xorps xmm7, xmm7
;;    4c  add r13d, r15d
;;    4f  movaps xmm0, xmm6
;;    52  addsd xmm0, xmm7
;;    56  movaps xmm7, xmm0
;;    59  movaps xmm0, xmm7
;;    5c  movsd xmm5, [rbp-0x38]
;;    61  movsd xmm6, [rbp-0x40]
;;    66  movsd xmm7, [rbp-0x48]
;;    6b  lea rsp, [rbp-0x30]
;;    6f  pop r12
;;    71  pop r13
;;    73  pop r15
;;    75  pop rsi
;;    76  pop rbx
;;    77  leave
;;    78  ret
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
;;    21  xor ebx, ebx
;;    23  xor esi, esi
;;    25  xor r15d, r15d
;;    28  xor r13d, r13d
;;    2b  xor r12d, r12d
;;    2e  xorps xmm15, xmm15
;;    32  movups [rbp-0x98], xmm15
;;    3a  movups [rbp-0x88], xmm15
;;    42  movups [rbp-0x78], xmm15
;;    47  movups [rbp-0x68], xmm15
;;    4c  movups [rbp-0x58], xmm15
;;    51  movups [rbp-0x48], xmm15
;;    56  movups [rbp-0x40], xmm15
;;    5b  lea rsp, [rbp-0x30]
;;    5f  pop r12
;;    61  pop r13
;;    63  pop r15
;;    65  pop rsi
;;    66  pop rbx
;;    67  leave
;;    68  ret
