;; A 64-bit index that is at most the memory's length is an access that the guard covers, if the offset is not longer than
;; that; all others are checked with their offset. ZEXT does not matter to them.
(module
  (memory i64 1 16)
  (memory $may_move i64 1)
  (func (param i64) (result i32) (i32.load offset=8 (local.get 0)))
  (func (param i64) (result i64) (i64.load8_s offset=200 (local.get 0)))
  (func (param i64) (result f64) (f64.load (local.get 0)))
  (func (param i64 i32) (i32.store16 offset=4 (local.get 0) (local.get 1)))
  (func (param i64 f32) (f32.store (local.get 0) (local.get 1)))
  (func (param i64) (i64.store offset=16 (local.get 0) (i64.const 7)))
  (func (result i32) (i32.load offset=4 (i64.const 12)))
  (func (param i64) (result i32) (i32.load offset=0x100000000 (local.get 0)))
  (func (param i64) (result v128) (v128.load offset=32 (local.get 0)))
  (func (param i64) (result i32) (i32.load $may_move (local.get 0)))
  (func (param i64 i64) (i64.store $may_move offset=8 (local.get 0) (local.get 1)))
  (func (result i64) (memory.size)))

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
;;    1d  mov r10, [r14+0x30]
;;    21  cmp rbx, [r10+8]
;;    25  ja trap 2
;;    2b  mov eax, [r15+rbx+8]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r10, [r14+0x30]
;;    21  cmp rbx, [r10+8]
;;    25  ja trap 2
;;    2b  movsx rax, byte ptr [r15+rbx+0xC8]
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
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
;;    1d  mov r10, [r14+0x30]
;;    21  cmp rbx, [r10+8]
;;    25  ja trap 2
;;    2b  movsd xmm0, [r15+rbx]
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r10, [r14+0x30]
;;    26  cmp rbx, [r10+8]
;;    2a  ja trap 2
;;    30  mov [r15+rbx+4], r12w
;;    36  lea rsp, [rbp-0x18]
;;    3a  pop r12
;;    3c  pop rbx
;;    3d  leave
;;    3e  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  movsd [rbp-0x18], xmm5
;;    1f  mov rbx, rax
;;    22  movaps xmm5, xmm0
;;    25  mov r10, [r14+0x30]
;;    29  cmp rbx, [r10+8]
;;    2d  ja trap 2
;;    33  movss [r15+rbx], xmm5
;;    39  movsd xmm5, [rbp-0x18]
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r10, [r14+0x30]
;;    21  cmp rbx, [r10+8]
;;    25  ja trap 2
;;    2b  mov qword ptr [r15+rbx+0x10], 7
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov eax, 0xC
;;    1e  mov r10, [r14+0x30]
;;    22  cmp rax, [r10+8]
;;    26  ja trap 2
;;    2c  mov eax, [r15+rax+4]
;;    31  leave
;;    32  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r11, 0x100000004
;;    27  add r11, rbx
;;    2a  jb trap 2
;;    30  mov r10, [r14+0x30]
;;    37  cmp r11, [r10+8]
;;    3b  ja trap 2
;;    41  mov r11, 0x100000000
;;    4b  add r11, rbx
;;    4e  mov eax, [r15+r11]
;;    52  mov rbx, [rbp-0x10]
;;    56  leave
;;    57  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r10, [r14+0x30]
;;    21  cmp rbx, [r10+8]
;;    25  ja trap 2
;;    2b  movups xmm0, [r15+rbx+0x20]
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
;;
;; function 9
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r10, [r14+0x38]
;;    21  cmp rbx, [r10+8]
;;    25  ja trap 2
;;    2b  mov r10, [r14+0x38]
;;    32  mov r10, [r10]
;;    36  mov eax, [r10+rbx]
;;    3a  mov rbx, [rbp-0x10]
;;    3e  leave
;;    3f  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  sub rsp, 8
;;    10  mov r11, [r14]
;;    13  cmp rsp, [r11]
;;    16  jb trap 9
;;    1c  mov rbx, rax
;;    1f  mov r12, rcx
;;    22  mov r10, [r14+0x38]
;;    26  cmp rbx, [r10+8]
;;    2a  ja trap 2
;;    30  mov r10, [r14+0x38]
;;    37  mov r10, [r10]
;;    3b  mov [r10+rbx+8], r12
;;    40  lea rsp, [rbp-0x18]
;;    44  pop r12
;;    46  pop rbx
;;    47  leave
;;    48  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov r11, [r14+0x30]
;;    20  mov rax, [r11+8]
;;    24  shr rax, 0x10
;;    28  leave
;;    29  ret
