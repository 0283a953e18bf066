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
;;    1d  mov ebx, eax
;;    1f  mov esi, ecx
;;    21  mov r15d, edx
;;    24  mov ecx, ebx
;;    26  mov r8d, esi
;;    29  mov r9d, r15d
;;    2c  xor eax, eax
;;    2e  xor edx, edx
;;    30  mov r11, [r14+8]
;;    34  call qword ptr [r11+0x10]
;;    38  lea rsp, [rbp-0x20]
;;    3c  pop r15
;;    3e  pop rsi
;;    3f  pop rbx
;;    40  leave
;;    41  ret
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
;;    1a  mov ebx, eax
;;    1c  mov edx, ebx
;;    1e  xor ecx, ecx
;;    20  mov r8d, 0x10
;;    26  xor eax, eax
;;    28  mov r11, [r14+8]
;;    2c  call qword ptr [r11+8]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
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
;;    1e  mov r8d, 2
;;    24  mov r9d, 3
;;    2a  xor eax, eax
;;    2c  xor edx, edx
;;    2e  mov r11, [r14+8]
;;    32  call qword ptr [r11+0x18]
;;    36  xor eax, eax
;;    38  mov r11, [r14+8]
;;    3c  call qword ptr [r11+0x20]
;;    40  leave
;;    41  ret
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
;;    1e  mov r8d, 2
;;    24  mov r9d, 3
;;    2a  xor eax, eax
;;    2c  xor edx, edx
;;    2e  mov r11, [r14+8]
;;    32  call qword ptr [r11+0x40]
;;    36  xor eax, eax
;;    38  mov r11, [r14+8]
;;    3c  call qword ptr [r11+0x48]
;;    40  leave
;;    41  ret
