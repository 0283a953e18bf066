;; Message passing: who sees the flag sees the message, if both are accessed atomically.

(module $Mem (memory (export "mem") 1 1 shared))

(thread $Writer (shared (module $Mem))
  (register "shared" $Mem)
  (module
    (memory (import "shared" "mem") 1 4 shared)
    (func (export "run")
      (i32.atomic.store (i32.const 0) (i32.const 42))
      (i32.atomic.store (i32.const 64) (i32.const 1))))
  (assert_return (invoke "run")))

(thread $Reader (shared (module $Mem))
  (register "shared" $Mem)
  (module
    (memory (import "shared" "mem") 1 1 shared)
    (func (export "run") (result i32)
      (block $seen
        (loop $again
          (br_if $seen (i32.atomic.load (i32.const 64)))
          (br $again)))
      (i32.atomic.load (i32.const 0))))
  (assert_return (invoke "run") (i32.const 42)))

(wait $Writer)
(wait $Reader)

(assert_unlinkable (module (memory (import "shared" "mem") 1 1 shared)) "unknown import")
(assert_unlinkable (module (import "spectest" "shared_memory" (memory 1 2))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "memory" (memory 1 2 shared))) "incompatible import type")
(assert_unlinkable (module (import "spectest" "shared_memory" (memory 1 1 shared))) "incompatible import type")
