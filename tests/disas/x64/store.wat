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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov [rdi+rbx], esi
;;    22  lea rsp, [rbp-0x18]
;;    26  pop rsi
;;    27  pop rbx
;;    28  leave
;;    29  ret
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
;;    1f  mov [rdi+rbx+3], sil
;;    24  lea rsp, [rbp-0x18]
;;    28  pop rsi
;;    29  pop rbx
;;    2a  leave
;;    2b  ret
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
;;    1a  mov ebx, eax
;;    1c  mov word ptr [rdi+rbx], 0xFFFF
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
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
;;    1a  mov ebx, eax
;;    1c  mov qword ptr [rdi+rbx], 0xFFFFFFFFFFFFFFFB
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
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
;;    1a  mov ebx, eax
;;    1c  mov dword ptr [rdi+rbx], 0x3F800000
;;    23  mov rbx, [rbp-0x10]
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
;;    1a  mov ebx, eax
;;    1c  movsd xmm0, [0x30]
;;    24  movsd [rdi+rbx], xmm0
;;    29  mov rbx, [rbp-0x10]
;;    2d  leave
;;    2e  ret
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
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movsd [rdi+rbx+0x10], xmm5
;;    2b  movsd xmm5, [rbp-0x18]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
