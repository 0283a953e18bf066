;; References.
(module (elem declare func $f)
  (func $f (result i32) (ref.is_null (ref.func $f)))
  (func (param externref) (result i32) (if (result i32) (ref.is_null (local.get 0)) (then (i32.const 1)) (else (i32.const 2)))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  xor eax, eax
;;    15  mov r11, [r14+8]
;;    19  call qword ptr [r11+0x50]
;;    1d  test rax, rax
;;    20  sete al
;;    23  movzx eax, al
;;    26  leave
;;    27  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov [rbp-0x10], rax
;;    17  cmp qword ptr [rbp-0x10], 0
;;    1c  jne 0x2C
;;    22  mov eax, 1
;;    27  jmp 0x31
;;    2c  mov eax, 2
;;    31  leave
;;    32  ret
