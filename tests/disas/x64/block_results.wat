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
;;    1a  mov rbx, rax
;;    1d  test ebx, ebx
;;    1f  mov eax, 1
;;    24  jne 0x2F
;;    2a  mov eax, 2
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    1a  mov rbx, rax
;;    1d  test ebx, ebx
;;    1f  mov qword ptr [rbp-0x18], 1
;;    27  mov qword ptr [rbp-0x20], 2
;;    2f  jne 0x45
;;    35  mov qword ptr [rbp-0x18], 3
;;    3d  mov qword ptr [rbp-0x20], 4
;;    45  mov eax, [rbp-0x18]
;;    48  mov rcx, [rbp-0x20]
;;    4c  mov rbx, [rbp-0x10]
;;    50  leave
;;    51  ret
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
;;    1d  test ebx, ebx
;;    1f  je 0x32
;;    25  movss xmm0, [0x40]
;;    2d  jmp 0x3A
;;    32  movss xmm0, [0x48]
;;    3a  mov rbx, [rbp-0x10]
;;    3e  leave
;;    3f  ret
