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
;;     7  push rsi
;;     8  push r15
;;     a  push r13
;;     c  push r12
;;     e  sub rsp, 0x40
;;    15  mov r11, [r14]
;;    18  cmp rsp, [r11]
;;    1b  jb trap 9
;;    21  movsd [rbp-0x38], xmm5
;;    26  mov rbx, rax
;;    29  mov rsi, rcx
;;    2c  movaps xmm5, xmm0
;;    2f  xor r15d, r15d
;;    32  xor r13d, r13d
;;    35  xor r12d, r12d
;;    38  xorps xmm15, xmm15
;;    3c  movups [rbp-0x48], xmm15
;;    41  movsd [rbp-0x50], xmm5
;;    46  movsd [rbp-0x58], xmm5
;;    4b  movsd xmm0, [rbp-0x50]
;;    50  mulsd xmm0, [rbp-0x58]
;;    55  movsd [rbp-0x50], xmm0
;;    5a  mov [rbp-0x58], rbx
;;    5e  mov r11, [rbp-0x40]
;;    62  mov [rbp-0x60], r11
;;    66  mov eax, [rbp-0x58]
;;    69  imul eax, [rbp-0x60]
;;    6d  mov [rbp-0x58], rax
;;    71  mov r11, [rbp-0x48]
;;    75  mov [rbp-0x60], r11
;;    79  mov r11, [rbp-0x48]
;;    7d  mov [rbp-0x68], r11
;;    81  mov eax, [rbp-0x60]
;;    84  xor eax, [rbp-0x68]
;;    87  mov [rbp-0x60], rax
;;    8b  mov eax, [rbp-0x58]
;;    8e  add eax, [rbp-0x60]
;;    91  mov [rbp-0x58], rax
;;    95  mov eax, [rbp-0x58]
;;    98  xorps xmm0, xmm0
;;    9c  cvtsi2sd xmm0, eax
;;    a0  movsd [rbp-0x58], xmm0
;;    a5  movsd xmm0, [rbp-0x50]
;;    aa  addsd xmm0, [rbp-0x58]
;;    af  movsd [rbp-0x50], xmm0
;;    b4  movsd xmm0, [rbp-0x50]
;;    b9  movsd xmm5, [rbp-0x38]
;;    be  lea rsp, [rbp-0x30]
;;    c2  pop r12
;;    c4  pop r13
;;    c6  pop r15
;;    c8  pop rsi
;;    c9  pop rbx
;;    ca  leave
;;    cb  ret
