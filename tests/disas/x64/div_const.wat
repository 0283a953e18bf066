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
;;    16  clc
;;    17  mov ebx, eax
;;    19  movsxd rax, ebx
;;    1c  imul rax, 0x66666667
;;    23  mov r10, rax
;;    26  shr r10, 0x3F
;;    2a  sar rax, 0x22
;;    2e  add eax, r10d
;;    31  mov rbx, [rbp-0x10]
;;    35  leave
;;    36  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  shr eax, 4
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  and eax, 0xF
;;    1e  mov rbx, [rbp-0x10]
;;    22  leave
;;    23  ret
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
;;    19  mov ecx, 0
;;    1e  mov eax, ebx
;;    20  test ecx, ecx
;;    22  je trap 7
;;    24  js 0x26
;;    26  cmp ecx, 0xFFFFFFFF
;;    29  jne 0x34
;;    2b  mov r11d, eax
;;    2e  neg r11d
;;    31  jo trap 6
;;    33  clc
;;    34  cdq
;;    35  idiv ecx
;;    37  mov rbx, [rbp-0x10]
;;    3b  leave
;;    3c  ret
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
;;    17  mov rbx, rax
;;    1a  mov rcx, 0xFFFFFFFFFFFFFFFF
;;    21  mov rax, rbx
;;    24  test rcx, rcx
;;    27  je trap 7
;;    29  js 0x2B
;;    2b  xor edx, edx
;;    2d  cmp rcx, 0xFFFFFFFFFFFFFFFF
;;    31  je 0x38
;;    33  cqo
;;    35  idiv rcx
;;    38  mov rax, rdx
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, 0xCCCCCCCD
;;    1e  imul rax, rbx
;;    22  shr rax, 0x23
;;    26  mov rbx, [rbp-0x10]
;;    2a  leave
;;    2b  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov r11d, 0xCCCCCCCD
;;    1f  imul r11, rbx
;;    23  shr r11, 0x23
;;    27  imul r11d, 0xA
;;    2b  sub ebx, r11d
;;    2e  mov eax, ebx
;;    30  mov rbx, [rbp-0x10]
;;    34  leave
;;    35  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  lea r10, [rbx+1]
;;    1d  mov ebx, 0x92492492
;;    22  imul rbx, r10
;;    26  shr rbx, 0x22
;;    2a  mov eax, ebx
;;    2c  mov rbx, [rbp-0x10]
;;    30  leave
;;    31  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  movsxd r11, ebx
;;    1c  mov r10d, 0x92492493
;;    22  imul r11, r10
;;    26  mov r10, r11
;;    29  shr r10, 0x3F
;;    2d  sar r11, 0x22
;;    31  add r11d, r10d
;;    34  imul r11d, 7
;;    38  mov eax, ebx
;;    3a  sub eax, r11d
;;    3d  mov rbx, [rbp-0x10]
;;    41  leave
;;    42  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov eax, ebx
;;    1b  sar eax, 0x1F
;;    1e  shr eax, 0x1D
;;    21  add eax, ebx
;;    23  sar eax, 3
;;    26  imul eax, 0xFFFFFFFF
;;    29  mov rbx, [rbp-0x10]
;;    2d  leave
;;    2e  ret
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
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov r11d, ebx
;;    1c  shr r11d, 0x1F
;;    20  add r11d, ebx
;;    23  and r11d, 0xFFFFFFFE
;;    27  mov eax, ebx
;;    29  sub eax, r11d
;;    2c  mov rbx, [rbp-0x10]
;;    30  leave
;;    31  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov rax, rbx
;;    1d  mov r11, 0x6666666666666667
;;    27  imul r11
;;    2a  mov r11, rdx
;;    2d  shr r11, 0x3F
;;    31  sar rdx, 2
;;    35  add rdx, r11
;;    38  mov rax, rdx
;;    3b  mov rbx, [rbp-0x10]
;;    3f  leave
;;    40  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov rax, rbx
;;    1d  mov r11, 0x4924924924924925
;;    27  imul r11
;;    2a  mov r11, rdx
;;    2d  shr r11, 0x3F
;;    31  sar rdx, 1
;;    34  add rdx, r11
;;    37  imul rdx, 7
;;    3b  mov rax, rbx
;;    3e  sub rax, rdx
;;    41  mov rbx, [rbp-0x10]
;;    45  leave
;;    46  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov rax, rbx
;;    1d  mov r11, 0x2492492492492493
;;    27  mul r11
;;    2a  mov r11, rbx
;;    2d  sub r11, rdx
;;    30  shr r11, 1
;;    33  add rdx, r11
;;    36  shr rdx, 2
;;    3a  mov rax, rdx
;;    3d  mov rbx, [rbp-0x10]
;;    41  leave
;;    42  ret
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
;;    16  clc
;;    17  mov rbx, rax
;;    1a  mov rax, rbx
;;    1d  mov r11, 0x624DD2F1A9FBE77
;;    27  mul r11
;;    2a  mov r11, rbx
;;    2d  sub r11, rdx
;;    30  shr r11, 1
;;    33  add rdx, r11
;;    36  shr rdx, 9
;;    3a  imul rdx, 0x3E8
;;    41  mov rax, rbx
;;    44  sub rax, rdx
;;    47  mov rbx, [rbp-0x10]
;;    4b  leave
;;    4c  ret
