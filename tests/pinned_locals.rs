//! Locals that are pinned to registers survive everything that compiled code calls, including code that only preserves
//! the registers of the C calling convention: host functions and builtins.

use headwater::{Engine, Func, Instance, Module, Store};
use std::hint::black_box;

/// Enough locals to fill all registers that locals are pinned to, integers and floats.
const WAT: &str = r#"
(module
  (import "host" "clobber" (func $host (param i32) (result f64)))
  (memory 1 4)
  (table 2 4 funcref)
  (func $sum
    (param $a i64) (param $b i64) (param $x f64) (param $y f64) (param $which i32) (result f64)
    (local $c i64) (local $d i64) (local $e i64) (local $f i64)
    (local $z f64) (local $v f64) (local $w f64) (local $u f64) (local $t f64) (local $s f64) (local $r f64)
    (local.set $c (i64.const 3)) (local.set $d (i64.const 4)) (local.set $e (i64.const 5)) (local.set $f (i64.const 6))
    (local.set $z (f64.const 0.5)) (local.set $v (f64.const 0.25)) (local.set $w (f64.const 0.125))
    (local.set $u (f64.const 0.0625)) (local.set $t (f64.const 0.03125))
    (local.set $s (f64.const 0.015625)) (local.set $r (f64.const 0.0078125))
    (block $done
      (block $fill
        (block $grow
          (block $table
            (block $host (br_table $host $table $grow $fill $done (local.get $which)))
            (drop (call $host (i32.const 7)))
            (br $done))
          (drop (table.grow (ref.null func) (i32.const 1)))
          (br $done))
        (drop (memory.grow (i32.const 1)))
        (br $done))
      (memory.fill (i32.const 0) (i32.const 255) (i32.const 4096)))
    (f64.add
      (f64.convert_i64_s
        (i64.add (i64.add (i64.add (local.get $a) (local.get $b)) (i64.add (local.get $c) (local.get $d)))
          (i64.add (local.get $e) (local.get $f))))
      (f64.add
        (f64.add (f64.add (local.get $x) (local.get $y)) (f64.add (local.get $z) (local.get $v)))
        (f64.add (f64.add (f64.add (local.get $w) (local.get $u)) (local.get $t)) (f64.add (local.get $s)
        (local.get $r))))))
  (func (export "sum") (param i32) (result f64)
    (local $a f64) (local $b i64)
    (local.set $a (f64.const 1000)) (local.set $b (i64.const 2000))
    (f64.add
      (call $sum (i64.const 1) (i64.const 2) (f64.const 4) (f64.const 2) (local.get 0))
      (f64.add (local.get $a) (f64.convert_i64_s (local.get $b))))))
"#;

/// Uses as many registers as it can.
fn clobber(n: i32) -> f64 {
    let mut floats = [0.0f64; 16];
    let mut ints = [0u64; 16];
    for round in 0..64u64 {
        for i in 0..16 {
            floats[i] = black_box(floats[i] * 1.5 + floats[(i + 1) % 16] + f64::from(n));
            ints[i] = black_box(ints[i].rotate_left(7) ^ ints[(i + 5) % 16].wrapping_add(round));
        }
    }
    floats.iter().sum::<f64>() + ints.iter().fold(0u64, |a, b| a ^ b) as f64
}

#[test]
fn pinned_locals_survive_host_functions_and_builtins() -> headwater::Result<()> {
    let engine = Engine::default();
    let module = Module::new(&engine, wat::parse_str(WAT)?)?;
    let mut store = Store::new(&engine, ());
    let host = Func::wrap(&mut store, clobber);
    let instance = Instance::new(&mut store, &module, &[host.into()])?;
    let sum = instance.get_typed_func::<i32, f64>(&mut store, "sum")?;
    let expected = 1.0
        + 2.0
        + 3.0
        + 4.0
        + 5.0
        + 6.0
        + 4.0
        + 2.0
        + 0.5
        + 0.25
        + 0.125
        + 0.0625
        + 0.03125
        + 0.015625
        + 0.0078125
        + 3000.0;
    for which in 0..5 {
        assert_eq!(sum.call(&mut store, which)?, expected, "case {which}");
    }
    Ok(())
}
