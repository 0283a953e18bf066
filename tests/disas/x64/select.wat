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
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov esi, ecx
;;    1e  mov r15d, edx
;;    21  test r15d, r15d
;;    24  mov eax, ebx
;;    26  cmove eax, esi
;;    29  lea rsp, [rbp-0x20]
;;    2d  pop r15
;;    2f  pop rsi
;;    30  pop rbx
;;    31  leave
;;    32  ret
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
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  cmp ebx, esi
;;    1e  mov eax, ebx
;;    20  cmovle eax, esi
;;    23  lea rsp, [rbp-0x18]
;;    27  pop rsi
;;    28  pop rbx
;;    29  leave
;;    2a  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  movsd [rbp-0x20], xmm6
;;    21  movaps xmm5, xmm0
;;    24  movaps xmm6, xmm1
;;    27  mov rbx, rax
;;    2a  test ebx, ebx
;;    2c  movaps xmm0, xmm5
;;    2f  jne 0x34
;;    31  movaps xmm0, xmm6
;;    34  movsd xmm5, [rbp-0x18]
;;    39  movsd xmm6, [rbp-0x20]
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  movaps xmm6, xmm1
;;    26  ucomisd xmm5, xmm6
;;    2a  movaps xmm0, xmm5
;;    2d  jp 0x31
;;    2f  je 0x34
;;    31  movaps xmm0, xmm6
;;    34  movsd xmm5, [rbp-0x10]
;;    39  movsd xmm6, [rbp-0x18]
;;    3e  leave
;;    3f  ret
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
;;    16  clc
;;    17  mov [rbp-0x18], rax
;;    1b  mov [rbp-0x20], rcx
;;    1f  mov rbx, rdx
;;    22  test ebx, ebx
;;    24  mov rax, [rbp-0x18]
;;    28  cmove rax, [rbp-0x20]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
