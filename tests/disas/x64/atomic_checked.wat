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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  test ebx, 3
;;    1d  jne trap 13
;;    1f  js 0x21
;;    21  mov r11d, 0xC
;;    27  add r11, rbx
;;    2a  mov r10, [r14+0x30]
;;    2e  cmp r11, [r10+8]
;;    32  ja trap 2
;;    34  jns 0x36
;;    36  mov r10, [r10]
;;    39  lea r10, [r10+r11-4]
;;    41  cmova r10, [r14+0x28]
;;    46  mov eax, [r10]
;;    49  mov rbx, [rbp-0x10]
;;    4d  leave
;;    4e  ret
;;
;; function 1
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
;;    15  mov ebx, eax
;;    17  mov rsi, rcx
;;    1a  test ebx, 7
;;    21  jne trap 13
;;    23  js 0x25
;;    25  mov r11d, 8
;;    2b  add r11, rbx
;;    2e  mov r10, [r14+0x30]
;;    32  cmp r11, [r10+8]
;;    36  ja trap 2
;;    38  jns 0x3A
;;    3a  mov r10, [r10]
;;    3d  lea r10, [r10+r11-8]
;;    45  cmova r10, [r14+0x28]
;;    4a  mov rax, [r10]
;;    4d  mov rcx, rax
;;    50  xor rcx, rsi
;;    53  lock cmpxchg [r10], rcx
;;    58  jne 0x4D
;;    5a  lea rsp, [rbp-0x18]
;;    5e  pop rsi
;;    5f  pop rbx
;;    60  leave
;;    61  ret
;;
;; function 2
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
;;    15  mov ebx, eax
;;    17  mov rsi, rcx
;;    1a  mov rax, rsi
;;    1d  lea r11d, [rbx+2]
;;    21  test r11d, 3
;;    28  jne trap 13
;;    2a  js 0x2C
;;    2c  mov r11d, 0xA
;;    32  add r11, rbx
;;    35  mov r10, [r14+0x38]
;;    39  cmp r11, [r10+8]
;;    3d  ja trap 2
;;    3f  jns 0x41
;;    41  mov r10, [r10]
;;    44  lea r10, [r10+r11-4]
;;    4c  cmova r10, [r14+0x28]
;;    51  xchg [r10], eax
;;    54  lea rsp, [rbp-0x18]
;;    58  pop rsi
;;    59  pop rbx
;;    5a  leave
;;    5b  ret
