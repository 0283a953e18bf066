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
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1a  clc
;;    1b  movsd [rbp-0x38], xmm5
;;    20  mov rbx, rax
;;    23  mov rsi, rcx
;;    26  movaps xmm5, xmm0
;;    29  xor r15d, r15d
;;    2c  xor r13d, r13d
;;    2f  xor r12d, r12d
;;    32  xorps xmm15, xmm15
;;    36  movups [rbp-0x48], xmm15
;;    3b  movsd [rbp-0x50], xmm5
;;    40  movsd [rbp-0x58], xmm5
;;    45  movsd xmm0, [rbp-0x50]
;;    4a  mulsd xmm0, [rbp-0x58]
;;    4f  movsd [rbp-0x50], xmm0
;;    54  mov [rbp-0x58], rbx
;;    58  mov r11, [rbp-0x40]
;;    5c  mov [rbp-0x60], r11
;;    60  mov eax, [rbp-0x58]
;;    63  imul eax, [rbp-0x60]
;;    67  mov [rbp-0x58], rax
;;    6b  mov r11, [rbp-0x48]
;;    6f  mov [rbp-0x60], r11
;;    73  mov r11, [rbp-0x48]
;;    77  mov [rbp-0x68], r11
;;    7b  mov eax, [rbp-0x60]
;;    7e  xor eax, [rbp-0x68]
;;    81  mov [rbp-0x60], rax
;;    85  mov eax, [rbp-0x58]
;;    88  add eax, [rbp-0x60]
;;    8b  mov [rbp-0x58], rax
;;    8f  mov eax, [rbp-0x58]
;;    92  xorps xmm0, xmm0
;;    96  cvtsi2sd xmm0, eax
;;    9a  movsd [rbp-0x58], xmm0
;;    9f  movsd xmm0, [rbp-0x50]
;;    a4  addsd xmm0, [rbp-0x58]
;;    a9  movsd [rbp-0x50], xmm0
;;    ae  movsd xmm0, [rbp-0x50]
;;    b3  movsd xmm5, [rbp-0x38]
;;    b8  lea rsp, [rbp-0x30]
;;    bc  pop r12
;;    be  pop r13
;;    c0  pop r15
;;    c2  pop rsi
;;    c3  pop rbx
;;    c4  leave
;;    c5  ret
