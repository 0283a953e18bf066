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
;;    1a  mov ebx, eax
;;    1c  test ebx, 3
;;    23  jne trap 13
;;    29  mov r11d, 0xC
;;    2f  add r11, rbx
;;    32  mov r10, [r14+0x30]
;;    36  cmp r11, [r10+8]
;;    3a  ja trap 2
;;    40  mov r10, [r10]
;;    43  lea r10, [r10+r11-4]
;;    4b  cmova r10, [r14+0x28]
;;    50  mov eax, [r10]
;;    53  mov rbx, [rbp-0x10]
;;    57  leave
;;    58  ret
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
;;    1b  mov ebx, eax
;;    1d  mov rsi, rcx
;;    20  test ebx, 7
;;    27  jne trap 13
;;    2d  mov r11d, 8
;;    33  add r11, rbx
;;    36  mov r10, [r14+0x30]
;;    3a  cmp r11, [r10+8]
;;    3e  ja trap 2
;;    44  mov r10, [r10]
;;    47  lea r10, [r10+r11-8]
;;    4f  cmova r10, [r14+0x28]
;;    54  mov rax, [r10]
;;    57  mov rcx, rax
;;    5a  xor rcx, rsi
;;    5d  lock cmpxchg [r10], rcx
;;    62  jne 0x57
;;    64  lea rsp, [rbp-0x18]
;;    68  pop rsi
;;    69  pop rbx
;;    6a  leave
;;    6b  ret
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
;;    1b  mov ebx, eax
;;    1d  mov rsi, rcx
;;    20  mov rax, rsi
;;    23  lea r11d, [rbx+2]
;;    27  test r11d, 3
;;    2e  jne trap 13
;;    34  mov r11d, 0xA
;;    3a  add r11, rbx
;;    3d  mov r10, [r14+0x38]
;;    41  cmp r11, [r10+8]
;;    45  ja trap 2
;;    4b  mov r10, [r10]
;;    4e  lea r10, [r10+r11-4]
;;    56  cmova r10, [r14+0x28]
;;    5b  xchg [r10], eax
;;    5e  lea rsp, [rbp-0x18]
;;    62  pop rsi
;;    63  pop rbx
;;    64  leave
;;    65  ret
