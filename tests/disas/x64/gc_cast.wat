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
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  cmp rax, 1
;;    25  jb 0x36
;;    2b  mov r11d, eax
;;    2e  and r11d, 1
;;    32  cmp r11d, 1
;;    36  sete cl
;;    39  movzx ecx, cl
;;    3c  test rax, rax
;;    3f  jbe 0x50
;;    45  mov r11d, eax
;;    48  and r11d, 3
;;    4c  cmp r11d, 2
;;    50  setne dl
;;    53  movzx edx, dl
;;    56  test rax, rax
;;    59  jbe 0x7B
;;    5f  mov r11d, eax
;;    62  shl r11d, 0x1E
;;    66  cmp r11d, 1
;;    6a  jae 0x7B
;;    70  mov r10d, [rdi+rax]
;;    74  shr r10d, 0x1F
;;    78  test r10d, r10d
;;    7b  sete r8b
;;    7f  movzx r8d, r8b
;;    83  test rax, rax
;;    86  sete r9b
;;    8a  movzx r9d, r9b
;;    8e  add r8d, r9d
;;    91  add edx, r8d
;;    94  add ecx, edx
;;    96  mov eax, ecx
;;    98  leave
;;    99  ret
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
;;    1d  mov rax, [rbp-0x10]
;;    21  test rax, rax
;;    24  je trap 16
;;    2a  mov r11d, eax
;;    2d  shl r11d, 0x1E
;;    31  test r11d, r11d
;;    34  jne trap 16
;;    3a  mov r10d, [rdi+rax]
;;    3e  mov r11, [r14+0x20]
;;    42  cmp r10d, [r11+4]
;;    46  jne trap 16
;;    4c  leave
;;    4d  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  mov r10d, [rdi+rax]
;;    25  mov r11, [r14+0x20]
;;    29  cmp r10d, [r11+4]
;;    2d  je 0x3D
;;    33  mov eax, 0xFFFFFFFF
;;    38  jmp 0x41
;;    3d  mov eax, [rdi+rax+8]
;;    41  leave
;;    42  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov [rbp-0x18], rcx
;;    21  mov rax, [rbp-0x10]
;;    25  test rax, rax
;;    28  jbe 0x69
;;    2e  mov r11d, eax
;;    31  shl r11d, 0x1E
;;    35  test r11d, r11d
;;    38  jne trap 16
;;    3e  mov r10d, [rdi+rax]
;;    42  mov r11, [r14+0x20]
;;    46  mov r11d, [r11]
;;    49  cmp r10d, r11d
;;    4c  je 0x69
;;    52  mov rcx, [r14+0x38]
;;    56  shl r10d, 5
;;    5a  add r10, rcx
;;    5d  mov r10d, [r10]
;;    60  cmp r10d, r11d
;;    63  jne trap 16
;;    69  mov rax, [rbp-0x10]
;;    6d  cmp rax, [rbp-0x18]
;;    71  sete cl
;;    74  movzx ecx, cl
;;    77  mov eax, ecx
;;    79  leave
;;    7a  ret
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
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov rax, [rbp-0x18]
;;    25  test rax, rax
;;    28  je trap 16
;;    2e  mov r10d, [rax+0x10]
;;    32  mov r11, [r14+0x20]
;;    36  mov r11d, [r11+8]
;;    3a  cmp r10d, r11d
;;    3d  je 0x5F
;;    43  shl r11, 0x20
;;    47  or r10, r11
;;    4a  mov r11, [r14+8]
;;    4e  call qword ptr [r11+0xF0]
;;    55  cmp r10d, 1
;;    59  jne trap 16
;;    5f  mov eax, ebx
;;    61  mov r11, [r14+0x40]
;;    65  cmp rax, [r11+8]
;;    69  jae trap 3
;;    6f  mov r11, [r11]
;;    72  lea r10, [r11+rax*8]
;;    76  mov rax, [r10]
;;    79  mov r10d, [rax+0x10]
;;    7d  mov r11, [r14+0x20]
;;    81  mov r11d, [r11+8]
;;    85  cmp r10d, r11d
;;    88  je 0xAA
;;    8e  shl r11, 0x20
;;    92  or r10, r11
;;    95  mov r11, [r14+8]
;;    99  call qword ptr [r11+0xF0]
;;    a0  cmp r10d, 1
;;    a4  jne trap 5
;;    aa  mov r10, rax
;;    ad  mov eax, 5
;;    b2  mov r14, [r10+8]
;;    b6  mov rdi, [r14+0x10]
;;    ba  call qword ptr [r10]
;;    bd  mov r14, [rbp-8]
;;    c1  mov rdi, [r14+0x10]
;;    c5  mov rbx, [rbp-0x10]
;;    c9  leave
;;    ca  ret
