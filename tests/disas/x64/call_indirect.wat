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
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  mov esi, ecx
;;    19  mov r11, [r14+0x30]
;;    1d  cmp rsi, [r11+8]
;;    21  jae trap 3
;;    23  clc
;;    24  mov r11, [r11]
;;    27  mov r10, [r11+rsi*8]
;;    2b  mov r11d, [r14+0x40]
;;    2f  cmp [r10+0x10], r11d
;;    33  jne trap 5
;;    35  clc
;;    36  mov eax, ebx
;;    38  mov r14, [r10+8]
;;    3c  mov rdi, [r14+0x10]
;;    40  call qword ptr [r10]
;;    43  mov r14, [rbp-8]
;;    47  mov rdi, [r14+0x10]
;;    4b  lea rsp, [rbp-0x18]
;;    4f  pop rsi
;;    50  pop rbx
;;    51  leave
;;    52  ret
