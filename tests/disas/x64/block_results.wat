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
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  test ebx, ebx
;;    1b  mov eax, 1
;;    20  jne 0x2B
;;    26  mov eax, 2
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  test ebx, ebx
;;    1b  mov qword ptr [rbp-0x18], 1
;;    23  mov qword ptr [rbp-0x20], 2
;;    2b  jne 0x41
;;    31  mov qword ptr [rbp-0x18], 3
;;    39  mov qword ptr [rbp-0x20], 4
;;    41  mov eax, [rbp-0x18]
;;    44  mov rcx, [rbp-0x20]
;;    48  mov rbx, [rbp-0x10]
;;    4c  leave
;;    4d  ret
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
;;    19  test ebx, ebx
;;    1b  je 0x2E
;;    21  movss xmm0, [0x40]
;;    29  jmp 0x36
;;    2e  movss xmm0, [0x48]
;;    36  mov rbx, [rbp-0x10]
;;    3a  leave
;;    3b  ret
