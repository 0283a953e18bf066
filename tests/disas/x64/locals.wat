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
;;     7  push r12
;;     9  push r13
;;     b  push r9
;;     d  push r8
;;     f  sub rsp, 0x20
;;    16  mov r11, [r14]
;;    19  cmp rsp, [r11]
;;    1c  jb trap 9
;;    22  movsd [rbp-0x38], xmm5
;;    27  movsd [rbp-0x40], xmm6
;;    2c  movsd [rbp-0x48], xmm7
;;    31  mov rbx, rax
;;    34  mov r12, rcx
;;    37  movaps xmm5, xmm0
;;    3a  movaps xmm6, xmm1
;;    3d  mov [rbp-0x50], rdx
;;    41  xor r13d, r13d
;;    44  xor r9d, r9d
;;    47  xor r8d, r8d
;;    4a  xorps xmm7, xmm7
;;    4d  add r9d, r13d
;;    50  movaps xmm0, xmm6
;;    53  addsd xmm0, xmm7
;;    57  movaps xmm7, xmm0
;;    5a  movaps xmm0, xmm7
;;    5d  movsd xmm5, [rbp-0x38]
;;    62  movsd xmm6, [rbp-0x40]
;;    67  movsd xmm7, [rbp-0x48]
;;    6c  lea rsp, [rbp-0x30]
;;    70  pop r8
;;    72  pop r9
;;    74  pop r13
;;    76  pop r12
;;    78  pop rbx
;;    79  leave
;;    7a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  push r9
;;     d  push r8
;;     f  sub rsp, 0x70
;;    16  mov r11, [r14]
;;    19  cmp rsp, [r11]
;;    1c  jb trap 9
;;    22  xor ebx, ebx
;;    24  xor r12d, r12d
;;    27  xor r13d, r13d
;;    2a  xor r9d, r9d
;;    2d  xor r8d, r8d
;;    30  xorps xmm15, xmm15
;;    34  movups [rbp-0x98], xmm15
;;    3c  movups [rbp-0x88], xmm15
;;    44  movups [rbp-0x78], xmm15
;;    49  movups [rbp-0x68], xmm15
;;    4e  movups [rbp-0x58], xmm15
;;    53  movups [rbp-0x48], xmm15
;;    58  movups [rbp-0x40], xmm15
;;    5d  lea rsp, [rbp-0x30]
;;    61  pop r8
;;    63  pop r9
;;    65  pop r13
;;    67  pop r12
;;    69  pop rbx
;;    6a  leave
;;    6b  ret
