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
;;    34  ja 0xEB
;;    3a  mov [r10+0x40], rcx
;;    3e  lea r10, [rdi+rax]
;;    42  mov r11d, [r14+0x40]
;;    46  mov [r10], r11
;;    49  mov ecx, ebx
;;    4b  mov [r10+8], ecx
;;    4f  movsd xmm0, [0x128]
;;    57  movsd [r10+0x10], xmm0
;;    5d  mov rcx, [rbp-0x18]
;;    61  mov [r10+0x18], ecx
;;    65  mov byte ptr [r10+0x1C], 7
;;    6a  mov [rbp-0x28], rax
;;    6e  mov r10, [r14]
;;    71  mov rax, [r10+0x40]
;;    75  lea rcx, [rax+0x20]
;;    79  cmp rcx, [r10+0x48]
;;    7d  ja 0x109
;;    83  mov [r10+0x40], rcx
;;    87  lea r10, [rdi+rax]
;;    8b  mov r11d, [r14+0x40]
;;    8f  mov [r10], r11
;;    92  mov r11d, 0
;;    98  mov [r10+8], r11
;;    9c  mov [r10+0x10], r11
;;    a0  mov [r10+0x18], r11
;;    a4  mov [rbp-0x20], rax
;;    a8  mov rax, [rbp-0x20]
;;    ac  call 0x130
;;    b1  mov rcx, [rbp-0x20]
;;    b5  mov [rdi+rcx+0x18], eax
;;    b9  mov r11d, ecx
;;    bc  shr r11d, 9
;;    c0  mov byte ptr [rdi+r11-0x800000], 0
;;    c9  mov rax, [rbp-0x18]
;;    cd  mov [rdi+rax+0x18], ecx
;;    d1  mov r11d, eax
;;    d4  shr r11d, 9
;;    d8  mov byte ptr [rdi+r11-0x800000], 0
;;    e1  mov rax, [rbp-0x28]
;;    e5  mov rbx, [rbp-0x10]
;;    e9  leave
;;    ea  ret
;;    eb  xor eax, eax
;;    ed  mov edx, 0x20
;;    f2  mov r11, [r14+8]
;;    f6  call qword ptr [r11+0x98]
;;    fd  mov r10, [r14]
;;   100  mov rcx, [r10+0x40]
;;   104  jmp 0x3A
;;   109  xor eax, eax
;;   10b  mov edx, 0x20
;;   110  mov r11, [r14+8]
;;   114  call qword ptr [r11+0x98]
;;   11b  mov r10, [r14]
;;   11e  mov rcx, [r10+0x40]
;;   122  jmp 0x83
;; references at the call that returns to 0xb1: fp-0x28, fp-0x20, fp-0x18
;; references at the call that returns to 0xfd: fp-0x20, fp-0x18
;; references at the call that returns to 0x11b: fp-0x28, fp-0x20, fp-0x18
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
;;    3b  ja 0x8D
;;    41  mov [r10+0x40], rcx
;;    45  lea r10, [rdi+rax]
;;    49  mov r11d, [r14+0x44]
;;    4d  mov [r10], r11
;;    50  mov rcx, [rbp-0x20]
;;    54  mov [r10+8], ecx
;;    58  mov qword ptr [r10+0x10], 0
;;    60  mov rcx, [rbp-0x18]
;;    64  mov [r10+0x18], ecx
;;    68  mov rax, [rbp-0x10]
;;    6c  test rax, rax
;;    6f  jbe 0x83
;;    75  mov r11d, eax
;;    78  and r11d, 1
;;    7c  cmp r11d, 1
;;    80  jne trap 16
;;    82  stc
;;    83  test rax, rax
;;    86  je trap 11
;;    88  clc
;;    89  sar eax, 1
;;    8b  leave
;;    8c  ret
;;    8d  mov eax, 1
;;    92  mov edx, 0x20
;;    97  mov r11, [r14+8]
;;    9b  call qword ptr [r11+0x98]
;;    a2  mov r10, [r14]
;;    a5  mov rcx, [r10+0x40]
;;    a9  jmp 0x41
;; references at the call that returns to 0xa2: fp-0x20, fp-0x10
