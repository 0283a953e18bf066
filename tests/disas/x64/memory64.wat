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
;;    2b  mov eax, [rdi+rbx+8]
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    2b  movsx rax, byte ptr [rdi+rbx+0xC8]
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
;;    2b  movsd xmm0, [rdi+rbx]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
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
;;    1b  mov rbx, rax
;;    1e  mov esi, ecx
;;    20  mov r10, [r14+0x30]
;;    24  cmp rbx, [r10+8]
;;    28  ja trap 2
;;    2e  mov [rdi+rbx+4], si
;;    33  lea rsp, [rbp-0x18]
;;    37  pop rsi
;;    38  pop rbx
;;    39  leave
;;    3a  ret
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
;;    33  movss [rdi+rbx], xmm5
;;    38  movsd xmm5, [rbp-0x18]
;;    3d  mov rbx, [rbp-0x10]
;;    41  leave
;;    42  ret
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
;;    2b  mov qword ptr [rdi+rbx+0x10], 7
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
;;    2c  mov eax, [rdi+rax+4]
;;    30  leave
;;    31  ret
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
;;    34  cmp r11, [r10+8]
;;    38  ja trap 2
;;    3e  mov r11, 0x100000000
;;    48  add r11, rbx
;;    4b  mov eax, [rdi+r11]
;;    4f  mov rbx, [rbp-0x10]
;;    53  leave
;;    54  ret
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
;;    2b  movups xmm0, [rdi+rbx+0x20]
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
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
;;    2f  mov r10, [r10]
;;    32  mov eax, [r10+rbx]
;;    36  mov rbx, [rbp-0x10]
;;    3a  leave
;;    3b  ret
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
;;    1b  mov rbx, rax
;;    1e  mov rsi, rcx
;;    21  mov r10, [r14+0x38]
;;    25  cmp rbx, [r10+8]
;;    29  ja trap 2
;;    2f  mov r10, [r14+0x38]
;;    33  mov r10, [r10]
;;    36  mov [r10+rbx+8], rsi
;;    3b  lea rsp, [rbp-0x18]
;;    3f  pop rsi
;;    40  pop rbx
;;    41  leave
;;    42  ret
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
;;    1d  mov rax, [r11+8]
;;    21  shr rax, 0x10
;;    25  leave
;;    26  ret
