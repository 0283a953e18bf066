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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov r11d, 0x10
;;    1c  add r11, rbx
;;    1f  mov r10, [r14+0x30]
;;    23  cmp r11, [r10+8]
;;    27  ja trap 2
;;    29  jns 0x2B
;;    2b  mov r10, [r10]
;;    2e  lea r10, [r10+r11-0x10]
;;    36  cmova r10, [r14+0x28]
;;    3b  movups xmm0, [r10]
;;    3f  mov rbx, [rbp-0x10]
;;    43  leave
;;    44  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  mov r11, 0x10000000F
;;    29  add r11, rbx
;;    2c  mov r10, [r14+0x30]
;;    30  cmp r11, [r10+8]
;;    34  ja trap 2
;;    36  jns 0x38
;;    38  mov r10, [r10]
;;    3b  lea r10, [r10+r11-0x10]
;;    43  cmova r10, [r14+0x28]
;;    48  movups [r10], xmm5
;;    4c  movsd xmm5, [rbp-0x18]
;;    51  mov rbx, [rbp-0x10]
;;    55  leave
;;    56  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov r11d, 0xB
;;    1c  add r11, rbx
;;    1f  mov r10, [r14+0x30]
;;    23  cmp r11, [r10+8]
;;    27  ja trap 2
;;    29  jns 0x2B
;;    2b  mov r10, [r10]
;;    2e  lea r10, [r10+r11-8]
;;    36  cmova r10, [r14+0x28]
;;    3b  pmovsxwd xmm0, [r10]
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov r11d, 2
;;    1c  add r11, rbx
;;    1f  mov r10, [r14+0x30]
;;    23  cmp r11, [r10+8]
;;    27  ja trap 2
;;    29  jns 0x2B
;;    2b  mov r10, [r10]
;;    2e  lea r10, [r10+r11-2]
;;    36  cmova r10, [r14+0x28]
;;    3b  pinsrw xmm0, [r10], 0
;;    41  pshuflw xmm0, xmm0, 0
;;    46  pshufd xmm0, xmm0, 0
;;    4b  mov rbx, [rbp-0x10]
;;    4f  leave
;;    50  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  movaps xmm0, xmm5
;;    22  mov r11d, 1
;;    28  add r11, rbx
;;    2b  mov r10, [r14+0x30]
;;    2f  cmp r11, [r10+8]
;;    33  ja trap 2
;;    35  jns 0x37
;;    37  mov r10, [r10]
;;    3a  lea r10, [r10+r11-1]
;;    42  cmova r10, [r14+0x28]
;;    47  pinsrb xmm0, [r10], 0xF
;;    4e  movsd xmm5, [rbp-0x18]
;;    53  mov rbx, [rbp-0x10]
;;    57  leave
;;    58  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x20
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  mov r11d, 9
;;    25  add r11, rbx
;;    28  mov r10, [r14+0x30]
;;    2c  cmp r11, [r10+8]
;;    30  ja trap 2
;;    32  jns 0x34
;;    34  mov r10, [r10]
;;    37  lea r10, [r10+r11-8]
;;    3f  cmova r10, [r14+0x28]
;;    44  movhps [r10], xmm5
;;    48  movsd xmm5, [rbp-0x18]
;;    4d  mov rbx, [rbp-0x10]
;;    51  leave
;;    52  ret
