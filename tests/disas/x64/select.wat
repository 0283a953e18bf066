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
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    1d  mov ebx, eax
;;    1f  mov esi, ecx
;;    21  mov r15d, edx
;;    24  test r15d, r15d
;;    27  mov eax, ebx
;;    29  cmove eax, esi
;;    2c  lea rsp, [rbp-0x20]
;;    30  pop r15
;;    32  pop rsi
;;    33  pop rbx
;;    34  leave
;;    35  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  cmp ebx, esi
;;    21  mov eax, ebx
;;    23  cmovle eax, esi
;;    26  lea rsp, [rbp-0x18]
;;    2a  pop rsi
;;    2b  pop rbx
;;    2c  leave
;;    2d  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  movsd [rbp-0x20], xmm6
;;    24  movaps xmm5, xmm0
;;    27  movaps xmm6, xmm1
;;    2a  mov rbx, rax
;;    2d  test ebx, ebx
;;    2f  movaps xmm0, xmm5
;;    32  jne 0x37
;;    34  movaps xmm0, xmm6
;;    37  movsd xmm5, [rbp-0x18]
;;    3c  movsd xmm6, [rbp-0x20]
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  movaps xmm6, xmm1
;;    29  ucomisd xmm5, xmm6
;;    2d  movaps xmm0, xmm5
;;    30  jp 0x34
;;    32  je 0x37
;;    34  movaps xmm0, xmm6
;;    37  movsd xmm5, [rbp-0x10]
;;    3c  movsd xmm6, [rbp-0x18]
;;    41  leave
;;    42  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov [rbp-0x18], rax
;;    1e  mov [rbp-0x20], rcx
;;    22  mov rbx, rdx
;;    25  test ebx, ebx
;;    27  mov rax, [rbp-0x18]
;;    2b  cmove rax, [rbp-0x20]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
