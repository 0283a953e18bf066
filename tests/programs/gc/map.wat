;; A hash map from arrays of bytes to numbers, with chained buckets that are made anew, twice as many, where there are
;; more entries than buckets. "run" counts words that it makes, and gives a number that depends on all of them.
(module
  (type $bytes (array (mut i8)))
  (rec
    (type $entry (struct
      (field $key (ref $bytes)) (field $hash i32) (field $value (mut i64)) (field $next (mut (ref null $entry)))))
    (type $buckets (array (mut (ref null $entry))))
    (type $map (struct (field $buckets (mut (ref $buckets))) (field $count (mut i32)))))
  (data $letters "garbage collection moves what it keeps")

  (func $new (result (ref $map))
    (struct.new $map (array.new_default $buckets (i32.const 2)) (i32.const 0)))

  (func $hash (param $key (ref $bytes)) (result i32) (local $i i32) (local $h i32)
    (local.set $h (i32.const 0x811c9dc5))
    (loop $next
      (if (i32.lt_u (local.get $i) (array.len (local.get $key)))
        (then
          (local.set $h (i32.mul (i32.const 0x01000193)
            (i32.xor (local.get $h) (array.get_u $bytes (local.get $key) (local.get $i)))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next))))
    (local.get $h))

  (func $equal (param $a (ref $bytes)) (param $b (ref $bytes)) (result i32) (local $i i32)
    (if (ref.eq (local.get $a) (local.get $b)) (then (return (i32.const 1))))
    (if (i32.ne (array.len (local.get $a)) (array.len (local.get $b))) (then (return (i32.const 0))))
    (loop $next
      (if (i32.lt_u (local.get $i) (array.len (local.get $a)))
        (then
          (if (i32.ne (array.get_u $bytes (local.get $a) (local.get $i)) (array.get_u $bytes (local.get $b) (local.get $i)))
            (then (return (i32.const 0))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next))))
    (i32.const 1))

  (func $find (param $map (ref $map)) (param $key (ref $bytes)) (param $hash i32) (result (ref null $entry))
    (local $buckets (ref $buckets)) (local $entry (ref null $entry))
    (local.set $buckets (struct.get $map $buckets (local.get $map)))
    (local.set $entry (array.get $buckets (local.get $buckets)
      (i32.and (local.get $hash) (i32.sub (array.len (local.get $buckets)) (i32.const 1)))))
    (loop $next
      (block $none
        (br_on_null $none (local.get $entry))
        (drop)
        (if (i32.eq (struct.get $entry $hash (local.get $entry)) (local.get $hash))
          (then (if (call $equal (struct.get $entry $key (local.get $entry)) (local.get $key))
            (then (return (local.get $entry))))))
        (local.set $entry (struct.get $entry $next (local.get $entry)))
        (br $next)))
    (ref.null $entry))

  (func $grow (param $map (ref $map)) (local $old (ref $buckets)) (local $new (ref $buckets)) (local $i i32)
    (local $entry (ref null $entry)) (local $next (ref null $entry)) (local $at i32)
    (local.set $old (struct.get $map $buckets (local.get $map)))
    (local.set $new (array.new_default $buckets (i32.mul (array.len (local.get $old)) (i32.const 2))))
    (loop $buckets
      (local.set $entry (array.get $buckets (local.get $old) (local.get $i)))
      (loop $entries
        (if (i32.eqz (ref.is_null (local.get $entry)))
          (then
            (local.set $next (struct.get $entry $next (local.get $entry)))
            (local.set $at (i32.and (struct.get $entry $hash (local.get $entry))
              (i32.sub (array.len (local.get $new)) (i32.const 1))))
            (struct.set $entry $next (local.get $entry) (array.get $buckets (local.get $new) (local.get $at)))
            (array.set $buckets (local.get $new) (local.get $at) (local.get $entry))
            (local.set $entry (local.get $next))
            (br $entries))))
      (br_if $buckets (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (array.len (local.get $old)))))
    (struct.set $map $buckets (local.get $map) (local.get $new)))

  (func $add (param $map (ref $map)) (param $key (ref $bytes)) (param $value i64)
    (local $hash i32) (local $entry (ref null $entry)) (local $at i32)
    (local.set $hash (call $hash (local.get $key)))
    (local.set $entry (call $find (local.get $map) (local.get $key) (local.get $hash)))
    (if (i32.eqz (ref.is_null (local.get $entry)))
      (then
        (struct.set $entry $value (local.get $entry)
          (i64.add (struct.get $entry $value (local.get $entry)) (local.get $value)))
        (return)))
    (if (i32.ge_u (struct.get $map $count (local.get $map)) (array.len (struct.get $map $buckets (local.get $map))))
      (then (call $grow (local.get $map))))
    (local.set $at (i32.and (local.get $hash)
      (i32.sub (array.len (struct.get $map $buckets (local.get $map))) (i32.const 1))))
    (array.set $buckets (struct.get $map $buckets (local.get $map)) (local.get $at)
      (struct.new $entry (local.get $key) (local.get $hash) (local.get $value)
        (array.get $buckets (struct.get $map $buckets (local.get $map)) (local.get $at))))
    (struct.set $map $count (local.get $map) (i32.add (struct.get $map $count (local.get $map)) (i32.const 1))))

  ;; The number in decimal digits, between letters.
  (func $word (param $n i32) (result (ref $bytes)) (local $word (ref $bytes)) (local $i i32)
    (local.set $word (array.new $bytes (i32.const 0x2d) (i32.const 14)))
    (array.init_data $bytes $letters (local.get $word) (i32.const 0) (i32.rem_u (local.get $n) (i32.const 30)) (i32.const 4))
    (local.set $i (i32.const 14))
    (loop $digits
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (array.set $bytes (local.get $word) (local.get $i)
        (i32.add (i32.const 0x30) (i32.rem_u (local.get $n) (i32.const 10))))
      (local.set $n (i32.div_u (local.get $n) (i32.const 10)))
      (br_if $digits (local.get $n)))
    (local.get $word))

  (func (export "run") (param $n i32) (result i64) (local $map (ref $map)) (local $i i32) (local $sum i64)
    (local $entry (ref null $entry))
    (local.set $map (call $new))
    (loop $words
      (call $add (local.get $map)
        (call $word (i32.rem_u (i32.mul (local.get $i) (i32.const 7919)) (i32.const 1000)))
        (i64.extend_i32_u (local.get $i)))
      (br_if $words (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
    (local.set $i (i32.const 0))
    (loop $words
      (local.set $entry (call $find (local.get $map) (call $word (local.get $i)) (call $hash (call $word (local.get $i)))))
      (if (i32.eqz (ref.is_null (local.get $entry)))
        (then (local.set $sum (i64.add (i64.mul (local.get $sum) (i64.const 31)) (struct.get $entry $value (local.get $entry))))))
      (br_if $words (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000))))
    (i64.add (i64.mul (local.get $sum) (i64.const 1009)) (i64.extend_i32_u (struct.get $map $count (local.get $map))))))
