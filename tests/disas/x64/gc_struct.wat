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
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  movsx ecx, byte ptr [rdi+rax+0x1C]
;;    26  mov [rdi+rax+0x1C], cl
;;    2a  movsd xmm0, [0x48]
;;    32  movsd [rdi+rax+0x10], xmm0
;;    38  mov ecx, [rdi+rax+0x18]
;;    3c  mov ecx, [rdi+rcx+8]
;;    40  mov eax, ecx
;;    42  leave
;;    43  ret
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
;;    21  xor r11d, r11d
;;    24  mov [rbp-0x20], r11
;;    28  mov r10, [r14]
;;    2b  mov rax, [r10+0x40]
;;    2f  lea rcx, [rax+0x20]
;;    33  cmp rcx, [r10+0x48]
;;    37  ja 0xF4
;;    3d  mov [r10+0x40], rcx
;;    41  lea r10, [rdi+rax]
;;    45  mov r11, [r14+0x20]
;;    49  mov r11d, [r11]
;;    4c  mov [r10], r11
;;    4f  mov ecx, ebx
;;    51  mov [r10+8], ecx
;;    55  movsd xmm0, [0x130]
;;    5d  movsd [r10+0x10], xmm0
;;    63  mov rcx, [rbp-0x18]
;;    67  mov [r10+0x18], ecx
;;    6b  mov byte ptr [r10+0x1C], 7
;;    70  mov [rbp-0x28], rax
;;    74  mov r10, [r14]
;;    77  mov rax, [r10+0x40]
;;    7b  lea rcx, [rax+0x20]
;;    7f  cmp rcx, [r10+0x48]
;;    83  ja 0x112
;;    89  mov [r10+0x40], rcx
;;    8d  lea r10, [rdi+rax]
;;    91  mov r11, [r14+0x20]
;;    95  mov r11d, [r11]
;;    98  mov [r10], r11
;;    9b  mov r11d, 0
;;    a1  mov [r10+8], r11
;;    a5  mov [r10+0x10], r11
;;    a9  mov [r10+0x18], r11
;;    ad  mov [rbp-0x20], rax
;;    b1  mov rax, [rbp-0x20]
;;    b5  call 0x140
;;    ba  mov rcx, [rbp-0x20]
;;    be  mov [rdi+rcx+0x18], eax
;;    c2  mov r11d, ecx
;;    c5  shr r11d, 9
;;    c9  mov byte ptr [rdi+r11-0x800000], 0
;;    d2  mov rax, [rbp-0x18]
;;    d6  mov [rdi+rax+0x18], ecx
;;    da  mov r11d, eax
;;    dd  shr r11d, 9
;;    e1  mov byte ptr [rdi+r11-0x800000], 0
;;    ea  mov rax, [rbp-0x28]
;;    ee  mov rbx, [rbp-0x10]
;;    f2  leave
;;    f3  ret
;;    f4  xor eax, eax
;;    f6  mov edx, 0x20
;;    fb  mov r11, [r14+8]
;;    ff  call qword ptr [r11+0x98]
;;   106  mov r10, [r14]
;;   109  mov rcx, [r10+0x40]
;;   10d  jmp 0x3D
;;   112  xor eax, eax
;;   114  mov edx, 0x20
;;   119  mov r11, [r14+8]
;;   11d  call qword ptr [r11+0x98]
;;   124  mov r10, [r14]
;;   127  mov rcx, [r10+0x40]
;;   12b  jmp 0x89
;; references at the call that returns to 0xba: fp-0x28, fp-0x20, fp-0x18
;; references at the call that returns to 0x106: fp-0x20, fp-0x18
;; references at the call that returns to 0x124: fp-0x28, fp-0x20, fp-0x18
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
;;    21  test rax, rax
;;    24  je trap 11
;;    2a  leave
;;    2b  ret
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
;;    21  mov eax, 3
;;    26  shl eax, 1
;;    28  or eax, 1
;;    2b  mov [rbp-0x20], rax
;;    2f  mov r10, [r14]
;;    32  mov rax, [r10+0x40]
;;    36  lea rcx, [rax+0x20]
;;    3a  cmp rcx, [r10+0x48]
;;    3e  ja 0x9A
;;    44  mov [r10+0x40], rcx
;;    48  lea r10, [rdi+rax]
;;    4c  mov r11, [r14+0x20]
;;    50  mov r11d, [r11+4]
;;    54  mov [r10], r11
;;    57  mov rcx, [rbp-0x20]
;;    5b  mov [r10+8], ecx
;;    5f  mov qword ptr [r10+0x10], 0
;;    67  mov rcx, [rbp-0x18]
;;    6b  mov [r10+0x18], ecx
;;    6f  mov rax, [rbp-0x10]
;;    73  test rax, rax
;;    76  jbe 0x8D
;;    7c  mov r11d, eax
;;    7f  and r11d, 1
;;    83  cmp r11d, 1
;;    87  jne trap 16
;;    8d  test rax, rax
;;    90  je trap 11
;;    96  sar eax, 1
;;    98  leave
;;    99  ret
;;    9a  mov eax, 1
;;    9f  mov edx, 0x20
;;    a4  mov r11, [r14+8]
;;    a8  call qword ptr [r11+0x98]
;;    af  mov r10, [r14]
;;    b2  mov rcx, [r10+0x40]
;;    b6  jmp 0x44
;; references at the call that returns to 0xaf: fp-0x20, fp-0x10
