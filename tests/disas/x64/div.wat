;; Divisions: zero and overflow trap, the remainder by -1 is 0.
(module
  (func (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (param i32 i32) (result i32) (i32.rem_s (local.get 0) (local.get 1)))
  (func (param i64 i64) (result i64) (i64.div_u (local.get 0) (local.get 1)))
  (func (param i64 i64) (result i64) (i64.rem_u (local.get 0) (local.get 1))))

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
;;    1c  mov eax, ebx
;;    1e  test esi, esi
;;    20  je trap 7
;;    22  js 0x24
;;    24  cmp esi, 0xFFFFFFFF
;;    27  jne 0x32
;;    29  mov r11d, eax
;;    2c  neg r11d
;;    2f  jo trap 6
;;    31  clc
;;    32  cdq
;;    33  idiv esi
;;    35  lea rsp, [rbp-0x18]
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
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
;;    1e  test esi, esi
;;    20  je trap 7
;;    22  js 0x24
;;    24  xor edx, edx
;;    26  cmp esi, 0xFFFFFFFF
;;    29  je 0x2E
;;    2b  cdq
;;    2c  idiv esi
;;    2e  mov eax, edx
;;    30  lea rsp, [rbp-0x18]
;;    34  pop rsi
;;    35  pop rbx
;;    36  leave
;;    37  ret
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
;;    18  mov rbx, rax
;;    1b  mov rsi, rcx
;;    1e  mov rax, rbx
;;    21  test rsi, rsi
;;    24  je trap 7
;;    26  js 0x28
;;    28  xor edx, edx
;;    2a  div rsi
;;    2d  lea rsp, [rbp-0x18]
;;    31  pop rsi
;;    32  pop rbx
;;    33  leave
;;    34  ret
;;
;; function 3
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
;;    18  mov rbx, rax
;;    1b  mov rsi, rcx
;;    1e  mov rax, rbx
;;    21  test rsi, rsi
;;    24  je trap 7
;;    26  js 0x28
;;    28  xor edx, edx
;;    2a  div rsi
;;    2d  mov rax, rdx
;;    30  lea rsp, [rbp-0x18]
;;    34  pop rsi
;;    35  pop rbx
;;    36  leave
;;    37  ret
