;; Indirect calls: bounds, null and type are checked.
(module
  (table 10 funcref)
  (type $t (func (param i32) (result i32)))
  (func (param i32 i32) (result i32) (call_indirect (type $t) (local.get 0) (local.get 1))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb 0x71
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r11, [r14+0x30]
;;    29  cmp r12, [r11+8]
;;    2d  jae 0x74
;;    33  mov r11, [r11]
;;    37  mov r10, [r11+r12*8]
;;    3b  test r10, r10
;;    3e  je 0x77
;;    44  cmp dword ptr [r10+0x10], 0
;;    4c  jne 0x7A
;;    52  mov eax, ebx
;;    54  mov r14, [r10+8]
;;    58  mov r15, [r14+0x10]
;;    5c  call qword ptr [r10]
;;    60  mov r14, [rbp-8]
;;    64  mov r15, [r14+0x10]
;;    68  lea rsp, [rbp-0x18]
;;    6c  pop r12
;;    6e  pop rbx
;;    6f  leave
;;    70  ret
;;    71  ud2
;;    73  trap 9
;;    74  ud2
;;    76  trap 3
;;    77  ud2
;;    79  trap 4
;;    7a  ud2
;;    7c  trap 5
