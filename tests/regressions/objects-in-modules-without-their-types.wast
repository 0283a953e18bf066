;; A module without types of structs and arrays gets objects from others: as values of general types, in globals and
;; tables, out of external references. They move while its functions wait, and its casts look at them.

(module $owner
  (type $s (struct (field (mut i32))))
  (type $list (struct (field anyref)))
  (type $bytes (array (mut i8)))
  (func (export "make") (param i32) (result anyref) (struct.new $s (local.get 0)))
  (func (export "get") (param anyref) (result i32) (struct.get $s 0 (ref.cast (ref $s) (local.get 0))))
  ;; So much that there are collections.
  (func $spoil (export "spoil")
    (local $i i32)
    (loop $again
      (drop (struct.new $list (struct.new $s (i32.const 0x11111111))))
      (drop (array.new $bytes (i32.const 0x22) (i32.const 0x10000)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 300)))))
  (func (export "external") (param i32) (result externref) (extern.convert_any (struct.new $s (local.get 0))))
  (global (export "g") (mut anyref) (struct.new $s (i32.const 7))))
(register "owner")

;; Values of general types.
(module
  (import "owner" "make" (func $make (param i32) (result anyref)))
  (import "owner" "get" (func $get (param anyref) (result i32)))
  (import "owner" "spoil" (func $spoil))
  (memory 1)
  (func (export "param") (param $n i32) (result i32)
    (local $l anyref)
    (local.set $l (call $make (local.get $n)))
    (call $make (i32.add (local.get $n) (i32.const 1)))
    (call $spoil)
    (i32.add (call $get) (call $get (local.get $l))))
  (func (export "kinds") (param $n i32) (result i32)
    (local $l anyref)
    (local.set $l (call $make (local.get $n)))
    (call $spoil)
    (i32.add
      (ref.test (ref struct) (local.get $l))
      (i32.add
        (i32.shl (ref.test (ref array) (local.get $l)) (i32.const 1))
        (i32.add
          (i32.shl (ref.test (ref eq) (local.get $l)) (i32.const 2))
          (i32.shl (ref.test (ref i31) (local.get $l)) (i32.const 3)))))))
(assert_return (invoke "param" (i32.const 100)) (i32.const 201))
(assert_return (invoke "kinds" (i32.const 1)) (i32.const 5))

;; Out of external references, of which alone the types speak.
(module
  (import "owner" "external" (func $external (param i32) (result externref)))
  (import "owner" "spoil" (func $spoil))
  (func (export "external") (param $n i32) (result i32)
    (local $l anyref)
    (local.set $l (any.convert_extern (call $external (local.get $n))))
    (any.convert_extern (call $external (local.get $n)))
    (call $spoil)
    (i32.add (ref.test (ref struct)) (i32.shl (ref.test (ref array) (local.get $l)) (i32.const 1))))
  (func (export "through") (param $n i32) (result externref)
    (any.convert_extern (call $external (local.get $n)))
    (call $spoil)
    (extern.convert_any)))
(assert_return (invoke "external" (i32.const 1)) (i32.const 1))
(assert_return (invoke "through" (i32.const 1)) (ref.extern))

;; In globals alone.
(module
  (import "owner" "g" (global $g (mut anyref)))
  (import "owner" "spoil" (func $spoil))
  (func (export "global") (result i32)
    (global.get $g) (call $spoil) (ref.test (ref struct)))
  (func (export "same") (result i32)
    (ref.cast (ref eq) (global.get $g)) (call $spoil) (ref.eq (ref.cast (ref eq) (global.get $g)))))
(assert_return (invoke "global") (i32.const 1))
(assert_return (invoke "same") (i32.const 1))

;; In tables alone.
(module $table
  (import "owner" "spoil" (func $spoil))
  (table (export "t") 1 anyref)
  (func (export "table") (result i32)
    (table.get (i32.const 0)) (call $spoil) (ref.test (ref struct))))
(register "table" $table)
(module
  (import "table" "t" (table 1 anyref))
  (type $s (struct (field i32)))
  (func (export "fill") (table.set (i32.const 0) (struct.new $s (i32.const 3)))))
(invoke "fill")
(assert_return (invoke $table "table") (i32.const 1))

;; No object comes to where nothing is said of references to any, or of external ones.
(module
  (func (export "none") (result i32)
    (i32.add (ref.test (ref struct) (ref.i31 (i32.const 4))) (ref.test (ref array) (ref.null any)))))
(assert_return (invoke "none") (i32.const 0))
