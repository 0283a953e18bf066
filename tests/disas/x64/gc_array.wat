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
  (func (param $a (ref $vectors)) (result v128) (array.get $vectors (local.get $a) (i32.const 2))))

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
;;    14  jb 0x67
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov rax, [rbp-0x18]
;;    25  lea r10, [r15+rax]
;;    29  mov r11d, [r10+4]
;;    2d  cmp ebx, r11d
;;    30  jae 0x6A
;;    36  mov byte ptr [r10+rbx+8], 0x41
;;    3c  mov ecx, 1
;;    41  lea r10, [r15+rax]
;;    45  mov r11d, [r10+4]
;;    49  cmp ecx, r11d
;;    4c  jae 0x6D
;;    52  movzx edx, byte ptr [r10+rcx+8]
;;    58  mov ecx, [r15+rax+4]
;;    5d  add edx, ecx
;;    5f  mov eax, edx
;;    61  mov rbx, [rbp-0x10]
;;    65  leave
;;    66  ret
;;    67  ud2
;;    69  trap 9
;;    6a  ud2
;;    6c  trap 15
;;    6d  ud2
;;    6f  trap 15
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0xD2
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  mov rax, [rbp-0x18]
;;    25  lea r10, [r15+rax]
;;    29  mov r11d, [r10+4]
;;    2d  cmp ebx, r11d
;;    30  jae 0xD5
;;    36  mov r11, rbx
;;    39  shl r11, 2
;;    3d  mov ecx, [r10+r11+8]
;;    42  mov edx, 0
;;    47  lea r10, [r15+rax]
;;    4b  mov r11d, [r10+4]
;;    4f  cmp edx, r11d
;;    52  jae 0xD8
;;    58  mov r11, rdx
;;    5b  shl r11, 2
;;    5f  mov [r10+r11+8], ecx
;;    64  mov r11d, edx
;;    67  shl r11d, 2
;;    6b  add r11d, eax
;;    6e  shr r11d, 9
;;    72  mov byte ptr [r15+r11-0x800000], 0
;;    7b  mov ecx, ebx
;;    7d  shl ecx, 1
;;    7f  or ecx, 1
;;    82  mov r11, [rbp-0x18]
;;    86  mov [rbp-0x20], r11
;;    8a  mov [rbp-0x28], rcx
;;    8e  mov esi, 1
;;    93  mov edx, 2
;;    98  lea rcx, [rbp-0x20]
;;    9c  mov eax, 8
;;    a1  mov r11, [r14+8]
;;    a5  call qword ptr [r11+0xB8]
;;    ac  lea r10, [r15+rax]
;;    b0  mov r11d, [r10+4]
;;    b4  cmp ebx, r11d
;;    b7  jae 0xDB
;;    bd  mov r11, rbx
;;    c0  shl r11, 2
;;    c4  mov ecx, [r10+r11+8]
;;    c9  mov rax, rcx
;;    cc  mov rbx, [rbp-0x10]
;;    d0  leave
;;    d1  ret
;;    d2  ud2
;;    d4  trap 9
;;    d5  ud2
;;    d7  trap 15
;;    d8  ud2
;;    da  trap 15
;;    db  ud2
;;    dd  trap 15
;; references at the call that returns to 0xac: fp-0x28, fp-0x20, fp-0x18
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x30
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0xAE
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
;;    4c  mov [rbp-0x30], rbx
;;    50  xor esi, esi
;;    52  xor edx, edx
;;    54  lea rcx, [rbp-0x30]
;;    58  mov eax, 8
;;    5d  mov r11, [r14+8]
;;    61  call qword ptr [r11+0xB0]
;;    68  mov r11, [rbp-0x18]
;;    6c  mov [rbp-0x20], r11
;;    70  mov qword ptr [rbp-0x28], 0
;;    78  mov [rbp-0x30], rax
;;    7c  mov qword ptr [rbp-0x38], 1
;;    84  mov qword ptr [rbp-0x40], 2
;;    8c  xor esi, esi
;;    8e  xor edx, edx
;;    90  lea rcx, [rbp-0x20]
;;    94  mov eax, 8
;;    99  mov r11, [r14+8]
;;    9d  call qword ptr [r11+0xD8]
;;    a4  mov rax, [rbp-0x18]
;;    a8  mov rbx, [rbp-0x10]
;;    ac  leave
;;    ad  ret
;;    ae  ud2
;;    b0  trap 9
;; references at the call that returns to 0x48: fp-0x18
;; references at the call that returns to 0x68: fp-0x18
;; references at the call that returns to 0xa4: fp-0x30, fp-0x20, fp-0x18
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x46
;;    19  mov [rbp-0x10], rax
;;    1d  mov eax, 2
;;    22  mov rcx, [rbp-0x10]
;;    26  lea r10, [r15+rcx]
;;    2a  mov r11d, [r10+4]
;;    2e  cmp eax, r11d
;;    31  jae 0x49
;;    37  mov r11, rax
;;    3a  shl r11, 4
;;    3e  movups xmm0, [r10+r11+8]
;;    44  leave
;;    45  ret
;;    46  ud2
;;    48  trap 9
;;    49  ud2
;;    4b  trap 15
