;; Indices that were checked are also made harmless by data flow: table elements, callees, addresses in checked memories.
;; modes: masks checked
(module (memory 1) (table 10 funcref) (type $t (func))
  (func (param i32) (result funcref) (table.get (local.get 0)))
  (func (result funcref) (table.get (i32.const 5)))
  (func (param i32 funcref) (table.set (local.get 0) (local.get 1)))
  (func (param i32) (call_indirect (type $t) (local.get 0)))
  (func (param i32) (result i32) (i32.load8_u offset=3 (local.get 0)))
  (func (param i32 i64) (i64.store offset=0xffffffff (local.get 0) (local.get 1)))
  (func (result f64) (f64.load (i32.const 16))))

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
;;    1c  mov eax, ebx
;;    1e  mov r11, [r14+0x38]
;;    22  cmp rax, [r11+8]
;;    26  jae trap 3
;;    2c  cmovae rax, [r14+0x28]
;;    31  mov r11, [r11]
;;    34  lea r10, [r11+rax*8]
;;    38  mov rax, [r10]
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov eax, 5
;;    1e  mov r11, [r14+0x38]
;;    22  cmp rax, [r11+8]
;;    26  jae trap 3
;;    2c  cmovae rax, [r14+0x28]
;;    31  mov r11, [r11]
;;    34  lea r10, [r11+rax*8]
;;    38  mov rax, [r10]
;;    3b  leave
;;    3c  ret
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
;;    1a  mov rbx, rax
;;    1d  mov [rbp-0x18], rcx
;;    21  mov rax, [rbp-0x18]
;;    25  mov r11, [r14+0x38]
;;    29  cmp rbx, [r11+8]
;;    2d  jae trap 3
;;    33  cmovae rbx, [r14+0x28]
;;    38  mov r11, [r11]
;;    3b  lea r10, [r11+rbx*8]
;;    3f  mov [r10], rax
;;    42  mov rbx, [rbp-0x10]
;;    46  leave
;;    47  ret
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
;;    1a  mov ebx, eax
;;    1c  mov r11, [r14+0x38]
;;    20  cmp rbx, [r11+8]
;;    24  jae trap 3
;;    2a  cmovae rbx, [r14+0x28]
;;    2f  mov r11, [r11]
;;    32  mov r10, [r11+rbx*8]
;;    36  mov r11, [r14+0x20]
;;    3a  mov r11d, [r11]
;;    3e  cmp [r10+0x10], r11d
;;    42  jne trap 5
;;    48  mov r14, [r10+8]
;;    4c  mov rdi, [r14+0x10]
;;    50  call qword ptr [r10]
;;    53  mov r14, [rbp-8]
;;    57  mov rdi, [r14+0x10]
;;    5b  mov rbx, [rbp-0x10]
;;    5f  leave
;;    60  ret
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
;;    1a  mov ebx, eax
;;    1c  mov r11d, 4
;;    22  add r11, rbx
;;    25  mov r10, [r14+0x30]
;;    29  cmp r11, [r10+8]
;;    2d  ja trap 2
;;    33  mov r10, [r10]
;;    36  lea r10, [r10+r11-1]
;;    3e  cmova r10, [r14+0x28]
;;    43  movzx eax, byte ptr [r10]
;;    47  mov rbx, [rbp-0x10]
;;    4b  leave
;;    4c  ret
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
;;    1b  mov ebx, eax
;;    1d  mov rsi, rcx
;;    20  mov r11, 0x100000007
;;    2a  add r11, rbx
;;    2d  mov r10, [r14+0x30]
;;    31  cmp r11, [r10+8]
;;    35  ja trap 2
;;    3b  mov r10, [r10]
;;    3e  lea r10, [r10+r11-8]
;;    46  cmova r10, [r14+0x28]
;;    4b  mov [r10], rsi
;;    4e  lea rsp, [rbp-0x18]
;;    52  pop rsi
;;    53  pop rbx
;;    54  leave
;;    55  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    19  mov eax, 0x10
;;    1e  mov r11d, 8
;;    24  add r11, rax
;;    27  mov r10, [r14+0x30]
;;    2b  cmp r11, [r10+8]
;;    2f  ja trap 2
;;    35  mov r10, [r10]
;;    38  lea r10, [r10+r11-8]
;;    40  cmova r10, [r14+0x28]
;;    45  movsd xmm0, [r10]
;;    4a  leave
;;    4b  ret
