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
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  mov eax, ebx
;;    1b  test esi, esi
;;    1d  je trap 7
;;    1f  js 0x21
;;    21  cmp esi, 0xFFFFFFFF
;;    24  jne 0x2F
;;    26  mov r11d, eax
;;    29  neg r11d
;;    2c  jo trap 6
;;    2e  clc
;;    2f  cdq
;;    30  idiv esi
;;    32  lea rsp, [rbp-0x18]
;;    36  pop rsi
;;    37  pop rbx
;;    38  leave
;;    39  ret
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
;;    1b  test esi, esi
;;    1d  je trap 7
;;    1f  js 0x21
;;    21  xor edx, edx
;;    23  cmp esi, 0xFFFFFFFF
;;    26  je 0x2B
;;    28  cdq
;;    29  idiv esi
;;    2b  mov eax, edx
;;    2d  lea rsp, [rbp-0x18]
;;    31  pop rsi
;;    32  pop rbx
;;    33  leave
;;    34  ret
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
;;    15  mov rbx, rax
;;    18  mov rsi, rcx
;;    1b  mov rax, rbx
;;    1e  test rsi, rsi
;;    21  je trap 7
;;    23  js 0x25
;;    25  xor edx, edx
;;    27  div rsi
;;    2a  lea rsp, [rbp-0x18]
;;    2e  pop rsi
;;    2f  pop rbx
;;    30  leave
;;    31  ret
;;
;; function 3
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
;;    15  mov rbx, rax
;;    18  mov rsi, rcx
;;    1b  mov rax, rbx
;;    1e  test rsi, rsi
;;    21  je trap 7
;;    23  js 0x25
;;    25  xor edx, edx
;;    27  div rsi
;;    2a  mov rax, rdx
;;    2d  lea rsp, [rbp-0x18]
;;    31  pop rsi
;;    32  pop rbx
;;    33  leave
;;    34  ret
