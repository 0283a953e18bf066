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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov r10, [r14+0x30]
;;    1e  cmp rbx, [r10+8]
;;    22  ja trap 2
;;    24  clc
;;    25  mov eax, [rdi+rbx+8]
;;    29  mov rbx, [rbp-0x10]
;;    2d  leave
;;    2e  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov r10, [r14+0x30]
;;    1e  cmp rbx, [r10+8]
;;    22  ja trap 2
;;    24  clc
;;    25  movsx rax, byte ptr [rdi+rbx+0xC8]
;;    2e  mov rbx, [rbp-0x10]
;;    32  leave
;;    33  ret
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
;;    17  mov rbx, rax
;;    1a  mov r10, [r14+0x30]
;;    1e  cmp rbx, [r10+8]
;;    22  ja trap 2
;;    24  clc
;;    25  movsd xmm0, [rdi+rbx]
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov rbx, rax
;;    1b  mov esi, ecx
;;    1d  mov r10, [r14+0x30]
;;    21  cmp rbx, [r10+8]
;;    25  ja trap 2
;;    27  clc
;;    28  mov [rdi+rbx+4], si
;;    2d  lea rsp, [rbp-0x18]
;;    31  pop rsi
;;    32  pop rbx
;;    33  leave
;;    34  ret
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
;;    16  clc
;;    17  movsd [rbp-0x18], xmm5
;;    1c  mov rbx, rax
;;    1f  movaps xmm5, xmm0
;;    22  mov r10, [r14+0x30]
;;    26  cmp rbx, [r10+8]
;;    2a  ja trap 2
;;    2c  clc
;;    2d  movss [rdi+rbx], xmm5
;;    32  movsd xmm5, [rbp-0x18]
;;    37  mov rbx, [rbp-0x10]
;;    3b  leave
;;    3c  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov r10, [r14+0x30]
;;    1e  cmp rbx, [r10+8]
;;    22  ja trap 2
;;    24  clc
;;    25  mov qword ptr [rdi+rbx+0x10], 7
;;    2e  mov rbx, [rbp-0x10]
;;    32  leave
;;    33  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov eax, [rdi+0x10]
;;    19  leave
;;    1a  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov r11, 0x100000004
;;    24  add r11, rbx
;;    27  jb trap 2
;;    29  stc
;;    2a  mov r10, [r14+0x30]
;;    2e  cmp r11, [r10+8]
;;    32  ja trap 2
;;    34  clc
;;    35  mov r11, 0x100000000
;;    3f  add r11, rbx
;;    42  mov eax, [rdi+r11]
;;    46  mov rbx, [rbp-0x10]
;;    4a  leave
;;    4b  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov r10, [r14+0x30]
;;    1e  cmp rbx, [r10+8]
;;    22  ja trap 2
;;    24  clc
;;    25  movups xmm0, [rdi+rbx+0x20]
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov r10, [r14+0x38]
;;    1e  cmp rbx, [r10+8]
;;    22  ja trap 2
;;    24  clc
;;    25  mov r10, [r14+0x38]
;;    29  mov r10, [r10]
;;    2c  mov eax, [r10+rbx]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     f  mov r11, [r14]
;;    12  cmp rsp, [r11]
;;    15  jb trap 9
;;    17  clc
;;    18  mov rbx, rax
;;    1b  mov rsi, rcx
;;    1e  mov r10, [r14+0x38]
;;    22  cmp rbx, [r10+8]
;;    26  ja trap 2
;;    28  clc
;;    29  mov r10, [r14+0x38]
;;    2d  mov r10, [r10]
;;    30  mov [r10+rbx+8], rsi
;;    35  lea rsp, [rbp-0x18]
;;    39  pop rsi
;;    3a  pop rbx
;;    3b  leave
;;    3c  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov r11, [r14+0x30]
;;    1a  mov rax, [r11+8]
;;    1e  shr rax, 0x10
;;    22  leave
;;    23  ret
