;; Indices that were checked are also made harmless by data flow: table elements, callees, addresses in checked memories.
;; modes: masks checked
(module (memory 1) (table 10 funcref) (type $t (func))
  (func (param i32) (result funcref) (table.get (local.get 0)))
  (func (result funcref) (table.get (i32.const 5)))
  (func (param i32 funcref) (table.set (local.get 0) (local.get 1)))
  (func (param i32) (call_indirect (type $t) (local.get 0)))
  (func (param i32) (result i32) (i32.load8_u offset=3 (local.get 0)))
  (func (param i32 i64) (i64.store offset=0xffffffff (local.get 0) (local.get 1)))
  (func (result f64) (f64.load (i32.const 65536))))

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
;;    19  mov eax, ebx
;;    1b  mov r11, [r14+0x38]
;;    1f  cmp rax, [r11+8]
;;    23  jae trap 3
;;    25  jns 0x27
;;    27  cmovae rax, [r14+0x28]
;;    2c  mov r11, [r11]
;;    2f  lea r10, [r11+rax*8]
;;    33  mov rax, [r10]
;;    36  mov rbx, [rbp-0x10]
;;    3a  leave
;;    3b  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov eax, 5
;;    1b  mov r11, [r14+0x38]
;;    1f  cmp rax, [r11+8]
;;    23  jae trap 3
;;    25  jns 0x27
;;    27  cmovae rax, [r14+0x28]
;;    2c  mov r11, [r11]
;;    2f  lea r10, [r11+rax*8]
;;    33  mov rax, [r10]
;;    36  leave
;;    37  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov [rbp-0x18], rcx
;;    1e  mov rax, [rbp-0x18]
;;    22  mov r11, [r14+0x38]
;;    26  cmp rbx, [r11+8]
;;    2a  jae trap 3
;;    2c  jns 0x2E
;;    2e  cmovae rbx, [r14+0x28]
;;    33  mov r11, [r11]
;;    36  lea r10, [r11+rbx*8]
;;    3a  mov [r10], rax
;;    3d  mov rbx, [rbp-0x10]
;;    41  leave
;;    42  ret
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
;;    19  mov r11, [r14+0x38]
;;    1d  cmp rbx, [r11+8]
;;    21  jae trap 3
;;    23  jns 0x25
;;    25  cmovae rbx, [r14+0x28]
;;    2a  mov r11, [r11]
;;    2d  mov r10, [r11+rbx*8]
;;    31  mov r11d, [r14+0x40]
;;    35  cmp [r10+0x10], r11d
;;    39  jne trap 5
;;    3b  clc
;;    3c  mov r14, [r10+8]
;;    40  mov rdi, [r14+0x10]
;;    44  call qword ptr [r10]
;;    47  mov r14, [rbp-8]
;;    4b  mov rdi, [r14+0x10]
;;    4f  mov rbx, [rbp-0x10]
;;    53  leave
;;    54  ret
;;
;; function 4
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
;;    19  mov r11d, 4
;;    1f  add r11, rbx
;;    22  mov r10, [r14+0x30]
;;    26  cmp r11, [r10+8]
;;    2a  ja trap 2
;;    2c  jns 0x2E
;;    2e  mov r10, [r10]
;;    31  lea r10, [r10+r11-1]
;;    39  cmova r10, [r14+0x28]
;;    3e  movzx eax, byte ptr [r10]
;;    42  mov rbx, [rbp-0x10]
;;    46  leave
;;    47  ret
;;
;; function 5
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
;;    1d  mov r11, 0x100000007
;;    27  add r11, rbx
;;    2a  mov r10, [r14+0x30]
;;    2e  cmp r11, [r10+8]
;;    32  ja trap 2
;;    34  jns 0x36
;;    36  mov r10, [r10]
;;    39  lea r10, [r10+r11-8]
;;    41  cmova r10, [r14+0x28]
;;    46  mov [r10], rsi
;;    49  lea rsp, [rbp-0x18]
;;    4d  pop rsi
;;    4e  pop rbx
;;    4f  leave
;;    50  ret
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
;;    16  mov eax, 0x10000
;;    1b  mov r11d, 8
;;    21  add r11, rax
;;    24  mov r10, [r14+0x30]
;;    28  cmp r11, [r10+8]
;;    2c  ja trap 2
;;    2e  jns 0x30
;;    30  mov r10, [r10]
;;    33  lea r10, [r10+r11-8]
;;    3b  cmova r10, [r14+0x28]
;;    40  movsd xmm0, [r10]
;;    45  leave
;;    46  ret
