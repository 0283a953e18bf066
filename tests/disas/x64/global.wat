;; Globals, defined and imported.
(module
  (import "m" "g" (global $imported (mut i32)))
  (global $a (mut i32) (i32.const 1)) (global $f (mut f64) (f64.const 1))
  (func (result i32) (i32.add (global.get $a) (global.get $imported)))
  (func (param i32) (global.set $a (local.get 0)) (global.set $imported (i32.const 7)))
  (func (global.set $f (f64.add (global.get $f) (f64.const 0.1)))))

;; x86-64
;;
;; function 0
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  mov eax, [r14+0x30]
;;    17  mov r10, [r14+0x60]
;;    1b  mov ecx, [r10]
;;    1e  add eax, ecx
;;    20  leave
;;    21  ret
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
;;    16  mov [r14+0x30], ebx
;;    1a  mov r10, [r14+0x60]
;;    1e  mov dword ptr [r10], 7
;;    25  mov rbx, [rbp-0x10]
;;    29  leave
;;    2a  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     a  mov r11, [r14]
;;     d  cmp rsp, [r11]
;;    10  jb trap 9
;;    12  clc
;;    13  movsd xmm0, [r14+0x40]
;;    19  movsd xmm1, [0x30]
;;    21  addsd xmm0, xmm1
;;    25  movsd [r14+0x40], xmm0
;;    2b  leave
;;    2c  ret
