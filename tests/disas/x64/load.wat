;; Loads: the address is one operand, the guard checks the bounds; large offsets and constant addresses.
(module (memory 1)
  (func (param i32) (result i32) (i32.load (local.get 0)))
  (func (param i32) (result i32) (i32.load8_s offset=100 (local.get 0)))
  (func (param i32) (result i64) (i64.load16_u offset=70000 (local.get 0)))
  (func (param i32) (result i64) (i64.load32_s (local.get 0)))
  (func (param i32) (result f64) (f64.load (i32.add (local.get 0) (i32.const 8))))
  (func (result i32) (i32.load offset=4 (i32.const 1024)))
  (func (param i32) (result i32) (i32.load offset=0xffffffff (local.get 0)))
  (func (result i32) (i32.load offset=0xffffffff (i32.const -1))))

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
;;    16  mov eax, [rdi+rbx]
;;    19  mov rbx, [rbp-0x10]
;;    1d  leave
;;    1e  ret
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
;;    16  movsx eax, byte ptr [rdi+rbx+0x64]
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
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
;;    16  movzx eax, word ptr [rdi+rbx+0x11170]
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    16  movsxd rax, [rdi+rbx]
;;    1a  mov rbx, [rbp-0x10]
;;    1e  leave
;;    1f  ret
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
;;    16  lea eax, [rbx+8]
;;    19  movsd xmm0, [rdi+rax]
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov eax, [rdi+0x404]
;;    19  leave
;;    1a  ret
;;
;; function 6
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
;;    16  mov r11d, 0xFFFFFFFF
;;    1c  add r11, rbx
;;    1f  mov eax, [rdi+r11]
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov r11, 0x1FFFFFFFE
;;    1d  mov eax, [rdi+r11]
;;    21  leave
;;    22  ret
