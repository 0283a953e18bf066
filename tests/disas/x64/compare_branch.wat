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
;;    1e  jb 0x2A
;;    20  mov eax, 1
;;    25  jmp 0x49
;;    2a  test ebx, ebx
;;    2c  jne 0x38
;;    2e  mov eax, 2
;;    33  jmp 0x49
;;    38  cmp esi, 9
;;    3b  je 0x44
;;    3d  mov eax, 3
;;    42  jmp 0x49
;;    44  mov eax, 4
;;    49  lea rsp, [rbp-0x18]
;;    4d  pop rsi
;;    4e  pop rbx
;;    4f  leave
;;    50  ret
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
;;    29  jp 0x37
;;    2b  jne 0x37
;;    2d  mov eax, 1
;;    32  jmp 0x5C
;;    37  ucomiss xmm5, xmm6
;;    3a  jp 0x3E
;;    3c  je 0x48
;;    3e  mov eax, 2
;;    43  jmp 0x5C
;;    48  ucomiss xmm6, xmm5
;;    4b  jbe 0x57
;;    4d  mov eax, 3
;;    52  jmp 0x5C
;;    57  mov eax, 4
;;    5c  movsd xmm5, [rbp-0x10]
;;    61  movsd xmm6, [rbp-0x18]
;;    66  leave
;;    67  ret
