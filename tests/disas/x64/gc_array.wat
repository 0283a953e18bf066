;; Arrays: elements in place, all else by the runtime, with operands in home slots.
(module
  (type $bytes (array (mut i8)))
  (type $refs (array (mut anyref)))
  (type $vectors (array (mut v128)))
  (func (param $a (ref $bytes)) (param $i i32) (result i32)
    (array.set $bytes (local.get $a) (local.get $i) (i32.const 65))
    (i32.add (array.get_u $bytes (local.get $a) (i32.const 1)) (array.len (local.get $a))))
  (func (param $a (ref null $refs)) (param $i i32) (result anyref)
    (array.set $refs (local.get $a) (i32.const 0) (array.get $refs (local.get $a) (local.get $i)))
    (array.get $refs (array.new_fixed $refs 2 (local.get $a) (ref.i31 (local.get $i))) (local.get $i)))
  (func (param $n i32) (result (ref $bytes)) (local $b (ref $bytes))
    (local.set $b (array.new $bytes (i32.const 1) (local.get $n)))
    (array.copy $bytes $bytes (local.get $b) (i32.const 0) (array.new_default $bytes (local.get $n)) (i32.const 1) (i32.const 2))
    (local.get $b))
  (func (param $a (ref $vectors)) (result v128) (array.get $vectors (local.get $a) (i32.const 2)))
  (func (param i32) (result (ref $bytes)) (array.new $bytes (local.get 0) (i32.const 3)))
  (func (param $n i32) (result (ref $refs)) (array.new $refs (ref.null any) (i32.add (local.get $n) (i32.const 1))))
  (func (result (ref $bytes)) (array.new_default $bytes (i32.const 9))))

;; x86-64
;;
;; function 0
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
;;    22  lea r10, [rdi+rax]
;;    26  cmp ebx, [r10+4]
;;    2a  jae trap 15
;;    2c  stc
;;    2d  mov byte ptr [r10+rbx+8], 0x41
;;    33  mov ecx, 1
;;    38  lea r10, [rdi+rax]
;;    3c  cmp ecx, [r10+4]
;;    40  jae trap 15
;;    42  stc
;;    43  movzx edx, byte ptr [r10+rcx+8]
;;    49  mov ecx, [rdi+rax+4]
;;    4d  add edx, ecx
;;    4f  mov eax, edx
;;    51  mov rbx, [rbp-0x10]
;;    55  leave
;;    56  ret
;;
;; function 1
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
;;    1e  mov rax, [rbp-0x18]
;;    22  lea r10, [rdi+rax]
;;    26  cmp ebx, [r10+4]
;;    2a  jae trap 15
;;    2c  stc
;;    2d  mov r11, rbx
;;    30  shl r11, 2
;;    34  mov ecx, [r10+r11+8]
;;    39  mov edx, 0
;;    3e  lea r10, [rdi+rax]
;;    42  cmp edx, [r10+4]
;;    46  jae trap 15
;;    48  stc
;;    49  mov r11, rdx
;;    4c  shl r11, 2
;;    50  mov [r10+r11+8], ecx
;;    55  mov r11d, edx
;;    58  shl r11d, 2
;;    5c  add r11d, eax
;;    5f  shr r11d, 9
;;    63  mov byte ptr [rdi+r11-0x800000], 0
;;    6c  mov ecx, ebx
;;    6e  shl ecx, 1
;;    70  or ecx, 1
;;    73  mov [rbp-0x28], rcx
;;    77  mov r10, [r14]
;;    7a  mov rax, [r10+0x40]
;;    7e  lea rcx, [rax+0x10]
;;    82  cmp rcx, [r10+0x48]
;;    86  ja 0xD1
;;    8c  mov [r10+0x40], rcx
;;    90  lea r10, [rdi+rax]
;;    94  mov r11d, [r14+0x44]
;;    98  mov [r10], r11
;;    9b  mov dword ptr [r10+4], 2
;;    a3  mov ecx, [rbp-0x18]
;;    a6  mov [r10+8], ecx
;;    aa  mov ecx, [rbp-0x28]
;;    ad  mov [r10+0xC], ecx
;;    b1  lea r10, [rdi+rax]
;;    b5  cmp ebx, [r10+4]
;;    b9  jae trap 15
;;    bb  stc
;;    bc  mov r11, rbx
;;    bf  shl r11, 2
;;    c3  mov ecx, [r10+r11+8]
;;    c8  mov rax, rcx
;;    cb  mov rbx, [rbp-0x10]
;;    cf  leave
;;    d0  ret
;;    d1  mov eax, 1
;;    d6  mov edx, 0x10
;;    db  mov r11, [r14+8]
;;    df  call qword ptr [r11+0x78]
;;    e3  mov r10, [r14]
;;    e6  mov rcx, [r10+0x40]
;;    ea  jmp 0x8C
;; references at the call that returns to 0xe3: fp-0x28, fp-0x18
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  xor r11d, r11d
;;    1c  mov [rbp-0x18], r11
;;    20  mov qword ptr [rbp-0x20], 1
;;    28  mov [rbp-0x28], rbx
;;    2c  xor eax, eax
;;    2e  xor edx, edx
;;    30  lea rcx, [rbp-0x20]
;;    34  mov r8d, 8
;;    3a  mov r11, [r14+8]
;;    3e  call qword ptr [r11+0xA8]
;;    45  mov [rbp-0x18], rax
;;    49  mov edx, ebx
;;    4b  mov [rbp-0x30], rbx
;;    4f  cmp edx, 0x100
;;    55  ja 0x71
;;    5b  mov r10, [r14]
;;    5e  mov rax, [r10+0x40]
;;    62  lea rcx, [rdx+0xF]
;;    66  and rcx, 0xFFFFFFFFFFFFFFF8
;;    6a  add rcx, rax
;;    6d  cmp rcx, [r10+0x48]
;;    71  ja 0xE6
;;    77  mov [r10+0x40], rcx
;;    7b  add rcx, rdi
;;    7e  lea r10, [rdi+rax]
;;    82  mov r11d, 0
;;    88  sub rcx, 8
;;    8c  mov [rcx], r11
;;    8f  cmp rcx, r10
;;    92  ja 0x88
;;    94  mov r11d, [r14+0x40]
;;    98  mov [r10], r11d
;;    9b  mov [r10+4], edx
;;    9f  mov r11, [rbp-0x18]
;;    a3  mov [rbp-0x20], r11
;;    a7  mov qword ptr [rbp-0x28], 0
;;    af  mov [rbp-0x30], rax
;;    b3  mov qword ptr [rbp-0x38], 1
;;    bb  mov qword ptr [rbp-0x40], 2
;;    c3  xor eax, eax
;;    c5  xor edx, edx
;;    c7  lea rcx, [rbp-0x20]
;;    cb  mov r8d, 8
;;    d1  mov r11, [r14+8]
;;    d5  call qword ptr [r11+0xD8]
;;    dc  mov rax, [rbp-0x18]
;;    e0  mov rbx, [rbp-0x10]
;;    e4  leave
;;    e5  ret
;;    e6  xor eax, eax
;;    e8  xor edx, edx
;;    ea  lea rcx, [rbp-0x30]
;;    ee  mov r8d, 8
;;    f4  mov r11, [r14+8]
;;    f8  call qword ptr [r11+0xB0]
;;    ff  jmp 0x9F
;; references at the call that returns to 0x45: fp-0x18
;; references at the call that returns to 0xdc: fp-0x30, fp-0x20, fp-0x18
;; references at the call that returns to 0xff: fp-0x18
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov eax, 2
;;    1f  mov rcx, [rbp-0x10]
;;    23  lea r10, [rdi+rcx]
;;    27  cmp eax, [r10+4]
;;    2b  jae trap 15
;;    2d  stc
;;    2e  mov r11, rax
;;    31  shl r11, 4
;;    35  movups xmm0, [r10+r11+8]
;;    3b  leave
;;    3c  ret
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
;;    19  mov r10, [r14]
;;    1c  mov rax, [r10+0x40]
;;    20  lea rcx, [rax+0x10]
;;    24  cmp rcx, [r10+0x48]
;;    28  ja 0x5D
;;    2e  mov [r10+0x40], rcx
;;    32  lea r10, [rdi+rax]
;;    36  mov r11d, [r14+0x40]
;;    3a  mov [r10], r11
;;    3d  mov dword ptr [r10+4], 3
;;    45  mov ecx, ebx
;;    47  mov [r10+8], cl
;;    4b  mov ecx, ebx
;;    4d  mov [r10+9], cl
;;    51  mov ecx, ebx
;;    53  mov [r10+0xA], cl
;;    57  mov rbx, [rbp-0x10]
;;    5b  leave
;;    5c  ret
;;    5d  xor eax, eax
;;    5f  mov edx, 0x10
;;    64  mov r11, [r14+8]
;;    68  call qword ptr [r11+0x78]
;;    6c  mov r10, [r14]
;;    6f  mov rcx, [r10+0x40]
;;    73  jmp 0x2E
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  lea eax, [rbx+1]
;;    1c  mov edx, eax
;;    1e  mov [rbp-0x20], rax
;;    22  cmp edx, 0x40
;;    25  ja 0x48
;;    2b  mov r10, [r14]
;;    2e  mov rax, [r10+0x40]
;;    32  mov rcx, rdx
;;    35  shl rcx, 2
;;    39  add rcx, 0xF
;;    3d  and rcx, 0xFFFFFFFFFFFFFFF8
;;    41  add rcx, rax
;;    44  cmp rcx, [r10+0x48]
;;    48  ja 0x7C
;;    4e  mov [r10+0x40], rcx
;;    52  add rcx, rdi
;;    55  lea r10, [rdi+rax]
;;    59  mov r11d, 0
;;    5f  sub rcx, 8
;;    63  mov [rcx], r11
;;    66  cmp rcx, r10
;;    69  ja 0x5F
;;    6b  mov r11d, [r14+0x44]
;;    6f  mov [r10], r11d
;;    72  mov [r10+4], edx
;;    76  mov rbx, [rbp-0x10]
;;    7a  leave
;;    7b  ret
;;    7c  mov eax, 0x5000001
;;    81  xor edx, edx
;;    83  lea rcx, [rbp-0x20]
;;    87  mov r8d, 8
;;    8d  mov r11, [r14+8]
;;    91  call qword ptr [r11+0xB0]
;;    98  jmp 0x76
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
;;    16  mov r10, [r14]
;;    19  mov rax, [r10+0x40]
;;    1d  lea rcx, [rax+0x18]
;;    21  cmp rcx, [r10+0x48]
;;    25  ja 0x52
;;    2b  mov [r10+0x40], rcx
;;    2f  lea r10, [rdi+rax]
;;    33  mov r11d, [r14+0x40]
;;    37  mov [r10], r11
;;    3a  mov dword ptr [r10+4], 9
;;    42  mov r11d, 0
;;    48  mov [r10+8], r11
;;    4c  mov [r10+0x10], r11
;;    50  leave
;;    51  ret
;;    52  xor eax, eax
;;    54  mov edx, 0x18
;;    59  mov r11, [r14+8]
;;    5d  call qword ptr [r11+0x78]
;;    61  mov r10, [r14]
;;    64  mov rcx, [r10+0x40]
;;    68  jmp 0x2B
