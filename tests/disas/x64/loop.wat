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
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    1b  mov ebx, eax
;;    1d  xor esi, esi
;;    1f  add esi, ebx
;;    21  sub ebx, 1
;;    24  test ebx, ebx
;;    26  jne 0x1F
;;    28  mov eax, esi
;;    2a  lea rsp, [rbp-0x18]
;;    2e  pop rsi
;;    2f  pop rbx
;;    30  leave
;;    31  ret
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
;;    1c  mov qword ptr [rbp-0x18], 0
;;    24  mov eax, [rbp-0x18]
;;    27  add eax, 1
;;    2a  cmp ebx, 5
;;    2d  mov [rbp-0x18], rax
;;    31  jl 0x24
;;    33  mov eax, [rbp-0x18]
;;    36  mov rbx, [rbp-0x10]
;;    3a  leave
;;    3b  ret
