;; Accesses whose bounds are checked: sixteen bytes, or those of the lane.
;; modes: masks checked
(module (memory 1)
  (func (param i32) (result v128) (v128.load (local.get 0)))
  (func (param i32 v128) (v128.store offset=0xffffffff (local.get 0) (local.get 1)))
  (func (param i32) (result v128) (v128.load16x4_s offset=3 (local.get 0)))
  (func (param i32) (result v128) (v128.load16_splat (local.get 0)))
  (func (param i32 v128) (result v128) (v128.load8_lane 15 (local.get 0) (local.get 1)))
  (func (param i32 v128) (v128.store64_lane offset=1 1 (local.get 0) (local.get 1))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r11d, 0x10
;;    23  add r11, rbx
;;    26  mov r10, [r14+0x30]
;;    2d  cmp r11, [r10+8]
;;    31  ja trap 2
;;    37  mov r10, [r10]
;;    3b  lea r10, [r10+r11-0x10]
;;    43  cmova r10, [r14+0x28]
;;    48  movups xmm0, [r10]
;;    4c  mov rbx, [rbp-0x10]
;;    50  leave
;;    51  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  mov r11, 0x10000000F
;;    2f  add r11, rbx
;;    32  mov r10, [r14+0x30]
;;    39  cmp r11, [r10+8]
;;    3d  ja trap 2
;;    43  mov r10, [r10]
;;    47  lea r10, [r10+r11-0x10]
;;    4f  cmova r10, [r14+0x28]
;;    54  movups [r10], xmm5
;;    58  movsd xmm5, [rbp-0x18]
;;    5d  mov rbx, [rbp-0x10]
;;    61  leave
;;    62  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r11d, 0xB
;;    23  add r11, rbx
;;    26  mov r10, [r14+0x30]
;;    2d  cmp r11, [r10+8]
;;    31  ja trap 2
;;    37  mov r10, [r10]
;;    3b  lea r10, [r10+r11-8]
;;    43  cmova r10, [r14+0x28]
;;    48  pmovsxwd xmm0, [r10]
;;    4e  mov rbx, [rbp-0x10]
;;    52  leave
;;    53  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r11d, 2
;;    23  add r11, rbx
;;    26  mov r10, [r14+0x30]
;;    2d  cmp r11, [r10+8]
;;    31  ja trap 2
;;    37  mov r10, [r10]
;;    3b  lea r10, [r10+r11-2]
;;    43  cmova r10, [r14+0x28]
;;    48  pinsrw xmm0, [r10], 0
;;    4e  pshuflw xmm0, xmm0, 0
;;    53  pshufd xmm0, xmm0, 0
;;    58  mov rbx, [rbp-0x10]
;;    5c  leave
;;    5d  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  movaps xmm0, xmm5
;;    28  mov r11d, 1
;;    2e  add r11, rbx
;;    31  mov r10, [r14+0x30]
;;    38  cmp r11, [r10+8]
;;    3c  ja trap 2
;;    42  mov r10, [r10]
;;    46  lea r10, [r10+r11-1]
;;    4e  cmova r10, [r14+0x28]
;;    53  pinsrb xmm0, [r10], 0xF
;;    5a  movsd xmm5, [rbp-0x18]
;;    5f  mov rbx, [rbp-0x10]
;;    63  leave
;;    64  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  mov r11d, 9
;;    2b  add r11, rbx
;;    2e  mov r10, [r14+0x30]
;;    35  cmp r11, [r10+8]
;;    39  ja trap 2
;;    3f  mov r10, [r10]
;;    43  lea r10, [r10+r11-8]
;;    4b  cmova r10, [r14+0x28]
;;    50  movhps [r10], xmm5
;;    54  movsd xmm5, [rbp-0x18]
;;    59  mov rbx, [rbp-0x10]
;;    5d  leave
;;    5e  ret
