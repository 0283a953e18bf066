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
;;     b  push r9
;;     d  push r8
;;     f  sub rsp, 0x620
;;    16  mov r11, [r14]
;;    19  cmp rsp, [r11]
;;    1c  jb trap 9
;;    22  xor ebx, ebx
;;    24  xor r12d, r12d
;;    27  xor r13d, r13d
;;    2a  xor r9d, r9d
;;    2d  xor r8d, r8d
;;    30  lea rdi, [rbp-0x648]
;;    37  mov ecx, 0xC3
;;    3c  xor eax, eax
;;    3e  rep stosq [rdi]
;;    41  mov eax, 0
;;    46  lea rsp, [rbp-0x30]
;;    4a  pop r8
;;    4c  pop r9
;;    4e  pop r13
;;    50  pop r12
;;    52  pop rbx
;;    53  leave
;;    54  ret
