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
;;    18  jb trap 9
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
;;    3e  lea rsp, [rbp-0x20]
;;    42  pop r13
;;    44  pop r12
;;    46  pop rbx
;;    47  leave
;;    48  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov edx, ebx
;;    1f  xor ecx, ecx
;;    21  mov eax, 0x10
;;    26  xor esi, esi
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+8]
;;    33  mov rbx, [rbp-0x10]
;;    37  leave
;;    38  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov ecx, 1
;;    1e  mov eax, 2
;;    23  mov edi, 3
;;    28  xor esi, esi
;;    2a  xor edx, edx
;;    2c  mov r11, [r14+8]
;;    30  call qword ptr [r11+0x18]
;;    37  xor esi, esi
;;    39  mov r11, [r14+8]
;;    3d  call qword ptr [r11+0x20]
;;    44  leave
;;    45  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov ecx, 1
;;    1e  mov eax, 2
;;    23  mov edi, 3
;;    28  xor esi, esi
;;    2a  xor edx, edx
;;    2c  mov r11, [r14+8]
;;    30  call qword ptr [r11+0x40]
;;    37  xor esi, esi
;;    39  mov r11, [r14+8]
;;    3d  call qword ptr [r11+0x48]
;;    44  leave
;;    45  ret
