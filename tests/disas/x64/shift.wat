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
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov ecx, r12d
;;    25  mov eax, ebx
;;    27  shl eax, cl
;;    29  lea rsp, [rbp-0x18]
;;    2d  pop r12
;;    2f  pop rbx
;;    30  leave
;;    31  ret
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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  shr eax, 3
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov rcx, r12
;;    25  mov rax, rbx
;;    28  rol rax, cl
;;    2b  lea rsp, [rbp-0x18]
;;    2f  pop r12
;;    31  pop rbx
;;    32  leave
;;    33  ret
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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  mov rbx, [rbp-0x10]
;;    23  leave
;;    24  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov eax, ebx
;;    29  imul eax, r12d
;;    2d  mov ecx, r12d
;;    30  imul ecx, r13d
;;    34  shl eax, cl
;;    36  lea rsp, [rbp-0x20]
;;    3a  pop r13
;;    3c  pop r12
;;    3e  pop rbx
;;    3f  leave
;;    40  ret
