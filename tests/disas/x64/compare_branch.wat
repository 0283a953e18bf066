;; Comparisons fused with the branch that follows.
(module
  (func (param i32 i32) (result i32)
    (block (br_if 0 (i32.lt_u (local.get 0) (local.get 1))) (return (i32.const 1)))
    (if (i32.eqz (local.get 0)) (then (return (i32.const 2))))
    (if (result i32) (i32.ne (local.get 1) (i32.const 9)) (then (i32.const 3)) (else (i32.const 4))))
  (func (param f32 f32) (result i32)
    (block (br_if 0 (f32.ne (local.get 0) (local.get 1))) (return (i32.const 1)))
    (block (br_if 0 (f32.eq (local.get 0) (local.get 1))) (return (i32.const 2)))
    (block (br_if 0 (i32.eqz (f32.lt (local.get 0) (local.get 1)))) (return (i32.const 3)))
    (i32.const 4)))

;; x86-64
;;
;; function 0
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
;;    1e  jb 0x2E
;;    24  mov eax, 1
;;    29  jmp 0x58
;;    2e  test ebx, ebx
;;    30  jne 0x40
;;    36  mov eax, 2
;;    3b  jmp 0x58
;;    40  cmp esi, 9
;;    43  je 0x53
;;    49  mov eax, 3
;;    4e  jmp 0x58
;;    53  mov eax, 4
;;    58  lea rsp, [rbp-0x18]
;;    5c  pop rsi
;;    5d  pop rbx
;;    5e  leave
;;    5f  ret
;;
;; function 1
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
;;    26  ucomiss xmm5, xmm6
;;    29  jp 0x3F
;;    2f  jne 0x3F
;;    35  mov eax, 1
;;    3a  jmp 0x6C
;;    3f  ucomiss xmm5, xmm6
;;    42  jp 0x4A
;;    44  je 0x54
;;    4a  mov eax, 2
;;    4f  jmp 0x6C
;;    54  ucomiss xmm6, xmm5
;;    57  jbe 0x67
;;    5d  mov eax, 3
;;    62  jmp 0x6C
;;    67  mov eax, 4
;;    6c  movsd xmm5, [rbp-0x10]
;;    71  movsd xmm6, [rbp-0x18]
;;    76  leave
;;    77  ret
