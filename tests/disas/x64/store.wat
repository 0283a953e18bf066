;; Stores, of registers and constants.
(module (memory 1)
  (func (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (param i32 i32) (i32.store8 offset=3 (local.get 0) (local.get 1)))
  (func (param i32) (i32.store16 (local.get 0) (i32.const -1)))
  (func (param i32) (i64.store (local.get 0) (i64.const -5)))
  (func (param i32) (f32.store (local.get 0) (f32.const 1)))
  (func (param i32) (f64.store (local.get 0) (f64.const 1)))
  (func (param i32 f64) (f64.store offset=16 (local.get 0) (local.get 1))))

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
;;    19  mov [rdi+rbx], esi
;;    1c  lea rsp, [rbp-0x18]
;;    20  pop rsi
;;    21  pop rbx
;;    22  leave
;;    23  ret
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
;;    19  mov [rdi+rbx+3], sil
;;    1e  lea rsp, [rbp-0x18]
;;    22  pop rsi
;;    23  pop rbx
;;    24  leave
;;    25  ret
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
;;    14  mov ebx, eax
;;    16  mov word ptr [rdi+rbx], 0xFFFF
;;    1c  mov rbx, [rbp-0x10]
;;    20  leave
;;    21  ret
;;
;; function 3
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
;;    16  mov qword ptr [rdi+rbx], 0xFFFFFFFFFFFFFFFB
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
;;
;; function 4
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
;;    16  mov dword ptr [rdi+rbx], 0x3F800000
;;    1d  mov rbx, [rbp-0x10]
;;    21  leave
;;    22  ret
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
;;    14  mov ebx, eax
;;    16  movsd xmm0, [0x30]
;;    1e  movsd [rdi+rbx], xmm0
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 6
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
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movsd [rdi+rbx+0x10], xmm5
;;    25  movsd xmm5, [rbp-0x18]
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
