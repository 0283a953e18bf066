;; What epochs cost: a look at the store's word at the start of functions and loops, and a call at the end of the code.
;; modes: interrupts
(module
  (func (param i32) (result i32) (local i32)
    (loop (local.set 1 (i32.add (local.get 1) (local.get 0)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (local.get 1)))

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
;;    1f  xor r12d, r12d
;;    22  mov r11, [r14]
;;    29  cmp rsp, [r11+0x30]
;;    2d  ja 0x5A
;;    33  mov r11, [r14]
;;    3a  cmp rsp, [r11+0x30]
;;    3e  ja 0x67
;;    44  add r12d, ebx
;;    47  sub ebx, 1
;;    4a  test ebx, ebx
;;    4c  jne 0x33
;;    4e  mov eax, r12d
;;    51  lea rsp, [rbp-0x18]
;;    55  pop r12
;;    57  pop rbx
;;    58  leave
;;    59  ret
;;    5a  mov r11, [r14+8]
;;    5e  call qword ptr [r11+0x58]
;;    65  jmp 0x33
;;    67  mov r11, [r14+8]
;;    6b  call qword ptr [r11+0x58]
;;    72  jmp 0x44
