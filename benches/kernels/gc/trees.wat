;; Binary trees: one that lives, and many that do not. The number of nodes made and looked at.
(module
  (type $node (struct (field $left (ref null $node)) (field $right (ref null $node))))
  (func $make (param $depth i32) (result (ref $node))
    (if (result (ref $node)) (i32.eqz (local.get $depth))
      (then (struct.new $node (ref.null $node) (ref.null $node)))
      (else
        (struct.new $node
          (call $make (i32.sub (local.get $depth) (i32.const 1)))
          (call $make (i32.sub (local.get $depth) (i32.const 1)))))))
  (func $count (param $node (ref $node)) (result i32)
    (local $left (ref null $node))
    (local.set $left (struct.get $node $left (local.get $node)))
    (if (ref.is_null (local.get $left)) (then (return (i32.const 1))))
    (i32.add (i32.const 1)
      (i32.add
        (call $count (ref.as_non_null (local.get $left)))
        (call $count (ref.as_non_null (struct.get $node $right (local.get $node)))))))
  (func $run (param $depth i32) (result i64)
    (local $kept (ref $node)) (local $d i32) (local $n i32) (local $sum i64)
    (local.set $kept (call $make (local.get $depth)))
    (local.set $d (i32.const 4))
    (loop $depths
      (local.set $n (i32.shl (i32.const 1) (i32.add (i32.sub (local.get $depth) (local.get $d)) (i32.const 4))))
      (loop $trees
        (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (call $count (call $make (local.get $d))))))
        (br_if $trees (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.set $d (i32.add (local.get $d) (i32.const 4)))
      (br_if $depths (i32.le_u (local.get $d) (local.get $depth))))
    (i64.add (local.get $sum) (i64.extend_i32_u (call $count (local.get $kept)))))
  (func (export "run") (param i32) (result i32) (local $r i64)
    (local.set $r (call $run (local.get 0)))
    (i32.wrap_i64 (i64.xor (local.get $r) (i64.shr_u (local.get $r) (i64.const 32))))))
