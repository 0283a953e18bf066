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
;;    1e  mov ebx, eax
;;    20  mov eax, ebx
;;    22  mov r11d, 2
;;    28  cmp eax, r11d
;;    2b  cmova eax, r11d
;;    2f  lea r11, [0x41]
;;    36  lea r10, [rax+rax*4]
;;    3a  add r11, r10
;;    3d  notrack jmp r11
;;    41  jmp 0x50
;;    46  jmp 0x5A
;;    4b  jmp 0x64
;;    50  mov eax, 1
;;    55  jmp 0x69
;;    5a  mov eax, 2
;;    5f  jmp 0x69
;;    64  mov eax, 3
;;    69  mov rbx, [rbp-0x10]
;;    6d  leave
;;    6e  ret
