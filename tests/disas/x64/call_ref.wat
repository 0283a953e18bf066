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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov r10, [rbp-0x10]
;;    1b  mov eax, 5
;;    20  mov r14, [r10+8]
;;    24  mov rdi, [r14+0x10]
;;    28  call qword ptr [r10]
;;    2b  mov r14, [rbp-8]
;;    2f  mov rdi, [r14+0x10]
;;    33  leave
;;    34  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov r10, [rbp-0x10]
;;    1b  mov eax, 5
;;    20  mov r14, [r10+8]
;;    24  mov rdi, [r14+0x10]
;;    28  call qword ptr [r10]
;;    2b  mov r14, [rbp-8]
;;    2f  mov rdi, [r14+0x10]
;;    33  leave
;;    34  ret
;;
;; function 2
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
;;    18  mov r11, [r14+0x30]
;;    1c  cmp rax, [r11+8]
;;    20  jae trap 3
;;    22  clc
;;    23  mov r11, [r11]
;;    26  lea r10, [r11+rax*8]
;;    2a  mov rax, [r10]
;;    2d  mov r10, rax
;;    30  mov eax, 5
;;    35  mov r14, [r10+8]
;;    39  mov rdi, [r14+0x10]
;;    3d  call qword ptr [r10]
;;    40  mov r14, [rbp-8]
;;    44  mov rdi, [r14+0x10]
;;    48  mov rbx, [rbp-0x10]
;;    4c  leave
;;    4d  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov [rbp-0x18], rcx
;;    1b  mov r10, [rbp-0x18]
;;    1f  test r10, r10
;;    22  je trap 11
;;    24  clc
;;    25  mov eax, ebx
;;    27  cmp r14, [r10+8]
;;    2b  jne 0x39
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  jmp qword ptr [r10]
;;    39  mov rbx, [rbp-0x10]
;;    3d  mov r11, [r10]
;;    40  mov r10, [r10+8]
;;    44  mov r14, [r14+8]
;;    48  push 0
;;    4d  jmp qword ptr [r14+0x60]
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov rax, [rbp-0x10]
;;    1b  test rax, rax
;;    1e  je 0x44
;;    24  mov r10, rax
;;    27  mov eax, 1
;;    2c  mov r14, [r10+8]
;;    30  mov rdi, [r14+0x10]
;;    34  call qword ptr [r10]
;;    37  mov r14, [rbp-8]
;;    3b  mov rdi, [r14+0x10]
;;    3f  jmp 0x49
;;    44  mov eax, 0xFFFFFFFF
;;    49  leave
;;    4a  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov [rbp-0x18], rax
;;    18  mov rbx, rcx
;;    1b  mov r11, [rbp-0x18]
;;    1f  mov [rbp-0x28], r11
;;    23  cmp qword ptr [rbp-0x28], 0
;;    28  mov eax, ebx
;;    2a  je 0x47
;;    30  mov r10, [rbp-0x28]
;;    34  mov r14, [r10+8]
;;    38  mov rdi, [r14+0x10]
;;    3c  call qword ptr [r10]
;;    3f  mov r14, [rbp-8]
;;    43  mov rdi, [r14+0x10]
;;    47  mov rbx, [rbp-0x10]
;;    4b  leave
;;    4c  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov rax, [rbp-0x10]
;;    1b  test rax, rax
;;    1e  jne 0x2E
;;    24  mov eax, 0xFFFFFFFF
;;    29  jmp 0x37
;;    2e  test rax, rax
;;    31  sete al
;;    34  movzx eax, al
;;    37  leave
;;    38  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov rax, [rbp-0x10]
;;    1b  test rax, rax
;;    1e  je trap 11
;;    20  clc
;;    21  leave
;;    22  ret
