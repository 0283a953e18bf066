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
;;    17  clc
;;    18  mov ebx, eax
;;    1a  xor esi, esi
;;    1c  add esi, ebx
;;    1e  sub ebx, 1
;;    21  test ebx, ebx
;;    23  jne 0x1C
;;    25  mov eax, esi
;;    27  lea rsp, [rbp-0x18]
;;    2b  pop rsi
;;    2c  pop rbx
;;    2d  leave
;;    2e  ret
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
;;    19  mov qword ptr [rbp-0x18], 0
;;    21  mov eax, [rbp-0x18]
;;    24  add eax, 1
;;    27  cmp ebx, 5
;;    2a  mov [rbp-0x18], rax
;;    2e  jl 0x21
;;    30  mov eax, [rbp-0x18]
;;    33  mov rbx, [rbp-0x10]
;;    37  leave
;;    38  ret
