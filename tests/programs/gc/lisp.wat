;; A small Lisp: a reader, lists, symbols, closures over environments that are lists, and a few functions of its own.
;; Values: numbers are `i31`, symbols are structs of which there is one for each name, pairs, closures, and primitives by
;; subtypes of one type. "run" reads the program in the memory, evaluates one expression after the other, and gives the
;; last value, a number.
(module
  (memory (export "memory") 1)
  (type $name (array (mut i8)))
  (rec
    (type $symbol (sub (struct (field $name (ref $name)) (field $next (ref null $symbol)) (field $global (mut eqref)))))
    (type $pair (sub (struct (field $head (mut eqref)) (field $tail (mut eqref)))))
    (type $closure (sub (struct (field $params eqref) (field $body eqref) (field $env eqref))))
    (type $function (func (param eqref) (result eqref)))
    (type $primitive (sub (struct (field $do (ref $function))))))
  (tag $wrong (export "wrong") (param eqref))
  (data $names "quoteiflambdadefine+-*<eqconscarcdrnull")

  ;; All symbols, and those that mean something to the evaluator.
  (global $symbols (mut (ref null $symbol)) (ref.null $symbol))
  (global $quote (mut (ref null $symbol)) (ref.null $symbol))
  (global $if (mut (ref null $symbol)) (ref.null $symbol))
  (global $lambda (mut (ref null $symbol)) (ref.null $symbol))
  (global $define (mut (ref null $symbol)) (ref.null $symbol))
  (global $at (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))

  (func $same (param $a (ref $name)) (param $b (ref $name)) (result i32) (local $i i32)
    (if (i32.ne (array.len (local.get $a)) (array.len (local.get $b))) (then (return (i32.const 0))))
    (loop $next
      (if (i32.lt_u (local.get $i) (array.len (local.get $a)))
        (then
          (if (i32.ne (array.get_u $name (local.get $a) (local.get $i)) (array.get_u $name (local.get $b) (local.get $i)))
            (then (return (i32.const 0))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $next))))
    (i32.const 1))

  (func $intern (param $name (ref $name)) (result (ref $symbol)) (local $symbol (ref null $symbol))
    (local.set $symbol (global.get $symbols))
    (loop $next
      (if (i32.eqz (ref.is_null (local.get $symbol)))
        (then
          (if (call $same (struct.get $symbol $name (local.get $symbol)) (local.get $name))
            (then (return (ref.as_non_null (local.get $symbol)))))
          (local.set $symbol (struct.get $symbol $next (local.get $symbol)))
          (br $next))))
    (global.set $symbols (struct.new $symbol (local.get $name) (global.get $symbols) (ref.null eq)))
    (ref.as_non_null (global.get $symbols)))

  (func $known (param $from i32) (param $len i32) (result (ref $symbol))
    (call $intern (array.new_data $name $names (local.get $from) (local.get $len))))

  (func $bind (param $from i32) (param $len i32) (param $do (ref $function))
    (struct.set $symbol $global (call $known (local.get $from) (local.get $len)) (struct.new $primitive (local.get $do))))

  ;; Lists.
  (func $head (param $list eqref) (result eqref) (struct.get $pair $head (ref.cast (ref $pair) (local.get $list))))
  (func $tail (param $list eqref) (result eqref) (struct.get $pair $tail (ref.cast (ref $pair) (local.get $list))))
  (func $second (param $list eqref) (result eqref) (return_call $head (call $tail (local.get $list))))
  (func $number (param $value eqref) (result i32) (i31.get_s (ref.cast (ref i31) (local.get $value))))
  (func $first_number (param $list eqref) (result i32) (return_call $number (call $head (local.get $list))))
  (func $second_number (param $list eqref) (result i32) (return_call $number (call $second (local.get $list))))
  (func $truth (param i32) (result eqref)
    (if (result eqref) (local.get 0) (then (ref.i31 (i32.const 1))) (else (ref.null eq))))

  ;; What programs can call.
  (elem declare func $add $sub $mul $less $eq $cons $car $cdr $null)
  (func $add (type $function) (ref.i31 (i32.add (call $first_number (local.get 0)) (call $second_number (local.get 0)))))
  (func $sub (type $function) (ref.i31 (i32.sub (call $first_number (local.get 0)) (call $second_number (local.get 0)))))
  (func $mul (type $function) (ref.i31 (i32.mul (call $first_number (local.get 0)) (call $second_number (local.get 0)))))
  (func $less (type $function)
    (return_call $truth (i32.lt_s (call $first_number (local.get 0)) (call $second_number (local.get 0)))))
  (func $eq (type $function)
    (return_call $truth (ref.eq (call $head (local.get 0)) (call $second (local.get 0)))))
  (func $cons (type $function) (struct.new $pair (call $head (local.get 0)) (call $second (local.get 0))))
  (func $car (type $function) (return_call $head (call $head (local.get 0))))
  (func $cdr (type $function) (return_call $tail (call $head (local.get 0))))
  (func $null (type $function) (return_call $truth (ref.is_null (call $head (local.get 0)))))

  (func $begin
    (global.set $symbols (ref.null $symbol))
    (global.set $quote (call $known (i32.const 0) (i32.const 5)))
    (global.set $if (call $known (i32.const 5) (i32.const 2)))
    (global.set $lambda (call $known (i32.const 7) (i32.const 6)))
    (global.set $define (call $known (i32.const 13) (i32.const 6)))
    (call $bind (i32.const 19) (i32.const 1) (ref.func $add))
    (call $bind (i32.const 20) (i32.const 1) (ref.func $sub))
    (call $bind (i32.const 21) (i32.const 1) (ref.func $mul))
    (call $bind (i32.const 22) (i32.const 1) (ref.func $less))
    (call $bind (i32.const 23) (i32.const 2) (ref.func $eq))
    (call $bind (i32.const 25) (i32.const 4) (ref.func $cons))
    (call $bind (i32.const 29) (i32.const 3) (ref.func $car))
    (call $bind (i32.const 32) (i32.const 3) (ref.func $cdr))
    (call $bind (i32.const 35) (i32.const 4) (ref.func $null)))

  ;; The reader.
  (func $peek (result i32)
    (if (result i32) (i32.lt_u (global.get $at) (global.get $end))
      (then (i32.load8_u (global.get $at)))
      (else (i32.const 0x29))))
  (func $step (global.set $at (i32.add (global.get $at) (i32.const 1))))
  (func $skip (loop $next (if (i32.le_u (call $peek) (i32.const 0x20)) (then (call $step) (br $next)))))

  (func $read (result eqref) (local $from i32) (local $i i32) (local $n i32) (local $name (ref $name))
    (call $skip)
    (if (i32.eq (call $peek) (i32.const 0x28)) (then (call $step) (return_call $read_list)))
    (if (i32.eq (call $peek) (i32.const 0x27))
      (then
        (call $step)
        (return (struct.new $pair (global.get $quote) (struct.new $pair (call $read) (ref.null eq))))))
    (local.set $from (global.get $at))
    (loop $next
      (if (i32.and (i32.gt_u (call $peek) (i32.const 0x20))
            (i32.and (i32.ne (call $peek) (i32.const 0x28)) (i32.ne (call $peek) (i32.const 0x29))))
        (then (call $step) (br $next))))
    ;; A number begins with a digit.
    (if (i32.lt_u (i32.sub (i32.load8_u (local.get $from)) (i32.const 0x30)) (i32.const 10))
      (then
        (loop $digits
          (local.set $n (i32.add (i32.mul (local.get $n) (i32.const 10))
            (i32.sub (i32.load8_u (local.get $from)) (i32.const 0x30))))
          (br_if $digits (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 1))) (global.get $at))))
        (return (ref.i31 (local.get $n)))))
    (local.set $name (array.new_default $name (i32.sub (global.get $at) (local.get $from))))
    (loop $bytes
      (if (i32.lt_u (local.get $i) (array.len (local.get $name)))
        (then
          (array.set $name (local.get $name) (local.get $i) (i32.load8_u (i32.add (local.get $from) (local.get $i))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $bytes))))
    (return_call $intern (local.get $name)))

  (func $read_list (result eqref)
    (call $skip)
    (if (i32.eq (call $peek) (i32.const 0x29)) (then (call $step) (return (ref.null eq))))
    (struct.new $pair (call $read) (call $read_list)))

  ;; The evaluator. An environment is a list of pairs of a symbol and a value.
  (func $lookup (param $symbol (ref $symbol)) (param $env eqref) (result eqref)
    (loop $next
      (if (i32.eqz (ref.is_null (local.get $env)))
        (then
          (if (ref.eq (call $head (call $head (local.get $env))) (local.get $symbol))
            (then (return_call $tail (call $head (local.get $env)))))
          (local.set $env (call $tail (local.get $env)))
          (br $next))))
    (if (ref.is_null (struct.get $symbol $global (local.get $symbol))) (then (throw $wrong (local.get $symbol))))
    (struct.get $symbol $global (local.get $symbol)))

  (func $eval_all (param $list eqref) (param $env eqref) (result eqref)
    (if (ref.is_null (local.get $list)) (then (return (ref.null eq))))
    (struct.new $pair
      (call $eval (call $head (local.get $list)) (local.get $env))
      (call $eval_all (call $tail (local.get $list)) (local.get $env))))

  (func $eval (param $it eqref) (param $env eqref) (result eqref) (local $op eqref) (local $rest eqref)
    (block $list (result (ref $pair))
      (block $symbol (result (ref $symbol))
        (br_on_cast $symbol eqref (ref $symbol) (local.get $it))
        (br_on_cast $list eqref (ref $pair))
        (return))
      (return_call $lookup (local.get $env)))
    (local.set $op (struct.get $pair $head))
    (local.set $rest (call $tail (local.get $it)))
    (if (ref.eq (local.get $op) (global.get $quote)) (then (return_call $head (local.get $rest))))
    (if (ref.eq (local.get $op) (global.get $if))
      (then
        (return_call $eval
          (if (result eqref) (ref.is_null (call $eval (call $head (local.get $rest)) (local.get $env)))
            (then (call $head (call $tail (call $tail (local.get $rest)))))
            (else (call $second (local.get $rest))))
          (local.get $env))))
    (if (ref.eq (local.get $op) (global.get $lambda))
      (then
        (return (struct.new $closure (call $head (local.get $rest)) (call $second (local.get $rest)) (local.get $env)))))
    (if (ref.eq (local.get $op) (global.get $define))
      (then
        (struct.set $symbol $global (ref.cast (ref $symbol) (call $head (local.get $rest)))
          (call $eval (call $second (local.get $rest)) (local.get $env)))
        (return (ref.null eq))))
    (return_call $apply
      (call $eval (local.get $op) (local.get $env))
      (call $eval_all (local.get $rest) (local.get $env))))

  (func $apply (param $function eqref) (param $args eqref) (result eqref)
    (local $closure (ref $closure)) (local $params eqref) (local $env eqref)
    (block $primitive (result (ref $primitive))
      (block $no_closure (result eqref)
        (local.set $closure (br_on_cast_fail $no_closure eqref (ref $closure) (local.get $function)))
        (local.set $env (struct.get $closure $env (local.get $closure)))
        (local.set $params (struct.get $closure $params (local.get $closure)))
        (loop $next
          (if (i32.eqz (ref.is_null (local.get $params)))
            (then
              (local.set $env (struct.new $pair
                (struct.new $pair (call $head (local.get $params)) (call $head (local.get $args)))
                (local.get $env)))
              (local.set $params (call $tail (local.get $params)))
              (local.set $args (call $tail (local.get $args)))
              (br $next))))
        (return_call $eval (struct.get $closure $body (local.get $closure)) (local.get $env)))
      (br_on_cast $primitive eqref (ref $primitive))
      (throw $wrong))
    (local.set $function)
    (return_call_ref $function (local.get $args)
      (struct.get $primitive $do (ref.cast (ref $primitive) (local.get $function)))))

  (func (export "run") (param $len i32) (result i32) (local $value eqref)
    (call $begin)
    (global.set $at (i32.const 0))
    (global.set $end (local.get $len))
    (loop $next
      (call $skip)
      (if (i32.lt_u (global.get $at) (global.get $end))
        (then
          (local.set $value (call $eval (call $read) (ref.null eq)))
          (br $next))))
    (return_call $number (local.get $value))))
