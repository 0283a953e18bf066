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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov ecx, esi
;;    21  mov eax, ebx
;;    23  shl eax, cl
;;    25  lea rsp, [rbp-0x18]
;;    29  pop rsi
;;    2a  pop rbx
;;    2b  leave
;;    2c  ret
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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  shr eax, 3
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    21  mov rcx, rsi
;;    24  mov rax, rbx
;;    27  rol rax, cl
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
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov rax, rbx
;;    20  ror rax, 0x20
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
;;    1c  mov eax, ebx
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    1d  mov ebx, eax
;;    1f  mov esi, ecx
;;    21  mov r15d, edx
;;    24  mov eax, ebx
;;    26  imul eax, esi
;;    29  mov ecx, esi
;;    2b  imul ecx, r15d
;;    2f  shl eax, cl
;;    31  lea rsp, [rbp-0x20]
;;    35  pop r15
;;    37  pop rsi
;;    38  pop rbx
;;    39  leave
;;    3a  ret
