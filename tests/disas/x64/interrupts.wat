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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  mov ebx, eax
;;    1d  xor esi, esi
;;    1f  mov r11, [r14]
;;    26  cmp rsp, [r11+0x30]
;;    2a  ja 0x54
;;    30  mov r11, [r14]
;;    37  cmp rsp, [r11+0x30]
;;    3b  ja 0x5E
;;    41  add esi, ebx
;;    43  sub ebx, 1
;;    46  test ebx, ebx
;;    48  jne 0x30
;;    4a  mov eax, esi
;;    4c  lea rsp, [rbp-0x18]
;;    50  pop rsi
;;    51  pop rbx
;;    52  leave
;;    53  ret
;;    54  mov r11, [r14+8]
;;    58  call qword ptr [r11+0x58]
;;    5c  jmp 0x30
;;    5e  mov r11, [r14+8]
;;    62  call qword ptr [r11+0x58]
;;    66  jmp 0x41
