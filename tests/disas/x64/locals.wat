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
;;    1c  jb 0x88
;;    22  movsd [rbp-0x38], xmm8
;;    28  movsd [rbp-0x40], xmm9
;;    2e  movsd [rbp-0x48], xmm10
;;    34  mov rbx, rax
;;    37  mov r12, rcx
;;    3a  movaps xmm8, xmm0
;;    3e  movaps xmm9, xmm1
;;    42  mov [rbp-0x50], rdx
;;    46  xor r13d, r13d
;;    49  xor r9d, r9d
;;    4c  xor r8d, r8d
;;    4f  xorps xmm10, xmm10
;;    53  add r9d, r13d
;;    56  movaps xmm0, xmm9
;;    5a  addsd xmm0, xmm10
;;    5f  movaps xmm10, xmm0
;;    63  movaps xmm0, xmm10
;;    67  movsd xmm8, [rbp-0x38]
;;    6d  movsd xmm9, [rbp-0x40]
;;    73  movsd xmm10, [rbp-0x48]
;;    79  lea rsp, [rbp-0x30]
;;    7d  pop r8
;;    7f  pop r9
;;    81  pop r13
;;    83  pop r12
;;    85  pop rbx
;;    86  leave
;;    87  ret
;;    88  ud2
;;    8a  trap 9
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
;;    1c  jb 0x50
;;    22  xor ebx, ebx
;;    24  xor r12d, r12d
;;    27  xor r13d, r13d
;;    2a  xor r9d, r9d
;;    2d  xor r8d, r8d
;;    30  lea rdi, [rbp-0x98]
;;    37  mov ecx, 0xD
;;    3c  xor eax, eax
;;    3e  rep stosq [rdi]
;;    41  lea rsp, [rbp-0x30]
;;    45  pop r8
;;    47  pop r9
;;    49  pop r13
;;    4b  pop r12
;;    4d  pop rbx
;;    4e  leave
;;    4f  ret
;;    50  ud2
;;    52  trap 9
