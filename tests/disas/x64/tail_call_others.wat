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
;;    1a  mov ebx, eax
;;    1c  lea eax, [rbx+1]
;;    1f  mov rbx, [rbp-0x10]
;;    23  mov r11, [r14+0x40]
;;    27  mov r10, [r14+0x48]
;;    2b  mov r14, [r14+8]
;;    2f  push 0
;;    34  jmp qword ptr [r14+0x60]
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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov r11, [r14+0x30]
;;    23  cmp rbx, [r11+8]
;;    27  jae trap 3
;;    2d  mov r11, [r11]
;;    30  mov r10, [r11+rbx*8]
;;    34  mov r11, [r14+0x20]
;;    38  mov r11d, [r11]
;;    3c  cmp [r10+0x10], r11d
;;    40  jne trap 5
;;    46  mov eax, esi
;;    48  cmp r14, [r10+8]
;;    4c  jne 0x5E
;;    52  mov rbx, [rbp-0x10]
;;    56  mov rsi, [rbp-0x18]
;;    5a  leave
;;    5b  jmp qword ptr [r10]
;;    5e  mov rbx, [rbp-0x10]
;;    62  mov rsi, [rbp-0x18]
;;    66  mov r11, [r10]
;;    69  mov r10, [r10+8]
;;    6d  mov r14, [r14+8]
;;    71  push 0
;;    76  jmp qword ptr [r14+0x60]
