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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  xorps xmm0, xmm0
;;    1a  cvtsi2sd xmm0, ebx
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  xorps xmm0, xmm0
;;    1a  cvtsi2ss xmm0, rbx
;;    1f  mov rbx, [rbp-0x10]
;;    23  leave
;;    24  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  test rbx, rbx
;;    1a  js 0x27
;;    1c  xorps xmm0, xmm0
;;    20  cvtsi2sd xmm0, rbx
;;    25  jmp 0x45
;;    27  mov r11, rbx
;;    2a  mov r10, r11
;;    2d  shr r11, 1
;;    31  and r10d, 1
;;    35  or r11, r10
;;    38  xorps xmm0, xmm0
;;    3c  cvtsi2sd xmm0, r11
;;    41  addsd xmm0, xmm0
;;    45  mov rbx, [rbp-0x10]
;;    49  leave
;;    4a  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  cvtsd2ss xmm0, xmm5
;;    1f  movsd xmm5, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movaps xmm5, xmm0
;;    1b  movd eax, xmm5
;;    1f  movsd xmm5, [rbp-0x10]
;;    24  leave
;;    25  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  movq xmm0, rbx
;;    1c  mov rbx, [rbp-0x10]
;;    20  leave
;;    21  ret
