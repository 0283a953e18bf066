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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  mov r11d, 2
;;    1e  cmp eax, r11d
;;    21  cmova eax, r11d
;;    25  lea r11, [0x56]
;;    2c  movzx r10d, word ptr [r11+rax*2]
;;    31  sub r11, r10
;;    34  jmp r11
;;    37  mov eax, 0xA
;;    3c  jmp 0x50
;;    41  mov eax, 0x14
;;    46  jmp 0x50
;;    4b  mov eax, 0x1E
;;    50  mov rbx, [rbp-0x10]
;;    54  leave
;;    55  ret
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
;;    16  mov eax, ebx
;;    18  mov ecx, eax
;;    1a  mov eax, 7
;;    1f  mov r11d, 2
;;    25  cmp ecx, r11d
;;    28  cmova ecx, r11d
;;    2c  lea r11, [0x48]
;;    33  movzx r10d, word ptr [r11+rcx*2]
;;    38  sub r11, r10
;;    3b  jmp r11
;;    3e  add eax, 1
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
;;
;; function 2
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
;;    16  mov eax, ebx
;;    18  mov r11d, 1
;;    1e  cmp eax, r11d
;;    21  cmova eax, r11d
;;    25  lea r11, [0x3E]
;;    2c  movzx r10d, word ptr [r11+rax*2]
;;    31  sub r11, r10
;;    34  jmp r11
;;    37  mov rbx, [rbp-0x10]
;;    3b  leave
;;    3c  ret
