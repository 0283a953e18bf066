;; Stores, of registers and constants.
(module (memory 1)
  (func (param i32 i32) (i32.store (local.get 0) (local.get 1)))
  (func (param i32 i32) (i32.store8 offset=3 (local.get 0) (local.get 1)))
  (func (param i32) (i32.store16 (local.get 0) (i32.const -1)))
  (func (param i32) (i64.store (local.get 0) (i64.const -5)))
  (func (param i32) (f32.store (local.get 0) (f32.const 1)))
  (func (param i32) (f64.store (local.get 0) (f64.const 1)))
  (func (param i32 f64) (f64.store offset=16 (local.get 0) (local.get 1))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov [r15+rbx], r12d
;;    26  lea rsp, [rbp-0x18]
;;    2a  pop r12
;;    2c  pop rbx
;;    2d  leave
;;    2e  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov [r15+rbx+3], r12b
;;    27  lea rsp, [rbp-0x18]
;;    2b  pop r12
;;    2d  pop rbx
;;    2e  leave
;;    2f  ret
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
;;    1d  mov word ptr [r15+rbx], 0xFFFF
;;    24  mov rbx, [rbp-0x10]
;;    28  leave
;;    29  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov qword ptr [r15+rbx], 0xFFFFFFFFFFFFFFFB
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov dword ptr [r15+rbx], 0x3F800000
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  movsd xmm0, [0x38]
;;    25  movsd [r15+rbx], xmm0
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movsd [r15+rbx+0x10], xmm5
;;    2c  movsd xmm5, [rbp-0x18]
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
