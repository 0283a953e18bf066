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
;;    1a  mov ebx, eax
;;    1c  movsxd rax, ebx
;;    1f  imul rax, 0x66666667
;;    26  mov r10, rax
;;    29  shr r10, 0x3F
;;    2d  sar rax, 0x22
;;    31  add eax, r10d
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  shr eax, 4
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  and eax, 0xF
;;    21  mov rbx, [rbp-0x10]
;;    25  leave
;;    26  ret
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
;;    1c  mov ecx, 0
;;    21  mov eax, ebx
;;    23  test ecx, ecx
;;    25  je trap 7
;;    2b  cmp ecx, 0xFFFFFFFF
;;    2e  jne 0x3C
;;    30  mov r11d, eax
;;    33  neg r11d
;;    36  jo trap 6
;;    3c  cdq
;;    3d  idiv ecx
;;    3f  mov rbx, [rbp-0x10]
;;    43  leave
;;    44  ret
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
;;    1a  mov ebx, eax
;;    1c  mov eax, 0xCCCCCCCD
;;    21  imul rax, rbx
;;    25  shr rax, 0x23
;;    29  mov rbx, [rbp-0x10]
;;    2d  leave
;;    2e  ret
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
;;    1a  mov ebx, eax
;;    1c  mov r11d, 0xCCCCCCCD
;;    22  imul r11, rbx
;;    26  shr r11, 0x23
;;    2a  imul r11d, 0xA
;;    2e  sub ebx, r11d
;;    31  mov eax, ebx
;;    33  mov rbx, [rbp-0x10]
;;    37  leave
;;    38  ret
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
;;    1a  mov ebx, eax
;;    1c  lea r10, [rbx+1]
;;    20  mov ebx, 0x92492492
;;    25  imul rbx, r10
;;    29  shr rbx, 0x22
;;    2d  mov eax, ebx
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
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
;;    1a  mov ebx, eax
;;    1c  movsxd r11, ebx
;;    1f  mov r10d, 0x92492493
;;    25  imul r11, r10
;;    29  mov r10, r11
;;    2c  shr r10, 0x3F
;;    30  sar r11, 0x22
;;    34  add r11d, r10d
;;    37  imul r11d, 7
;;    3b  mov eax, ebx
;;    3d  sub eax, r11d
;;    40  mov rbx, [rbp-0x10]
;;    44  leave
;;    45  ret
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
;;    1a  mov ebx, eax
;;    1c  mov eax, ebx
;;    1e  sar eax, 0x1F
;;    21  shr eax, 0x1D
;;    24  add eax, ebx
;;    26  sar eax, 3
;;    29  imul eax, 0xFFFFFFFF
;;    2c  mov rbx, [rbp-0x10]
;;    30  leave
;;    31  ret
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
;;    1a  mov ebx, eax
;;    1c  mov r11d, ebx
;;    1f  shr r11d, 0x1F
;;    23  add r11d, ebx
;;    26  and r11d, 0xFFFFFFFE
;;    2a  mov eax, ebx
;;    2c  sub eax, r11d
;;    2f  mov rbx, [rbp-0x10]
;;    33  leave
;;    34  ret
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
