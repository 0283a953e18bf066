;; modes: checked masks
(module
  (import "" "" (memory 1 2 shared))
  (memory $own 1)
  (func (param i32) (result i32)
    (i32.atomic.load offset=8 (local.get 0)))
  (func (param i32 i64) (result i64)
    (i64.atomic.rmw.xor (local.get 0) (local.get 1)))
  (func (param i32 i64)
    (i64.atomic.store32 $own offset=6 (local.get 0) (local.get 1)))
)

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
;;    19  test ebx, 3
;;    20  jne trap 13
;;    22  js 0x24
;;    24  mov r11d, 0xC
;;    2a  add r11, rbx
;;    2d  mov r10, [r14+0x30]
;;    31  cmp r11, [r10+8]
;;    35  ja trap 2
;;    37  jns 0x39
;;    39  mov r10, [r10]
;;    3c  lea r10, [r10+r11-4]
;;    44  cmova r10, [r14+0x28]
;;    49  mov eax, [r10]
;;    4c  mov rbx, [rbp-0x10]
;;    50  leave
;;    51  ret
;;
;; function 1
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
;;    18  mov ebx, eax
;;    1a  mov rsi, rcx
;;    1d  test ebx, 7
;;    24  jne trap 13
;;    26  js 0x28
;;    28  mov r11d, 8
;;    2e  add r11, rbx
;;    31  mov r10, [r14+0x30]
;;    35  cmp r11, [r10+8]
;;    39  ja trap 2
;;    3b  jns 0x3D
;;    3d  mov r10, [r10]
;;    40  lea r10, [r10+r11-8]
;;    48  cmova r10, [r14+0x28]
;;    4d  mov rax, [r10]
;;    50  mov rcx, rax
;;    53  xor rcx, rsi
;;    56  lock cmpxchg [r10], rcx
;;    5b  jne 0x50
;;    5d  lea rsp, [rbp-0x18]
;;    61  pop rsi
;;    62  pop rbx
;;    63  leave
;;    64  ret
;;
;; function 2
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
;;    18  mov ebx, eax
;;    1a  mov rsi, rcx
;;    1d  mov rax, rsi
;;    20  lea r11d, [rbx+2]
;;    24  test r11d, 3
;;    2b  jne trap 13
;;    2d  js 0x2F
;;    2f  mov r11d, 0xA
;;    35  add r11, rbx
;;    38  mov r10, [r14+0x38]
;;    3c  cmp r11, [r10+8]
;;    40  ja trap 2
;;    42  jns 0x44
;;    44  mov r10, [r10]
;;    47  lea r10, [r10+r11-4]
;;    4f  cmova r10, [r14+0x28]
;;    54  xchg [r10], eax
;;    57  lea rsp, [rbp-0x18]
;;    5b  pop rsi
;;    5c  pop rbx
;;    5d  leave
;;    5e  ret
