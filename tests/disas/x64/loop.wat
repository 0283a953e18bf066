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
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov ebx, eax
;;    17  xor esi, esi
;;    19  add esi, ebx
;;    1b  sub ebx, 1
;;    1e  test ebx, ebx
;;    20  jne 0x19
;;    22  mov eax, esi
;;    24  lea rsp, [rbp-0x18]
;;    28  pop rsi
;;    29  pop rbx
;;    2a  leave
;;    2b  ret
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
;;    16  mov qword ptr [rbp-0x18], 0
;;    1e  mov eax, [rbp-0x18]
;;    21  add eax, 1
;;    24  cmp ebx, 5
;;    27  mov [rbp-0x18], rax
;;    2b  jl 0x1E
;;    2d  mov eax, [rbp-0x18]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
