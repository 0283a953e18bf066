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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov rax, [rbp-0x10]
;;    1b  cmp rax, 1
;;    1f  jb 0x30
;;    25  mov r11d, eax
;;    28  and r11d, 1
;;    2c  cmp r11d, 1
;;    30  sete cl
;;    33  movzx ecx, cl
;;    36  test rax, rax
;;    39  jbe 0x4A
;;    3f  mov r11d, eax
;;    42  and r11d, 3
;;    46  cmp r11d, 2
;;    4a  setne dl
;;    4d  movzx edx, dl
;;    50  test rax, rax
;;    53  jbe 0x75
;;    59  mov r11d, eax
;;    5c  shl r11d, 0x1E
;;    60  cmp r11d, 1
;;    64  jae 0x75
;;    6a  mov r10d, [rdi+rax]
;;    6e  shr r10d, 0x1F
;;    72  test r10d, r10d
;;    75  sete r8b
;;    79  movzx r8d, r8b
;;    7d  test rax, rax
;;    80  sete r9b
;;    84  movzx r9d, r9b
;;    88  add r8d, r9d
;;    8b  add edx, r8d
;;    8e  add ecx, edx
;;    90  mov eax, ecx
;;    92  leave
;;    93  ret
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
;;    17  mov rax, [rbp-0x10]
;;    1b  mov r11d, eax
;;    1e  shl r11d, 0x1E
;;    22  test r11d, r11d
;;    25  jne trap 16
;;    27  stc
;;    28  mov r10d, [rdi+rax]
;;    2c  cmp r10d, [r14+0x54]
;;    30  jne trap 16
;;    32  stc
;;    33  leave
;;    34  ret
;;
;; function 2
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
;;    1b  mov r10d, [rdi+rax]
;;    1f  cmp r10d, [r14+0x54]
;;    23  je 0x33
;;    29  mov eax, 0xFFFFFFFF
;;    2e  jmp 0x37
;;    33  mov eax, [rdi+rax+8]
;;    37  leave
;;    38  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov [rbp-0x18], rcx
;;    1b  mov rax, [rbp-0x10]
;;    1f  test rax, rax
;;    22  jbe 0x5A
;;    28  mov r11d, eax
;;    2b  shl r11d, 0x1E
;;    2f  test r11d, r11d
;;    32  jne trap 16
;;    34  stc
;;    35  mov r10d, [rdi+rax]
;;    39  mov r11d, [r14+0x50]
;;    3d  cmp r10d, r11d
;;    40  je 0x5A
;;    46  mov rcx, [r14+0x38]
;;    4a  shl r10d, 5
;;    4e  add r10, rcx
;;    51  mov r10d, [r10]
;;    54  cmp r10d, r11d
;;    57  jne trap 16
;;    59  stc
;;    5a  mov rax, [rbp-0x10]
;;    5e  cmp rax, [rbp-0x18]
;;    62  sete cl
;;    65  movzx ecx, cl
;;    68  mov eax, ecx
;;    6a  leave
;;    6b  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov [rbp-0x18], rax
;;    18  mov rbx, rcx
;;    1b  mov rax, [rbp-0x18]
;;    1f  test rax, rax
;;    22  je trap 16
;;    24  stc
;;    25  mov r10d, [rax+0x10]
;;    29  mov r11d, [r14+0x58]
;;    2d  cmp r10d, r11d
;;    30  je 0x4F
;;    36  shl r11, 0x20
;;    3a  or r10, r11
;;    3d  mov r11, [r14+8]
;;    41  call qword ptr [r11+0xF0]
;;    48  cmp r10d, 1
;;    4c  jne trap 16
;;    4e  stc
;;    4f  mov eax, ebx
;;    51  mov r11, [r14+0x40]
;;    55  cmp rax, [r11+8]
;;    59  jae trap 3
;;    5b  clc
;;    5c  mov r11, [r11]
;;    5f  lea r10, [r11+rax*8]
;;    63  mov rax, [r10]
;;    66  mov r10d, [rax+0x10]
;;    6a  mov r11d, [r14+0x58]
;;    6e  cmp r10d, r11d
;;    71  je 0x90
;;    77  shl r11, 0x20
;;    7b  or r10, r11
;;    7e  mov r11, [r14+8]
;;    82  call qword ptr [r11+0xF0]
;;    89  cmp r10d, 1
;;    8d  jne trap 5
;;    8f  clc
;;    90  mov r10, rax
;;    93  mov eax, 5
;;    98  mov r14, [r10+8]
;;    9c  mov rdi, [r14+0x10]
;;    a0  call qword ptr [r10]
;;    a3  mov r14, [rbp-8]
;;    a7  mov rdi, [r14+0x10]
;;    ab  mov rbx, [rbp-0x10]
;;    af  leave
;;    b0  ret
