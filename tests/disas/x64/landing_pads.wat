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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov ebx, eax
;;    1a  mov eax, ebx
;;    1c  mov r11d, 2
;;    22  cmp eax, r11d
;;    25  cmova eax, r11d
;;    29  lea r11, [0x5C]
;;    30  movzx r10d, word ptr [r11+rax*2]
;;    35  sub r11, r10
;;    38  notrack jmp r11
;;    3c  mov eax, 1
;;    41  jmp 0x55
;;    46  mov eax, 2
;;    4b  jmp 0x55
;;    50  mov eax, 3
;;    55  mov rbx, [rbp-0x10]
;;    59  leave
;;    5a  ret
