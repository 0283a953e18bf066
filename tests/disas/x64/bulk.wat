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
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov esi, ecx
;;    1b  mov r15d, edx
;;    1e  mov ecx, ebx
;;    20  mov r8d, esi
;;    23  mov r9d, r15d
;;    26  xor eax, eax
;;    28  xor edx, edx
;;    2a  mov r11, [r14+8]
;;    2e  call qword ptr [r11+0x10]
;;    32  lea rsp, [rbp-0x20]
;;    36  pop r15
;;    38  pop rsi
;;    39  pop rbx
;;    3a  leave
;;    3b  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov edx, ebx
;;    18  xor ecx, ecx
;;    1a  mov r8d, 0x10
;;    20  xor eax, eax
;;    22  mov r11, [r14+8]
;;    26  call qword ptr [r11+8]
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov ecx, 1
;;    18  mov r8d, 2
;;    1e  mov r9d, 3
;;    24  xor eax, eax
;;    26  xor edx, edx
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+0x18]
;;    30  xor eax, eax
;;    32  mov r11, [r14+8]
;;    36  call qword ptr [r11+0x20]
;;    3a  leave
;;    3b  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov ecx, 1
;;    18  mov r8d, 2
;;    1e  mov r9d, 3
;;    24  xor eax, eax
;;    26  xor edx, edx
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+0x40]
;;    30  xor eax, eax
;;    32  mov r11, [r14+8]
;;    36  call qword ptr [r11+0x48]
;;    3a  leave
;;    3b  ret
