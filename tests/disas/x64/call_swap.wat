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
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov esi, ecx
;;    1e  mov r15d, edx
;;    21  mov qword ptr [rbp-0x28], 1
;;    29  mov qword ptr [rbp-0x30], 2
;;    31  mov eax, [rbp-0x28]
;;    34  mov ecx, [rbp-0x30]
;;    37  lea rsp, [rbp-0x20]
;;    3b  pop r15
;;    3d  pop rsi
;;    3e  pop rbx
;;    3f  leave
;;    40  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, 1
;;    1e  mov ecx, 2
;;    23  mov edx, 3
;;    28  call 0xFFFFFFFFFFFFFFB0
;;    2d  mov edx, 9
;;    32  call 0xFFFFFFFFFFFFFFB0
;;    37  add eax, ecx
;;    39  mov rbx, [rbp-0x10]
;;    3d  leave
;;    3e  ret
