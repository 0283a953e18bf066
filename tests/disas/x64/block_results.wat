;; Merges: one value in the join register, several in home slots.
(module
  (func (param i32) (result i32)
    (block (result i32) (br_if 0 (i32.const 1) (local.get 0)) drop (i32.const 2)))
  (func (param i32) (result i32 i64)
    (block (result i32 i64) (i32.const 1) (i64.const 2) (br_if 0 (local.get 0)) drop drop (i32.const 3) (i64.const 4)))
  (func (param i32) (result f32)
    (if (result f32) (local.get 0) (then (f32.const 1)) (else (f32.const 2)))))

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
;;    16  test ebx, ebx
;;    18  mov eax, 1
;;    1d  jne 0x28
;;    23  mov eax, 2
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  test ebx, ebx
;;    18  mov qword ptr [rbp-0x18], 1
;;    20  mov qword ptr [rbp-0x20], 2
;;    28  jne 0x3E
;;    2e  mov qword ptr [rbp-0x18], 3
;;    36  mov qword ptr [rbp-0x20], 4
;;    3e  mov eax, [rbp-0x18]
;;    41  mov rcx, [rbp-0x20]
;;    45  mov rbx, [rbp-0x10]
;;    49  leave
;;    4a  ret
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
;;    16  test ebx, ebx
;;    18  je 0x2B
;;    1e  movss xmm0, [0x40]
;;    26  jmp 0x33
;;    2b  movss xmm0, [0x48]
;;    33  mov rbx, [rbp-0x10]
;;    37  leave
;;    38  ret
