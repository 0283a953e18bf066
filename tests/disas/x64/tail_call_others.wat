;; Tail calls to functions that may be of other instances: imports, and elements of tables.
(module
  (import "m" "f" (func $import (param i32)))
  (type $t (func (param i32)))
  (table 4 funcref)
  (func (param i32) (return_call $import (i32.add (local.get 0) (i32.const 1))))
  (func (param i32 i32) (return_call_indirect (type $t) (local.get 1) (local.get 0))))

;; x86-64
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  lea eax, [rbx+1]
;;    19  mov rbx, [rbp-0x10]
;;    1d  mov r11, [r14+0x50]
;;    21  mov r10, [r14+0x58]
;;    25  mov r14, [r14+8]
;;    29  push 0
;;    2e  jmp qword ptr [r14+0x60]
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  mov r11, [r14+0x30]
;;    1d  cmp rbx, [r11+8]
;;    21  jae trap 3
;;    23  clc
;;    24  mov r11, [r11]
;;    27  mov r10, [r11+rbx*8]
;;    2b  mov r11d, [r14+0x40]
;;    2f  cmp [r10+0x10], r11d
;;    33  jne trap 5
;;    35  clc
;;    36  mov eax, esi
;;    38  cmp r14, [r10+8]
;;    3c  jne 0x4E
;;    42  mov rbx, [rbp-0x10]
;;    46  mov rsi, [rbp-0x18]
;;    4a  leave
;;    4b  jmp qword ptr [r10]
;;    4e  mov rbx, [rbp-0x10]
;;    52  mov rsi, [rbp-0x18]
;;    56  mov r11, [r10]
;;    59  mov r10, [r10+8]
;;    5d  mov r14, [r14+8]
;;    61  push 0
;;    66  jmp qword ptr [r14+0x60]
