;; Conversions that cannot fail.
(module
  (func (param i32) (result f64) (f64.convert_i32_s (local.get 0)))
  (func (param i32) (result f32) (f32.convert_i32_u (local.get 0)))
  (func (param i64) (result f64) (f64.convert_i64_u (local.get 0)))
  (func (param f64) (result f32) (f32.demote_f64 (local.get 0)))
  (func (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
  (func (param i64) (result f64) (f64.reinterpret_i64 (local.get 0))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  xorps xmm0, xmm0
;;    1d  cvtsi2sd xmm0, ebx
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  xorps xmm0, xmm0
;;    1d  cvtsi2ss xmm0, rbx
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov rbx, rax
;;    1a  test rbx, rbx
;;    1d  js 0x2A
;;    1f  xorps xmm0, xmm0
;;    23  cvtsi2sd xmm0, rbx
;;    28  jmp 0x48
;;    2a  mov r11, rbx
;;    2d  mov r10, r11
;;    30  shr r11, 1
;;    34  and r10d, 1
;;    38  or r11, r10
;;    3b  xorps xmm0, xmm0
;;    3f  cvtsi2sd xmm0, r11
;;    44  addsd xmm0, xmm0
;;    48  mov rbx, [rbp-0x10]
;;    4c  leave
;;    4d  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  cvtsd2ss xmm0, xmm5
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movaps xmm5, xmm0
;;    1e  movd eax, xmm5
;;    22  movsd xmm5, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov rbx, rax
;;    1a  movq xmm0, rbx
;;    1f  mov rbx, [rbp-0x10]
;;    23  leave
;;    24  ret
