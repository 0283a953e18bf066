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
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  xor esi, esi
;;    19  mov r11, [r14]
;;    20  cmp rsp, [r11+0x30]
;;    24  ja 0x4E
;;    2a  mov r11, [r14]
;;    31  cmp rsp, [r11+0x30]
;;    35  ja 0x58
;;    3b  add esi, ebx
;;    3d  sub ebx, 1
;;    40  test ebx, ebx
;;    42  jne 0x2A
;;    44  mov eax, esi
;;    46  lea rsp, [rbp-0x18]
;;    4a  pop rsi
;;    4b  pop rbx
;;    4c  leave
;;    4d  ret
;;    4e  mov r11, [r14+8]
;;    52  call qword ptr [r11+0x58]
;;    56  jmp 0x2A
;;    58  mov r11, [r14+8]
;;    5c  call qword ptr [r11+0x58]
;;    60  jmp 0x3B
