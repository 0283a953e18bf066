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
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  xor eax, eax
;;    18  mov r11, [r14+8]
;;    1c  call qword ptr [r11+0x50]
;;    20  test rax, rax
;;    23  sete al
;;    26  movzx eax, al
;;    29  leave
;;    2a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov [rbp-0x10], rax
;;    1a  cmp qword ptr [rbp-0x10], 0
;;    1f  jne 0x2F
;;    25  mov eax, 1
;;    2a  jmp 0x34
;;    2f  mov eax, 2
;;    34  leave
;;    35  ret
