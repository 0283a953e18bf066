;; A list that is reversed into a new one again and again: everything dies young. The sum of its numbers.
(module
  (type $cell (struct (field $head i32) (field $tail (ref null $cell))))
  (func $reverse (param $list (ref null $cell)) (result (ref null $cell))
    (local $out (ref null $cell))
    (block $done
      (loop $next
        (br_if $done (ref.is_null (local.get $list)))
        (local.set $out (struct.new $cell (struct.get $cell $head (local.get $list)) (local.get $out)))
        (local.set $list (struct.get $cell $tail (local.get $list)))
        (br $next)))
    (local.get $out))
  (func $run (param $rounds i32) (result i64)
    (local $list (ref null $cell)) (local $i i32) (local $sum i64)
    (loop $fill
      (local.set $list (struct.new $cell (local.get $i) (local.get $list)))
      (br_if $fill (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
    (loop $again
      (local.set $list (call $reverse (local.get $list)))
      (br_if $again (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))
    (block $done
      (loop $add
        (br_if $done (ref.is_null (local.get $list)))
        (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 3))
          (i64.extend_i32_u (struct.get $cell $head (local.get $list)))))
        (local.set $list (struct.get $cell $tail (local.get $list)))
        (br $add)))
    (local.get $sum))
  (func (export "run") (param i32) (result i32) (local $r i64)
    (local.set $r (call $run (local.get 0)))
    (i32.wrap_i64 (i64.xor (local.get $r) (i64.shr_u (local.get $r) (i64.const 32))))))
