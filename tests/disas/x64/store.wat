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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  mov [rdi+rbx], esi
;;    1f  lea rsp, [rbp-0x18]
;;    23  pop rsi
;;    24  pop rbx
;;    25  leave
;;    26  ret
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
;;    1c  mov [rdi+rbx+3], sil
;;    21  lea rsp, [rbp-0x18]
;;    25  pop rsi
;;    26  pop rbx
;;    27  leave
;;    28  ret
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
;;    17  mov ebx, eax
;;    19  mov word ptr [rdi+rbx], 0xFFFF
;;    1f  mov rbx, [rbp-0x10]
;;    23  leave
;;    24  ret
;;
;; function 3
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
;;    19  mov qword ptr [rdi+rbx], 0xFFFFFFFFFFFFFFFB
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 4
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
;;    19  mov dword ptr [rdi+rbx], 0x3F800000
;;    20  mov rbx, [rbp-0x10]
;;    24  leave
;;    25  ret
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
;;    17  mov ebx, eax
;;    19  movsd xmm0, [0x30]
;;    21  movsd [rdi+rbx], xmm0
;;    26  mov rbx, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 6
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
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movsd [rdi+rbx+0x10], xmm5
;;    28  movsd xmm5, [rbp-0x18]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
