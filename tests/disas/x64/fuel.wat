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
;;    17  clc
;;    18  mov ebx, eax
;;    1a  xor esi, esi
;;    1c  mov r11, [r14]
;;    23  sub qword ptr [r11+0x38], 0x16
;;    2b  jl 0x59
;;    31  mov r11, [r14]
;;    38  sub qword ptr [r11+0x38], 0x11
;;    40  jl 0x63
;;    46  add esi, ebx
;;    48  sub ebx, 1
;;    4b  test ebx, ebx
;;    4d  jne 0x31
;;    4f  mov eax, esi
;;    51  lea rsp, [rbp-0x18]
;;    55  pop rsi
;;    56  pop rbx
;;    57  leave
;;    58  ret
;;    59  mov r11, [r14+8]
;;    5d  call qword ptr [r11+0x58]
;;    61  jmp 0x31
;;    63  mov r11, [r14+8]
;;    67  call qword ptr [r11+0x58]
;;    6b  jmp 0x46
