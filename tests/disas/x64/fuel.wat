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
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  xor esi, esi
;;    19  mov r11, [r14]
;;    20  sub qword ptr [r11+0x38], 0x16
;;    28  jl 0x56
;;    2e  mov r11, [r14]
;;    35  sub qword ptr [r11+0x38], 0x11
;;    3d  jl 0x60
;;    43  add esi, ebx
;;    45  sub ebx, 1
;;    48  test ebx, ebx
;;    4a  jne 0x2E
;;    4c  mov eax, esi
;;    4e  lea rsp, [rbp-0x18]
;;    52  pop rsi
;;    53  pop rbx
;;    54  leave
;;    55  ret
;;    56  mov r11, [r14+8]
;;    5a  call qword ptr [r11+0x58]
;;    5e  jmp 0x2E
;;    60  mov r11, [r14+8]
;;    64  call qword ptr [r11+0x58]
;;    68  jmp 0x43
