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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  mov ebx, eax
;;    1d  xor esi, esi
;;    1f  mov r11, [r14]
;;    26  sub qword ptr [r11+0x38], 0x16
;;    2e  jl 0x5C
;;    34  mov r11, [r14]
;;    3b  sub qword ptr [r11+0x38], 0x11
;;    43  jl 0x66
;;    49  add esi, ebx
;;    4b  sub ebx, 1
;;    4e  test ebx, ebx
;;    50  jne 0x34
;;    52  mov eax, esi
;;    54  lea rsp, [rbp-0x18]
;;    58  pop rsi
;;    59  pop rbx
;;    5a  leave
;;    5b  ret
;;    5c  mov r11, [r14+8]
;;    60  call qword ptr [r11+0x58]
;;    64  jmp 0x34
;;    66  mov r11, [r14+8]
;;    6a  call qword ptr [r11+0x58]
;;    6e  jmp 0x49
