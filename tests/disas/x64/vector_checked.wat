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
;;    1a  mov ebx, eax
;;    1c  mov r11d, 0x10
;;    22  add r11, rbx
;;    25  mov r10, [r14+0x30]
;;    29  cmp r11, [r10+8]
;;    2d  ja trap 2
;;    33  mov r10, [r10]
;;    36  lea r10, [r10+r11-0x10]
;;    3e  cmova r10, [r14+0x28]
;;    43  movups xmm0, [r10]
;;    47  mov rbx, [rbp-0x10]
;;    4b  leave
;;    4c  ret
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
;;    36  cmp r11, [r10+8]
;;    3a  ja trap 2
;;    40  mov r10, [r10]
;;    43  lea r10, [r10+r11-0x10]
;;    4b  cmova r10, [r14+0x28]
;;    50  movups [r10], xmm5
;;    54  movsd xmm5, [rbp-0x18]
;;    59  mov rbx, [rbp-0x10]
;;    5d  leave
;;    5e  ret
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
;;    1a  mov ebx, eax
;;    1c  mov r11d, 0xB
;;    22  add r11, rbx
;;    25  mov r10, [r14+0x30]
;;    29  cmp r11, [r10+8]
;;    2d  ja trap 2
;;    33  mov r10, [r10]
;;    36  lea r10, [r10+r11-8]
;;    3e  cmova r10, [r14+0x28]
;;    43  pmovsxwd xmm0, [r10]
;;    49  mov rbx, [rbp-0x10]
;;    4d  leave
;;    4e  ret
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
;;    1a  mov ebx, eax
;;    1c  mov r11d, 2
;;    22  add r11, rbx
;;    25  mov r10, [r14+0x30]
;;    29  cmp r11, [r10+8]
;;    2d  ja trap 2
;;    33  mov r10, [r10]
;;    36  lea r10, [r10+r11-2]
;;    3e  cmova r10, [r14+0x28]
;;    43  pinsrw xmm0, [r10], 0
;;    49  pshuflw xmm0, xmm0, 0
;;    4e  pshufd xmm0, xmm0, 0
;;    53  mov rbx, [rbp-0x10]
;;    57  leave
;;    58  ret
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
;;    35  cmp r11, [r10+8]
;;    39  ja trap 2
;;    3f  mov r10, [r10]
;;    42  lea r10, [r10+r11-1]
;;    4a  cmova r10, [r14+0x28]
;;    4f  pinsrb xmm0, [r10], 0xF
;;    56  movsd xmm5, [rbp-0x18]
;;    5b  mov rbx, [rbp-0x10]
;;    5f  leave
;;    60  ret
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
;;    32  cmp r11, [r10+8]
;;    36  ja trap 2
;;    3c  mov r10, [r10]
;;    3f  lea r10, [r10+r11-8]
;;    47  cmova r10, [r14+0x28]
;;    4c  movhps [r10], xmm5
;;    50  movsd xmm5, [rbp-0x18]
;;    55  mov rbx, [rbp-0x10]
;;    59  leave
;;    5a  ret
