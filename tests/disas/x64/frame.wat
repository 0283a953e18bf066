;; A frame with displacements beyond a byte.
(module (func (result i32) (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 ) (i32.const 0)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  push r13
;;     c  push r12
;;     e  sub rsp, 0x620
;;    15  mov r11, [r14]
;;    18  cmp rsp, [r11]
;;    1b  jb trap 9
;;    1d  clc
;;    1e  xor ebx, ebx
;;    20  xor esi, esi
;;    22  xor r15d, r15d
;;    25  xor r13d, r13d
;;    28  xor r12d, r12d
;;    2b  mov r11, rdi
;;    2e  lea rdi, [rbp-0x648]
;;    35  mov ecx, 0xC3
;;    3a  xor eax, eax
;;    3c  rep stosq [rdi]
;;    3f  mov rdi, r11
;;    42  mov eax, 0
;;    47  lea rsp, [rbp-0x30]
;;    4b  pop r12
;;    4d  pop r13
;;    4f  pop r15
;;    51  pop rsi
;;    52  pop rbx
;;    53  leave
;;    54  ret
