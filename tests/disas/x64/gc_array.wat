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
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov rax, [rbp-0x18]
;;    25  lea r10, [rdi+rax]
;;    29  cmp ebx, [r10+4]
;;    2d  jae trap 15
;;    33  mov byte ptr [r10+rbx+8], 0x41
;;    39  mov ecx, 1
;;    3e  lea r10, [rdi+rax]
;;    42  cmp ecx, [r10+4]
;;    46  jae trap 15
;;    4c  movzx edx, byte ptr [r10+rcx+8]
;;    52  mov ecx, [rdi+rax+4]
;;    56  add edx, ecx
;;    58  mov eax, edx
;;    5a  mov rbx, [rbp-0x10]
;;    5e  leave
;;    5f  ret
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
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov rax, [rbp-0x18]
;;    25  lea r10, [rdi+rax]
;;    29  cmp ebx, [r10+4]
;;    2d  jae trap 15
;;    33  mov r11, rbx
;;    36  shl r11, 2
;;    3a  mov ecx, [r10+r11+8]
;;    3f  mov edx, 0
;;    44  lea r10, [rdi+rax]
;;    48  cmp edx, [r10+4]
;;    4c  jae trap 15
;;    52  mov r11, rdx
;;    55  shl r11, 2
;;    59  mov [r10+r11+8], ecx
;;    5e  mov r11d, edx
;;    61  shl r11d, 2
;;    65  add r11d, eax
;;    68  shr r11d, 9
;;    6c  mov byte ptr [rdi+r11-0x800000], 0
;;    75  mov ecx, ebx
;;    77  shl ecx, 1
;;    79  or ecx, 1
;;    7c  mov [rbp-0x28], rcx
;;    80  mov r10, [r14]
;;    83  mov rax, [r10+0x40]
;;    87  lea rcx, [rax+0x10]
;;    8b  cmp rcx, [r10+0x48]
;;    8f  ja 0xE3
;;    95  mov [r10+0x40], rcx
;;    99  lea r10, [rdi+rax]
;;    9d  mov r11, [r14+0x20]
;;    a1  mov r11d, [r11+4]
;;    a5  mov [r10], r11
;;    a8  mov dword ptr [r10+4], 2
;;    b0  mov rcx, [rbp-0x18]
;;    b4  mov [r10+8], ecx
;;    b8  mov rcx, [rbp-0x28]
;;    bc  mov [r10+0xC], ecx
;;    c0  lea r10, [rdi+rax]
;;    c4  cmp ebx, [r10+4]
;;    c8  jae trap 15
;;    ce  mov r11, rbx
;;    d1  shl r11, 2
;;    d5  mov ecx, [r10+r11+8]
;;    da  mov rax, rcx
;;    dd  mov rbx, [rbp-0x10]
;;    e1  leave
;;    e2  ret
;;    e3  mov eax, 1
;;    e8  mov edx, 0x10
;;    ed  mov r11, [r14+8]
;;    f1  call qword ptr [r11+0x98]
;;    f8  mov r10, [r14]
;;    fb  mov rcx, [r10+0x40]
;;    ff  jmp 0x95
;; references at the call that returns to 0xf8: fp-0x28, fp-0x18
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
;;    1a  mov ebx, eax
;;    1c  xor r11d, r11d
;;    1f  mov [rbp-0x18], r11
;;    23  mov qword ptr [rbp-0x20], 1
;;    2b  mov [rbp-0x28], rbx
;;    2f  xor eax, eax
;;    31  xor edx, edx
;;    33  lea rcx, [rbp-0x20]
;;    37  mov r8d, 8
;;    3d  mov r11, [r14+8]
;;    41  call qword ptr [r11+0xA8]
;;    48  mov [rbp-0x18], rax
;;    4c  mov edx, ebx
;;    4e  mov [rbp-0x30], rbx
;;    52  cmp edx, 0x100
;;    58  ja 0x74
;;    5e  mov r10, [r14]
;;    61  mov rax, [r10+0x40]
;;    65  lea rcx, [rdx+0xF]
;;    69  and rcx, 0xFFFFFFFFFFFFFFF8
;;    6d  add rcx, rax
;;    70  cmp rcx, [r10+0x48]
;;    74  ja 0xEC
;;    7a  mov [r10+0x40], rcx
;;    7e  add rcx, rdi
;;    81  lea r10, [rdi+rax]
;;    85  mov r11d, 0
;;    8b  sub rcx, 8
;;    8f  mov [rcx], r11
;;    92  cmp rcx, r10
;;    95  ja 0x8B
;;    97  mov r11, [r14+0x20]
;;    9b  mov r11d, [r11]
;;    9e  mov [r10], r11d
;;    a1  mov [r10+4], edx
;;    a5  mov r11, [rbp-0x18]
;;    a9  mov [rbp-0x20], r11
;;    ad  mov qword ptr [rbp-0x28], 0
;;    b5  mov [rbp-0x30], rax
;;    b9  mov qword ptr [rbp-0x38], 1
;;    c1  mov qword ptr [rbp-0x40], 2
;;    c9  xor eax, eax
;;    cb  xor edx, edx
;;    cd  lea rcx, [rbp-0x20]
;;    d1  mov r8d, 8
;;    d7  mov r11, [r14+8]
;;    db  call qword ptr [r11+0xD8]
;;    e2  mov rax, [rbp-0x18]
;;    e6  mov rbx, [rbp-0x10]
;;    ea  leave
;;    eb  ret
;;    ec  xor eax, eax
;;    ee  xor edx, edx
;;    f0  lea rcx, [rbp-0x30]
;;    f4  mov r8d, 8
;;    fa  mov r11, [r14+8]
;;    fe  call qword ptr [r11+0xB0]
;;   105  jmp 0xA5
;; references at the call that returns to 0x48: fp-0x18
;; references at the call that returns to 0xe2: fp-0x30, fp-0x20, fp-0x18
;; references at the call that returns to 0x105: fp-0x18
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  mov eax, 2
;;    22  mov rcx, [rbp-0x10]
;;    26  lea r10, [rdi+rcx]
;;    2a  cmp eax, [r10+4]
;;    2e  jae trap 15
;;    34  mov r11, rax
;;    37  shl r11, 4
;;    3b  movups xmm0, [r10+r11+8]
;;    41  leave
;;    42  ret
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
;;    1c  mov r10, [r14]
;;    1f  mov rax, [r10+0x40]
;;    23  lea rcx, [rax+0x10]
;;    27  cmp rcx, [r10+0x48]
;;    2b  ja 0x63
;;    31  mov [r10+0x40], rcx
;;    35  lea r10, [rdi+rax]
;;    39  mov r11, [r14+0x20]
;;    3d  mov r11d, [r11]
;;    40  mov [r10], r11
;;    43  mov dword ptr [r10+4], 3
;;    4b  mov ecx, ebx
;;    4d  mov [r10+8], cl
;;    51  mov ecx, ebx
;;    53  mov [r10+9], cl
;;    57  mov ecx, ebx
;;    59  mov [r10+0xA], cl
;;    5d  mov rbx, [rbp-0x10]
;;    61  leave
;;    62  ret
;;    63  xor eax, eax
;;    65  mov edx, 0x10
;;    6a  mov r11, [r14+8]
;;    6e  call qword ptr [r11+0x98]
;;    75  mov r10, [r14]
;;    78  mov rcx, [r10+0x40]
;;    7c  jmp 0x31
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
;;    1a  mov ebx, eax
;;    1c  lea eax, [rbx+1]
;;    1f  mov edx, eax
;;    21  mov [rbp-0x20], rax
;;    25  cmp edx, 0x40
;;    28  ja 0x4B
;;    2e  mov r10, [r14]
;;    31  mov rax, [r10+0x40]
;;    35  mov rcx, rdx
;;    38  shl rcx, 2
;;    3c  add rcx, 0xF
;;    40  and rcx, 0xFFFFFFFFFFFFFFF8
;;    44  add rcx, rax
;;    47  cmp rcx, [r10+0x48]
;;    4b  ja 0x83
;;    51  mov [r10+0x40], rcx
;;    55  add rcx, rdi
;;    58  lea r10, [rdi+rax]
;;    5c  mov r11d, 0
;;    62  sub rcx, 8
;;    66  mov [rcx], r11
;;    69  cmp rcx, r10
;;    6c  ja 0x62
;;    6e  mov r11, [r14+0x20]
;;    72  mov r11d, [r11+4]
;;    76  mov [r10], r11d
;;    79  mov [r10+4], edx
;;    7d  mov rbx, [rbp-0x10]
;;    81  leave
;;    82  ret
;;    83  mov eax, 0x5000001
;;    88  xor edx, edx
;;    8a  lea rcx, [rbp-0x20]
;;    8e  mov r8d, 8
;;    94  mov r11, [r14+8]
;;    98  call qword ptr [r11+0xB0]
;;    9f  jmp 0x7D
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov r10, [r14]
;;    1c  mov rax, [r10+0x40]
;;    20  lea rcx, [rax+0x18]
;;    24  cmp rcx, [r10+0x48]
;;    28  ja 0x58
;;    2e  mov [r10+0x40], rcx
;;    32  lea r10, [rdi+rax]
;;    36  mov r11, [r14+0x20]
;;    3a  mov r11d, [r11]
;;    3d  mov [r10], r11
;;    40  mov dword ptr [r10+4], 9
;;    48  mov r11d, 0
;;    4e  mov [r10+8], r11
;;    52  mov [r10+0x10], r11
;;    56  leave
;;    57  ret
;;    58  xor eax, eax
;;    5a  mov edx, 0x18
;;    5f  mov r11, [r14+8]
;;    63  call qword ptr [r11+0x98]
;;    6a  mov r10, [r14]
;;    6d  mov rcx, [r10+0x40]
;;    71  jmp 0x2E
