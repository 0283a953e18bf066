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
;;    1b  mov ebx, eax
;;    1d  mov esi, ecx
;;    1f  mov r11, [r14+0x30]
;;    23  cmp rsi, [r11+8]
;;    27  jae trap 3
;;    2d  mov r11, [r11]
;;    30  mov r10, [r11+rsi*8]
;;    34  mov r11, [r14+0x20]
;;    38  mov r11d, [r11]
;;    3c  cmp [r10+0x10], r11d
;;    40  jne trap 5
;;    46  mov eax, ebx
;;    48  mov r14, [r10+8]
;;    4c  mov rdi, [r14+0x10]
;;    50  call qword ptr [r10]
;;    53  mov r14, [rbp-8]
;;    57  mov rdi, [r14+0x10]
;;    5b  lea rsp, [rbp-0x18]
;;    5f  pop rsi
;;    60  pop rbx
;;    61  leave
;;    62  ret
