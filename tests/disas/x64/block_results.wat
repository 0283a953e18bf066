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
;;    20  jne 0x27
;;    22  mov eax, 2
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
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
;;    2b  jne 0x3D
;;    2d  mov qword ptr [rbp-0x18], 3
;;    35  mov qword ptr [rbp-0x20], 4
;;    3d  mov eax, [rbp-0x18]
;;    40  mov rcx, [rbp-0x20]
;;    44  mov rbx, [rbp-0x10]
;;    48  leave
;;    49  ret
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
;;    1b  je 0x27
;;    1d  movss xmm0, [0x38]
;;    25  jmp 0x2F
;;    27  movss xmm0, [0x40]
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
