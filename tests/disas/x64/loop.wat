;; Loops: pinned locals stay in registers; parameters are in home slots.
(module
  (func (param $n i32) (result i32) (local $sum i32)
    (loop $l
      (local.set $sum (i32.add (local.get $sum) (local.get $n)))
      (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum))
  (func (param i32) (result i32)
    (i32.const 0)
    (loop (param i32) (result i32)
      (i32.add (i32.const 1))
      (br_if 0 (i32.lt_s (local.get 0) (i32.const 5))))))

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
;;    1f  xor r12d, r12d
;;    22  add r12d, ebx
;;    25  sub ebx, 1
;;    28  test ebx, ebx
;;    2a  jne 0x22
;;    2c  mov eax, r12d
;;    2f  lea rsp, [rbp-0x18]
;;    33  pop r12
;;    35  pop rbx
;;    36  leave
;;    37  ret
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
;;    1d  mov qword ptr [rbp-0x18], 0
;;    25  mov eax, [rbp-0x18]
;;    28  add eax, 1
;;    2b  cmp ebx, 5
;;    2e  mov [rbp-0x18], rax
;;    32  jl 0x25
;;    34  mov eax, [rbp-0x18]
;;    37  mov rbx, [rbp-0x10]
;;    3b  leave
;;    3c  ret
