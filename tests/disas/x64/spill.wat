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
;;    1c  jb 0xD0
;;    22  movsd [rbp-0x38], xmm5
;;    27  mov rbx, rax
;;    2a  mov r12, rcx
;;    2d  movaps xmm5, xmm0
;;    30  xor r13d, r13d
;;    33  xor r9d, r9d
;;    36  xor r8d, r8d
;;    39  xor r11d, r11d
;;    3c  mov [rbp-0x48], r11
;;    40  mov [rbp-0x40], r11
;;    44  movsd [rbp-0x50], xmm5
;;    49  movsd [rbp-0x58], xmm5
;;    4e  movsd xmm0, [rbp-0x50]
;;    53  mulsd xmm0, [rbp-0x58]
;;    58  movsd [rbp-0x50], xmm0
;;    5d  mov [rbp-0x58], rbx
;;    61  mov r11, [rbp-0x40]
;;    65  mov [rbp-0x60], r11
;;    69  mov eax, [rbp-0x58]
;;    6c  imul eax, [rbp-0x60]
;;    70  mov [rbp-0x58], rax
;;    74  mov r11, [rbp-0x48]
;;    78  mov [rbp-0x60], r11
;;    7c  mov r11, [rbp-0x48]
;;    80  mov [rbp-0x68], r11
;;    84  mov eax, [rbp-0x60]
;;    87  xor eax, [rbp-0x68]
;;    8a  mov [rbp-0x60], rax
;;    8e  mov eax, [rbp-0x58]
;;    91  add eax, [rbp-0x60]
;;    94  mov [rbp-0x58], rax
;;    98  mov eax, [rbp-0x58]
;;    9b  xorps xmm0, xmm0
;;    9f  cvtsi2sd xmm0, eax
;;    a3  movsd [rbp-0x58], xmm0
;;    a8  movsd xmm0, [rbp-0x50]
;;    ad  addsd xmm0, [rbp-0x58]
;;    b2  movsd [rbp-0x50], xmm0
;;    b7  movsd xmm0, [rbp-0x50]
;;    bc  movsd xmm5, [rbp-0x38]
;;    c1  lea rsp, [rbp-0x30]
;;    c5  pop r8
;;    c7  pop r9
;;    c9  pop r13
;;    cb  pop r12
;;    cd  pop rbx
;;    ce  leave
;;    cf  ret
;;    d0  ud2
;;    d2  trap 9
