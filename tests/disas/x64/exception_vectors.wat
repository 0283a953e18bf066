;; Vectors in pinned registers are saved before calls, and restored at landings. Without any, the label is the landing.
(module
  (tag $e (param v128))
  (func $f)
  (func (param v128) (result v128)
    (local v128)
    (block $l (result v128)
      (try_table (catch $e $l) (call $f) (return (local.get 0)))
      (unreachable))
    (i8x16.add (local.get 0)))
  (func (result v128)
    (block $l (try_table (catch_all $l) (call $f)))
    (v128.const i64x2 1 2)))

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
;;    16  leave
;;    17  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd [rbp-0x10], xmm5
;;    1b  movsd [rbp-0x18], xmm6
;;    20  movaps xmm5, xmm0
;;    23  xorps xmm6, xmm6
;;    26  movups [rbp-0x30], xmm5
;;    2a  movups [rbp-0x40], xmm6
;;    2e  call 0xFFFFFFFFFFFFFFE0
;;    33  movups xmm5, [rbp-0x30]
;;    37  movups xmm6, [rbp-0x40]
;;    3b  movaps xmm0, xmm5
;;    3e  jmp 0x47
;;    43  paddb xmm0, xmm5
;;    47  movsd xmm5, [rbp-0x10]
;;    4c  movsd xmm6, [rbp-0x18]
;;    51  leave
;;    52  ret
;; landing, tag 0:
;;    53  movups xmm5, [rbp-0x30]
;;    57  movups xmm6, [rbp-0x40]
;;    5b  movups xmm0, [rax+0x10]
;;    5f  jmp 0x43
;; a call that returns to 0x33 is handled at 0x53
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  call 0xFFFFFFFFFFFFFF70
;; landing, all:
;;    1b  movaps xmm0, [0x30]  = 0x00000000000000020000000000000001
;;    22  leave
;;    23  ret
;; a call that returns to 0x1b is handled at 0x1b
