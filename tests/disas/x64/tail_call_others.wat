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
;;    16  jb 0x90
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r11, [r14+0x40]
;;    29  cmp rbx, [r11+8]
;;    2d  jae 0x93
;;    33  mov r11, [r11]
;;    37  mov r10, [r11+rbx*8]
;;    3b  test r10, r10
;;    3e  je 0x96
;;    44  mov r11, [r14+0x20]
;;    48  mov r11d, [r11]
;;    4c  cmp [r10+0x10], r11d
;;    50  jne 0x99
;;    56  mov eax, r12d
;;    59  cmp r14, [r10+8]
;;    5d  jne 0x70
;;    63  mov rbx, [rbp-0x10]
;;    67  mov r12, [rbp-0x18]
;;    6b  leave
;;    6c  jmp qword ptr [r10]
;;    70  mov rbx, [rbp-0x10]
;;    74  mov r12, [rbp-0x18]
;;    78  mov r11, [r10]
;;    7c  mov r10, [r10+8]
;;    80  mov r14, [r14+8]
;;    84  push 0
;;    89  jmp qword ptr [r14+0x60]
;;    90  ud2
;;    92  trap 9
;;    93  ud2
;;    95  trap 3
;;    96  ud2
;;    98  trap 4
;;    99  ud2
;;    9b  trap 5
