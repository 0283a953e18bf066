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
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  cmp ebx, esi
;;    1b  jb 0x2B
;;    21  mov eax, 1
;;    26  jmp 0x55
;;    2b  test ebx, ebx
;;    2d  jne 0x3D
;;    33  mov eax, 2
;;    38  jmp 0x55
;;    3d  cmp esi, 9
;;    40  je 0x50
;;    46  mov eax, 3
;;    4b  jmp 0x55
;;    50  mov eax, 4
;;    55  lea rsp, [rbp-0x18]
;;    59  pop rsi
;;    5a  pop rbx
;;    5b  leave
;;    5c  ret
;;
;; function 1
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
;;    23  ucomiss xmm5, xmm6
;;    26  jp 0x3C
;;    2c  jne 0x3C
;;    32  mov eax, 1
;;    37  jmp 0x69
;;    3c  ucomiss xmm5, xmm6
;;    3f  jp 0x47
;;    41  je 0x51
;;    47  mov eax, 2
;;    4c  jmp 0x69
;;    51  ucomiss xmm6, xmm5
;;    54  jbe 0x64
;;    5a  mov eax, 3
;;    5f  jmp 0x69
;;    64  mov eax, 4
;;    69  movsd xmm5, [rbp-0x10]
;;    6e  movsd xmm6, [rbp-0x18]
;;    73  leave
;;    74  ret
