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
;;    17  clc
;;    18  mov ebx, eax
;;    1a  xor esi, esi
;;    1c  mov r11, [r14]
;;    23  cmp rsp, [r11+0x30]
;;    27  ja 0x51
;;    2d  mov r11, [r14]
;;    34  cmp rsp, [r11+0x30]
;;    38  ja 0x5B
;;    3e  add esi, ebx
;;    40  sub ebx, 1
;;    43  test ebx, ebx
;;    45  jne 0x2D
;;    47  mov eax, esi
;;    49  lea rsp, [rbp-0x18]
;;    4d  pop rsi
;;    4e  pop rbx
;;    4f  leave
;;    50  ret
;;    51  mov r11, [r14+8]
;;    55  call qword ptr [r11+0x58]
;;    59  jmp 0x2D
;;    5b  mov r11, [r14+8]
;;    5f  call qword ptr [r11+0x58]
;;    63  jmp 0x3E
