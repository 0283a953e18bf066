;; Indices of arrays that were checked are also made harmless by data flow, which looks at the same flags.
;; modes: masks
(module (type $a (array (mut i32)))
  (func (param (ref $a) i32) (result i32) (array.get $a (local.get 0) (local.get 1)))
  (func (param (ref $a) i32) (array.set $a (local.get 0) (local.get 1) (i32.const 7))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov [rbp-0x18], rax
;;    1b  mov rbx, rcx
;;    1e  mov rax, [rbp-0x18]
;;    22  lea r10, [rdi+rax]
;;    26  cmp ebx, [r10+4]
;;    2a  jae trap 15
;;    2c  jp 0x2E
;;    2e  mov edx, 0
;;    33  mov r11, rbx
;;    36  cmovae r11, rdx
;;    3a  shl r11, 2
;;    3e  mov ecx, [r10+r11+8]
;;    43  mov eax, ecx
;;    45  mov rbx, [rbp-0x10]
;;    49  leave
;;    4a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov [rbp-0x18], rax
;;    1b  mov rbx, rcx
;;    1e  mov rax, [rbp-0x18]
;;    22  lea r10, [rdi+rax]
;;    26  cmp ebx, [r10+4]
;;    2a  jae trap 15
;;    2c  jp 0x2E
;;    2e  mov ecx, 0
;;    33  mov r11, rbx
;;    36  cmovae r11, rcx
;;    3a  shl r11, 2
;;    3e  mov dword ptr [r10+r11+8], 7
;;    47  mov rbx, [rbp-0x10]
;;    4b  leave
;;    4c  ret
