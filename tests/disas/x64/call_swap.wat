;; Results in registers become arguments in others.
(module
  (func $f (param i32 i32 i32) (result i32 i32) (i32.const 1) (i32.const 2))
  (func (param i32) (result i32)
    (call $f (i32.const 1) (i32.const 2) (i32.const 3)) ;; rax, rcx
    (call $f (i32.const 9))
    (i32.add)))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov esi, ecx
;;    1b  mov r15d, edx
;;    1e  mov qword ptr [rbp-0x28], 1
;;    26  mov qword ptr [rbp-0x30], 2
;;    2e  mov eax, [rbp-0x28]
;;    31  mov ecx, [rbp-0x30]
;;    34  lea rsp, [rbp-0x20]
;;    38  pop r15
;;    3a  pop rsi
;;    3b  pop rbx
;;    3c  leave
;;    3d  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, 1
;;    1b  mov ecx, 2
;;    20  mov edx, 3
;;    25  call 0xFFFFFFFFFFFFFFC0
;;    2a  mov edx, 9
;;    2f  call 0xFFFFFFFFFFFFFFC0
;;    34  add eax, ecx
;;    36  mov rbx, [rbp-0x10]
;;    3a  leave
;;    3b  ret
