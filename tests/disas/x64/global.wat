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
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  mov eax, [r14+0x30]
;;    1a  mov r10, [r14+0x60]
;;    1e  mov ecx, [r10]
;;    21  add eax, ecx
;;    23  leave
;;    24  ret
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
;;    19  mov [r14+0x30], ebx
;;    1d  mov r10, [r14+0x60]
;;    21  mov dword ptr [r10], 7
;;    28  mov rbx, [rbp-0x10]
;;    2c  leave
;;    2d  ret
;;
;; function 2
;;     0  push rbp
;;     1  mov rbp, rsp
;;     4  push r14
;;     6  sub rsp, 8
;;     d  mov r11, [r14]
;;    10  cmp rsp, [r11]
;;    13  jb trap 9
;;    15  clc
;;    16  movsd xmm0, [r14+0x40]
;;    1c  movsd xmm1, [0x30]
;;    24  addsd xmm0, xmm1
;;    28  movsd [r14+0x40], xmm0
;;    2e  leave
;;    2f  ret
