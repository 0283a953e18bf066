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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  mov ecx, esi
;;    1e  mov eax, ebx
;;    20  shl eax, cl
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
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  shr eax, 3
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    1e  mov rcx, rsi
;;    21  mov rax, rbx
;;    24  rol rax, cl
;;    27  lea rsp, [rbp-0x18]
;;    2b  pop rsi
;;    2c  pop rbx
;;    2d  leave
;;    2e  ret
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
;;    17  mov rbx, rax
;;    1a  mov rax, rbx
;;    1d  ror rax, 0x20
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
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov esi, ecx
;;    1e  mov r15d, edx
;;    21  mov eax, ebx
;;    23  imul eax, esi
;;    26  mov ecx, esi
;;    28  imul ecx, r15d
;;    2c  shl eax, cl
;;    2e  lea rsp, [rbp-0x20]
;;    32  pop r15
;;    34  pop rsi
;;    35  pop rbx
;;    36  leave
;;    37  ret
