;; Selects.
(module
  (func (param i32 i32 i32) (result i32) (select (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32 i32) (result i32) (select (local.get 0) (local.get 1) (i32.gt_s (local.get 0) (local.get 1))))
  (func (param f64 f64 i32) (result f64) (select (local.get 0) (local.get 1) (local.get 2)))
  (func (param f64 f64) (result f64) (select (local.get 0) (local.get 1) (f64.eq (local.get 0) (local.get 1))))
  (func (param externref externref i32) (result externref)
    (select (result externref) (local.get 0) (local.get 1) (local.get 2))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov esi, ecx
;;    1b  mov r15d, edx
;;    1e  test r15d, r15d
;;    21  mov eax, ebx
;;    23  cmove eax, esi
;;    26  lea rsp, [rbp-0x20]
;;    2a  pop r15
;;    2c  pop rsi
;;    2d  pop rbx
;;    2e  leave
;;    2f  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  cmp ebx, esi
;;    1b  mov eax, ebx
;;    1d  cmovle eax, esi
;;    20  lea rsp, [rbp-0x18]
;;    24  pop rsi
;;    25  pop rbx
;;    26  leave
;;    27  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  movsd [rbp-0x20], xmm6
;;    1e  movaps xmm5, xmm0
;;    21  movaps xmm6, xmm1
;;    24  mov rbx, rax
;;    27  test ebx, ebx
;;    29  movaps xmm0, xmm5
;;    2c  jne 0x31
;;    2e  movaps xmm0, xmm6
;;    31  movsd xmm5, [rbp-0x18]
;;    36  movsd xmm6, [rbp-0x20]
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  movaps xmm6, xmm1
;;    23  ucomisd xmm5, xmm6
;;    27  movaps xmm0, xmm5
;;    2a  jp 0x2E
;;    2c  je 0x31
;;    2e  movaps xmm0, xmm6
;;    31  movsd xmm5, [rbp-0x10]
;;    36  movsd xmm6, [rbp-0x18]
;;    3b  leave
;;    3c  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov [rbp-0x18], rax
;;    18  mov [rbp-0x20], rcx
;;    1c  mov rbx, rdx
;;    1f  test ebx, ebx
;;    21  mov rax, [rbp-0x18]
;;    25  cmove rax, [rbp-0x20]
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
