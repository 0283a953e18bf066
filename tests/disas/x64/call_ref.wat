;; Calls through typed references: no comparison of types, one of null where null is possible.
(module
  (type $f (func (param i32) (result i32)))
  (table 4 (ref null $f))
  (func (param (ref $f)) (result i32) (call_ref $f (i32.const 5) (local.get 0)))
  (func (param (ref null $f)) (result i32) (call_ref $f (i32.const 5) (local.get 0)))
  (func (param i32) (result i32) (call_ref $f (i32.const 5) (table.get 0 (local.get 0))))
  (func (param i32 (ref null $f)) (result i32) (return_call_ref $f (local.get 0) (local.get 1)))
  ;; Null is a branch: with nothing, and with what the label takes.
  (func (param (ref null $f)) (result i32)
    (block (return (call_ref $f (i32.const 1) (br_on_null 0 (local.get 0)))))
    (i32.const -1))
  (func (param (ref null $f) i32) (result i32)
    (block (result i32)
      (call_ref $f (br_on_null 0 (local.get 1) (local.get 0)))))
  (func (param (ref null $f)) (result i32)
    (block (result (ref $f)) (br_on_non_null 0 (local.get 0)) (return (i32.const -1)))
    (ref.is_null))
  (func (param (ref null $f)) (result (ref $f)) (ref.as_non_null (local.get 0))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov r10, [rbp-0x10]
;;    21  mov eax, 5
;;    26  mov r14, [r10+8]
;;    2a  mov rdi, [r14+0x10]
;;    2e  call qword ptr [r10]
;;    31  mov r14, [rbp-8]
;;    35  mov rdi, [r14+0x10]
;;    39  leave
;;    3a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov r10, [rbp-0x10]
;;    21  mov eax, 5
;;    26  mov r14, [r10+8]
;;    2a  mov rdi, [r14+0x10]
;;    2e  call qword ptr [r10]
;;    31  mov r14, [rbp-8]
;;    35  mov rdi, [r14+0x10]
;;    39  leave
;;    3a  ret
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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  mov r11, [r14+0x30]
;;    22  cmp rax, [r11+8]
;;    26  jae trap 3
;;    2c  mov r11, [r11]
;;    2f  lea r10, [r11+rax*8]
;;    33  mov rax, [r10]
;;    36  mov r10, rax
;;    39  mov eax, 5
;;    3e  mov r14, [r10+8]
;;    42  mov rdi, [r14+0x10]
;;    46  call qword ptr [r10]
;;    49  mov r14, [rbp-8]
;;    4d  mov rdi, [r14+0x10]
;;    51  mov rbx, [rbp-0x10]
;;    55  leave
;;    56  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov [rbp-0x18], rcx
;;    21  mov r10, [rbp-0x18]
;;    25  test r10, r10
;;    28  je trap 11
;;    2e  mov eax, ebx
;;    30  cmp r14, [r10+8]
;;    34  jne 0x42
;;    3a  mov rbx, [rbp-0x10]
;;    3e  leave
;;    3f  jmp qword ptr [r10]
;;    42  mov rbx, [rbp-0x10]
;;    46  mov r11, [r10]
;;    49  mov r10, [r10+8]
;;    4d  mov r14, [r14+8]
;;    51  push 0
;;    56  jmp qword ptr [r14+0x60]
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  test rax, rax
;;    24  je 0x4A
;;    2a  mov r10, rax
;;    2d  mov eax, 1
;;    32  mov r14, [r10+8]
;;    36  mov rdi, [r14+0x10]
;;    3a  call qword ptr [r10]
;;    3d  mov r14, [rbp-8]
;;    41  mov rdi, [r14+0x10]
;;    45  jmp 0x4F
;;    4a  mov eax, 0xFFFFFFFF
;;    4f  leave
;;    50  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov r11, [rbp-0x18]
;;    25  mov [rbp-0x28], r11
;;    29  cmp qword ptr [rbp-0x28], 0
;;    2e  mov eax, ebx
;;    30  je 0x4D
;;    36  mov r10, [rbp-0x28]
;;    3a  mov r14, [r10+8]
;;    3e  mov rdi, [r14+0x10]
;;    42  call qword ptr [r10]
;;    45  mov r14, [rbp-8]
;;    49  mov rdi, [r14+0x10]
;;    4d  mov rbx, [rbp-0x10]
;;    51  leave
;;    52  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  test rax, rax
;;    24  jne 0x34
;;    2a  mov eax, 0xFFFFFFFF
;;    2f  jmp 0x3D
;;    34  test rax, rax
;;    37  sete al
;;    3a  movzx eax, al
;;    3d  leave
;;    3e  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  test rax, rax
;;    24  je trap 11
;;    2a  leave
;;    2b  ret
