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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  lea eax, [rbx+rsi]
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
;;    1c  mov eax, ebx
;;    1e  sub eax, esi
;;    20  lea rsp, [rbp-0x18]
;;    24  pop rsi
;;    25  pop rbx
;;    26  leave
;;    27  ret
;;
;; function 2
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
;;    1c  mov eax, ebx
;;    1e  imul eax, esi
;;    21  lea rsp, [rbp-0x18]
;;    25  pop rsi
;;    26  pop rbx
;;    27  leave
;;    28  ret
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
;;    19  mov eax, ebx
;;    1b  and eax, 0xFF
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
;;    19  mov eax, ebx
;;    1b  or eax, 0x12345
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    19  mov eax, 7
;;    1e  sub eax, ebx
;;    20  mov rbx, [rbp-0x10]
;;    24  leave
;;    25  ret
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
;;    19  imul eax, ebx, 0x3E8
;;    1f  mov rbx, [rbp-0x10]
;;    23  leave
;;    24  ret
