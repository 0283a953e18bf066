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
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  mov rax, [rbp-0x10]
;;    1e  movsx ecx, byte ptr [rdi+rax+0x1C]
;;    23  mov [rdi+rax+0x1C], cl
;;    27  movsd xmm0, [0x48]
;;    2f  movsd [rdi+rax+0x10], xmm0
;;    35  mov ecx, [rdi+rax+0x18]
;;    39  mov ecx, [rdi+rcx+8]
;;    3d  mov eax, ecx
;;    3f  leave
;;    40  ret
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
;;    1e  xor r11d, r11d
;;    21  mov [rbp-0x20], r11
;;    25  mov r10, [r14]
;;    28  mov rax, [r10+0x40]
;;    2c  lea rcx, [rax+0x20]
;;    30  cmp rcx, [r10+0x48]
;;    34  ja 0xEA
;;    3a  mov [r10+0x40], rcx
;;    3e  lea r10, [rdi+rax]
;;    42  mov r11d, [r14+0x40]
;;    46  mov [r10], r11
;;    49  mov ecx, ebx
;;    4b  mov [r10+8], ecx
;;    4f  movsd xmm0, [0x120]
;;    57  movsd [r10+0x10], xmm0
;;    5d  mov ecx, [rbp-0x18]
;;    60  mov [r10+0x18], ecx
;;    64  mov byte ptr [r10+0x1C], 7
;;    69  mov [rbp-0x28], rax
;;    6d  mov r10, [r14]
;;    70  mov rax, [r10+0x40]
;;    74  lea rcx, [rax+0x20]
;;    78  cmp rcx, [r10+0x48]
;;    7c  ja 0x105
;;    82  mov [r10+0x40], rcx
;;    86  lea r10, [rdi+rax]
;;    8a  mov r11d, [r14+0x40]
;;    8e  mov [r10], r11
;;    91  mov r11d, 0
;;    97  mov [r10+8], r11
;;    9b  mov [r10+0x10], r11
;;    9f  mov [r10+0x18], r11
;;    a3  mov [rbp-0x20], rax
;;    a7  mov rax, [rbp-0x20]
;;    ab  call 0x130
;;    b0  mov rcx, [rbp-0x20]
;;    b4  mov [rdi+rcx+0x18], eax
;;    b8  mov r11d, ecx
;;    bb  shr r11d, 9
;;    bf  mov byte ptr [rdi+r11-0x800000], 0
;;    c8  mov rax, [rbp-0x18]
;;    cc  mov [rdi+rax+0x18], ecx
;;    d0  mov r11d, eax
;;    d3  shr r11d, 9
;;    d7  mov byte ptr [rdi+r11-0x800000], 0
;;    e0  mov rax, [rbp-0x28]
;;    e4  mov rbx, [rbp-0x10]
;;    e8  leave
;;    e9  ret
;;    ea  xor eax, eax
;;    ec  mov edx, 0x20
;;    f1  mov r11, [r14+8]
;;    f5  call qword ptr [r11+0x78]
;;    f9  mov r10, [r14]
;;    fc  mov rcx, [r10+0x40]
;;   100  jmp 0x3A
;;   105  xor eax, eax
;;   107  mov edx, 0x20
;;   10c  mov r11, [r14+8]
;;   110  call qword ptr [r11+0x78]
;;   114  mov r10, [r14]
;;   117  mov rcx, [r10+0x40]
;;   11b  jmp 0x82
;; references at the call that returns to 0xb0: fp-0x28, fp-0x20, fp-0x18
;; references at the call that returns to 0xf9: fp-0x20, fp-0x18
;; references at the call that returns to 0x114: fp-0x28, fp-0x20, fp-0x18
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
;;    1e  test rax, rax
;;    21  je trap 11
;;    23  clc
;;    24  leave
;;    25  ret
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
;;    1e  mov eax, 3
;;    23  shl eax, 1
;;    25  or eax, 1
;;    28  mov [rbp-0x20], rax
;;    2c  mov r10, [r14]
;;    2f  mov rax, [r10+0x40]
;;    33  lea rcx, [rax+0x20]
;;    37  cmp rcx, [r10+0x48]
;;    3b  ja 0x8B
;;    41  mov [r10+0x40], rcx
;;    45  lea r10, [rdi+rax]
;;    49  mov r11d, [r14+0x44]
;;    4d  mov [r10], r11
;;    50  mov ecx, [rbp-0x20]
;;    53  mov [r10+8], ecx
;;    57  mov qword ptr [r10+0x10], 0
;;    5f  mov ecx, [rbp-0x18]
;;    62  mov [r10+0x18], ecx
;;    66  mov rax, [rbp-0x10]
;;    6a  test rax, rax
;;    6d  jbe 0x81
;;    73  mov r11d, eax
;;    76  and r11d, 1
;;    7a  cmp r11d, 1
;;    7e  jne trap 16
;;    80  stc
;;    81  test rax, rax
;;    84  je trap 11
;;    86  clc
;;    87  sar eax, 1
;;    89  leave
;;    8a  ret
;;    8b  mov eax, 1
;;    90  mov edx, 0x20
;;    95  mov r11, [r14+8]
;;    99  call qword ptr [r11+0x78]
;;    9d  mov r10, [r14]
;;    a0  mov rcx, [r10+0x40]
;;    a4  jmp 0x41
;; references at the call that returns to 0x9d: fp-0x20, fp-0x10
