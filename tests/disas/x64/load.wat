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
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, [rdi+rbx]
;;    1c  mov rbx, [rbp-0x10]
;;    20  leave
;;    21  ret
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
;;    19  movsx eax, byte ptr [rdi+rbx+0x64]
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    19  movzx eax, word ptr [rdi+rbx+0x11170]
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    19  movsxd rax, [rdi+rbx]
;;    1d  mov rbx, [rbp-0x10]
;;    21  leave
;;    22  ret
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
;;    19  lea eax, [rbx+8]
;;    1c  movsd xmm0, [rdi+rax]
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov eax, [rdi+0x404]
;;    1c  leave
;;    1d  ret
;;
;; function 6
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
;;    19  mov r11d, 0xFFFFFFFF
;;    1f  add r11, rbx
;;    22  mov eax, [rdi+r11]
;;    26  mov rbx, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov r11, 0x1FFFFFFFE
;;    20  mov eax, [rdi+r11]
;;    24  leave
;;    25  ret
