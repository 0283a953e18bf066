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
;;    1d  clc
;;    1e  movsd [rbp-0x38], xmm5
;;    23  mov rbx, rax
;;    26  mov rsi, rcx
;;    29  movaps xmm5, xmm0
;;    2c  xor r15d, r15d
;;    2f  xor r13d, r13d
;;    32  xor r12d, r12d
;;    35  xorps xmm15, xmm15
;;    39  movups [rbp-0x48], xmm15
;;    3e  movsd [rbp-0x50], xmm5
;;    43  movsd [rbp-0x58], xmm5
;;    48  movsd xmm0, [rbp-0x50]
;;    4d  mulsd xmm0, [rbp-0x58]
;;    52  movsd [rbp-0x50], xmm0
;;    57  mov [rbp-0x58], rbx
;;    5b  mov r11, [rbp-0x40]
;;    5f  mov [rbp-0x60], r11
;;    63  mov eax, [rbp-0x58]
;;    66  imul eax, [rbp-0x60]
;;    6a  mov [rbp-0x58], rax
;;    6e  mov r11, [rbp-0x48]
;;    72  mov [rbp-0x60], r11
;;    76  mov r11, [rbp-0x48]
;;    7a  mov [rbp-0x68], r11
;;    7e  mov eax, [rbp-0x60]
;;    81  xor eax, [rbp-0x68]
;;    84  mov [rbp-0x60], rax
;;    88  mov eax, [rbp-0x58]
;;    8b  add eax, [rbp-0x60]
;;    8e  mov [rbp-0x58], rax
;;    92  mov eax, [rbp-0x58]
;;    95  xorps xmm0, xmm0
;;    99  cvtsi2sd xmm0, eax
;;    9d  movsd [rbp-0x58], xmm0
;;    a2  movsd xmm0, [rbp-0x50]
;;    a7  addsd xmm0, [rbp-0x58]
;;    ac  movsd [rbp-0x50], xmm0
;;    b1  movsd xmm0, [rbp-0x50]
;;    b6  movsd xmm5, [rbp-0x38]
;;    bb  lea rsp, [rbp-0x30]
;;    bf  pop r12
;;    c1  pop r13
;;    c3  pop r15
;;    c5  pop rsi
;;    c6  pop rbx
;;    c7  leave
;;    c8  ret
