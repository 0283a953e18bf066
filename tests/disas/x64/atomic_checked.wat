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
;;    1a  mov rbx, rax
;;    1d  test ebx, 3
;;    24  jne trap 13
;;    2a  mov r11d, 0xC
;;    30  add r11, rbx
;;    33  mov r10, [r14+0x30]
;;    3a  cmp r11, [r10+8]
;;    3e  ja trap 2
;;    44  mov r10, [r10]
;;    48  lea r10, [r10+r11-4]
;;    50  cmova r10, [r14+0x28]
;;    55  mov eax, [r10]
;;    58  mov rbx, [rbp-0x10]
;;    5c  leave
;;    5d  ret
;;
;; function 1
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
;;    22  test ebx, 7
;;    29  jne trap 13
;;    2f  mov r11d, 8
;;    35  add r11, rbx
;;    38  mov r10, [r14+0x30]
;;    3f  cmp r11, [r10+8]
;;    43  ja trap 2
;;    49  mov r10, [r10]
;;    4d  lea r10, [r10+r11-8]
;;    55  cmova r10, [r14+0x28]
;;    5a  mov rax, [r10]
;;    5d  mov rcx, rax
;;    60  xor rcx, r12
;;    63  lock cmpxchg [r10], rcx
;;    68  jne 0x5D
;;    6a  lea rsp, [rbp-0x18]
;;    6e  pop r12
;;    70  pop rbx
;;    71  leave
;;    72  ret
;;
;; function 2
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
;;    22  mov rax, r12
;;    25  lea r11d, [rbx+2]
;;    29  test r11d, 3
;;    30  jne trap 13
;;    36  mov r11d, 0xA
;;    3c  add r11, rbx
;;    3f  mov r10, [r14+0x38]
;;    46  cmp r11, [r10+8]
;;    4a  ja trap 2
;;    50  mov r10, [r10]
;;    54  lea r10, [r10+r11-4]
;;    5c  cmova r10, [r14+0x28]
;;    61  xchg [r10], eax
;;    64  lea rsp, [rbp-0x18]
;;    68  pop r12
;;    6a  pop rbx
;;    6b  leave
;;    6c  ret
