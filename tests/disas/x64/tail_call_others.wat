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
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  lea eax, [rbx+1]
;;    1c  mov rbx, [rbp-0x10]
;;    20  mov r11, [r14+0x50]
;;    24  mov r10, [r14+0x58]
;;    28  mov r14, [r14+8]
;;    2c  push 0
;;    31  jmp qword ptr [r14+0x60]
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 0x18
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  mov r11, [r14+0x30]
;;    20  cmp rbx, [r11+8]
;;    24  jae trap 3
;;    26  clc
;;    27  mov r11, [r11]
;;    2a  mov r10, [r11+rbx*8]
;;    2e  mov r11d, [r14+0x40]
;;    32  cmp [r10+0x10], r11d
;;    36  jne trap 5
;;    38  clc
;;    39  mov eax, esi
;;    3b  cmp r14, [r10+8]
;;    3f  jne 0x51
;;    45  mov rbx, [rbp-0x10]
;;    49  mov rsi, [rbp-0x18]
;;    4d  leave
;;    4e  jmp qword ptr [r10]
;;    51  mov rbx, [rbp-0x10]
;;    55  mov rsi, [rbp-0x18]
;;    59  mov r11, [r10]
;;    5c  mov r10, [r10+8]
;;    60  mov r14, [r14+8]
;;    64  push 0
;;    69  jmp qword ptr [r14+0x60]
