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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov [rbp-0x18], rax
;;    18  mov rbx, rcx
;;    1b  mov rax, [rbp-0x18]
;;    1f  lea r10, [rdi+rax]
;;    23  cmp ebx, [r10+4]
;;    27  jae trap 15
;;    29  jp 0x2B
;;    2b  mov edx, 0
;;    30  mov r11, rbx
;;    33  cmovae r11, rdx
;;    37  shl r11, 2
;;    3b  mov ecx, [r10+r11+8]
;;    40  mov eax, ecx
;;    42  mov rbx, [rbp-0x10]
;;    46  leave
;;    47  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov [rbp-0x18], rax
;;    18  mov rbx, rcx
;;    1b  mov rax, [rbp-0x18]
;;    1f  lea r10, [rdi+rax]
;;    23  cmp ebx, [r10+4]
;;    27  jae trap 15
;;    29  jp 0x2B
;;    2b  mov ecx, 0
;;    30  mov r11, rbx
;;    33  cmovae r11, rcx
;;    37  shl r11, 2
;;    3b  mov dword ptr [r10+r11+8], 7
;;    44  mov rbx, [rbp-0x10]
;;    48  leave
;;    49  ret
