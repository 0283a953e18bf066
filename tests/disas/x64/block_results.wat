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
;;    1a  mov ebx, eax
;;    1c  test ebx, ebx
;;    1e  mov eax, 1
;;    23  jne 0x2E
;;    29  mov eax, 2
;;    2e  mov rbx, [rbp-0x10]
;;    32  leave
;;    33  ret
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
;;    1a  mov ebx, eax
;;    1c  test ebx, ebx
;;    1e  mov qword ptr [rbp-0x18], 1
;;    26  mov qword ptr [rbp-0x20], 2
;;    2e  jne 0x44
;;    34  mov qword ptr [rbp-0x18], 3
;;    3c  mov qword ptr [rbp-0x20], 4
;;    44  mov eax, [rbp-0x18]
;;    47  mov rcx, [rbp-0x20]
;;    4b  mov rbx, [rbp-0x10]
;;    4f  leave
;;    50  ret
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
;;    1c  test ebx, ebx
;;    1e  je 0x31
;;    24  movss xmm0, [0x40]
;;    2c  jmp 0x39
;;    31  movss xmm0, [0x48]
;;    39  mov rbx, [rbp-0x10]
;;    3d  leave
;;    3e  ret
