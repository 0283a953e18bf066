;; Tests and casts: by bits, by the type's number, and by asking the runtime where there are subtypes.
(module
  (type $open (sub (struct)))
  (type $final (sub final $open (struct (field i32))))
  (type $f (sub (func (param i32) (result i32))))
  (table $t 1 (ref null $f))
  (func (param anyref) (result i32)
    (i32.add (ref.test (ref i31) (local.get 0))
      (i32.add (ref.test (ref eq) (local.get 0)) (i32.add (ref.test structref (local.get 0)) (ref.test nullref (local.get 0))))))
  (func (param anyref) (result (ref $final)) (ref.cast (ref $final) (local.get 0)))
  (func (param (ref $open)) (result i32)
    (block $l (result (ref $final))
      (drop (br_on_cast $l (ref $open) (ref $final) (local.get 0)))
      (return (i32.const -1)))
    (struct.get $final 0))
  (func (param eqref eqref) (result i32) (drop (ref.cast (ref null $open) (local.get 0))) (ref.eq (local.get 0) (local.get 1)))
  (func (param funcref i32) (result i32)
    (drop (ref.cast (ref $f) (local.get 0)))
    (call_indirect $t (type $f) (i32.const 5) (local.get 1))))

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
;;    1a  mov rax, [rbp-0x10]
;;    1e  cmp rax, 1
;;    22  jb 0x33
;;    28  mov r11d, eax
;;    2b  and r11d, 1
;;    2f  cmp r11d, 1
;;    33  sete cl
;;    36  movzx ecx, cl
;;    39  test rax, rax
;;    3c  jbe 0x4D
;;    42  mov r11d, eax
;;    45  and r11d, 3
;;    49  cmp r11d, 2
;;    4d  setne dl
;;    50  movzx edx, dl
;;    53  test rax, rax
;;    56  jbe 0x78
;;    5c  mov r11d, eax
;;    5f  shl r11d, 0x1E
;;    63  cmp r11d, 1
;;    67  jae 0x78
;;    6d  mov r10d, [rdi+rax]
;;    71  shr r10d, 0x1F
;;    75  test r10d, r10d
;;    78  sete r8b
;;    7c  movzx r8d, r8b
;;    80  test rax, rax
;;    83  sete r9b
;;    87  movzx r9d, r9b
;;    8b  add r8d, r9d
;;    8e  add edx, r8d
;;    91  add ecx, edx
;;    93  mov eax, ecx
;;    95  leave
;;    96  ret
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
;;    1a  mov rax, [rbp-0x10]
;;    1e  mov r11d, eax
;;    21  shl r11d, 0x1E
;;    25  test r11d, r11d
;;    28  jne trap 16
;;    2a  stc
;;    2b  mov r10d, [rdi+rax]
;;    2f  cmp r10d, [r14+0x54]
;;    33  jne trap 16
;;    35  stc
;;    36  leave
;;    37  ret
;;
;; function 2
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
;;    1e  mov r10d, [rdi+rax]
;;    22  cmp r10d, [r14+0x54]
;;    26  je 0x36
;;    2c  mov eax, 0xFFFFFFFF
;;    31  jmp 0x3A
;;    36  mov eax, [rdi+rax+8]
;;    3a  leave
;;    3b  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov [rbp-0x18], rcx
;;    1e  mov rax, [rbp-0x10]
;;    22  test rax, rax
;;    25  jbe 0x5D
;;    2b  mov r11d, eax
;;    2e  shl r11d, 0x1E
;;    32  test r11d, r11d
;;    35  jne trap 16
;;    37  stc
;;    38  mov r10d, [rdi+rax]
;;    3c  mov r11d, [r14+0x50]
;;    40  cmp r10d, r11d
;;    43  je 0x5D
;;    49  mov rcx, [r14+0x38]
;;    4d  shl r10d, 5
;;    51  add r10, rcx
;;    54  mov r10d, [r10]
;;    57  cmp r10d, r11d
;;    5a  jne trap 16
;;    5c  stc
;;    5d  mov rax, [rbp-0x10]
;;    61  cmp rax, [rbp-0x18]
;;    65  sete cl
;;    68  movzx ecx, cl
;;    6b  mov eax, ecx
;;    6d  leave
;;    6e  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov [rbp-0x18], rax
;;    1b  mov rbx, rcx
;;    1e  mov rax, [rbp-0x18]
;;    22  test rax, rax
;;    25  je trap 16
;;    27  stc
;;    28  mov r10d, [rax+0x10]
;;    2c  mov r11d, [r14+0x58]
;;    30  cmp r10d, r11d
;;    33  je 0x52
;;    39  shl r11, 0x20
;;    3d  or r10, r11
;;    40  mov r11, [r14+8]
;;    44  call qword ptr [r11+0xF0]
;;    4b  cmp r10d, 1
;;    4f  jne trap 16
;;    51  stc
;;    52  mov eax, ebx
;;    54  mov r11, [r14+0x40]
;;    58  cmp rax, [r11+8]
;;    5c  jae trap 3
;;    5e  clc
;;    5f  mov r11, [r11]
;;    62  lea r10, [r11+rax*8]
;;    66  mov rax, [r10]
;;    69  mov r10d, [rax+0x10]
;;    6d  mov r11d, [r14+0x58]
;;    71  cmp r10d, r11d
;;    74  je 0x93
;;    7a  shl r11, 0x20
;;    7e  or r10, r11
;;    81  mov r11, [r14+8]
;;    85  call qword ptr [r11+0xF0]
;;    8c  cmp r10d, 1
;;    90  jne trap 5
;;    92  clc
;;    93  mov r10, rax
;;    96  mov eax, 5
;;    9b  mov r14, [r10+8]
;;    9f  mov rdi, [r14+0x10]
;;    a3  call qword ptr [r10]
;;    a6  mov r14, [rbp-8]
;;    aa  mov rdi, [r14+0x10]
;;    ae  mov rbx, [rbp-0x10]
;;    b2  leave
;;    b3  ret
