;; The test mode in which no value stays in a register between operators, nor is a local known to be in one.
;; modes: spill
(module
  (func (param i32 i64 f64) (result f64) (local i32 i32 i32 i32 i32)
    (f64.add
      (f64.mul (local.get 2) (local.get 2))
      (f64.convert_i32_s (i32.add (i32.mul (local.get 0) (local.get 6)) (i32.xor (local.get 7) (local.get 7)))))))

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
;;     f  sub rsp, 0x40
;;    16  mov r11, [r14]
;;    19  cmp rsp, [r11]
;;    1c  jb trap 9
;;    22  movsd [rbp-0x38], xmm5
;;    27  mov rbx, rax
;;    2a  mov r12, rcx
;;    2d  movaps xmm5, xmm0
;;    30  xor r13d, r13d
;;    33  xor r9d, r9d
;;    36  xor r8d, r8d
;;    39  xorps xmm15, xmm15
;;    3d  movups [rbp-0x48], xmm15
;;    42  movsd [rbp-0x50], xmm5
;;    47  movsd [rbp-0x58], xmm5
;;    4c  movsd xmm0, [rbp-0x50]
;;    51  mulsd xmm0, [rbp-0x58]
;;    56  movsd [rbp-0x50], xmm0
;;    5b  mov [rbp-0x58], rbx
;;    5f  mov r11, [rbp-0x40]
;;    63  mov [rbp-0x60], r11
;;    67  mov eax, [rbp-0x58]
;;    6a  imul eax, [rbp-0x60]
;;    6e  mov [rbp-0x58], rax
;;    72  mov r11, [rbp-0x48]
;;    76  mov [rbp-0x60], r11
;;    7a  mov r11, [rbp-0x48]
;;    7e  mov [rbp-0x68], r11
;;    82  mov eax, [rbp-0x60]
;;    85  xor eax, [rbp-0x68]
;;    88  mov [rbp-0x60], rax
;;    8c  mov eax, [rbp-0x58]
;;    8f  add eax, [rbp-0x60]
;;    92  mov [rbp-0x58], rax
;;    96  mov eax, [rbp-0x58]
;;    99  xorps xmm0, xmm0
;;    9d  cvtsi2sd xmm0, eax
;;    a1  movsd [rbp-0x58], xmm0
;;    a6  movsd xmm0, [rbp-0x50]
;;    ab  addsd xmm0, [rbp-0x58]
;;    b0  movsd [rbp-0x50], xmm0
;;    b5  movsd xmm0, [rbp-0x50]
;;    ba  movsd xmm5, [rbp-0x38]
;;    bf  lea rsp, [rbp-0x30]
;;    c3  pop r8
;;    c5  pop r9
;;    c7  pop r13
;;    c9  pop r12
;;    cb  pop rbx
;;    cc  leave
;;    cd  ret
