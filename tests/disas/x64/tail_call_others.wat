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
;;    1a  mov rbx, rax
;;    1d  lea eax, [rbx+1]
;;    20  mov rbx, [rbp-0x10]
;;    24  mov r11, [r14+0x30]
;;    2b  mov r10, [r14+0x38]
;;    32  mov r14, [r14+8]
;;    36  push 0
;;    3b  jmp qword ptr [r14+0x60]
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
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r11, [r14+0x40]
;;    29  cmp rbx, [r11+8]
;;    2d  jae trap 3
;;    33  mov r11, [r11]
;;    37  mov r10, [r11+rbx*8]
;;    3b  mov r11, [r14+0x20]
;;    3f  mov r11d, [r11]
;;    43  cmp [r10+0x10], r11d
;;    47  jne trap 5
;;    4d  mov eax, r12d
;;    50  cmp r14, [r10+8]
;;    54  jne 0x67
;;    5a  mov rbx, [rbp-0x10]
;;    5e  mov r12, [rbp-0x18]
;;    62  leave
;;    63  jmp qword ptr [r10]
;;    67  mov rbx, [rbp-0x10]
;;    6b  mov r12, [rbp-0x18]
;;    6f  mov r11, [r10]
;;    73  mov r10, [r10+8]
;;    77  mov r14, [r14+8]
;;    7b  push 0
;;    80  jmp qword ptr [r14+0x60]
