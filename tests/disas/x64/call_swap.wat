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
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    1d  mov ebx, eax
;;    1f  mov esi, ecx
;;    21  mov r15d, edx
;;    24  mov qword ptr [rbp-0x28], 1
;;    2c  mov qword ptr [rbp-0x30], 2
;;    34  mov eax, [rbp-0x28]
;;    37  mov ecx, [rbp-0x30]
;;    3a  lea rsp, [rbp-0x20]
;;    3e  pop r15
;;    40  pop rsi
;;    41  pop rbx
;;    42  leave
;;    43  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov ebx, eax
;;    1c  mov eax, 1
;;    21  mov ecx, 2
;;    26  mov edx, 3
;;    2b  call 0xFFFFFFFFFFFFFFB0
;;    30  mov edx, 9
;;    35  call 0xFFFFFFFFFFFFFFB0
;;    3a  add eax, ecx
;;    3c  mov rbx, [rbp-0x10]
;;    40  leave
;;    41  ret
