;; Vectors in pinned registers are saved before calls, and restored at landings.
(module
  (tag $e (param v128))
  (func $f)
  (func (param v128) (result v128)
    (local v128)
    (block $l (result v128)
      (try_table (catch $e $l) (call $f) (return (local.get 0)))
      (unreachable))
    (i8x16.add (local.get 0))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x1B
;;    19  leave
;;    1a  ret
;;    1b  ud2
;;    1d  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x48
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x56
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
;;    56  ud2
;;    58  trap 9
;; landing, tag 0:
;;    59  lea rsp, [rbp-0x50]
;;    60  mov r14, [rbp-8]
;;    64  mov r15, [r14+0x10]
;;    68  movups xmm5, [rbp-0x30]
;;    6c  movups xmm6, [rbp-0x40]
;;    70  movups xmm0, [rax+0x10]
;;    74  jmp 0x46
;; a call that returns to 0x36 is handled at 0x59
