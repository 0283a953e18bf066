;; A frame with displacements beyond a byte.
(module (func (result i32) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 ) (i32.const 0)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0x630
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb 0x4A
;;    1e  xor ebx, ebx
;;    20  xor r12d, r12d
;;    23  xor r13d, r13d
;;    26  lea rdi, [rbp-0x648]
;;    2d  mov ecx, 0xC5
;;    32  xor eax, eax
;;    34  rep stosq [rdi]
;;    37  mov eax, 0
;;    3c  mov rbx, [rbp-0x10]
;;    40  mov r12, [rbp-0x18]
;;    44  mov r13, [rbp-0x20]
;;    48  leave
;;    49  ret
;;    4a  ud2
;;    4c  trap 9
