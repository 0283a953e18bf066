;; Functions begin with landing pads, and so do the entries of branch tables where they need them.
;; modes: pads
(module
  (func (param i32) (result i32)
    (block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 1))) (return (i32.const 2)))
    (i32.const 3)))

;; x86-64
;;
;; function 0
;;     0  endbr64
;;     4  push rbp
;;     5  mov rbp, rsp
;;     8  push r14
;;     a  push rbx
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1a  clc
;;    1b  mov ebx, eax
;;    1d  mov eax, ebx
;;    1f  mov r11d, 2
;;    25  cmp eax, r11d
;;    28  cmova eax, r11d
;;    2c  lea r11, [0x3E]
;;    33  lea r10, [rax+rax*4]
;;    37  add r11, r10
;;    3a  notrack jmp r11
;;    3e  jmp 0x4D
;;    43  jmp 0x57
;;    48  jmp 0x61
;;    4d  mov eax, 1
;;    52  jmp 0x66
;;    57  mov eax, 2
;;    5c  jmp 0x66
;;    61  mov eax, 3
;;    66  mov rbx, [rbp-0x10]
;;    6a  leave
;;    6b  ret
