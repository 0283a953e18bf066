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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov eax, ebx
;;    21  test esi, esi
;;    23  je trap 7
;;    29  cmp esi, 0xFFFFFFFF
;;    2c  jne 0x3A
;;    2e  mov r11d, eax
;;    31  neg r11d
;;    34  jo trap 6
;;    3a  cdq
;;    3b  idiv esi
;;    3d  lea rsp, [rbp-0x18]
;;    41  pop rsi
;;    42  pop rbx
;;    43  leave
;;    44  ret
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
;;    1f  mov eax, ebx
;;    21  test esi, esi
;;    23  je trap 7
;;    29  xor edx, edx
;;    2b  cmp esi, 0xFFFFFFFF
;;    2e  je 0x33
;;    30  cdq
;;    31  idiv esi
;;    33  mov eax, edx
;;    35  lea rsp, [rbp-0x18]
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
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
;;    1b  mov rbx, rax
;;    1e  mov rsi, rcx
;;    21  mov rax, rbx
;;    24  test rsi, rsi
;;    27  je trap 7
;;    2d  xor edx, edx
;;    2f  div rsi
;;    32  lea rsp, [rbp-0x18]
;;    36  pop rsi
;;    37  pop rbx
;;    38  leave
;;    39  ret
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
;;    1b  mov rbx, rax
;;    1e  mov rsi, rcx
;;    21  mov rax, rbx
;;    24  test rsi, rsi
;;    27  je trap 7
;;    2d  xor edx, edx
;;    2f  div rsi
;;    32  mov rax, rdx
;;    35  lea rsp, [rbp-0x18]
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
