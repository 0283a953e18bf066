;; Arguments and results on the stack.
(module
  (func $f (param i32 i32 i32 i32 i32 i32 i32 i64 f32) (result i32 i32 i32 i32 i32 i32 i32 i32)
    (local.get 7) (drop)
    (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5) (local.get 6) (i32.const 8))
  (func (result i32)
    (call $f (i32.const 1) (i32.const 2) (i32.const 3) (i32.const 4) (i32.const 5) (i32.const 6) (i32.const 7)
      (i64.const 8) (f32.const 9))
    drop drop drop drop drop drop drop))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push r12
;;     9  push r13
;;     b  sub rsp, 0x60
;;    12  mov r11, [r14]
;;    15  cmp rsp, [r11]
;;    18  jb 0x9D
;;    1e  mov rbx, rax
;;    21  mov r12, rcx
;;    24  mov r13, rdx
;;    27  mov [rbp-0x28], rsi
;;    2b  mov [rbp-0x30], rdi
;;    2f  mov [rbp-0x38], r8
;;    33  movsd [rbp-0x40], xmm0
;;    38  mov [rbp-0x48], rbx
;;    3c  mov [rbp-0x50], r12
;;    40  mov [rbp-0x58], r13
;;    44  mov r11, [rbp-0x28]
;;    48  mov [rbp-0x60], r11
;;    4c  mov r11, [rbp-0x30]
;;    50  mov [rbp-0x68], r11
;;    54  mov r11, [rbp-0x38]
;;    58  mov [rbp-0x70], r11
;;    5c  mov r11, [rbp+0x10]
;;    60  mov [rbp-0x78], r11
;;    64  mov qword ptr [rbp-0x80], 8
;;    6c  mov r11, [rbp-0x78]
;;    70  mov [rbp+0x10], r11
;;    74  mov r11, [rbp-0x80]
;;    78  mov [rbp+0x18], r11
;;    7c  mov eax, [rbp-0x48]
;;    7f  mov ecx, [rbp-0x50]
;;    82  mov edx, [rbp-0x58]
;;    85  mov esi, [rbp-0x60]
;;    88  mov edi, [rbp-0x68]
;;    8b  mov r8d, [rbp-0x70]
;;    8f  mov rbx, [rbp-0x10]
;;    93  mov r12, [rbp-0x18]
;;    97  mov r13, [rbp-0x20]
;;    9b  leave
;;    9c  ret
;;    9d  ud2
;;    9f  trap 9
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 0x58
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb 0x70
;;    19  mov eax, 1
;;    1e  mov ecx, 2
;;    23  mov edx, 3
;;    28  mov esi, 4
;;    2d  mov edi, 5
;;    32  mov r8d, 6
;;    38  mov r11d, 7
;;    3e  mov [rsp], r11
;;    42  mov r11d, 8
;;    48  mov [rsp+8], r11
;;    4d  mov r11d, 0x41100000
;;    53  movd xmm0, r11d
;;    58  call 0xFFFFFFFFFFFFFF60
;;    5d  mov r11, [rsp]
;;    61  mov [rbp-0x40], r11
;;    65  mov r11, [rsp+8]
;;    6a  mov [rbp-0x48], r11
;;    6e  leave
;;    6f  ret
;;    70  ud2
;;    72  trap 9
