;; Jump tables.
(module
  (func (param i32) (result i32)
    (block (block (block (br_table 0 1 2 (local.get 0)))
      (return (i32.const 10)))
      (return (i32.const 20)))
    (i32.const 30))
  (func (param i32) (result i32)
    (block (result i32) (block (result i32) (br_table 0 1 1 (i32.const 7) (local.get 0)) ) (i32.add (i32.const 1))))
  (func (param i32)
    (loop (br_table 0 1 (local.get 0)))))

;; x86-64
;;
;; function 0
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
;;    19  mov eax, ebx
;;    1b  mov r11d, 2
;;    21  cmp eax, r11d
;;    24  cmova eax, r11d
;;    28  lea r11, [0x39]
;;    2f  lea r10, [rax+rax*4]
;;    33  add r11, r10
;;    36  jmp r11
;;    39  jmp 0x48
;;    3e  jmp 0x52
;;    43  jmp 0x5C
;;    48  mov eax, 0xA
;;    4d  jmp 0x61
;;    52  mov eax, 0x14
;;    57  jmp 0x61
;;    5c  mov eax, 0x1E
;;    61  mov rbx, [rbp-0x10]
;;    65  leave
;;    66  ret
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
;;    19  mov eax, ebx
;;    1b  mov ecx, eax
;;    1d  mov eax, 7
;;    22  mov r11d, 2
;;    28  cmp ecx, r11d
;;    2b  cmova ecx, r11d
;;    2f  lea r11, [0x40]
;;    36  lea r10, [rcx+rcx*4]
;;    3a  add r11, r10
;;    3d  jmp r11
;;    40  jmp 0x4F
;;    45  jmp 0x52
;;    4a  jmp 0x52
;;    4f  add eax, 1
;;    52  mov rbx, [rbp-0x10]
;;    56  leave
;;    57  ret
;;
;; function 2
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
;;    19  mov eax, ebx
;;    1b  mov r11d, 1
;;    21  cmp eax, r11d
;;    24  cmova eax, r11d
;;    28  lea r11, [0x39]
;;    2f  lea r10, [rax+rax*4]
;;    33  add r11, r10
;;    36  jmp r11
;;    39  jmp 0x19
;;    3e  jmp 0x43
;;    43  mov rbx, [rbp-0x10]
;;    47  leave
;;    48  ret
