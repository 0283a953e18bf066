;; Prints its second argument, reads the first byte of /data/in, and exits with it.
(module
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "in")
  (func (export "_start")
    (drop (call $args_get (i32.const 0) (i32.const 64)))
    ;; "!\n" takes the place of the argument's null.
    (i32.store (i32.const 512) (i32.load (i32.const 4)))
    (i32.store (i32.const 516) (i32.const 8))
    (i32.store16 (i32.add (i32.load (i32.const 4)) (i32.const 6)) (i32.const 0x0a21))
    (drop (call $fd_write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 520)))
    (if (call $path_open (i32.const 3) (i32.const 0) (i32.const 1024) (i32.const 2) (i32.const 0)
          (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 524))
      (then (call $proc_exit (i32.const 1))))
    (i32.store (i32.const 512) (i32.const 600))
    (i32.store (i32.const 516) (i32.const 1))
    (drop (call $fd_read (i32.load (i32.const 524)) (i32.const 512) (i32.const 1) (i32.const 520)))
    (call $proc_exit (i32.load8_u (i32.const 600)))))
