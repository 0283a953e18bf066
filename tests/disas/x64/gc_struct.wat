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
;;    13  jb 0x49
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  movsx ecx, byte ptr [r15+rax+0x1C]
;;    27  mov [r15+rax+0x1C], cl
;;    2c  movsd xmm0, [0x50]
;;    34  movsd [r15+rax+0x10], xmm0
;;    3b  mov ecx, [r15+rax+0x18]
;;    40  mov ecx, [r15+rcx+8]
;;    45  mov eax, ecx
;;    47  leave
;;    48  ret
;;    49  ud2
;;    4b  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0xFC
;;    1a  mov [rbp-0x18], rax
;;    1e  mov rbx, rcx
;;    21  xor r11d, r11d
;;    24  mov [rbp-0x20], r11
;;    28  mov r10, [r14]
;;    2b  mov rax, [r10+0x40]
;;    2f  mov r11, [r10+0x48]
;;    33  lea rcx, [rax+0x20]
;;    37  cmp rcx, r11
;;    3a  ja 0xFF
;;    40  mov [r10+0x40], rcx
;;    44  lea r10, [r15+rax]
;;    48  mov r11, [r14+0x20]
;;    4c  mov r11d, [r11]
;;    4f  mov [r10], r11
;;    52  mov ecx, ebx
;;    54  mov [r10+8], ecx
;;    58  movsd xmm0, [0x140]
;;    60  movsd [r10+0x10], xmm0
;;    66  mov rcx, [rbp-0x18]
;;    6a  mov [r10+0x18], ecx
;;    6e  mov byte ptr [r10+0x1C], 7
;;    73  mov [rbp-0x28], rax
;;    77  mov r10, [r14]
;;    7a  mov rax, [r10+0x40]
;;    7e  mov r11, [r10+0x48]
;;    82  lea rcx, [rax+0x20]
;;    86  cmp rcx, r11
;;    89  ja 0x11D
;;    8f  mov [r10+0x40], rcx
;;    93  lea r10, [r15+rax]
;;    97  mov r11, [r14+0x20]
;;    9b  mov r11d, [r11]
;;    9e  mov [r10], r11
;;    a1  mov r11d, 0
;;    a7  mov [r10+8], r11
;;    ab  mov [r10+0x10], r11
;;    af  mov [r10+0x18], r11
;;    b3  mov [rbp-0x20], rax
;;    b7  mov rax, [rbp-0x20]
;;    bb  call 0x150
;;    c0  mov rcx, [rbp-0x20]
;;    c4  mov [r15+rcx+0x18], eax
;;    c9  mov r11d, ecx
;;    cc  shr r11d, 9
;;    d0  mov byte ptr [r15+r11-0x800000], 0
;;    d9  mov rax, [rbp-0x18]
;;    dd  mov [r15+rax+0x18], ecx
;;    e2  mov r11d, eax
;;    e5  shr r11d, 9
;;    e9  mov byte ptr [r15+r11-0x800000], 0
;;    f2  mov rax, [rbp-0x28]
;;    f6  mov rbx, [rbp-0x10]
;;    fa  leave
;;    fb  ret
;;    fc  ud2
;;    fe  trap 9
;;    ff  xor esi, esi
;;   101  mov edx, 0x20
;;   106  mov r11, [r14+8]
;;   10a  call qword ptr [r11+0x98]
;;   111  mov r10, [r14]
;;   114  mov rcx, [r10+0x40]
;;   118  jmp 0x40
;;   11d  xor esi, esi
;;   11f  mov edx, 0x20
;;   124  mov r11, [r14+8]
;;   128  call qword ptr [r11+0x98]
;;   12f  mov r10, [r14]
;;   132  mov rcx, [r10+0x40]
;;   136  jmp 0x8F
;; references at the call that returns to 0xc0: fp-0x28, fp-0x20, fp-0x18
;; references at the call that returns to 0x111: fp-0x20, fp-0x18
;; references at the call that returns to 0x12f: fp-0x28, fp-0x20, fp-0x18
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x2C
;;    19  mov [rbp-0x10], rax
;;    1d  mov rax, [rbp-0x10]
;;    21  test rax, rax
;;    24  je 0x2F
;;    2a  leave
;;    2b  ret
;;    2c  ud2
;;    2e  trap 9
;;    2f  ud2
;;    31  trap 11
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x18
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x9D
;;    19  mov [rbp-0x10], rax
;;    1d  mov [rbp-0x18], rcx
;;    21  mov eax, 3
;;    26  shl eax, 1
;;    28  or eax, 1
;;    2b  mov [rbp-0x20], rax
;;    2f  mov r10, [r14]
;;    32  mov rax, [r10+0x40]
;;    36  mov r11, [r10+0x48]
;;    3a  lea rcx, [rax+0x20]
;;    3e  cmp rcx, r11
;;    41  ja 0xA0
;;    47  mov [r10+0x40], rcx
;;    4b  lea r10, [r15+rax]
;;    4f  mov r11, [r14+0x20]
;;    53  mov r11d, [r11+4]
;;    57  mov [r10], r11
;;    5a  mov rcx, [rbp-0x20]
;;    5e  mov [r10+8], ecx
;;    62  mov qword ptr [r10+0x10], 0
;;    6a  mov rcx, [rbp-0x18]
;;    6e  mov [r10+0x18], ecx
;;    72  mov rax, [rbp-0x10]
;;    76  test rax, rax
;;    79  jbe 0x90
;;    7f  mov r11d, eax
;;    82  and r11d, 1
;;    86  cmp r11d, 1
;;    8a  jne 0xBE
;;    90  test rax, rax
;;    93  je 0xC1
;;    99  sar eax, 1
;;    9b  leave
;;    9c  ret
;;    9d  ud2
;;    9f  trap 9
;;    a0  mov esi, 1
;;    a5  mov edx, 0x20
;;    aa  mov r11, [r14+8]
;;    ae  call qword ptr [r11+0x98]
;;    b5  mov r10, [r14]
;;    b8  mov rcx, [r10+0x40]
;;    bc  jmp 0x47
;;    be  ud2
;;    c0  trap 16
;;    c1  ud2
;;    c3  trap 11
;; references at the call that returns to 0xb5: fp-0x20, fp-0x10
