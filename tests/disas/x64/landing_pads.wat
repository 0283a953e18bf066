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
;;    1e  mov rbx, rax
;;    21  mov eax, ebx
;;    23  mov r11d, 2
;;    29  cmp eax, r11d
;;    2c  cmova eax, r11d
;;    30  lea r11, [0x42]
;;    37  lea r10, [rax+rax*4]
;;    3b  add r11, r10
;;    3e  notrack jmp r11
;;    42  jmp 0x51
;;    47  jmp 0x5B
;;    4c  jmp 0x65
;;    51  mov eax, 1
;;    56  jmp 0x6A
;;    5b  mov eax, 2
;;    60  jmp 0x6A
;;    65  mov eax, 3
;;    6a  mov rbx, [rbp-0x10]
;;    6e  leave
;;    6f  ret
