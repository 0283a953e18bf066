;; Two-operand integer operators, 32 bits: registers, immediates on either side.
(module
  (func (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32) (i32.mul (local.get 0) (local.get 1)))
  (func (param i32) (result i32) (i32.and (local.get 0) (i32.const 255)))
  (func (param i32) (result i32) (i32.or (i32.const 0x12345) (local.get 0)))
  (func (param i32) (result i32) (i32.sub (i32.const 7) (local.get 0)))
  (func (param i32) (result i32) (i32.mul (local.get 0) (i32.const 1000))))

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
;;    19  lea eax, [rbx+rsi]
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
;;    19  mov eax, ebx
;;    1b  sub eax, esi
;;    1d  lea rsp, [rbp-0x18]
;;    21  pop rsi
;;    22  pop rbx
;;    23  leave
;;    24  ret
;;
;; function 2
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
;;    19  mov eax, ebx
;;    1b  imul eax, esi
;;    1e  lea rsp, [rbp-0x18]
;;    22  pop rsi
;;    23  pop rbx
;;    24  leave
;;    25  ret
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
;;    16  mov eax, ebx
;;    18  and eax, 0xFF
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
;;    16  mov eax, ebx
;;    18  or eax, 0x12345
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    16  mov eax, 7
;;    1b  sub eax, ebx
;;    1d  mov rbx, [rbp-0x10]
;;    21  leave
;;    22  ret
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
;;    16  imul eax, ebx, 0x3E8
;;    1c  mov rbx, [rbp-0x10]
;;    20  leave
;;    21  ret
