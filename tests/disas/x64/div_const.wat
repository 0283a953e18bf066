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
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov ebx, eax
;;    16  movsxd rax, ebx
;;    19  imul rax, 0x66666667
;;    20  mov r10, rax
;;    23  shr r10, 0x3F
;;    27  sar rax, 0x22
;;    2b  add eax, r10d
;;    2e  mov rbx, [rbp-0x10]
;;    32  leave
;;    33  ret
;;
;; function 1
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
;;    18  shr eax, 4
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
;;
;; function 2
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
;;    18  and eax, 0xF
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
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
;;    16  mov ecx, 0
;;    1b  mov eax, ebx
;;    1d  test ecx, ecx
;;    1f  je trap 7
;;    21  js 0x23
;;    23  cmp ecx, 0xFFFFFFFF
;;    26  jne 0x31
;;    28  mov r11d, eax
;;    2b  neg r11d
;;    2e  jo trap 6
;;    30  clc
;;    31  cdq
;;    32  idiv ecx
;;    34  mov rbx, [rbp-0x10]
;;    38  leave
;;    39  ret
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
;;    14  mov rbx, rax
;;    17  mov rcx, 0xFFFFFFFFFFFFFFFF
;;    1e  mov rax, rbx
;;    21  test rcx, rcx
;;    24  je trap 7
;;    26  js 0x28
;;    28  xor edx, edx
;;    2a  cmp rcx, 0xFFFFFFFFFFFFFFFF
;;    2e  je 0x35
;;    30  cqo
;;    32  idiv rcx
;;    35  mov rax, rdx
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
;;
;; function 5
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
;;    16  mov eax, 0xCCCCCCCD
;;    1b  imul rax, rbx
;;    1f  shr rax, 0x23
;;    23  mov rbx, [rbp-0x10]
;;    27  leave
;;    28  ret
;;
;; function 6
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
;;    16  mov r11d, 0xCCCCCCCD
;;    1c  imul r11, rbx
;;    20  shr r11, 0x23
;;    24  imul r11d, 0xA
;;    28  sub ebx, r11d
;;    2b  mov eax, ebx
;;    2d  mov rbx, [rbp-0x10]
;;    31  leave
;;    32  ret
;;
;; function 7
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
;;    16  lea r10, [rbx+1]
;;    1a  mov ebx, 0x92492492
;;    1f  imul rbx, r10
;;    23  shr rbx, 0x22
;;    27  mov eax, ebx
;;    29  mov rbx, [rbp-0x10]
;;    2d  leave
;;    2e  ret
;;
;; function 8
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
;;    16  movsxd r11, ebx
;;    19  mov r10d, 0x92492493
;;    1f  imul r11, r10
;;    23  mov r10, r11
;;    26  shr r10, 0x3F
;;    2a  sar r11, 0x22
;;    2e  add r11d, r10d
;;    31  imul r11d, 7
;;    35  mov eax, ebx
;;    37  sub eax, r11d
;;    3a  mov rbx, [rbp-0x10]
;;    3e  leave
;;    3f  ret
;;
;; function 9
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
;;    18  sar eax, 0x1F
;;    1b  shr eax, 0x1D
;;    1e  add eax, ebx
;;    20  sar eax, 3
;;    23  imul eax, 0xFFFFFFFF
;;    26  mov rbx, [rbp-0x10]
;;    2a  leave
;;    2b  ret
;;
;; function 10
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
;;    16  mov r11d, ebx
;;    19  shr r11d, 0x1F
;;    1d  add r11d, ebx
;;    20  and r11d, 0xFFFFFFFE
;;    24  mov eax, ebx
;;    26  sub eax, r11d
;;    29  mov rbx, [rbp-0x10]
;;    2d  leave
;;    2e  ret
;;
;; function 11
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov rax, rbx
;;    1a  mov r11, 0x6666666666666667
;;    24  imul r11
;;    27  mov r11, rdx
;;    2a  shr r11, 0x3F
;;    2e  sar rdx, 2
;;    32  add rdx, r11
;;    35  mov rax, rdx
;;    38  mov rbx, [rbp-0x10]
;;    3c  leave
;;    3d  ret
;;
;; function 12
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov rax, rbx
;;    1a  mov r11, 0x4924924924924925
;;    24  imul r11
;;    27  mov r11, rdx
;;    2a  shr r11, 0x3F
;;    2e  sar rdx, 1
;;    31  add rdx, r11
;;    34  imul rdx, 7
;;    38  mov rax, rbx
;;    3b  sub rax, rdx
;;    3e  mov rbx, [rbp-0x10]
;;    42  leave
;;    43  ret
;;
;; function 13
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov rax, rbx
;;    1a  mov r11, 0x2492492492492493
;;    24  mul r11
;;    27  mov r11, rbx
;;    2a  sub r11, rdx
;;    2d  shr r11, 1
;;    30  add rdx, r11
;;    33  shr rdx, 2
;;    37  mov rax, rdx
;;    3a  mov rbx, [rbp-0x10]
;;    3e  leave
;;    3f  ret
;;
;; function 14
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  sub rsp, 0
;;     b  mov r11, [r14]
;;     e  cmp rsp, [r11]
;;    11  jb trap 9
;;    13  clc
;;    14  mov rbx, rax
;;    17  mov rax, rbx
;;    1a  mov r11, 0x624DD2F1A9FBE77
;;    24  mul r11
;;    27  mov r11, rbx
;;    2a  sub r11, rdx
;;    2d  shr r11, 1
;;    30  add rdx, r11
;;    33  shr rdx, 9
;;    37  imul rdx, 0x3E8
;;    3e  mov rax, rbx
;;    41  sub rax, rdx
;;    44  mov rbx, [rbp-0x10]
;;    48  leave
;;    49  ret
