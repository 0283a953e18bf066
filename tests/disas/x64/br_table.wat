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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  mov r11d, 2
;;    25  cmp eax, r11d
;;    28  cmova eax, r11d
;;    2c  lea r11, [0x3D]
;;    33  lea r10, [rax+rax*4]
;;    37  add r11, r10
;;    3a  jmp r11
;;    3d  jmp 0x4C
;;    42  jmp 0x56
;;    47  jmp 0x60
;;    4c  mov eax, 0xA
;;    51  jmp 0x65
;;    56  mov eax, 0x14
;;    5b  jmp 0x65
;;    60  mov eax, 0x1E
;;    65  mov rbx, [rbp-0x10]
;;    69  leave
;;    6a  ret
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
;;    1d  mov eax, ebx
;;    1f  mov ecx, eax
;;    21  mov eax, 7
;;    26  mov r11d, 2
;;    2c  cmp ecx, r11d
;;    2f  cmova ecx, r11d
;;    33  lea r11, [0x44]
;;    3a  lea r10, [rcx+rcx*4]
;;    3e  add r11, r10
;;    41  jmp r11
;;    44  jmp 0x53
;;    49  jmp 0x56
;;    4e  jmp 0x56
;;    53  add eax, 1
;;    56  mov rbx, [rbp-0x10]
;;    5a  leave
;;    5b  ret
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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  mov r11d, 1
;;    25  cmp eax, r11d
;;    28  cmova eax, r11d
;;    2c  lea r11, [0x3D]
;;    33  lea r10, [rax+rax*4]
;;    37  add r11, r10
;;    3a  jmp r11
;;    3d  jmp 0x1D
;;    42  jmp 0x47
;;    47  mov rbx, [rbp-0x10]
;;    4b  leave
;;    4c  ret
