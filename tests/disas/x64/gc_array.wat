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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov [rbp-0x18], rax
;;    18  mov rbx, rcx
;;    1b  mov rax, [rbp-0x18]
;;    1f  lea r10, [rdi+rax]
;;    23  cmp ebx, [r10+4]
;;    27  jae trap 15
;;    29  stc
;;    2a  mov byte ptr [r10+rbx+8], 0x41
;;    30  mov ecx, 1
;;    35  lea r10, [rdi+rax]
;;    39  cmp ecx, [r10+4]
;;    3d  jae trap 15
;;    3f  stc
;;    40  movzx edx, byte ptr [r10+rcx+8]
;;    46  mov ecx, [rdi+rax+4]
;;    4a  add edx, ecx
;;    4c  mov eax, edx
;;    4e  mov rbx, [rbp-0x10]
;;    52  leave
;;    53  ret
;;
;; function 1
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
;;    1b  mov rax, [rbp-0x18]
;;    1f  lea r10, [rdi+rax]
;;    23  cmp ebx, [r10+4]
;;    27  jae trap 15
;;    29  stc
;;    2a  mov r11, rbx
;;    2d  shl r11, 2
;;    31  mov ecx, [r10+r11+8]
;;    36  mov edx, 0
;;    3b  lea r10, [rdi+rax]
;;    3f  cmp edx, [r10+4]
;;    43  jae trap 15
;;    45  stc
;;    46  mov r11, rdx
;;    49  shl r11, 2
;;    4d  mov [r10+r11+8], ecx
;;    52  mov r11d, edx
;;    55  shl r11d, 2
;;    59  add r11d, eax
;;    5c  shr r11d, 9
;;    60  mov byte ptr [rdi+r11-0x800000], 0
;;    69  mov ecx, ebx
;;    6b  shl ecx, 1
;;    6d  or ecx, 1
;;    70  mov [rbp-0x28], rcx
;;    74  mov r10, [r14]
;;    77  mov rax, [r10+0x40]
;;    7b  lea rcx, [rax+0x10]
;;    7f  cmp rcx, [r10+0x48]
;;    83  ja 0xCE
;;    89  mov [r10+0x40], rcx
;;    8d  lea r10, [rdi+rax]
;;    91  mov r11d, [r14+0x44]
;;    95  mov [r10], r11
;;    98  mov dword ptr [r10+4], 2
;;    a0  mov ecx, [rbp-0x18]
;;    a3  mov [r10+8], ecx
;;    a7  mov ecx, [rbp-0x28]
;;    aa  mov [r10+0xC], ecx
;;    ae  lea r10, [rdi+rax]
;;    b2  cmp ebx, [r10+4]
;;    b6  jae trap 15
;;    b8  stc
;;    b9  mov r11, rbx
;;    bc  shl r11, 2
;;    c0  mov ecx, [r10+r11+8]
;;    c5  mov rax, rcx
;;    c8  mov rbx, [rbp-0x10]
;;    cc  leave
;;    cd  ret
;;    ce  mov eax, 1
;;    d3  mov edx, 0x10
;;    d8  mov r11, [r14+8]
;;    dc  call qword ptr [r11+0x78]
;;    e0  mov r10, [r14]
;;    e3  mov rcx, [r10+0x40]
;;    e7  jmp 0x89
;; references at the call that returns to 0xe0: fp-0x28, fp-0x18
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  xor r11d, r11d
;;    19  mov [rbp-0x18], r11
;;    1d  mov qword ptr [rbp-0x20], 1
;;    25  mov [rbp-0x28], rbx
;;    29  xor eax, eax
;;    2b  xor edx, edx
;;    2d  lea rcx, [rbp-0x20]
;;    31  mov r8d, 8
;;    37  mov r11, [r14+8]
;;    3b  call qword ptr [r11+0xA8]
;;    42  mov [rbp-0x18], rax
;;    46  mov edx, ebx
;;    48  mov [rbp-0x30], rbx
;;    4c  cmp edx, 0x100
;;    52  ja 0x6E
;;    58  mov r10, [r14]
;;    5b  mov rax, [r10+0x40]
;;    5f  lea rcx, [rdx+0xF]
;;    63  and rcx, 0xFFFFFFFFFFFFFFF8
;;    67  add rcx, rax
;;    6a  cmp rcx, [r10+0x48]
;;    6e  ja 0xE3
;;    74  mov [r10+0x40], rcx
;;    78  add rcx, rdi
;;    7b  lea r10, [rdi+rax]
;;    7f  mov r11d, 0
;;    85  sub rcx, 8
;;    89  mov [rcx], r11
;;    8c  cmp rcx, r10
;;    8f  ja 0x85
;;    91  mov r11d, [r14+0x40]
;;    95  mov [r10], r11d
;;    98  mov [r10+4], edx
;;    9c  mov r11, [rbp-0x18]
;;    a0  mov [rbp-0x20], r11
;;    a4  mov qword ptr [rbp-0x28], 0
;;    ac  mov [rbp-0x30], rax
;;    b0  mov qword ptr [rbp-0x38], 1
;;    b8  mov qword ptr [rbp-0x40], 2
;;    c0  xor eax, eax
;;    c2  xor edx, edx
;;    c4  lea rcx, [rbp-0x20]
;;    c8  mov r8d, 8
;;    ce  mov r11, [r14+8]
;;    d2  call qword ptr [r11+0xD8]
;;    d9  mov rax, [rbp-0x18]
;;    dd  mov rbx, [rbp-0x10]
;;    e1  leave
;;    e2  ret
;;    e3  xor eax, eax
;;    e5  xor edx, edx
;;    e7  lea rcx, [rbp-0x30]
;;    eb  mov r8d, 8
;;    f1  mov r11, [r14+8]
;;    f5  call qword ptr [r11+0xB0]
;;    fc  jmp 0x9C
;; references at the call that returns to 0x42: fp-0x18
;; references at the call that returns to 0xd9: fp-0x30, fp-0x20, fp-0x18
;; references at the call that returns to 0xfc: fp-0x18
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  mov eax, 2
;;    1c  mov rcx, [rbp-0x10]
;;    20  lea r10, [rdi+rcx]
;;    24  cmp eax, [r10+4]
;;    28  jae trap 15
;;    2a  stc
;;    2b  mov r11, rax
;;    2e  shl r11, 4
;;    32  movups xmm0, [r10+r11+8]
;;    38  leave
;;    39  ret
;;
;; function 4
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
;;    16  mov r10, [r14]
;;    19  mov rax, [r10+0x40]
;;    1d  lea rcx, [rax+0x10]
;;    21  cmp rcx, [r10+0x48]
;;    25  ja 0x5A
;;    2b  mov [r10+0x40], rcx
;;    2f  lea r10, [rdi+rax]
;;    33  mov r11d, [r14+0x40]
;;    37  mov [r10], r11
;;    3a  mov dword ptr [r10+4], 3
;;    42  mov ecx, ebx
;;    44  mov [r10+8], cl
;;    48  mov ecx, ebx
;;    4a  mov [r10+9], cl
;;    4e  mov ecx, ebx
;;    50  mov [r10+0xA], cl
;;    54  mov rbx, [rbp-0x10]
;;    58  leave
;;    59  ret
;;    5a  xor eax, eax
;;    5c  mov edx, 0x10
;;    61  mov r11, [r14+8]
;;    65  call qword ptr [r11+0x78]
;;    69  mov r10, [r14]
;;    6c  mov rcx, [r10+0x40]
;;    70  jmp 0x2B
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  lea eax, [rbx+1]
;;    19  mov edx, eax
;;    1b  mov [rbp-0x20], rax
;;    1f  cmp edx, 0x40
;;    22  ja 0x45
;;    28  mov r10, [r14]
;;    2b  mov rax, [r10+0x40]
;;    2f  mov rcx, rdx
;;    32  shl rcx, 2
;;    36  add rcx, 0xF
;;    3a  and rcx, 0xFFFFFFFFFFFFFFF8
;;    3e  add rcx, rax
;;    41  cmp rcx, [r10+0x48]
;;    45  ja 0x79
;;    4b  mov [r10+0x40], rcx
;;    4f  add rcx, rdi
;;    52  lea r10, [rdi+rax]
;;    56  mov r11d, 0
;;    5c  sub rcx, 8
;;    60  mov [rcx], r11
;;    63  cmp rcx, r10
;;    66  ja 0x5C
;;    68  mov r11d, [r14+0x44]
;;    6c  mov [r10], r11d
;;    6f  mov [r10+4], edx
;;    73  mov rbx, [rbp-0x10]
;;    77  leave
;;    78  ret
;;    79  mov eax, 0x5000001
;;    7e  xor edx, edx
;;    80  lea rcx, [rbp-0x20]
;;    84  mov r8d, 8
;;    8a  mov r11, [r14+8]
;;    8e  call qword ptr [r11+0xB0]
;;    95  jmp 0x73
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
;;    13  mov r10, [r14]
;;    16  mov rax, [r10+0x40]
;;    1a  lea rcx, [rax+0x18]
;;    1e  cmp rcx, [r10+0x48]
;;    22  ja 0x4F
;;    28  mov [r10+0x40], rcx
;;    2c  lea r10, [rdi+rax]
;;    30  mov r11d, [r14+0x40]
;;    34  mov [r10], r11
;;    37  mov dword ptr [r10+4], 9
;;    3f  mov r11d, 0
;;    45  mov [r10+8], r11
;;    49  mov [r10+0x10], r11
;;    4d  leave
;;    4e  ret
;;    4f  xor eax, eax
;;    51  mov edx, 0x18
;;    56  mov r11, [r14+8]
;;    5a  call qword ptr [r11+0x78]
;;    5e  mov r10, [r14]
;;    61  mov rcx, [r10+0x40]
;;    65  jmp 0x28
