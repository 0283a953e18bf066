;; A component with an interface of the host and one of its own: strings and lists go both ways through its memory.
(component
  (type $host (instance (export "log" (func (param "text" string)))))
  (import "test:host/log" (instance $host (type $host)))
  (alias export $host "log" (func $log))

  ;; Its memory, with an allocator that never frees.
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $old_len i32) (param $align i32) (param $len i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get $len)))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (core func $log_lowered
    (canon lower (func $log) (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))

  (core module $main
    (import "libc" "memory" (memory 1))
    (import "libc" "realloc" (func $realloc (param i32 i32 i32 i32) (result i32)))
    (import "host" "log" (func $log (param i32 i32)))
    (data (i32.const 16) "hello, ")
    ;; Says the name to the host, and returns "hello, " before it: where the address and length of the text are.
    (func (export "greet") (param $name i32) (param $len i32) (result i32)
      (local $text i32)
      (call $log (local.get $name) (local.get $len))
      (local.set $text
        (call $realloc (i32.const 0) (i32.const 0) (i32.const 1) (i32.add (local.get $len) (i32.const 7))))
      (memory.copy (local.get $text) (i32.const 16) (i32.const 7))
      (memory.copy (i32.add (local.get $text) (i32.const 7)) (local.get $name) (local.get $len))
      (i32.store (i32.const 0) (local.get $text))
      (i32.store (i32.const 4) (i32.add (local.get $len) (i32.const 7)))
      (i32.const 0))
    (func (export "sum") (param $at i32) (param $len i32) (result i64)
      (local $sum i64)
      (block $done
        (loop $more
          (br_if $done (i32.eqz (local.get $len)))
          (local.set $sum (i64.add (local.get $sum) (i64.load32_s (local.get $at))))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $len (i32.sub (local.get $len) (i32.const 1)))
          (br $more)))
      (local.get $sum))
    (func (export "fail") (result i64) unreachable))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance (export "log" (func $log_lowered))))))

  (func $greet (param "name" string) (result string)
    (canon lift (core func $main "greet") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (func $sum (param "numbers" (list s32)) (result s64)
    (canon lift (core func $main "sum") (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (func $fail (result s64) (canon lift (core func $main "fail")))
  (instance $guest (export "greet" (func $greet)) (export "sum" (func $sum)) (export "fail" (func $fail)))
  (export "test:guest/greeter" (instance $guest)))
