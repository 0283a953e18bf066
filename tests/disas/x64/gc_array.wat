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
;;    14  jb 0x61
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov rax, [rbp-0x18]
;;    25  lea r10, [r15+rax]
;;    29  cmp ebx, [r10+4]
;;    2d  jae 0x64
;;    33  mov byte ptr [r10+rbx+8], 0x41
;;    39  mov ecx, 1
;;    3e  lea r10, [r15+rax]
;;    42  cmp ecx, [r10+4]
;;    46  jae 0x67
;;    4c  movzx edx, byte ptr [r10+rcx+8]
;;    52  mov ecx, [r15+rax+4]
;;    57  add edx, ecx
;;    59  mov eax, edx
;;    5b  mov rbx, [rbp-0x10]
;;    5f  leave
;;    60  ret
;;    61  ud2
;;    63  trap 9
;;    64  ud2
;;    66  trap 15
;;    67  ud2
;;    69  trap 15
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0xE6
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov rax, [rbp-0x18]
;;    25  lea r10, [r15+rax]
;;    29  cmp ebx, [r10+4]
;;    2d  jae 0xE9
;;    33  mov r11, rbx
;;    36  shl r11, 2
;;    3a  mov ecx, [r10+r11+8]
;;    3f  mov edx, 0
;;    44  lea r10, [r15+rax]
;;    48  cmp edx, [r10+4]
;;    4c  jae 0xEC
;;    52  mov r11, rdx
;;    55  shl r11, 2
;;    59  mov [r10+r11+8], ecx
;;    5e  mov r11d, edx
;;    61  shl r11d, 2
;;    65  add r11d, eax
;;    68  shr r11d, 9
;;    6c  mov byte ptr [r15+r11-0x800000], 0
;;    75  mov ecx, ebx
;;    77  shl ecx, 1
;;    79  or ecx, 1
;;    7c  mov [rbp-0x28], rcx
;;    80  mov r10, [r14]
;;    83  mov rax, [r10+0x40]
;;    87  mov r11, [r10+0x48]
;;    8b  lea rcx, [rax+0x10]
;;    8f  cmp rcx, r11
;;    92  ja 0xEF
;;    98  mov [r10+0x40], rcx
;;    9c  lea r10, [r15+rax]
;;    a0  mov r11, [r14+0x20]
;;    a4  mov r11d, [r11+4]
;;    a8  mov [r10], r11
;;    ab  mov dword ptr [r10+4], 2
;;    b3  mov rcx, [rbp-0x18]
;;    b7  mov [r10+8], ecx
;;    bb  mov rcx, [rbp-0x28]
;;    bf  mov [r10+0xC], ecx
;;    c3  lea r10, [r15+rax]
;;    c7  cmp ebx, [r10+4]
;;    cb  jae 0x10D
;;    d1  mov r11, rbx
;;    d4  shl r11, 2
;;    d8  mov ecx, [r10+r11+8]
;;    dd  mov rax, rcx
;;    e0  mov rbx, [rbp-0x10]
;;    e4  leave
;;    e5  ret
;;    e6  ud2
;;    e8  trap 9
;;    e9  ud2
;;    eb  trap 15
;;    ec  ud2
;;    ee  trap 15
;;    ef  mov esi, 1
;;    f4  mov edx, 0x10
;;    f9  mov r11, [r14+8]
;;    fd  call qword ptr [r11+0x98]
;;   104  mov r10, [r14]
;;   107  mov rcx, [r10+0x40]
;;   10b  jmp 0x98
;;   10d  ud2
;;   10f  trap 15
;; references at the call that returns to 0x104: fp-0x28, fp-0x18
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0xEE
;;    1a  mov rbx, rax
;;    1d  xor r11d, r11d
;;    20  mov [rbp-0x18], r11
;;    24  mov qword ptr [rbp-0x20], 1
;;    2c  mov [rbp-0x28], rbx
;;    30  xor esi, esi
;;    32  xor edx, edx
;;    34  lea rcx, [rbp-0x20]
;;    38  mov eax, 8
;;    3d  mov r11, [r14+8]
;;    41  call qword ptr [r11+0xA8]
;;    48  mov [rbp-0x18], rax
;;    4c  mov edx, ebx
;;    4e  mov [rbp-0x30], rbx
;;    52  cmp edx, 0x100
;;    58  ja 0x77
;;    5e  mov r10, [r14]
;;    61  mov rax, [r10+0x40]
;;    65  mov r11, [r10+0x48]
;;    69  lea rcx, [rdx+0xF]
;;    6d  and rcx, 0xFFFFFFFFFFFFFFF8
;;    71  add rcx, rax
;;    74  cmp rcx, r11
;;    77  ja 0xF1
;;    7d  mov [r10+0x40], rcx
;;    81  add rcx, r15
;;    84  lea r10, [r15+rax]
;;    88  mov r11d, 0
;;    8e  sub rcx, 8
;;    92  mov [rcx], r11
;;    95  cmp rcx, r10
;;    98  ja 0x8E
;;    9a  mov r11, [r14+0x20]
;;    9e  mov r11d, [r11]
;;    a1  mov [r10], r11d
;;    a4  mov [r10+4], edx
;;    a8  mov r11, [rbp-0x18]
;;    ac  mov [rbp-0x20], r11
;;    b0  mov qword ptr [rbp-0x28], 0
;;    b8  mov [rbp-0x30], rax
;;    bc  mov qword ptr [rbp-0x38], 1
;;    c4  mov qword ptr [rbp-0x40], 2
;;    cc  xor esi, esi
;;    ce  xor edx, edx
;;    d0  lea rcx, [rbp-0x20]
;;    d4  mov eax, 8
;;    d9  mov r11, [r14+8]
;;    dd  call qword ptr [r11+0xD8]
;;    e4  mov rax, [rbp-0x18]
;;    e8  mov rbx, [rbp-0x10]
;;    ec  leave
;;    ed  ret
;;    ee  ud2
;;    f0  trap 9
;;    f1  xor esi, esi
;;    f3  xor edx, edx
;;    f5  lea rcx, [rbp-0x30]
;;    f9  mov eax, 8
;;    fe  mov r11, [r14+8]
;;   102  call qword ptr [r11+0xB0]
;;   109  jmp 0xA8
;; references at the call that returns to 0x48: fp-0x18
;; references at the call that returns to 0xe4: fp-0x30, fp-0x20, fp-0x18
;; references at the call that returns to 0x109: fp-0x18
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x43
;;    19  mov [rbp-0x10], rax
;;    1d  mov eax, 2
;;    22  mov rcx, [rbp-0x10]
;;    26  lea r10, [r15+rcx]
;;    2a  cmp eax, [r10+4]
;;    2e  jae 0x46
;;    34  mov r11, rax
;;    37  shl r11, 4
;;    3b  movups xmm0, [r10+r11+8]
;;    41  leave
;;    42  ret
;;    43  ud2
;;    45  trap 9
;;    46  ud2
;;    48  trap 15
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x67
;;    1a  mov rbx, rax
;;    1d  mov r10, [r14]
;;    20  mov rax, [r10+0x40]
;;    24  mov r11, [r10+0x48]
;;    28  lea rcx, [rax+0x10]
;;    2c  cmp rcx, r11
;;    2f  ja 0x6A
;;    35  mov [r10+0x40], rcx
;;    39  lea r10, [r15+rax]
;;    3d  mov r11, [r14+0x20]
;;    41  mov r11d, [r11]
;;    44  mov [r10], r11
;;    47  mov dword ptr [r10+4], 3
;;    4f  mov ecx, ebx
;;    51  mov [r10+8], cl
;;    55  mov ecx, ebx
;;    57  mov [r10+9], cl
;;    5b  mov ecx, ebx
;;    5d  mov [r10+0xA], cl
;;    61  mov rbx, [rbp-0x10]
;;    65  leave
;;    66  ret
;;    67  ud2
;;    69  trap 9
;;    6a  xor esi, esi
;;    6c  mov edx, 0x10
;;    71  mov r11, [r14+8]
;;    75  call qword ptr [r11+0x98]
;;    7c  mov r10, [r14]
;;    7f  mov rcx, [r10+0x40]
;;    83  jmp 0x35
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x87
;;    1a  mov rbx, rax
;;    1d  lea eax, [rbx+1]
;;    20  mov edx, eax
;;    22  mov [rbp-0x20], rax
;;    26  cmp edx, 0x40
;;    29  ja 0x4F
;;    2f  mov r10, [r14]
;;    32  mov rax, [r10+0x40]
;;    36  mov r11, [r10+0x48]
;;    3a  mov rcx, rdx
;;    3d  shl rcx, 2
;;    41  add rcx, 0xF
;;    45  and rcx, 0xFFFFFFFFFFFFFFF8
;;    49  add rcx, rax
;;    4c  cmp rcx, r11
;;    4f  ja 0x8A
;;    55  mov [r10+0x40], rcx
;;    59  add rcx, r15
;;    5c  lea r10, [r15+rax]
;;    60  mov r11d, 0
;;    66  sub rcx, 8
;;    6a  mov [rcx], r11
;;    6d  cmp rcx, r10
;;    70  ja 0x66
;;    72  mov r11, [r14+0x20]
;;    76  mov r11d, [r11+4]
;;    7a  mov [r10], r11d
;;    7d  mov [r10+4], edx
;;    81  mov rbx, [rbp-0x10]
;;    85  leave
;;    86  ret
;;    87  ud2
;;    89  trap 9
;;    8a  mov esi, 0x5000001
;;    8f  xor edx, edx
;;    91  lea rcx, [rbp-0x20]
;;    95  mov eax, 8
;;    9a  mov r11, [r14+8]
;;    9e  call qword ptr [r11+0xB0]
;;    a5  jmp 0x81
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x5B
;;    19  mov r10, [r14]
;;    1c  mov rax, [r10+0x40]
;;    20  mov r11, [r10+0x48]
;;    24  lea rcx, [rax+0x18]
;;    28  cmp rcx, r11
;;    2b  ja 0x5E
;;    31  mov [r10+0x40], rcx
;;    35  lea r10, [r15+rax]
;;    39  mov r11, [r14+0x20]
;;    3d  mov r11d, [r11]
;;    40  mov [r10], r11
;;    43  mov dword ptr [r10+4], 9
;;    4b  mov r11d, 0
;;    51  mov [r10+8], r11
;;    55  mov [r10+0x10], r11
;;    59  leave
;;    5a  ret
;;    5b  ud2
;;    5d  trap 9
;;    5e  xor esi, esi
;;    60  mov edx, 0x18
;;    65  mov r11, [r14+8]
;;    69  call qword ptr [r11+0x98]
;;    70  mov r10, [r14]
;;    73  mov rcx, [r10+0x40]
;;    77  jmp 0x31
