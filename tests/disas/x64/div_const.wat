;; Divisions by constants: by shifts and products where nothing can trap.
(module
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 10)))
  (func (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 16)))
  (func (param i32) (result i32) (i32.rem_u (local.get 0) (i32.const 16)))
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const 0)))
  (func (param i64) (result i64) (i64.rem_s (local.get 0) (i64.const -1)))
  (func (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 10)))
  (func (param i32) (result i32) (local.set 0 (i32.rem_u (local.get 0) (i32.const 10))) (local.get 0))
  (func (param i32) (result i32) (local.set 0 (i32.div_u (local.get 0) (i32.const 7))) (local.get 0))
  (func (param i32) (result i32) (i32.rem_s (local.get 0) (i32.const -7)))
  (func (param i32) (result i32) (i32.div_s (local.get 0) (i32.const -8)))
  (func (param i32) (result i32) (i32.rem_s (local.get 0) (i32.const 2)))
  (func (param i64) (result i64) (i64.div_s (local.get 0) (i64.const 10)))
  (func (param i64) (result i64) (i64.rem_s (local.get 0) (i64.const 7)))
  (func (param i64) (result i64) (i64.div_u (local.get 0) (i64.const 7)))
  (func (param i64) (result i64) (i64.rem_u (local.get 0) (i64.const 1000))))

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
;;    1d  movsxd rax, ebx
;;    20  imul rax, 0x66666667
;;    27  mov r10, rax
;;    2a  shr r10, 0x3F
;;    2e  sar rax, 0x22
;;    32  add eax, r10d
;;    35  mov rbx, [rbp-0x10]
;;    39  leave
;;    3a  ret
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
;;    1d  mov eax, ebx
;;    1f  shr eax, 4
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
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
;;    1d  mov eax, ebx
;;    1f  and eax, 0xF
;;    22  mov rbx, [rbp-0x10]
;;    26  leave
;;    27  ret
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
;;    1d  mov ecx, 0
;;    22  mov eax, ebx
;;    24  test ecx, ecx
;;    26  je trap 7
;;    2c  cmp ecx, 0xFFFFFFFF
;;    2f  jne 0x3D
;;    31  mov r11d, eax
;;    34  neg r11d
;;    37  jo trap 6
;;    3d  cdq
;;    3e  idiv ecx
;;    40  mov rbx, [rbp-0x10]
;;    44  leave
;;    45  ret
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
;;    1d  mov rcx, 0xFFFFFFFFFFFFFFFF
;;    24  mov rax, rbx
;;    27  test rcx, rcx
;;    2a  je trap 7
;;    30  xor edx, edx
;;    32  cmp rcx, 0xFFFFFFFFFFFFFFFF
;;    36  je 0x3D
;;    38  cqo
;;    3a  idiv rcx
;;    3d  mov rax, rdx
;;    40  mov rbx, [rbp-0x10]
;;    44  leave
;;    45  ret
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
;;    1d  mov eax, 0xCCCCCCCD
;;    22  imul rax, rbx
;;    26  shr rax, 0x23
;;    2a  mov rbx, [rbp-0x10]
;;    2e  leave
;;    2f  ret
;;
;; function 6
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r11d, 0xCCCCCCCD
;;    23  imul r11, rbx
;;    27  shr r11, 0x23
;;    2b  imul r11d, 0xA
;;    2f  sub ebx, r11d
;;    32  mov eax, ebx
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
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
;;    1d  lea r10, [rbx+1]
;;    21  mov ebx, 0x92492492
;;    26  imul rbx, r10
;;    2a  shr rbx, 0x22
;;    2e  mov eax, ebx
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
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
;;    1d  movsxd r11, ebx
;;    20  mov r10d, 0x92492493
;;    26  imul r11, r10
;;    2a  mov r10, r11
;;    2d  shr r10, 0x3F
;;    31  sar r11, 0x22
;;    35  add r11d, r10d
;;    38  imul r11d, 7
;;    3c  mov eax, ebx
;;    3e  sub eax, r11d
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
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
;;    1d  mov eax, ebx
;;    1f  sar eax, 0x1F
;;    22  shr eax, 0x1D
;;    25  add eax, ebx
;;    27  sar eax, 3
;;    2a  imul eax, 0xFFFFFFFF
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 10
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov r11d, ebx
;;    20  shr r11d, 0x1F
;;    24  add r11d, ebx
;;    27  and r11d, 0xFFFFFFFE
;;    2b  mov eax, ebx
;;    2d  sub eax, r11d
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov rax, rbx
;;    20  mov r11, 0x6666666666666667
;;    2a  imul r11
;;    2d  mov r11, rdx
;;    30  shr r11, 0x3F
;;    34  sar rdx, 2
;;    38  add rdx, r11
;;    3b  mov rax, rdx
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
;;
;; function 12
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov rax, rbx
;;    20  mov r11, 0x4924924924924925
;;    2a  imul r11
;;    2d  mov r11, rdx
;;    30  shr r11, 0x3F
;;    34  sar rdx, 1
;;    37  add rdx, r11
;;    3a  imul rdx, 7
;;    3e  mov rax, rbx
;;    41  sub rax, rdx
;;    44  mov rbx, [rbp-0x10]
;;    48  leave
;;    49  ret
;;
;; function 13
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov rax, rbx
;;    20  mov r11, 0x2492492492492493
;;    2a  mul r11
;;    2d  mov r11, rbx
;;    30  sub r11, rdx
;;    33  shr r11, 1
;;    36  add rdx, r11
;;    39  shr rdx, 2
;;    3d  mov rax, rdx
;;    40  mov rbx, [rbp-0x10]
;;    44  leave
;;    45  ret
;;
;; function 14
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    1a  mov rbx, rax
;;    1d  mov rax, rbx
;;    20  mov r11, 0x624DD2F1A9FBE77
;;    2a  mul r11
;;    2d  mov r11, rbx
;;    30  sub r11, rdx
;;    33  shr r11, 1
;;    36  add rdx, r11
;;    39  shr rdx, 9
;;    3d  imul rdx, 0x3E8
;;    44  mov rax, rbx
;;    47  sub rax, rdx
;;    4a  mov rbx, [rbp-0x10]
;;    4e  leave
;;    4f  ret
