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
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r11, [r14+0x30]
;;    29  cmp r12, [r11+8]
;;    2d  jae trap 3
;;    33  mov r11, [r11]
;;    37  mov r10, [r11+r12*8]
;;    3b  mov r11, [r14+0x20]
;;    3f  mov r11d, [r11]
;;    43  cmp [r10+0x10], r11d
;;    47  jne trap 5
;;    4d  mov eax, ebx
;;    4f  mov r14, [r10+8]
;;    53  mov r15, [r14+0x10]
;;    57  call qword ptr [r10]
;;    5b  mov r14, [rbp-8]
;;    5f  mov r15, [r14+0x10]
;;    63  lea rsp, [rbp-0x18]
;;    67  pop r12
;;    69  pop rbx
;;    6a  leave
;;    6b  ret
