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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov r10, [r14+0x30]
;;    1b  cmp rbx, [r10+8]
;;    1f  ja trap 2
;;    21  clc
;;    22  mov eax, [rdi+rbx+8]
;;    26  mov rbx, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov r10, [r14+0x30]
;;    1b  cmp rbx, [r10+8]
;;    1f  ja trap 2
;;    21  clc
;;    22  movsx rax, byte ptr [rdi+rbx+0xC8]
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
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
;;    14  mov rbx, rax
;;    17  mov r10, [r14+0x30]
;;    1b  cmp rbx, [r10+8]
;;    1f  ja trap 2
;;    21  clc
;;    22  movsd xmm0, [rdi+rbx]
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 3
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov rbx, rax
;;    18  mov esi, ecx
;;    1a  mov r10, [r14+0x30]
;;    1e  cmp rbx, [r10+8]
;;    22  ja trap 2
;;    24  clc
;;    25  mov [rdi+rbx+4], si
;;    2a  lea rsp, [rbp-0x18]
;;    2e  pop rsi
;;    2f  pop rbx
;;    30  leave
;;    31  ret
;;
;; function 4
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  movsd [rbp-0x18], xmm5
;;    19  mov rbx, rax
;;    1c  movaps xmm5, xmm0
;;    1f  mov r10, [r14+0x30]
;;    23  cmp rbx, [r10+8]
;;    27  ja trap 2
;;    29  clc
;;    2a  movss [rdi+rbx], xmm5
;;    2f  movsd xmm5, [rbp-0x18]
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
;;
;; function 5
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov r10, [r14+0x30]
;;    1b  cmp rbx, [r10+8]
;;    1f  ja trap 2
;;    21  clc
;;    22  mov qword ptr [rdi+rbx+0x10], 7
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov eax, [rdi+0x10]
;;    16  leave
;;    17  ret
;;
;; function 7
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov r11, 0x100000004
;;    21  add r11, rbx
;;    24  jb trap 2
;;    26  stc
;;    27  mov r10, [r14+0x30]
;;    2b  cmp r11, [r10+8]
;;    2f  ja trap 2
;;    31  clc
;;    32  mov r11, 0x100000000
;;    3c  add r11, rbx
;;    3f  mov eax, [rdi+r11]
;;    43  mov rbx, [rbp-0x10]
;;    47  leave
;;    48  ret
;;
;; function 8
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov r10, [r14+0x30]
;;    1b  cmp rbx, [r10+8]
;;    1f  ja trap 2
;;    21  clc
;;    22  movups xmm0, [rdi+rbx+0x20]
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
;;
;; function 9
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov r10, [r14+0x38]
;;    1b  cmp rbx, [r10+8]
;;    1f  ja trap 2
;;    21  clc
;;    22  mov r10, [r14+0x38]
;;    26  mov r10, [r10]
;;    29  mov eax, [r10+rbx]
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  sub rsp, 8
;;     c  mov r11, [r14]
;;     f  cmp rsp, [r11]
;;    12  jb trap 9
;;    14  clc
;;    15  mov rbx, rax
;;    18  mov rsi, rcx
;;    1b  mov r10, [r14+0x38]
;;    1f  cmp rbx, [r10+8]
;;    23  ja trap 2
;;    25  clc
;;    26  mov r10, [r14+0x38]
;;    2a  mov r10, [r10]
;;    2d  mov [r10+rbx+8], rsi
;;    32  lea rsp, [rbp-0x18]
;;    36  pop rsi
;;    37  pop rbx
;;    38  leave
;;    39  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov r11, [r14+0x30]
;;    17  mov rax, [r11+8]
;;    1b  shr rax, 0x10
;;    1f  leave
;;    20  ret
