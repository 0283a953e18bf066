;; What fuel costs: functions and loops pay their length in bytes; the amount is patched when it is known.
;; modes: fuel
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
;;    29  sub qword ptr [r11+0x38], 0x16
;;    31  jl 0x62
;;    37  mov r11, [r14]
;;    3e  sub qword ptr [r11+0x38], 0x11
;;    46  jl 0x6F
;;    4c  add r12d, ebx
;;    4f  sub ebx, 1
;;    52  test ebx, ebx
;;    54  jne 0x37
;;    56  mov eax, r12d
;;    59  lea rsp, [rbp-0x18]
;;    5d  pop r12
;;    5f  pop rbx
;;    60  leave
;;    61  ret
;;    62  mov r11, [r14+8]
;;    66  call qword ptr [r11+0x58]
;;    6d  jmp 0x37
;;    6f  mov r11, [r14+8]
;;    73  call qword ptr [r11+0x58]
;;    7a  jmp 0x4C
