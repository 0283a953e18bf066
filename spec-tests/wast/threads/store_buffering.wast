;; Store buffering: of two threads that each set a flag and then read the other's, one sees it. The first to come waits
;; for the other, so that they run at the same time.

(module $Mem
  (memory (export "mem") 1 1 shared)
  (func (export "result") (param i32) (result i32) (i32.load (local.get 0))))

(thread $Left (shared (module $Mem))
  (register "shared" $Mem)
  (module
    (memory (import "shared" "mem") 1 1 shared)
    (func (export "run") (result i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (loop $again (br_if $again (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.const 2))))
      (drop (i32.atomic.rmw.xchg (i32.const 64) (i32.const 1)))
      (i32.store (i32.const 192) (i32.atomic.load (i32.const 128)))
      (i32.load (i32.const 192))))
  (assert_return (invoke "run") (either (i32.const 0) (i32.const 1))))

(thread $Right (shared (module $Mem))
  (register "shared" $Mem)
  (module
    (memory (import "shared" "mem") 1 1 shared)
    (func (export "run") (result i32)
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (loop $again (br_if $again (i32.lt_u (i32.atomic.load (i32.const 0)) (i32.const 2))))
      (drop (i32.atomic.rmw.xchg (i32.const 128) (i32.const 1)))
      (i32.store (i32.const 196) (i32.atomic.load (i32.const 64)))
      (i32.load (i32.const 196))))
  (assert_return (invoke "run") (either (i32.const 0) (i32.const 1))))

(wait $Left)
(wait $Right)
(thread $Check (shared (module $Mem))
  (register "shared" $Mem)
  (module
    (memory (import "shared" "mem") 1 1 shared)
    (func (export "check") (result i32)
      (i32.or (i32.load (i32.const 192)) (i32.load (i32.const 196)))))
  (assert_return (invoke "check") (i32.const 1)))
(wait $Check)
