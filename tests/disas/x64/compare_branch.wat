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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  cmp ebx, esi
;;    21  jb 0x31
;;    27  mov eax, 1
;;    2c  jmp 0x5B
;;    31  test ebx, ebx
;;    33  jne 0x43
;;    39  mov eax, 2
;;    3e  jmp 0x5B
;;    43  cmp esi, 9
;;    46  je 0x56
;;    4c  mov eax, 3
;;    51  jmp 0x5B
;;    56  mov eax, 4
;;    5b  lea rsp, [rbp-0x18]
;;    5f  pop rsi
;;    60  pop rbx
;;    61  leave
;;    62  ret
;;
;; function 1
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
;;    29  ucomiss xmm5, xmm6
;;    2c  jp 0x42
;;    32  jne 0x42
;;    38  mov eax, 1
;;    3d  jmp 0x6F
;;    42  ucomiss xmm5, xmm6
;;    45  jp 0x4D
;;    47  je 0x57
;;    4d  mov eax, 2
;;    52  jmp 0x6F
;;    57  ucomiss xmm6, xmm5
;;    5a  jbe 0x6A
;;    60  mov eax, 3
;;    65  jmp 0x6F
;;    6a  mov eax, 4
;;    6f  movsd xmm5, [rbp-0x10]
;;    74  movsd xmm6, [rbp-0x18]
;;    79  leave
;;    7a  ret
