;; Pinned locals and framed ones; zeroing.
(module
  (func (param i32 i64 f32 f64 externref) (result f64) (local i32 i32 i64 f64)
    (local.set 6 (i32.add (local.get 5) (local.get 6)))
    (local.set 8 (f64.add (local.get 3) (local.get 8)))
    (local.get 8))
  (func (local i32 i32 i32 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0x30
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb 0x70
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  movsd [rbp-0x28], xmm0
;;    29  movsd [rbp-0x30], xmm1
;;    2e  mov [rbp-0x38], rdx
;;    32  xor r13d, r13d
;;    35  xor r11d, r11d
;;    38  mov [rbp-0x50], r11
;;    3c  mov [rbp-0x48], r11
;;    40  mov [rbp-0x40], r11
;;    44  mov eax, r13d
;;    47  add eax, [rbp-0x40]
;;    4a  mov [rbp-0x40], rax
;;    4e  movsd xmm0, [rbp-0x30]
;;    53  addsd xmm0, [rbp-0x50]
;;    58  movsd [rbp-0x50], xmm0
;;    5d  movsd xmm0, [rbp-0x50]
;;    62  mov rbx, [rbp-0x10]
;;    66  mov r12, [rbp-0x18]
;;    6a  mov r13, [rbp-0x20]
;;    6e  leave
;;    6f  ret
;;    70  ud2
;;    72  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0x80
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb 0x45
;;    1e  xor ebx, ebx
;;    20  xor r12d, r12d
;;    23  xor r13d, r13d
;;    26  lea rdi, [rbp-0x98]
;;    2d  mov ecx, 0xF
;;    32  xor eax, eax
;;    34  rep stosq [rdi]
;;    37  mov rbx, [rbp-0x10]
;;    3b  mov r12, [rbp-0x18]
;;    3f  mov r13, [rbp-0x20]
;;    43  leave
;;    44  ret
;;    45  ud2
;;    47  trap 9
