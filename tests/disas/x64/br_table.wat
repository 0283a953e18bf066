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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  mov r11d, 2
;;    24  cmp eax, r11d
;;    27  cmova eax, r11d
;;    2b  lea r11, [0x3C]
;;    32  lea r10, [rax+rax*4]
;;    36  add r11, r10
;;    39  jmp r11
;;    3c  jmp 0x4B
;;    41  jmp 0x55
;;    46  jmp 0x5F
;;    4b  mov eax, 0xA
;;    50  jmp 0x64
;;    55  mov eax, 0x14
;;    5a  jmp 0x64
;;    5f  mov eax, 0x1E
;;    64  mov rbx, [rbp-0x10]
;;    68  leave
;;    69  ret
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
;;    1c  mov eax, ebx
;;    1e  mov ecx, eax
;;    20  mov eax, 7
;;    25  mov r11d, 2
;;    2b  cmp ecx, r11d
;;    2e  cmova ecx, r11d
;;    32  lea r11, [0x43]
;;    39  lea r10, [rcx+rcx*4]
;;    3d  add r11, r10
;;    40  jmp r11
;;    43  jmp 0x52
;;    48  jmp 0x55
;;    4d  jmp 0x55
;;    52  add eax, 1
;;    55  mov rbx, [rbp-0x10]
;;    59  leave
;;    5a  ret
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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  mov r11d, 1
;;    24  cmp eax, r11d
;;    27  cmova eax, r11d
;;    2b  lea r11, [0x3C]
;;    32  lea r10, [rax+rax*4]
;;    36  add r11, r10
;;    39  jmp r11
;;    3c  jmp 0x1C
;;    41  jmp 0x46
;;    46  mov rbx, [rbp-0x10]
;;    4a  leave
;;    4b  ret
