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
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov esi, ecx
;;    1e  mov r15d, edx
;;    21  add ebx, esi
;;    23  mov eax, ebx
;;    25  sub eax, esi
;;    27  mov rsi, rax
;;    2a  mov r15d, [rdi+rsi]
;;    2e  shl ebx, 3
;;    31  lea eax, [rbx+r15]
;;    35  lea rsp, [rbp-0x20]
;;    39  pop r15
;;    3b  pop rsi
;;    3c  pop rbx
;;    3d  leave
;;    3e  ret
;;
;; function 1
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  push rbx
;;     7  push rsi
;;     8  push r15
;;     a  sub rsp, 0
;;    11  mov r11, [r14]
;;    14  cmp rsp, [r11]
;;    17  jb trap 9
;;    19  clc
;;    1a  mov ebx, eax
;;    1c  mov rsi, rcx
;;    1f  mov r15, rdx
;;    22  mov eax, esi
;;    24  xor eax, ebx
;;    26  mov ebx, eax
;;    28  rol ebx, 0x10
;;    2b  mov rax, r15
;;    2e  sub rax, rsi
;;    31  mov rsi, rax
;;    34  shl rsi, 3
;;    38  add rsi, r15
;;    3b  and rsi, 0xF
;;    3f  lea rsp, [rbp-0x20]
;;    43  pop r15
;;    45  pop rsi
;;    46  pop rbx
;;    47  leave
;;    48  ret
