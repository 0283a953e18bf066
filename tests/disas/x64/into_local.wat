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
;;    1d  mov ebx, eax
;;    1f  mov esi, ecx
;;    21  mov r15d, edx
;;    24  add ebx, esi
;;    26  mov eax, ebx
;;    28  sub eax, esi
;;    2a  mov rsi, rax
;;    2d  mov r15d, [rdi+rsi]
;;    31  shl ebx, 3
;;    34  lea eax, [rbx+r15]
;;    38  lea rsp, [rbp-0x20]
;;    3c  pop r15
;;    3e  pop rsi
;;    3f  pop rbx
;;    40  leave
;;    41  ret
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
;;    1d  mov ebx, eax
;;    1f  mov rsi, rcx
;;    22  mov r15, rdx
;;    25  mov eax, esi
;;    27  xor eax, ebx
;;    29  mov ebx, eax
;;    2b  rol ebx, 0x10
;;    2e  mov rax, r15
;;    31  sub rax, rsi
;;    34  mov rsi, rax
;;    37  shl rsi, 3
;;    3b  add rsi, r15
;;    3e  and rsi, 0xF
;;    42  lea rsp, [rbp-0x20]
;;    46  pop r15
;;    48  pop rsi
;;    49  pop rbx
;;    4a  leave
;;    4b  ret
