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
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov esi, ecx
;;    1e  mov r15d, edx
;;    21  mov ecx, ebx
;;    23  mov r8d, esi
;;    26  mov r9d, r15d
;;    29  xor eax, eax
;;    2b  xor edx, edx
;;    2d  mov r11, [r14+8]
;;    31  call qword ptr [r11+0x10]
;;    35  lea rsp, [rbp-0x20]
;;    39  pop r15
;;    3b  pop rsi
;;    3c  pop rbx
;;    3d  leave
;;    3e  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov edx, ebx
;;    1b  xor ecx, ecx
;;    1d  mov r8d, 0x10
;;    23  xor eax, eax
;;    25  mov r11, [r14+8]
;;    29  call qword ptr [r11+8]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
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
;;    16  mov ecx, 1
;;    1b  mov r8d, 2
;;    21  mov r9d, 3
;;    27  xor eax, eax
;;    29  xor edx, edx
;;    2b  mov r11, [r14+8]
;;    2f  call qword ptr [r11+0x18]
;;    33  xor eax, eax
;;    35  mov r11, [r14+8]
;;    39  call qword ptr [r11+0x20]
;;    3d  leave
;;    3e  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov ecx, 1
;;    1b  mov r8d, 2
;;    21  mov r9d, 3
;;    27  xor eax, eax
;;    29  xor edx, edx
;;    2b  mov r11, [r14+8]
;;    2f  call qword ptr [r11+0x40]
;;    33  xor eax, eax
;;    35  mov r11, [r14+8]
;;    39  call qword ptr [r11+0x48]
;;    3d  leave
;;    3e  ret
