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
;;    19  xor eax, eax
;;    1b  mov r11, [r14+8]
;;    1f  call qword ptr [r11+0x50]
;;    23  test rax, rax
;;    26  sete al
;;    29  movzx eax, al
;;    2c  leave
;;    2d  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov [rbp-0x10], rax
;;    1d  cmp qword ptr [rbp-0x10], 0
;;    22  jne 0x32
;;    28  mov eax, 1
;;    2d  jmp 0x37
;;    32  mov eax, 2
;;    37  leave
;;    38  ret
