;; A tree that stays, of which subtrees are replaced, and trees that nobody keeps: what `pauses` calls again and again.
(module
  (type $node (struct (field $left (mut (ref null $node))) (field $right (mut (ref null $node)))))
  (global $root (mut (ref null $node)) (ref.null $node))
  (global $seed (mut i64) (i64.const 88172645463325252))
  (func $make (param $depth i32) (result (ref $node))
    (if (result (ref $node)) (local.get $depth)
      (then
        (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
        (struct.new $node (call $make (local.get $depth)) (call $make (local.get $depth))))
      (else (struct.new_default $node))))
  (func (export "fill") (param $depth i32) (global.set $root (call $make (local.get $depth))))
  (func $random (result i64)
    (global.set $seed (i64.xor (global.get $seed) (i64.shl (global.get $seed) (i64.const 13))))
    (global.set $seed (i64.xor (global.get $seed) (i64.shr_u (global.get $seed) (i64.const 7))))
    (global.set $seed (i64.xor (global.get $seed) (i64.shl (global.get $seed) (i64.const 17))))
    (global.get $seed))
  ;; Replaces a subtree of `depth` at `level` by a new one, and makes a tree of depth 8 that nobody keeps.
  (func (export "churn") (param $level i32) (param $depth i32)
    (local $at (ref null $node)) (local $bits i64)
    (local.set $at (global.get $root))
    (local.set $bits (call $random))
    (drop (call $make (i32.const 8)))
    (loop $down
      (if (i32.gt_u (local.get $level) (i32.const 1))
        (then
          (local.set $level (i32.sub (local.get $level) (i32.const 1)))
          (if (i64.eqz (i64.and (local.get $bits) (i64.const 1)))
            (then (local.set $at (struct.get $node $left (local.get $at))))
            (else (local.set $at (struct.get $node $right (local.get $at)))))
          (local.set $bits (i64.shr_u (local.get $bits) (i64.const 1)))
          (br $down))))
    (struct.set $node $left (local.get $at) (call $make (local.get $depth)))))
