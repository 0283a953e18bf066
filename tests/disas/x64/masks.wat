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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  mov eax, ebx
;;    18  mov r11, [r14+0x38]
;;    1c  cmp rax, [r11+8]
;;    20  jae trap 3
;;    22  jns 0x24
;;    24  cmovae rax, [r14+0x28]
;;    29  mov r11, [r11]
;;    2c  lea r10, [r11+rax*8]
;;    30  mov rax, [r10]
;;    33  mov rbx, [rbp-0x10]
;;    37  leave
;;    38  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov eax, 5
;;    18  mov r11, [r14+0x38]
;;    1c  cmp rax, [r11+8]
;;    20  jae trap 3
;;    22  jns 0x24
;;    24  cmovae rax, [r14+0x28]
;;    29  mov r11, [r11]
;;    2c  lea r10, [r11+rax*8]
;;    30  mov rax, [r10]
;;    33  leave
;;    34  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0x10
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov [rbp-0x18], rcx
;;    1b  mov rax, [rbp-0x18]
;;    1f  mov r11, [r14+0x38]
;;    23  cmp rbx, [r11+8]
;;    27  jae trap 3
;;    29  jns 0x2B
;;    2b  cmovae rbx, [r14+0x28]
;;    30  mov r11, [r11]
;;    33  lea r10, [r11+rbx*8]
;;    37  mov [r10], rax
;;    3a  mov rbx, [rbp-0x10]
;;    3e  leave
;;    3f  ret
;;
;; function 3
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
;;    16  mov r11, [r14+0x38]
;;    1a  cmp rbx, [r11+8]
;;    1e  jae trap 3
;;    20  jns 0x22
;;    22  cmovae rbx, [r14+0x28]
;;    27  mov r11, [r11]
;;    2a  mov r10, [r11+rbx*8]
;;    2e  mov r11d, [r14+0x40]
;;    32  cmp [r10+0x10], r11d
;;    36  jne trap 5
;;    38  clc
;;    39  mov r14, [r10+8]
;;    3d  mov rdi, [r14+0x10]
;;    41  call qword ptr [r10]
;;    44  mov r14, [rbp-8]
;;    48  mov rdi, [r14+0x10]
;;    4c  mov rbx, [rbp-0x10]
;;    50  leave
;;    51  ret
;;
;; function 4
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
;;    16  mov r11d, 4
;;    1c  add r11, rbx
;;    1f  mov r10, [r14+0x30]
;;    23  cmp r11, [r10+8]
;;    27  ja trap 2
;;    29  jns 0x2B
;;    2b  mov r10, [r10]
;;    2e  lea r10, [r10+r11-1]
;;    36  cmova r10, [r14+0x28]
;;    3b  movzx eax, byte ptr [r10]
;;    3f  mov rbx, [rbp-0x10]
;;    43  leave
;;    44  ret
;;
;; function 5
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
;;    1a  mov r11, 0x100000007
;;    24  add r11, rbx
;;    27  mov r10, [r14+0x30]
;;    2b  cmp r11, [r10+8]
;;    2f  ja trap 2
;;    31  jns 0x33
;;    33  mov r10, [r10]
;;    36  lea r10, [r10+r11-8]
;;    3e  cmova r10, [r14+0x28]
;;    43  mov [r10], rsi
;;    46  lea rsp, [rbp-0x18]
;;    4a  pop rsi
;;    4b  pop rbx
;;    4c  leave
;;    4d  ret
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
;;    13  mov eax, 0x10000
;;    18  mov r11d, 8
;;    1e  add r11, rax
;;    21  mov r10, [r14+0x30]
;;    25  cmp r11, [r10+8]
;;    29  ja trap 2
;;    2b  jns 0x2D
;;    2d  mov r10, [r10]
;;    30  lea r10, [r10+r11-8]
;;    38  cmova r10, [r14+0x28]
;;    3d  movsd xmm0, [r10]
;;    42  leave
;;    43  ret
