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
;;    14  jb 0x42
;;    1a  mov rbx, rax
;;    1d  lea eax, [rbx+1]
;;    20  mov rbx, [rbp-0x10]
;;    24  mov r11, [r14+0x30]
;;    2b  mov r10, [r14+0x38]
;;    32  mov r14, [r14+8]
;;    36  push 0
;;    3b  jmp qword ptr [r14+0x60]
;;    42  ud2
;;    44  trap 9
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 0x18
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb 0x8C
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r11, [r14+0x40]
;;    29  cmp rbx, [r11+8]
;;    2d  jae 0x8F
;;    33  mov r11, [r11]
;;    37  mov r10, [r11+rbx*8]
;;    3b  test r10, r10
;;    3e  je 0x92
;;    44  cmp dword ptr [r10+0x10], 0
;;    4c  jne 0x95
;;    52  mov eax, r12d
;;    55  cmp r14, [r10+8]
;;    59  jne 0x6C
;;    5f  mov rbx, [rbp-0x10]
;;    63  mov r12, [rbp-0x18]
;;    67  leave
;;    68  jmp qword ptr [r10]
;;    6c  mov rbx, [rbp-0x10]
;;    70  mov r12, [rbp-0x18]
;;    74  mov r11, [r10]
;;    78  mov r10, [r10+8]
;;    7c  mov r14, [r14+8]
;;    80  push 0
;;    85  jmp qword ptr [r14+0x60]
;;    8c  ud2
;;    8e  trap 9
;;    8f  ud2
;;    91  trap 3
;;    92  ud2
;;    94  trap 4
;;    95  ud2
;;    97  trap 5
