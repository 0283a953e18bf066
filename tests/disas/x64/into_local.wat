;; Results go straight into the pinned local that is set next.
(module (memory 1)
  (func (param i32 i32 i32) (result i32)
    (local.set 0 (i32.add (local.get 0) (local.get 1)))
    (local.set 1 (i32.sub (local.get 0) (local.get 1)))
    (local.set 2 (i32.load (local.get 1)))
    (i32.add (local.tee 0 (i32.shl (local.get 0) (i32.const 3))) (local.get 2)))
  ;; So does what an operation with a constant is applied to before.
  (func (param i32 i64 i64)
    (local.set 0 (i32.rotl (i32.xor (i32.wrap_i64 (local.get 1)) (local.get 0)) (i32.const 16)))
    (local.set 1 (i64.shl (i64.sub (local.get 2) (local.get 1)) (i64.const 3)))
    (local.set 1 (i64.and (i64.add (local.get 2) (local.get 1)) (i64.const 15)))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  add ebx, r12d
;;    2a  mov eax, ebx
;;    2c  sub eax, r12d
;;    2f  mov r12, rax
;;    32  mov r13d, [r15+r12]
;;    36  shl ebx, 3
;;    39  lea eax, [rbx+r13]
;;    3d  lea rsp, [rbp-0x20]
;;    41  pop r13
;;    43  pop r12
;;    45  pop rbx
;;    46  leave
;;    47  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb trap 9
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov eax, r12d
;;    2a  xor eax, ebx
;;    2c  mov ebx, eax
;;    2e  rol ebx, 0x10
;;    31  mov rax, r13
;;    34  sub rax, r12
;;    37  mov r12, rax
;;    3a  shl r12, 3
;;    3e  add r12, r13
;;    41  and r12, 0xF
;;    45  lea rsp, [rbp-0x20]
;;    49  pop r13
;;    4b  pop r12
;;    4d  pop rbx
;;    4e  leave
;;    4f  ret
