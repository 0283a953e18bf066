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
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov r10, [rbp-0x10]
;;    1e  mov eax, 5
;;    23  mov r14, [r10+8]
;;    27  mov rdi, [r14+0x10]
;;    2b  call qword ptr [r10]
;;    2e  mov r14, [rbp-8]
;;    32  mov rdi, [r14+0x10]
;;    36  leave
;;    37  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov r10, [rbp-0x10]
;;    1e  mov eax, 5
;;    23  mov r14, [r10+8]
;;    27  mov rdi, [r14+0x10]
;;    2b  call qword ptr [r10]
;;    2e  mov r14, [rbp-8]
;;    32  mov rdi, [r14+0x10]
;;    36  leave
;;    37  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  mov r11, [r14+0x30]
;;    1f  cmp rax, [r11+8]
;;    23  jae trap 3
;;    25  clc
;;    26  mov r11, [r11]
;;    29  lea r10, [r11+rax*8]
;;    2d  mov rax, [r10]
;;    30  mov r10, rax
;;    33  mov eax, 5
;;    38  mov r14, [r10+8]
;;    3c  mov rdi, [r14+0x10]
;;    40  call qword ptr [r10]
;;    43  mov r14, [rbp-8]
;;    47  mov rdi, [r14+0x10]
;;    4b  mov rbx, [rbp-0x10]
;;    4f  leave
;;    50  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov [rbp-0x18], rcx
;;    1e  mov r10, [rbp-0x18]
;;    22  test r10, r10
;;    25  je trap 11
;;    27  clc
;;    28  mov eax, ebx
;;    2a  cmp r14, [r10+8]
;;    2e  jne 0x3C
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  jmp qword ptr [r10]
;;    3c  mov rbx, [rbp-0x10]
;;    40  mov r11, [r10]
;;    43  mov r10, [r10+8]
;;    47  mov r14, [r14+8]
;;    4b  push 0
;;    50  jmp qword ptr [r14+0x60]
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov rax, [rbp-0x10]
;;    1e  test rax, rax
;;    21  je 0x47
;;    27  mov r10, rax
;;    2a  mov eax, 1
;;    2f  mov r14, [r10+8]
;;    33  mov rdi, [r14+0x10]
;;    37  call qword ptr [r10]
;;    3a  mov r14, [rbp-8]
;;    3e  mov rdi, [r14+0x10]
;;    42  jmp 0x4C
;;    47  mov eax, 0xFFFFFFFF
;;    4c  leave
;;    4d  ret
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
;;    16  clc
;;    17  mov [rbp-0x18], rax
;;    1b  mov rbx, rcx
;;    1e  mov r11, [rbp-0x18]
;;    22  mov [rbp-0x28], r11
;;    26  cmp qword ptr [rbp-0x28], 0
;;    2b  mov eax, ebx
;;    2d  je 0x4A
;;    33  mov r10, [rbp-0x28]
;;    37  mov r14, [r10+8]
;;    3b  mov rdi, [r14+0x10]
;;    3f  call qword ptr [r10]
;;    42  mov r14, [rbp-8]
;;    46  mov rdi, [r14+0x10]
;;    4a  mov rbx, [rbp-0x10]
;;    4e  leave
;;    4f  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov rax, [rbp-0x10]
;;    1e  test rax, rax
;;    21  jne 0x31
;;    27  mov eax, 0xFFFFFFFF
;;    2c  jmp 0x3A
;;    31  test rax, rax
;;    34  sete al
;;    37  movzx eax, al
;;    3a  leave
;;    3b  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov rax, [rbp-0x10]
;;    1e  test rax, rax
;;    21  je trap 11
;;    23  clc
;;    24  leave
;;    25  ret
