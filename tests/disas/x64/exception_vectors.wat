;; Vectors in pinned registers are saved before calls, and restored at landings. Without any, the label is the landing.
(module
  (tag $e (param v128))
  (func $f)
  (func (param v128) (result v128)
    (local v128)
    (block $l (result v128)
      (try_table (catch $e $l) (call $f) (return (local.get 0)))
      (unreachable))
    (i8x16.add (i8x16.add (local.get 1) (local.get 0))))
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
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  leave
;;    14  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd [rbp-0x10], xmm5
;;    18  movsd [rbp-0x18], xmm6
;;    1d  movaps xmm5, xmm0
;;    20  xorps xmm6, xmm6
;;    23  movups [rbp-0x30], xmm5
;;    27  movups [rbp-0x40], xmm6
;;    2b  call 0xFFFFFFFFFFFFFFE0
;;    30  movups xmm5, [rbp-0x30]
;;    34  movups xmm6, [rbp-0x40]
;;    38  movaps xmm0, xmm5
;;    3b  jmp 0x4B
;;    40  movaps xmm1, xmm6
;;    43  paddb xmm1, xmm5
;;    47  paddb xmm0, xmm1
;;    4b  movsd xmm5, [rbp-0x10]
;;    50  movsd xmm6, [rbp-0x18]
;;    55  leave
;;    56  ret
;; landing, tag 0:
;;    57  movups xmm5, [rbp-0x30]
;;    5b  movups xmm6, [rbp-0x40]
;;    5f  movups xmm0, [rax+0x10]
;;    63  jmp 0x40
;; a call that returns to 0x30 is handled at 0x57
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  call 0xFFFFFFFFFFFFFF70
;; landing, all:
;;    18  movaps xmm0, [0x30]  = 0x00000000000000020000000000000001
;;    1f  leave
;;    20  ret
;; a call that returns to 0x18 is handled at 0x18
