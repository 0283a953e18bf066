;; Shifts and rotates: counts in cl, constant counts, counts that are computed.
(module
  (func (param i32 i32) (result i32) (i32.shl (local.get 0) (local.get 1)))
  (func (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 35)))
  (func (param i64 i64) (result i64) (i64.rotl (local.get 0) (local.get 1)))
  (func (param i64) (result i64) (i64.rotr (local.get 0) (i64.const 32)))
  (func (param i32) (result i32) (i32.shr_s (local.get 0) (i32.const 32)))
  (func (param i32 i32 i32) (result i32)
    (i32.shl (i32.mul (local.get 0) (local.get 1)) (i32.mul (local.get 1) (local.get 2)))))

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
;;    19  mov ecx, esi
;;    1b  mov eax, ebx
;;    1d  shl eax, cl
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
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  shr eax, 3
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
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
;;    1b  mov rcx, rsi
;;    1e  mov rax, rbx
;;    21  rol rax, cl
;;    24  lea rsp, [rbp-0x18]
;;    28  pop rsi
;;    29  pop rbx
;;    2a  leave
;;    2b  ret
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
;;    14  mov rbx, rax
;;    17  mov rax, rbx
;;    1a  ror rax, 0x20
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
;;    18  mov rbx, [rbp-0x10]
;;    1c  leave
;;    1d  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov esi, ecx
;;    1b  mov r15d, edx
;;    1e  mov eax, ebx
;;    20  imul eax, esi
;;    23  mov ecx, esi
;;    25  imul ecx, r15d
;;    29  shl eax, cl
;;    2b  lea rsp, [rbp-0x20]
;;    2f  pop r15
;;    31  pop rsi
;;    32  pop rbx
;;    33  leave
;;    34  ret
