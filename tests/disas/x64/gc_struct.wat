;; Structs: made, read and written in place. A field of null is a fault.
(module
  (type $point (struct (field $x (mut i32)) (field $y (mut f64)) (field $next (mut (ref null $point))) (field $b (mut i8))))
  (type $any (struct (field anyref) (field funcref) (field externref)))
  (func (param $p (ref null $point)) (result i32)
    (struct.set $point $b (local.get $p) (struct.get_s $point $b (local.get $p)))
    (struct.set $point $y (local.get $p) (f64.const 0.5))
    (struct.get $point $x (struct.get $point $next (local.get $p))))
  ;; What is referred to at the call, where all may move: the parameter, the local, and the value below.
  (func (param $p (ref null $point)) (param $n i32) (result (ref null $point))
    (local $q (ref null $point))
    (struct.new $point (local.get $n) (f64.const 1) (local.get $p) (i32.const 7))
    (local.set $q (struct.new_default $point))
    (struct.set $point $next (local.get $q) (call 2 (local.get $q)))
    (struct.set $point $next (local.get $p) (local.get $q)))
  (func (param (ref null $point)) (result (ref $point)) (ref.as_non_null (local.get 0)))
  (func (param anyref externref) (result i32)
    (struct.new $any (ref.i31 (i32.const 3)) (ref.null func) (local.get 1)) (drop)
    (i31.get_s (ref.cast i31ref (local.get 0)))))

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
;;    1b  movsx ecx, byte ptr [rdi+rax+0x1C]
;;    20  mov [rdi+rax+0x1C], cl
;;    24  movsd xmm0, [0x40]
;;    2c  movsd [rdi+rax+0x10], xmm0
;;    32  mov ecx, [rdi+rax+0x18]
;;    36  mov ecx, [rdi+rcx+8]
;;    3a  mov eax, ecx
;;    3c  leave
;;    3d  ret
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
;;    1b  xor r11d, r11d
;;    1e  mov [rbp-0x20], r11
;;    22  mov r10, [r14]
;;    25  mov rax, [r10+0x40]
;;    29  lea rcx, [rax+0x20]
;;    2d  cmp rcx, [r10+0x48]
;;    31  ja 0xE7
;;    37  mov [r10+0x40], rcx
;;    3b  lea r10, [rdi+rax]
;;    3f  mov r11d, [r14+0x40]
;;    43  mov [r10], r11
;;    46  mov ecx, ebx
;;    48  mov [r10+8], ecx
;;    4c  movsd xmm0, [0x120]
;;    54  movsd [r10+0x10], xmm0
;;    5a  mov ecx, [rbp-0x18]
;;    5d  mov [r10+0x18], ecx
;;    61  mov byte ptr [r10+0x1C], 7
;;    66  mov [rbp-0x28], rax
;;    6a  mov r10, [r14]
;;    6d  mov rax, [r10+0x40]
;;    71  lea rcx, [rax+0x20]
;;    75  cmp rcx, [r10+0x48]
;;    79  ja 0x102
;;    7f  mov [r10+0x40], rcx
;;    83  lea r10, [rdi+rax]
;;    87  mov r11d, [r14+0x40]
;;    8b  mov [r10], r11
;;    8e  mov r11d, 0
;;    94  mov [r10+8], r11
;;    98  mov [r10+0x10], r11
;;    9c  mov [r10+0x18], r11
;;    a0  mov [rbp-0x20], rax
;;    a4  mov rax, [rbp-0x20]
;;    a8  call 0x130
;;    ad  mov rcx, [rbp-0x20]
;;    b1  mov [rdi+rcx+0x18], eax
;;    b5  mov r11d, ecx
;;    b8  shr r11d, 9
;;    bc  mov byte ptr [rdi+r11-0x800000], 0
;;    c5  mov rax, [rbp-0x18]
;;    c9  mov [rdi+rax+0x18], ecx
;;    cd  mov r11d, eax
;;    d0  shr r11d, 9
;;    d4  mov byte ptr [rdi+r11-0x800000], 0
;;    dd  mov rax, [rbp-0x28]
;;    e1  mov rbx, [rbp-0x10]
;;    e5  leave
;;    e6  ret
;;    e7  xor eax, eax
;;    e9  mov edx, 0x20
;;    ee  mov r11, [r14+8]
;;    f2  call qword ptr [r11+0x78]
;;    f6  mov r10, [r14]
;;    f9  mov rcx, [r10+0x40]
;;    fd  jmp 0x37
;;   102  xor eax, eax
;;   104  mov edx, 0x20
;;   109  mov r11, [r14+8]
;;   10d  call qword ptr [r11+0x78]
;;   111  mov r10, [r14]
;;   114  mov rcx, [r10+0x40]
;;   118  jmp 0x7F
;; references at the call that returns to 0xad: fp-0x28, fp-0x20, fp-0x18
;; references at the call that returns to 0xf6: fp-0x20, fp-0x18
;; references at the call that returns to 0x111: fp-0x28, fp-0x20, fp-0x18
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
;;    1b  test rax, rax
;;    1e  je trap 11
;;    20  clc
;;    21  leave
;;    22  ret
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
;;    1b  mov eax, 3
;;    20  shl eax, 1
;;    22  or eax, 1
;;    25  mov [rbp-0x20], rax
;;    29  mov r10, [r14]
;;    2c  mov rax, [r10+0x40]
;;    30  lea rcx, [rax+0x20]
;;    34  cmp rcx, [r10+0x48]
;;    38  ja 0x88
;;    3e  mov [r10+0x40], rcx
;;    42  lea r10, [rdi+rax]
;;    46  mov r11d, [r14+0x44]
;;    4a  mov [r10], r11
;;    4d  mov ecx, [rbp-0x20]
;;    50  mov [r10+8], ecx
;;    54  mov qword ptr [r10+0x10], 0
;;    5c  mov ecx, [rbp-0x18]
;;    5f  mov [r10+0x18], ecx
;;    63  mov rax, [rbp-0x10]
;;    67  test rax, rax
;;    6a  jbe 0x7E
;;    70  mov r11d, eax
;;    73  and r11d, 1
;;    77  cmp r11d, 1
;;    7b  jne trap 16
;;    7d  stc
;;    7e  test rax, rax
;;    81  je trap 11
;;    83  clc
;;    84  sar eax, 1
;;    86  leave
;;    87  ret
;;    88  mov eax, 1
;;    8d  mov edx, 0x20
;;    92  mov r11, [r14+8]
;;    96  call qword ptr [r11+0x78]
;;    9a  mov r10, [r14]
;;    9d  mov rcx, [r10+0x40]
;;    a1  jmp 0x3E
;; references at the call that returns to 0x9a: fp-0x20, fp-0x10
