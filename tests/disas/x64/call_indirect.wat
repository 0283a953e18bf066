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
;;    16  jb 0x75
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r11, [r14+0x30]
;;    29  cmp r12, [r11+8]
;;    2d  jae 0x78
;;    33  mov r11, [r11]
;;    37  mov r10, [r11+r12*8]
;;    3b  test r10, r10
;;    3e  je 0x7B
;;    44  mov r11, [r14+0x20]
;;    48  mov r11d, [r11]
;;    4c  cmp [r10+0x10], r11d
;;    50  jne 0x7E
;;    56  mov eax, ebx
;;    58  mov r14, [r10+8]
;;    5c  mov r15, [r14+0x10]
;;    60  call qword ptr [r10]
;;    64  mov r14, [rbp-8]
;;    68  mov r15, [r14+0x10]
;;    6c  lea rsp, [rbp-0x18]
;;    70  pop r12
;;    72  pop rbx
;;    73  leave
;;    74  ret
;;    75  ud2
;;    77  trap 9
;;    78  ud2
;;    7a  trap 3
;;    7b  ud2
;;    7d  trap 4
;;    7e  ud2
;;    80  trap 5
