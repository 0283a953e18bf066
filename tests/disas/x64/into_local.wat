;; Results go straight into the pinned local that is set next.
(module (memory 1)
  (func (param i32 i32 i32) (result i32)
    (local.set 0 (i32.add (local.get 0) (local.get 1)))
    (local.set 1 (i32.sub (local.get 0) (local.get 1)))
    (local.set 2 (i32.load (local.get 1)))
    (i32.add (local.tee 0 (i32.shl (local.get 0) (i32.const 3))) (local.get 2)))
  ;; So does what an operation with a constant is applied to before.
  (func (param i32 i64 i64)
    (local.set 0 (i32.rotl (i32.xor (i32.wrap_i64 (local.get 1)) (local.get 0)) (i32.const 16)))
    (local.set 1 (i64.shl (i64.sub (local.get 2) (local.get 1)) (i64.const 3)))
    (local.set 1 (i64.and (i64.add (local.get 2) (local.get 1)) (i64.const 15)))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov esi, ecx
;;    1b  mov r15d, edx
;;    1e  add ebx, esi
;;    20  mov eax, ebx
;;    22  sub eax, esi
;;    24  mov rsi, rax
;;    27  mov r15d, [rdi+rsi]
;;    2b  shl ebx, 3
;;    2e  lea eax, [rbx+r15]
;;    32  lea rsp, [rbp-0x20]
;;    36  pop r15
;;    38  pop rsi
;;    39  pop rbx
;;    3a  leave
;;    3b  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;     e  mov r11, [r14]
;;    11  cmp rsp, [r11]
;;    14  jb trap 9
;;    16  clc
;;    17  mov ebx, eax
;;    19  mov rsi, rcx
;;    1c  mov r15, rdx
;;    1f  mov eax, esi
;;    21  xor eax, ebx
;;    23  mov ebx, eax
;;    25  rol ebx, 0x10
;;    28  mov rax, r15
;;    2b  sub rax, rsi
;;    2e  mov rsi, rax
;;    31  shl rsi, 3
;;    35  add rsi, r15
;;    38  and rsi, 0xF
;;    3c  lea rsp, [rbp-0x20]
;;    40  pop r15
;;    42  pop rsi
;;    43  pop rbx
;;    44  leave
;;    45  ret
