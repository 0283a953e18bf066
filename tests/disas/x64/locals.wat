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
;;    1c  jb 0x7B
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
;;    7b  ud2
;;    7d  trap 9
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
