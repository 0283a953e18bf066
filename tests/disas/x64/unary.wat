;; Counting bits and extending signs.
(module
  (func (param i32) (result i32) (i32.clz (local.get 0)))
  (func (param i32) (result i32) (i32.ctz (local.get 0)))
  (func (param i32) (result i32) (i32.popcnt (local.get 0)))
  (func (param i64) (result i64) (i64.clz (local.get 0)))
  (func (param i64) (result i64) (i64.extend8_s (local.get 0)))
  (func (param i64) (result i64) (i64.extend32_s (local.get 0)))
  (func (param i32) (result i32) (i32.extend16_s (local.get 0))))

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
;;    16  bsr r10d, ebx
;;    1a  mov r11d, 0x3F
;;    20  cmove r10d, r11d
;;    24  xor r10d, 0x1F
;;    28  mov eax, r10d
;;    2b  mov rbx, [rbp-0x10]
;;    2f  leave
;;    30  ret
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
;;    16  bsf r10d, ebx
;;    1a  mov r11d, 0x20
;;    20  cmove r10d, r11d
;;    24  mov eax, r10d
;;    27  mov rbx, [rbp-0x10]
;;    2b  leave
;;    2c  ret
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
;;    16  popcnt eax, ebx
;;    1a  mov rbx, [rbp-0x10]
;;    1e  leave
;;    1f  ret
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
;;    14  mov rbx, rax
;;    17  bsr r10, rbx
;;    1b  mov r11d, 0x7F
;;    21  cmove r10, r11
;;    25  xor r10, 0x3F
;;    29  mov rax, r10
;;    2c  mov rbx, [rbp-0x10]
;;    30  leave
;;    31  ret
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
;;    17  movsx rax, bl
;;    1b  mov rbx, [rbp-0x10]
;;    1f  leave
;;    20  ret
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
;;    14  mov rbx, rax
;;    17  movsxd rax, ebx
;;    1a  mov rbx, [rbp-0x10]
;;    1e  leave
;;    1f  ret
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
;;    16  movsx eax, bx
;;    19  mov rbx, [rbp-0x10]
;;    1d  leave
;;    1e  ret
