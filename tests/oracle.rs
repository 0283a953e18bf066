//! The fused validator against wasmparser: thousands of function bodies, changed by bytes and by operators, must get
//! wasmparser's verdict, its message and its offset.
//!
//! `HEADWATER_ORACLE_MUTANTS` and `HEADWATER_ORACLE_SEED` make a run longer, or different.

mod support;

use headwater::{Config, Engine, Module};
use std::fmt::Write as _;
use support::{FEATURES, PROGRAMS, Parts, Rng, engine, hex, leb, operators, setting, sleb};
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

/// Modules with a bit of everything, which are mutated together with the golden files.
const SOURCES: &[&str] = &[
    r#"(module
         (rec (type $n (sub (struct (field $l (mut (ref null $n))) (field $v (mut i8)) (field i16))))
              (type $m (sub $n (struct (field (mut (ref null $n))) (field (mut i8)) (field i16) (field (mut anyref)) (field f64)))))
         (type $k (sub final $m (struct (field (mut (ref null $n))) (field (mut i8)) (field i16) (field (mut anyref))
           (field f64) (field (mut v128)) (field (ref func)))))
         (type $empty (struct))
         (type $bytes (array (mut i8))) (type $words (array i16)) (type $longs (array (mut i64)))
         (type $refs (array (mut (ref null $n)))) (type $any (array (mut anyref))) (type $fs (array (mut funcref)))
         (type $f0 (sub (func (param (ref $m)) (result (ref null $n)))))
         (type $f1 (sub $f0 (func (param (ref $n)) (result (ref $m)))))
         (table $t 4 (ref null $f0)) (table $a 4 anyref) (table $i 3 3 (ref i31) (ref.i31 (i32.const 7)))
         (global $g (mut (ref null $n)) (struct.new_default $n))
         (global $h (ref $bytes) (array.new_fixed $bytes 2 (i32.const 1) (i32.const 2)))
         (data $d "abcdefgh") (elem $e (ref $n) (struct.new_default $n)) (elem $ef func $one) (elem declare func $two)
         (func $one (type $f1) (local $x (ref null $n)) (local $r (ref $m))
           (local.set $x (struct.new $n (ref.null $n) (i32.const 3) (i32.const 4)))
           (struct.set $n $v (local.get $x) (struct.get_s $n 2 (local.get $x)))
           (struct.set $n $l (local.get 0) (local.get $x))
           (local.set $r (struct.new $m (local.get 0) (struct.get_u $n $v (local.get $x)) (i32.const 0) (ref.i31 (i32.const 5))
             (f64.const 1.5)))
           (block $no (result (ref null $n))
             (local.set $r (br_on_cast_fail $no (ref null $n) (ref $m) (local.get $x)))
             (return (local.get $r)))
           (drop)
           (if (ref.test (ref $k) (local.get 0)) (then (drop (ref.cast (ref null $k) (local.get 0)))))
           (local.get $r))
         (func $two (export "two") (param $any anyref) (param $e externref) (param $n i32) (result i32)
           (local $b (ref null $bytes)) (local $l (ref $longs)) (local $eq eqref) (local v128)
           (local.set $b (array.new $bytes (local.get $n) (i32.const 10)))
           (array.set $bytes (local.get $b) (i32.const 3) (array.get_s $bytes (local.get $b) (i32.const 2)))
           (array.copy $bytes $bytes (local.get $b) (i32.const 0) (global.get $h) (i32.const 0) (i32.const 2))
           (array.fill $bytes (local.get $b) (i32.const 0) (local.get $n) (array.len (local.get $b)))
           (array.init_data $bytes $d (local.get $b) (i32.const 0) (i32.const 1) (i32.const 2))
           (local.set $l (array.new_data $longs $d (i32.const 0) (i32.const 1)))
           (array.set $longs (local.get $l) (i32.const 0) (array.get $longs (local.get $l) (local.get $n)))
           (drop (array.new_elem $refs $e (i32.const 0) (i32.const 1)))
           (array.init_elem $fs $ef (array.new_default $fs (i32.const 2)) (i32.const 0) (i32.const 0) (i32.const 1))
           (array.copy $any $refs (array.new_default $any (i32.const 3)) (i32.const 0) (array.new_default $refs (local.get $n))
             (i32.const 0) (i32.const 1))
           (table.set $a (i32.const 1) (any.convert_extern (local.get $e)))
           (local.set $e (extern.convert_any (table.get $a (local.get $n))))
           (local.set $eq (struct.new_default $empty))
           (block $eqs (result eqref)
             (local.set $any (br_on_cast $eqs anyref eqref (local.get $any)))
             (block $arr (result arrayref)
               (drop (br_on_cast $arr anyref arrayref (table.get $a (i32.const 0))))
               (return (i31.get_s (table.get $i (i32.const 0)))))
             (br $eqs))
           (drop (struct.new $k (ref.null none) (i32.const 1) (i32.const 2) (local.get $any) (f64.const 3)
             (v128.const i32x4 1 2 3 4) (ref.func $two)))
           (local.set $eq)
           (loop $again (param) (result)
             (br_if $again (ref.eq (local.get $eq) (local.get $b))))
           (drop (call_indirect $t (type $f0) (struct.new $m (ref.null $n) (i32.const 0) (i32.const 0) (ref.null any)
             (f64.const 0)) (i32.const 1)))
           (i32.add (i31.get_u (ref.cast (ref i31) (local.get $eq)))
             (i32.add (ref.test nullref (local.get $any)) (ref.test (ref array) (local.get $any))))
           (return)
           (ref.i31) (i31.get_u) (struct.new_default $empty) (ref.cast (ref null $empty)) (drop) (unreachable)
           (array.copy $bytes $bytes) (array.get_u $words) (array.new_fixed $bytes 5) (array.len)
           (drop) (any.convert_extern) (extern.convert_any) (unreachable)
           (block (result structref) (unreachable) (br_on_cast 0 anyref structref) (drop) (unreachable)
             (br_on_cast_fail 0 structref (ref $n)) (drop) (ref.null none))
           (drop) (struct.get $m 3) (drop) (ref.eq) (drop) (struct.set $n $v)))"#,
    r#"(module
         (type $f (func (param i32) (result i32)))
         (type $g (func (param i32) (result i32)))
         (type $h (func (param (ref $f) (ref null $g)) (result (ref null $g))))
         (type $many (func (param i32 (ref $f) (ref null $h) (ref null $f)) (result (ref $f) i32)))
         (type $none (func))
         (global $gr (mut (ref $f)) (ref.func $one)) (global $n (ref null $h) (ref.null $h))
         (table $t 4 4 (ref $f) (ref.func $one)) (table $u 2 (ref null $f))
         (elem $e (ref $g) (ref.func $one) (ref.func $two)) (elem declare func $three $four)
         (func $one (type $f) (local.get 0))
         (func $two (type $g) (call_ref $f (local.get 0) (table.get $t (local.get 0))))
         (func $three (type $h) (local $r (ref $f)) (local $q (ref null $g)) (local i32) (local $e (ref extern))
           (local.set $r (local.get 0))
           (block $null
             (loop $l (param) (result)
               (local.set $q (br_on_null $null (table.get $u (local.get 4))))
               (br_if $l (call_ref $f (i32.const 5) (local.get $r))))
             (return (local.tee $q (local.get $r))))
           (if (ref.is_null (local.get 1)) (then (return (ref.null $f))) (else (local.set $r (global.get $gr))))
           (global.set $gr (block $o (result (ref $f))
             (br_on_non_null $o (local.get $q))
             (drop (br_if $o (local.get $r) (local.get 4)))
             (ref.as_non_null (table.get $t (i32.const 1)))))
           (table.init $t $e (i32.const 0) (i32.const 0) (i32.const 2))
           (drop (select (result (ref null $f)) (local.get $r) (local.get $q) (i32.const 0)))
           (return_call_ref $h (local.get $r) (local.get 1) (ref.func $three)))
         (func $four (export "d") (type $many) (local $x (ref func)) (local $y (ref $many))
           (local.set $x (ref.func $four))
           (block (param) (result (ref $f) i32)
             (br_on_null 0 (local.get 1) (i32.const 3) (local.get 3))
             (drop) (drop) (drop)
             (local.get 1) (call_indirect $u (type $f) (i32.const 2) (i32.const 1))
             (loop $again (param (ref $f) i32) (result (ref $f) i32)
               (block $n (result (ref $none)) (br_on_non_null $n (ref.null $none)) (unreachable))
               (drop) (br_if $again (local.get 0))
               (local.set $y (ref.func $four))))
           (drop (local.get $x)) (return)
           (block (result (ref $f)) (unreachable) (ref.as_non_null) (br_on_non_null 0) (unreachable))
           (ref.as_non_null) (br_on_null 0) (unreachable) (call_ref $many) (local.tee $y (ref.func $four)) (local.get $y)
           (unreachable) (drop (select (result (ref null $h)) (i32.const 1))) (return_call_ref $many)))"#,
    r#"(module
         (memory 1 2 shared) (memory $b 1)
         (func (export "a") (param i32 i64) (result i32) (local i32)
           (atomic.fence)
           (i32.atomic.store8 offset=3 (local.get 0) (i32.wrap_i64 (local.get 1)))
           (i64.atomic.store $b offset=16 (local.get 0) (local.get 1))
           (local.set 2 (i32.atomic.rmw16.cmpxchg_u (local.get 0) (i32.const 1) (i32.atomic.load (local.get 2))))
           (drop (i64.atomic.rmw32.xor_u (local.get 0) (i64.atomic.load16_u offset=6 (i32.const 8))))
           (drop (i64.atomic.rmw.cmpxchg $b (i32.const 0) (local.get 1) (local.get 1)))
           (if (i32.atomic.rmw8.add_u (local.get 0) (local.get 2)) (then (drop (memory.atomic.notify (local.get 0)
             (memory.atomic.wait64 (local.get 0) (local.get 1) (i64.const 5))))))
           (return (memory.atomic.wait32 offset=4 (local.get 0) (i32.atomic.rmw.xchg (i32.const 4) (i32.const 7))
             (local.get 1)))
           (i32.atomic.rmw.and) (i64.atomic.load) (atomic.fence) (memory.atomic.wait64)))"#,
    r#"(module
         (type $two (func (param v128 i32) (result i32 v128)))
         (import "m" "f" (func $f (type $two)))
         (import "m" "g" (global $g v128))
         (memory 1) (memory $b 1) (table 1 funcref)
         (global $m (mut v128) (v128.const i32x4 1 2 3 4))
         (func (export "a") (param v128 i32 f32) (result v128) (local v128 i64 f64)
           (local.set 3 (v128.load offset=3 align=4 (local.get 1)))
           (loop $l (param) (result)
             (local.set 0 (i8x16.add (local.get 0) (v128.bitselect (local.get 3) (global.get $g) (local.get 0))))
             (br_if $l (i8x16.all_true (local.get 3))))
           (v128.store $b (local.get 1) (i16x8.shl (local.get 0) (i32.const 3)))
           (v128.store16_lane offset=1 3 (local.get 1) (local.get 0))
           (v128.load64_lane align=4 1 (local.get 1) (v128.load8x8_s (local.get 1)))
           (drop (call $f (local.get 0) (i32x4.extract_lane 3 (local.get 0))))
           (drop)
           (global.set $m (block $o (result v128)
             (drop (br_if $o (f32x4.splat (local.get 2)) (v128.any_true (local.get 0))))
             (i8x16.shuffle 0 1 2 3 4 5 6 7 31 30 29 28 27 26 25 24 (local.get 0) (local.get 3))))
           (drop (f64x2.relaxed_madd (local.get 0) (local.get 0) (f64x2.replace_lane 1 (local.get 0) (local.get 5))))
           (if (param v128) (result v128) (i64x2.bitmask (local.get 3))
             (then (f32x4.demote_f64x2_zero))
             (else (drop) (select (local.get 0) (global.get $m) (local.get 1)))))
         (func (param i32) (result v128)
           (return (i8x16.relaxed_swizzle (i64x2.splat (i64.const 7)) (v128.load32_zero (local.get 0))))
           (i16x8.eq) (v128.not) (i32x4.trunc_sat_f32x4_s) (i8x16.all_true) (select (result v128))))"#,
    r#"(module
         (type $two (func (param i32 i64) (result i64 i32)))
         (type $loop (func (param i32) (result i32)))
         (import "m" "f" (func $f (type $two)))
         (import "m" "g" (global $g (mut i32)))
         (import "m" "r" (func $refs (param funcref externref) (result externref)))
         (memory $a 1) (memory $b 1)
         (table $t 4 funcref) (table $x 4 externref)
         (global $i i64 (i64.const 1)) (global $fl (mut f32) (f32.const 1)) (global $ref (mut externref)
         (ref.null extern))
         (elem $e funcref (ref.func 1)) (elem declare func 2) (data $d "abc")
         (func (export "a") (param i32 i64 f32 f64 funcref externref) (result i32) (local i32 i64 f32 f64 externref)
           (block $o (result i32)
             (loop $l (param) (result i32)
               (br_if $l (i32.eqz (local.get 0)))
               (drop (br_if $o (i32.const 5) (i64.eqz (local.get 1))))
               (block $p (result i64 i32)
                 (call $f (local.get 0) (local.get 1))
                 (br_table $p $p $p (local.get 0)))
               (drop) (drop)
               (if (result i32) (f32.lt (local.get 2) (f32.const 1))
                 (then (local.tee 6 (i32.wrap_i64 (local.get 1))))
                 (else (br $o (i32.const 1)) (unreachable) (i32.add) (select) (drop) (drop)
                 (br_table 0 2 (i32.const 3))))
             )
           )
         )
         (func (param i32) (result f64) (f64.const 1)))"#,
    r#"(module
         (type $two (func (param i32 i64) (result i64 i32)))
         (type $loop (func (param i32) (result i32)))
         (func $callee (type $two) (local.get 1) (local.get 0))
         (table 1 funcref) (memory 1)
         (func (export "a") (param i32) (result i64 i32) (local i64)
           (local.get 0)
           (loop $l (type $loop)
             (local.tee 0)
             (br_if $l (i32.const 1) (i32.lt_u (i32.const 8)))
             (if (type $loop) (i32.eqz (local.get 0)) (then (i32.ctz)) (else (i32.clz)))
           )
           (local.get 1)
           (call_indirect (type $two) (i32.const 0))
           (drop)
           (local.set 1)
           (local.get 1)
           (return (i64.const 3) (i32.const 4))
           (drop)
           (block (result i32) (i32.const 1) (br 0) (drop))
           (i64.extend_i32_u)
           (select (result i64) (i64.const 1) (i32.const 3))
           (br_if 0 (i64.const 7) (i32.const 7) (i32.const 8))
           (drop)
           (drop)
           (i32.const 1))
       )"#,
    r#"(module
         (memory 1) (memory 1) (table $t 2 funcref) (table $x 3 externref) (data "a") (data "b") (elem func 0)
         (func (export "a") (param i32 externref funcref)
           (memory.copy 0 1 (local.get 0) (i32.const 1) (i32.const 2))
           (memory.fill 1 (local.get 0) (i32.const 1) (i32.const 2))
           (memory.init 1 1 (local.get 0) (i32.const 1) (i32.const 2))
           (data.drop 0)
           (table.copy $t $t (local.get 0) (i32.const 1) (i32.const 2))
           (table.init $t 0 (local.get 0) (i32.const 1) (i32.const 2))
           (elem.drop 0)
           (drop (table.grow $x (local.get 1) (i32.const 3)))
           (table.fill $x (local.get 0) (local.get 1) (i32.const 3))
           (drop (table.size $t))
           (table.set $x (i32.const 1) (table.get $x (i32.const 2)))
           (drop (ref.is_null (local.get 1)))
           (drop (ref.is_null (ref.null func)))
           (table.set $t (i32.const 0) (ref.func 0))
           (drop (memory.grow 1 (memory.size 0)))
           (i64.store offset=8 (i32.const 0) (i64.trunc_sat_f64_u (f64.const 1e300)))
           (f32.store 1 offset=4294967295 (local.get 0) (f32.demote_f64 (f64.load align=4 (i32.const 0))))
           (i32.store8 (local.get 0) (i32.extend8_s (i32.load16_s offset=3 (local.get 0))))))"#,
    r#"(module
         (func (export "a") (param i32 i64) (result i32)
           (block $a (block $b (block $c (loop $d
             (br_table $a $b $c $d $a (local.get 0)))
             (unreachable)) (return (i32.const 3)))
             (br $a) (block (result i32) (br 0 (i32.const 1)) (i32.add) (br_if 0 (drop) (i32.const 1))) (drop)
             (loop (result i32) (br 0) (select) (i32.const 2) (block (param i32) (drop) (br 1)) (nop)) (drop))
           (if (local.get 0) (then (return (i32.const 1))) (else (unreachable) (if (result i64) (then (i64.const 1))
           (else (br 1 (i32.const 1)))) (drop)))
           (local.get 0)))"#,
    r#"(module
         (type $two (func (param i32 i64) (result i64 i32)))
         (type $pair (func (param i32 i64)))
         (tag $e) (tag $i (param i32)) (tag $p (type $pair)) (tag $v (param v128 exnref))
         (table $t 4 funcref) (table $x 4 exnref)
         (global $g (mut exnref) (ref.null exn))
         (func $f (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
         (func (export "a") (param i32 i64 exnref f64) (result i64 i32) (local v128 exnref)
           (block $all
             (block $ref (result exnref)
               (block $int (result i32)
                 (loop $again (param) (result)
                   (try_table (catch $e $again) (catch $i $int) (catch_all_ref $ref) (catch_all $all)
                     (drop (call $f (local.get 0) (local.get 1)))
                     (drop)
                     (throw $i (i32.const 3))))
                 (br_if $all (local.get 0))
                 (i32.const 7))
               (local.set 0)
               (br_if $all (local.get 0))
               (ref.null exn))
             (local.tee 2)
             (global.set $g)
             (throw_ref (local.get 2)))
           (block $pair (result i32 i64)
             (block $pairref (result i32 i64 exnref)
               (try_table (result i32 i64) (catch $p $pair) (catch_ref $p $pairref)
                 (throw $p (local.get 0) (local.get 1)))
               (br $pair))
             (local.set 5))
           (return_call $f))
         (func (param i32 i64) (result i64 i32) (local exnref v128)
           (block $v (result v128 exnref)
             (try_table (catch $v $v)
               (throw $v (local.get 3) (table.get $x (local.get 0))))
             (unreachable) (throw_ref) (drop) (throw $p) (return_call $f) (i32.add) (drop))
           (local.set 2) (local.set 3)
           (table.set $x (i32.const 1) (global.get $g))
           (drop (ref.is_null (select (result exnref) (local.get 2) (ref.null exn) (local.get 0))))
           (loop $l (param) (result)
             (block (result exnref)
               (try_table (result i64) (catch_all_ref 0) (catch_all $l) (catch $e 1) (i64.const 1))
               (local.set 1) (ref.null exn))
             (throw_ref))
           (return_call_indirect $t (type $two) (local.get 0) (local.get 1) (i32.const 2))))"#,
    r#"(module
         (type $two (func (param i32 i64) (result i64 i32)))
         (type $pair (func (param i32 i64)))
         (tag $e) (tag $i (param i32)) (tag $p (type $pair))
         (table 4 funcref)
         (func $f (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
         (func (export "a") (param i32 i64 f32) (result i64 i32)
           try $l (result i64 i32)
             try $m (result i32)
               try (call $f (local.get 0) (local.get 1)) drop drop (throw $i (i32.const 1)) delegate $l
               i32.const 1
             catch $i
               try (param i32) (result i32) catch_all rethrow $m end
             catch $e
               i32.const 2
             catch_all
               rethrow $m
             end
             local.tee 0
             local.get 1
             return_call $f
           catch $p
             local.set 1
             local.set 0
             local.get 1
             local.get 0
           catch_all
             block (result i64 i32)
               (br 1 (i64.const 1) (i32.const 2))
             end
           end)
         (func (param i32 i64) (result i64 i32)
           loop $l
             try
               (br_if $l (local.get 0))
               block try_table (catch $e 0) (catch_all 1) throw $e end end
               unreachable
               try (param i32) drop catch $i drop catch_all end
               try delegate 1
               i64.add drop
             catch $e
               (throw $p (local.get 0) (local.get 1))
             catch $i
               (br $l (drop))
             end
             try throw $e delegate 0
           end
           local.get 0 local.get 1 i32.const 1
           return_call_indirect (type $two)))"#,
    // Lists of operands so long that they are handled as lists.
    r#"(module
         (type $same (func (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64 i64 i64 i64 i64 f32 f64 i32 i32)
                    (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64 i64 i64 i64 i64 f32 f64 i32 i32)))
         (type $less (func (param i64 i64 i64 i64 i64 i64 f32 f64 i32 i32)
         (result i64 i64 i64 i64 i64 i64 f32 f64 i32 i32)))
         (type $make (func (result i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i64 i64 i64 i64 i64 i64 f32 f64 i32 i32)))
         (table 1 funcref)
         (func $same (type $same) (unreachable)) (func $less (type $less) (unreachable)) (func $make (type $make)
         (unreachable))
         (func (param i32)
           (block $b (type $make) (call $make)
             (block $c (type $same) (br_if $b (local.get 0)) (br_table $b $c $b (local.get 0)))
             (br_if $b (local.get 0)) (call $less) (loop (type $less) (call $less)) (call $same))
           (drop) (drop) (br 0) (drop)
           (call $make) (call $less) (block (type $same)) (call_indirect (type $same) (local.get 0))
           (loop (type $less) (br_if 0 (local.get 0))) (drop) (local.get 0)
           (block (type $same) (if (type $same) (i32.const 0) (then (call $same))
           (else (br_table 0 1 0 (i32.const 1)))))
           (call $make) (drop) (drop) (call_indirect (type $make) (i32.const 0)) (call $less)
           (block (type $less) (br 0) (drop) (i32.const 1)) (return))
         (func (type $make) (return (call $make)) (call $less) (drop) (i32.const 2) (call $same) (br 0)))"#,
];

/// A verdict: message and offset of the fault, if there is one.
type Verdict = Result<(), (String, usize)>;

fn wasmparser_says(features: WasmFeatures, wasm: &[u8]) -> Verdict {
    let result = Validator::new_with_features(features).validate_all(wasm);
    result.map(drop).map_err(|e| (e.message().to_string(), e.offset() as usize))
}

/// In debug builds the compiler panics if its verdict is not wasmparser's or its state is not sound.
fn headwater_says(engine: &Engine, wasm: &[u8]) -> Verdict {
    let outcome = std::panic::catch_unwind(|| Module::new(engine, wasm)).map_err(|panic| {
        let message = panic.downcast_ref::<String>().cloned();
        (message.unwrap_or_else(|| "a panic without a message".to_string()), usize::MAX)
    })?;
    outcome.map(drop).map_err(|e| (e.message().to_string(), e.offset().unwrap_or(usize::MAX)))
}

/// A random operator, its immediates small enough to be valid now and then.
fn operator(rng: &mut Rng) -> Vec<u8> {
    let mut op = Vec::new();
    let small = |rng: &mut Rng| rng.below(4) as u8;
    match rng.below(36) {
        0 => op.push(0x00),
        1 => op.extend([
            *rng.pick(&[0x02, 0x03, 0x04]),
            *rng.pick(&[0x40, 0x7f, 0x7e, 0x7d, 0x7c, 0x70, 0x6f, 0x69, 0, 1, 2]),
        ]),
        2 => op.push(0x05),
        3 => op.push(0x0b),
        4 => op.extend([0x0c, small(rng)]),
        5 => op.extend([0x0d, small(rng)]),
        6 => {
            let n = rng.below(4);
            op.extend([0x0e, n as u8]);
            op.extend((0..=n).map(|_| small(rng)));
        }
        7 => op.push(0x0f),
        8 => op.extend([0x10, small(rng)]),
        9 => op.extend([0x11, small(rng), rng.below(2) as u8]),
        10 => op.push(0x1a),
        11 => op.push(0x1b),
        12 => op.extend([0x1c, 1, *rng.pick(&[0x7f, 0x7e, 0x7d, 0x7c, 0x70, 0x6f])]),
        13..=16 => op.extend([*rng.pick(&[0x20, 0x20, 0x21, 0x22]), rng.below(8) as u8]),
        17 => op.extend([*rng.pick(&[0x23, 0x24]), small(rng)]),
        18 => op.extend([*rng.pick(&[0x25, 0x26]), rng.below(3) as u8]),
        19 => op.extend([0x28 + rng.below(0x17) as u8, small(rng), small(rng)]),
        20 => op.extend([*rng.pick(&[0x3f, 0x40]), rng.below(2) as u8]),
        21 => {
            op.push(*rng.pick(&[0x41, 0x42]));
            let (value, shift) = (rng.next() as i64, rng.below(64));
            sleb(&mut op, value >> shift);
        }
        22 => {
            op.push(0x43);
            op.extend(rng.bytes(4));
        }
        23 => {
            op.push(0x44);
            op.extend(rng.bytes(8));
        }
        24 => op.extend([0xd0, *rng.pick(&[0x70, 0x6f, 0x7f, 0x71, 0x69])]),
        25 => op.push(0xd1),
        26 => op.extend([0xd2, small(rng)]),
        27 => {
            op.push(0xfc);
            let sub = rng.below(20) as u64;
            leb(&mut op, sub);
            let immediates = rng.below(3);
            op.extend((0..immediates).map(|_| 0).collect::<Vec<u8>>());
        }
        28 => {
            op.extend([0x1f, *rng.pick(&[0x40, 0x7f, 0x69, 0, 1])]);
            let n = rng.below(3);
            op.push(n as u8);
            for _ in 0..n {
                let kind = rng.below(5) as u8;
                op.push(kind);
                op.extend((0..1 + u8::from(kind < 2)).map(|_| small(rng)));
            }
        }
        29 => op.extend([0x06, *rng.pick(&[0x40, 0x7f, 0x7e, 0x69, 0, 1])]),
        30 => op.extend([*rng.pick(&[0x07, 0x08, 0x09, 0x18]), small(rng)]),
        31 => op.push(*rng.pick(&[0x19, 0x0a])),
        32 => op.extend([0x12, small(rng)]),
        33 => op.extend([0x13, small(rng), rng.below(2) as u8]),
        _ => op.push(0x45 + rng.below(0x80) as u8),
    }
    op
}

/// One change by operators.
fn change_operators(rng: &mut Rng, body: &mut Vec<u8>, donors: &[Vec<u8>]) {
    let ranges = operators(body);
    let op = ranges[rng.below(ranges.len())].clone();
    match rng.below(7) {
        0 => drop(body.drain(op)),
        1 => {
            let copy = body[op.clone()].to_vec();
            body.splice(op.end..op.end, copy);
        }
        2 => {
            let other = ranges[rng.below(ranges.len())].clone();
            let copy = body[other].to_vec();
            body.splice(op, copy);
        }
        3 => {
            let donor = rng.pick(donors);
            let other = operators(donor);
            let other = other[rng.below(other.len())].clone();
            body.splice(op.end..op.end, donor[other].to_vec());
        }
        4 => drop(body.splice(op, operator(rng))),
        _ => {
            let n = 1 + rng.below(3);
            let new: Vec<u8> = (0..n).flat_map(|_| operator(rng)).collect();
            body.splice(op.end..op.end, new);
        }
    }
}

/// One change by bytes.
fn change_bytes(rng: &mut Rng, body: &mut Vec<u8>) {
    if body.is_empty() {
        return body.push(rng.next() as u8);
    }
    let at = rng.below(body.len());
    match rng.below(6) {
        0 => body[at] ^= 1 << rng.below(8),
        1 => body[at] = rng.next() as u8,
        2 => body[at] = body[at].wrapping_add(*rng.pick(&[1, 0xff])),
        3 => drop(body.remove(at)),
        4 => body.insert(at, rng.next() as u8),
        _ => body.truncate(at),
    }
}

/// Engines with all features, and with one or several off that the compiler itself checks.
fn engines() -> Vec<(WasmFeatures, Engine)> {
    let off = [
        WasmFeatures::empty(),
        WasmFeatures::SIGN_EXTENSION,
        WasmFeatures::SATURATING_FLOAT_TO_INT,
        WasmFeatures::MULTI_MEMORY,
        WasmFeatures::MULTI_VALUE,
        WasmFeatures::RELAXED_SIMD,
        WasmFeatures::SIMD.union(WasmFeatures::RELAXED_SIMD),
        WasmFeatures::BULK_MEMORY.union(WasmFeatures::REFERENCE_TYPES).union(WasmFeatures::GC_TYPES),
        WasmFeatures::REFERENCE_TYPES.union(WasmFeatures::GC_TYPES),
        WasmFeatures::TAIL_CALL,
        WasmFeatures::LEGACY_EXCEPTIONS,
        WasmFeatures::EXCEPTIONS,
        WasmFeatures::EXCEPTIONS.union(WasmFeatures::LEGACY_EXCEPTIONS),
    ];
    let engine =
        |off| Engine::new(Config::new().compile_threads(0).wasm_features(FEATURES, true).wasm_features(off, false));
    // Garbage collection is off where its types cannot be named.
    let needed = WasmFeatures::REFERENCE_TYPES.union(WasmFeatures::FUNCTION_REFERENCES);
    let off = off.map(|off| if off.intersects(needed) { off.union(WasmFeatures::GC) } else { off });
    off.into_iter().map(|off| (FEATURES.difference(off), engine(off).expect("features can be turned off"))).collect()
}

/// Removes operators from the body as long as the engines disagree.
fn shrink(parts: &mut Parts, index: usize, disagree: impl Fn(&[u8]) -> bool) {
    loop {
        let ranges = operators(&parts.bodies[index]);
        let shorter = ranges.iter().skip(1).rev().find_map(|op| {
            let mut tried = parts.clone();
            tried.bodies[index].drain(op.clone());
            disagree(&tried.wasm()).then_some(tried)
        });
        match shorter {
            Some(shorter) => *parts = shorter,
            None => return,
        }
    }
}

/// The operators of a body, one a line, and the module in hexadecimal.
fn show(parts: &Parts, index: usize) -> String {
    let wasm = parts.wasm();
    let mut text = format!("function {}, operators:\n", parts.imported + index as u32);
    for payload in Parser::new(0).parse_all(&wasm) {
        let Ok(Payload::CodeSectionEntry(body)) = payload else { continue };
        if body.as_bytes() != parts.bodies[index] {
            continue;
        }
        if let Ok(locals) = body.get_locals_reader() {
            locals
                .into_iter()
                .flatten()
                .for_each(|l| writeln!(text, "  local {l:?}").expect("strings take everything"));
        }
        let Ok(mut reader) = body.get_operators_reader() else { break };
        while !reader.eof() {
            let at = reader.original_position();
            match reader.read() {
                Ok(op) => writeln!(text, "  {at:#x} {op:?}").expect("strings take everything"),
                Err(e) => {
                    writeln!(text, "  {at:#x} {e}").expect("strings take everything");
                    break;
                }
            }
        }
        break;
    }
    text + &format!("module: {}\n", hex(&wasm))
}

/// Compares the verdicts over `mutants` changed bodies; `sources` and the number of one body in each.
fn compare(mut sources: Vec<(Parts, usize)>, mutants: u64, seed: u64) {
    let mut rng = Rng(seed);
    let engines = engines();
    let donors: Vec<Vec<u8>> = sources.iter().map(|(parts, i)| parts.bodies[*i].clone()).collect();
    let (mut valid, mut failures) = (0, Vec::new());
    for _ in 0..mutants {
        let (parts, index) = {
            let at = rng.below(sources.len());
            &mut sources[at]
        };
        let original = parts.bodies[*index].clone();
        let body = &mut parts.bodies[*index];
        for _ in 0..1 + rng.below(3) {
            if rng.below(4) == 0 {
                change_bytes(&mut rng, body);
            } else {
                change_operators(&mut rng, body, &donors);
            }
        }
        let wasm = parts.wasm();
        let (features, engine) = if rng.below(4) == 0 { rng.pick(&engines) } else { &engines[0] };
        let expected = wasmparser_says(*features, &wasm);
        let found = headwater_says(engine, &wasm);
        // A type of a later feature, which wasmparser has with exceptions already.
        let later = found.as_ref().is_err_and(|(message, _)| message.contains("other than exnref"));
        if expected != found && !(later && expected.is_ok()) {
            let mut parts = parts.clone();
            shrink(&mut parts, *index, |wasm| wasmparser_says(*features, wasm) != headwater_says(engine, wasm));
            let wasm = parts.wasm();
            failures.push(format!(
                "wasmparser: {:?}\nHeadwater: {:?}\nfeatures off: {:?}\n{}",
                wasmparser_says(*features, &wasm),
                headwater_says(engine, &wasm),
                FEATURES.difference(*features),
                show(&parts, *index)
            ));
            if failures.len() == 5 {
                break;
            }
        }
        valid += u64::from(expected.is_ok());
        if expected.is_err() || rng.below(20) == 0 || parts.bodies[*index].len() > original.len() + 200 {
            // What is still valid is changed further for a while.
            parts.bodies[*index] = original;
        }
    }
    assert!(failures.is_empty(), "seed {seed}:\n{}", failures.join("\n"));
    assert!(valid * 20 > mutants, "of {mutants} mutants only {valid} are valid: the changes are too wild");
}

/// Every body of a module, alone.
fn bodies(wasm: &[u8]) -> Vec<(Parts, usize)> {
    let parts = Parts::of(wasm).expect("the sources have functions");
    (0..parts.bodies.len()).map(|i| (parts.only(i), i)).collect()
}

#[test]
fn changed_hand_written_bodies_are_judged_as_by_wasmparser() {
    let golden = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/disas/x64"))
        .expect("the golden files are there")
        .map(|entry| std::fs::read_to_string(entry.expect("the folder can be read").path()))
        .map(|text| text.expect("the golden files are text"));
    let mut golden: Vec<String> = golden.collect();
    golden.sort();
    let golden = golden.iter().map(|text| wat::parse_str(text).expect("the golden files are modules"));
    let own = SOURCES.iter().map(|text| wat::parse_str(text).expect("the sources are well-formed"));
    let sources = own.chain(golden).flat_map(|wasm| bodies(&wasm)).collect();
    compare(sources, setting("HEADWATER_ORACLE_MUTANTS", 150_000), setting("HEADWATER_ORACLE_SEED", 1));
}

#[test]
fn changed_bodies_of_programs_are_judged_as_by_wasmparser() {
    let mut sources = Vec::new();
    for (name, wasm) in PROGRAMS {
        if ["strings", "heap", "library"].contains(name) {
            // Whole bodies are compiled for each mutant: leave the long ones to the test of the corpus.
            sources.extend(bodies(wasm).into_iter().filter(|(parts, i)| parts.bodies[*i].len() < 1000));
        }
    }
    compare(sources, setting("HEADWATER_ORACLE_MUTANTS", 30_000), setting("HEADWATER_ORACLE_SEED", 2));
}

#[test]
fn the_sources_are_valid() {
    let engine = engine();
    for text in SOURCES {
        let wasm = wat::parse_str(text).expect("the sources are well-formed");
        assert_eq!(wasmparser_says(FEATURES, &wasm), Ok(()), "{text}");
        assert_eq!(headwater_says(&engine, &wasm), Ok(()));
    }
}
