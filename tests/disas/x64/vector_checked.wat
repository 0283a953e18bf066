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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov r11d, 0x10
;;    1f  add r11, rbx
;;    22  mov r10, [r14+0x30]
;;    26  cmp r11, [r10+8]
;;    2a  ja trap 2
;;    2c  jns 0x2E
;;    2e  mov r10, [r10]
;;    31  lea r10, [r10+r11-0x10]
;;    39  cmova r10, [r14+0x28]
;;    3e  movups xmm0, [r10]
;;    42  mov rbx, [rbp-0x10]
;;    46  leave
;;    47  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  mov r11, 0x10000000F
;;    2c  add r11, rbx
;;    2f  mov r10, [r14+0x30]
;;    33  cmp r11, [r10+8]
;;    37  ja trap 2
;;    39  jns 0x3B
;;    3b  mov r10, [r10]
;;    3e  lea r10, [r10+r11-0x10]
;;    46  cmova r10, [r14+0x28]
;;    4b  movups [r10], xmm5
;;    4f  movsd xmm5, [rbp-0x18]
;;    54  mov rbx, [rbp-0x10]
;;    58  leave
;;    59  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov r11d, 0xB
;;    1f  add r11, rbx
;;    22  mov r10, [r14+0x30]
;;    26  cmp r11, [r10+8]
;;    2a  ja trap 2
;;    2c  jns 0x2E
;;    2e  mov r10, [r10]
;;    31  lea r10, [r10+r11-8]
;;    39  cmova r10, [r14+0x28]
;;    3e  pmovsxwd xmm0, [r10]
;;    44  mov rbx, [rbp-0x10]
;;    48  leave
;;    49  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov r11d, 2
;;    1f  add r11, rbx
;;    22  mov r10, [r14+0x30]
;;    26  cmp r11, [r10+8]
;;    2a  ja trap 2
;;    2c  jns 0x2E
;;    2e  mov r10, [r10]
;;    31  lea r10, [r10+r11-2]
;;    39  cmova r10, [r14+0x28]
;;    3e  pinsrw xmm0, [r10], 0
;;    44  pshuflw xmm0, xmm0, 0
;;    49  pshufd xmm0, xmm0, 0
;;    4e  mov rbx, [rbp-0x10]
;;    52  leave
;;    53  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  movaps xmm0, xmm5
;;    25  mov r11d, 1
;;    2b  add r11, rbx
;;    2e  mov r10, [r14+0x30]
;;    32  cmp r11, [r10+8]
;;    36  ja trap 2
;;    38  jns 0x3A
;;    3a  mov r10, [r10]
;;    3d  lea r10, [r10+r11-1]
;;    45  cmova r10, [r14+0x28]
;;    4a  pinsrb xmm0, [r10], 0xF
;;    51  movsd xmm5, [rbp-0x18]
;;    56  mov rbx, [rbp-0x10]
;;    5a  leave
;;    5b  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  mov r11d, 9
;;    28  add r11, rbx
;;    2b  mov r10, [r14+0x30]
;;    2f  cmp r11, [r10+8]
;;    33  ja trap 2
;;    35  jns 0x37
;;    37  mov r10, [r10]
;;    3a  lea r10, [r10+r11-8]
;;    42  cmova r10, [r14+0x28]
;;    47  movhps [r10], xmm5
;;    4b  movsd xmm5, [rbp-0x18]
;;    50  mov rbx, [rbp-0x10]
;;    54  leave
;;    55  ret
