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
;;     7  sub rsp, 0x30
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x9C
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
;;    36  mov r8d, ebx
;;    39  imul r8d, ebx
;;    3d  mov r9d, ebx
;;    40  imul r9d, ebx
;;    44  mov [rbp-0x18], rax
;;    48  mov eax, ebx
;;    4a  imul eax, ebx
;;    4d  mov [rbp-0x20], rcx
;;    51  mov ecx, ebx
;;    53  imul ecx, ebx
;;    56  mov [rbp-0x28], rdx
;;    5a  mov edx, ebx
;;    5c  imul edx, ebx
;;    5f  mov [rbp-0x30], rsi
;;    63  mov esi, ebx
;;    65  imul esi, ebx
;;    68  mov [rbp-0x38], rdi
;;    6c  mov edi, ebx
;;    6e  imul edi, ebx
;;    71  add esi, edi
;;    73  add edx, esi
;;    75  add ecx, edx
;;    77  add eax, ecx
;;    79  add r9d, eax
;;    7c  add r8d, r9d
;;    7f  add r8d, [rbp-0x38]
;;    83  add r8d, [rbp-0x30]
;;    87  add r8d, [rbp-0x28]
;;    8b  add r8d, [rbp-0x20]
;;    8f  add r8d, [rbp-0x18]
;;    93  mov eax, r8d
;;    96  mov rbx, [rbp-0x10]
;;    9a  leave
;;    9b  ret
;;    9c  ud2
;;    9e  trap 9
