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
;;    1a  mov rbx, rax
;;    1d  mov eax, ebx
;;    1f  mov r11, [r14+0x38]
;;    26  cmp rax, [r11+8]
;;    2a  jae trap 3
;;    30  cmovae rax, [r14+0x28]
;;    35  mov r11, [r11]
;;    39  lea r10, [r11+rax*8]
;;    3d  mov rax, [r10]
;;    40  mov rbx, [rbp-0x10]
;;    44  leave
;;    45  ret
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
;;    25  cmp rax, [r11+8]
;;    29  jae trap 3
;;    2f  cmovae rax, [r14+0x28]
;;    34  mov r11, [r11]
;;    38  lea r10, [r11+rax*8]
;;    3c  mov rax, [r10]
;;    3f  leave
;;    40  ret
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
;;    2c  cmp rbx, [r11+8]
;;    30  jae trap 3
;;    36  cmovae rbx, [r14+0x28]
;;    3b  mov r11, [r11]
;;    3f  lea r10, [r11+rbx*8]
;;    43  mov [r10], rax
;;    46  mov rbx, [rbp-0x10]
;;    4a  leave
;;    4b  ret
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
;;    1a  mov rbx, rax
;;    1d  mov r11, [r14+0x38]
;;    24  cmp rbx, [r11+8]
;;    28  jae trap 3
;;    2e  cmovae rbx, [r14+0x28]
;;    33  mov r11, [r11]
;;    37  mov r10, [r11+rbx*8]
;;    3b  mov r11, [r14+0x20]
;;    3f  mov r11d, [r11]
;;    43  cmp [r10+0x10], r11d
;;    47  jne trap 5
;;    4d  mov r14, [r10+8]
;;    51  mov r15, [r14+0x10]
;;    55  call qword ptr [r10]
;;    59  mov r14, [rbp-8]
;;    5d  mov r15, [r14+0x10]
;;    61  mov rbx, [rbp-0x10]
;;    65  leave
;;    66  ret
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
;;    1a  mov rbx, rax
;;    1d  mov r11d, 4
;;    23  add r11, rbx
;;    26  mov r10, [r14+0x30]
;;    2d  cmp r11, [r10+8]
;;    31  ja trap 2
;;    37  mov r10, [r10]
;;    3b  lea r10, [r10+r11-1]
;;    43  cmova r10, [r14+0x28]
;;    48  movzx eax, byte ptr [r10]
;;    4c  mov rbx, [rbp-0x10]
;;    50  leave
;;    51  ret
;;
;; function 5
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
;;    22  mov r11, 0x100000007
;;    2c  add r11, rbx
;;    2f  mov r10, [r14+0x30]
;;    36  cmp r11, [r10+8]
;;    3a  ja trap 2
;;    40  mov r10, [r10]
;;    44  lea r10, [r10+r11-8]
;;    4c  cmova r10, [r14+0x28]
;;    51  mov [r10], r12
;;    54  lea rsp, [rbp-0x18]
;;    58  pop r12
;;    5a  pop rbx
;;    5b  leave
;;    5c  ret
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
;;    2e  cmp r11, [r10+8]
;;    32  ja trap 2
;;    38  mov r10, [r10]
;;    3c  lea r10, [r10+r11-8]
;;    44  cmova r10, [r14+0x28]
;;    49  movsd xmm0, [r10]
;;    4e  leave
;;    4f  ret
