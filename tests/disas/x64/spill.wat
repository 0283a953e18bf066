;; More values than registers: the lowest go to their home slots.
(module
  (func (param i32) (result i32)
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    (i32.mul (local.get 0) (local.get 0))
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
    i32.add
  ))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x40
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x9A
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  imul eax, ebx
;;    22  mov ecx, ebx
;;    24  imul ecx, ebx
;;    27  mov edx, ebx
;;    29  imul edx, ebx
;;    2c  mov esi, ebx
;;    2e  imul esi, ebx
;;    31  mov edi, ebx
;;    33  imul edi, ebx
;;    36  mov [rbp-0x18], rax
;;    3a  mov eax, ebx
;;    3c  imul eax, ebx
;;    3f  mov [rbp-0x20], rcx
;;    43  mov ecx, ebx
;;    45  imul ecx, ebx
;;    48  mov [rbp-0x28], rdx
;;    4c  mov edx, ebx
;;    4e  imul edx, ebx
;;    51  mov [rbp-0x30], rsi
;;    55  mov esi, ebx
;;    57  imul esi, ebx
;;    5a  mov [rbp-0x38], rdi
;;    5e  mov edi, ebx
;;    60  imul edi, ebx
;;    63  mov [rbp-0x40], rax
;;    67  mov eax, ebx
;;    69  imul eax, ebx
;;    6c  mov [rbp-0x48], rcx
;;    70  mov ecx, ebx
;;    72  imul ecx, ebx
;;    75  add eax, ecx
;;    77  add edi, eax
;;    79  add esi, edi
;;    7b  add edx, esi
;;    7d  add edx, [rbp-0x48]
;;    80  add edx, [rbp-0x40]
;;    83  add edx, [rbp-0x38]
;;    86  add edx, [rbp-0x30]
;;    89  add edx, [rbp-0x28]
;;    8c  add edx, [rbp-0x20]
;;    8f  add edx, [rbp-0x18]
;;    92  mov eax, edx
;;    94  mov rbx, [rbp-0x10]
;;    98  leave
;;    99  ret
;;    9a  ud2
;;    9c  trap 9
