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
;;    19  leave
;;    1a  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  movsd [rbp-0x10], xmm5
;;    1e  movsd [rbp-0x18], xmm6
;;    23  movaps xmm5, xmm0
;;    26  xorps xmm6, xmm6
;;    29  movups [rbp-0x30], xmm5
;;    2d  movups [rbp-0x40], xmm6
;;    31  call 0xFFFFFFFFFFFFFFE0
;;    36  movups xmm5, [rbp-0x30]
;;    3a  movups xmm6, [rbp-0x40]
;;    3e  movaps xmm0, xmm5
;;    41  jmp 0x4A
;;    46  paddb xmm0, xmm5
;;    4a  movsd xmm5, [rbp-0x10]
;;    4f  movsd xmm6, [rbp-0x18]
;;    54  leave
;;    55  ret
;; landing, tag 0:
;;    56  movups xmm5, [rbp-0x30]
;;    5a  movups xmm6, [rbp-0x40]
;;    5e  movups xmm0, [rax+0x10]
;;    62  jmp 0x46
;; a call that returns to 0x36 is handled at 0x56
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  call 0xFFFFFFFFFFFFFF70
;; landing, all:
;;    1e  movaps xmm0, [0x30]  = 0x00000000000000020000000000000001
;;    25  leave
;;    26  ret
;; a call that returns to 0x1e is handled at 0x1e
