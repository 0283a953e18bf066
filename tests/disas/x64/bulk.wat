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
;;    18  jb 0x51
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov ecx, ebx
;;    29  mov eax, r12d
;;    2c  mov edi, r13d
;;    2f  xor esi, esi
;;    31  xor edx, edx
;;    33  mov r11, [r14+8]
;;    37  call qword ptr [r11+0x10]
;;    3e  test eax, eax
;;    40  jne 0x54
;;    46  lea rsp, [rbp-0x20]
;;    4a  pop r13
;;    4c  pop r12
;;    4e  pop rbx
;;    4f  leave
;;    50  ret
;;    51  ud2
;;    53  trap 9
;;    54  ud2
;;    56  trap 255
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb 0x41
;;    1a  mov rbx, rax
;;    1d  mov edx, ebx
;;    1f  xor ecx, ecx
;;    21  mov eax, 0x10
;;    26  xor esi, esi
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+8]
;;    33  test eax, eax
;;    35  jne 0x44
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
;;    41  ud2
;;    43  trap 9
;;    44  ud2
;;    46  trap 255
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x4E
;;    19  mov ecx, 1
;;    1e  mov eax, 2
;;    23  mov edi, 3
;;    28  xor esi, esi
;;    2a  xor edx, edx
;;    2c  mov r11, [r14+8]
;;    30  call qword ptr [r11+0x18]
;;    37  test eax, eax
;;    39  jne 0x51
;;    3f  xor esi, esi
;;    41  mov r11, [r14+8]
;;    45  call qword ptr [r11+0x20]
;;    4c  leave
;;    4d  ret
;;    4e  ud2
;;    50  trap 9
;;    51  ud2
;;    53  trap 255
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x4E
;;    19  mov ecx, 1
;;    1e  mov eax, 2
;;    23  mov edi, 3
;;    28  xor esi, esi
;;    2a  xor edx, edx
;;    2c  mov r11, [r14+8]
;;    30  call qword ptr [r11+0x40]
;;    37  test eax, eax
;;    39  jne 0x51
;;    3f  xor esi, esi
;;    41  mov r11, [r14+8]
;;    45  call qword ptr [r11+0x48]
;;    4c  leave
;;    4d  ret
;;    4e  ud2
;;    50  trap 9
;;    51  ud2
;;    53  trap 255
