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
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0x10
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov qword ptr [rbp-0x28], 1
;;    2f  mov qword ptr [rbp-0x30], 2
;;    37  mov eax, [rbp-0x28]
;;    3a  mov ecx, [rbp-0x30]
;;    3d  lea rsp, [rbp-0x20]
;;    41  pop r13
;;    43  pop r12
;;    45  pop rbx
;;    46  leave
;;    47  ret
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
;;    1a  mov rbx, rax
;;    1d  mov eax, 1
;;    22  mov ecx, 2
;;    27  mov edx, 3
;;    2c  call 0xFFFFFFFFFFFFFFB0
;;    31  mov edx, 9
;;    36  call 0xFFFFFFFFFFFFFFB0
;;    3b  add eax, ecx
;;    3d  mov rbx, [rbp-0x10]
;;    41  leave
;;    42  ret
