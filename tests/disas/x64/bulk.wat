;; Bulk operators are calls of builtins.
(module (memory 1) (table 1 funcref) (data "abc") (elem func)
  (func (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (param i32) (memory.fill (local.get 0) (i32.const 0) (i32.const 16)))
  (func (memory.init 0 (i32.const 1) (i32.const 2) (i32.const 3)) (data.drop 0))
  (func (table.init 0 (i32.const 1) (i32.const 2) (i32.const 3)) (elem.drop 0)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb 0x57
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov ecx, ebx
;;    29  mov r8d, r12d
;;    2c  mov r9d, r13d
;;    2f  xor esi, esi
;;    31  xor edx, edx
;;    33  mov rdi, r14
;;    36  mov r11, [r14+8]
;;    3a  call qword ptr [r11+0x10]
;;    41  test eax, eax
;;    43  jne 0x5A
;;    49  mov rbx, [rbp-0x10]
;;    4d  mov r12, [rbp-0x18]
;;    51  mov r13, [rbp-0x20]
;;    55  leave
;;    56  ret
;;    57  ud2
;;    59  trap 9
;;    5a  ud2
;;    5c  trap 255
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x45
;;    1a  mov rbx, rax
;;    1d  mov edx, ebx
;;    1f  xor ecx, ecx
;;    21  mov r8d, 0x10
;;    27  xor esi, esi
;;    29  mov rdi, r14
;;    2c  mov r11, [r14+8]
;;    30  call qword ptr [r11+8]
;;    37  test eax, eax
;;    39  jne 0x48
;;    3f  mov rbx, [rbp-0x10]
;;    43  leave
;;    44  ret
;;    45  ud2
;;    47  trap 9
;;    48  ud2
;;    4a  trap 255
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x56
;;    19  mov ecx, 1
;;    1e  mov r8d, 2
;;    24  mov r9d, 3
;;    2a  xor esi, esi
;;    2c  xor edx, edx
;;    2e  mov rdi, r14
;;    31  mov r11, [r14+8]
;;    35  call qword ptr [r11+0x18]
;;    3c  test eax, eax
;;    3e  jne 0x59
;;    44  xor esi, esi
;;    46  mov rdi, r14
;;    49  mov r11, [r14+8]
;;    4d  call qword ptr [r11+0x20]
;;    54  leave
;;    55  ret
;;    56  ud2
;;    58  trap 9
;;    59  ud2
;;    5b  trap 255
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x56
;;    19  mov ecx, 1
;;    1e  mov r8d, 2
;;    24  mov r9d, 3
;;    2a  xor esi, esi
;;    2c  xor edx, edx
;;    2e  mov rdi, r14
;;    31  mov r11, [r14+8]
;;    35  call qword ptr [r11+0x40]
;;    3c  test eax, eax
;;    3e  jne 0x59
;;    44  xor esi, esi
;;    46  mov rdi, r14
;;    49  mov r11, [r14+8]
;;    4d  call qword ptr [r11+0x48]
;;    54  leave
;;    55  ret
;;    56  ud2
;;    58  trap 9
;;    59  ud2
;;    5b  trap 255
