;; One thread waits until the other notifies it.

(module $Mem (memory (export "mem") 1 1 shared))

(thread $Waiter (shared (module $Mem))
  (register "shared" $Mem)
  (module
    (memory (import "shared" "mem") 1 1 shared)
    (func (export "wait") (result i32)
      (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const -1)))
    (func (export "wait_briefly") (result i32)
      (memory.atomic.wait64 offset=16 (i32.const 0) (i64.const 0) (i64.const 1000000)))
    (func (export "wait_for_another") (param i32) (result i32)
      (memory.atomic.wait32 (local.get 0) (i32.const 7) (i64.const -1))))
  (assert_return (invoke "wait_briefly") (i32.const 2))
  (assert_return (invoke "wait_for_another" (i32.const 0)) (i32.const 1))
  (assert_trap (invoke "wait_for_another" (i32.const 2)) "unaligned atomic")
  (assert_trap (invoke "wait_for_another" (i32.const 65536)) "out of bounds memory access")
  ;; Notified, or the value had changed before.
  (assert_return (invoke "wait") (either (i32.const 0) (i32.const 1))))

(thread $Notifier (shared (module $Mem))
  (register "shared" $Mem)
  (module
    (memory (import "shared" "mem") 1 1 shared)
    (func (export "notify") (result i32)
      (i32.atomic.store (i32.const 8) (i32.const 1))
      (memory.atomic.notify offset=8 (i32.const 0) (i32.const -1))))
  (assert_return (invoke "notify") (either (i32.const 0) (i32.const 1))))

(wait $Notifier)
(wait $Waiter)

(module
  (memory 1 1)
  (func (export "notify") (param i32) (result i32) (memory.atomic.notify (local.get 0) (i32.const 1)))
  (func (export "wait") (param i32)
    (drop (memory.atomic.wait64 (local.get 0) (i64.const 0) (i64.const 0)))))
(assert_return (invoke "notify" (i32.const 0)) (i32.const 0))
(assert_trap (invoke "notify" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "notify" (i32.const 1)) "unaligned atomic")
(assert_trap (invoke "wait" (i32.const 0)) "expected shared memory")
(assert_trap (invoke "wait" (i32.const 4)) "unaligned atomic")

(assert_invalid
  (module (memory 1 1 shared) (func (result i32) (i32.atomic.load align=2 (i32.const 0))))
  "atomic alignment must be natural")
(assert_invalid
  (module (memory 1 1 shared) (func unreachable (i32.atomic.load align=1 (i32.const 0)) drop))
  "atomic alignment must be natural")
(assert_invalid (module (memory 1 shared)) "shared memory must have maximum")
