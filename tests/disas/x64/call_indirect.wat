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
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov esi, ecx
;;    1c  mov r11, [r14+0x30]
;;    20  cmp rsi, [r11+8]
;;    24  jae trap 3
;;    26  clc
;;    27  mov r11, [r11]
;;    2a  mov r10, [r11+rsi*8]
;;    2e  mov r11d, [r14+0x40]
;;    32  cmp [r10+0x10], r11d
;;    36  jne trap 5
;;    38  clc
;;    39  mov eax, ebx
;;    3b  mov r14, [r10+8]
;;    3f  mov rdi, [r14+0x10]
;;    43  call qword ptr [r10]
;;    46  mov r14, [rbp-8]
;;    4a  mov rdi, [r14+0x10]
;;    4e  lea rsp, [rbp-0x18]
;;    52  pop rsi
;;    53  pop rbx
;;    54  leave
;;    55  ret
