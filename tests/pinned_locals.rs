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

/// What is computed right before an operation with a constant goes into the local that its result goes to.
#[test]
fn results_on_their_way_into_a_local_are_those_of_their_operations() {
    const WAT: &str = r#"(module
        (func (export "rotated") (param $x i64) (param $y i64) (result i64)
            (local.set $x (i64.rotl (i64.xor (local.get $x) (local.get $y)) (i64.const 16)))
            (local.get $x))
        (func (export "onto the right") (param $x i64) (param $y i64) (result i64)
            (local.set $x (i64.shl (i64.sub (local.get $y) (local.get $x)) (i64.const 3)))
            (local.get $x))
        (func (export "pending") (param $x i64) (param $y i64) (result i64)
            (local.get $x)
            (local.set $x (i64.and (i64.add (local.get $x) (local.get $y)) (i64.const 15)))
            (local.get $x)
            i64.sub)
        (func (export "kept") (param $x i64) (param $y i64) (result i64)
            (i64.add
                (local.tee $x (i64.mul (i64.or (local.get $x) (local.get $y)) (i64.const 5)))
                (local.get $x)))
        (func (export "narrow") (param $x i64) (param $y i64) (result i64) (local $a i32) (local $b i32)
            (local.set $a (i32.wrap_i64 (local.get $x)))
            (local.set $b (i32.wrap_i64 (local.get $y)))
            (local.set $a (i32.shr_u (i32.mul (local.get $b) (local.get $b)) (i32.const 31)))
            (local.set $b (i32.rotr (i32.xor (local.get $b) (local.get $a)) (i32.const 7)))
            (i64.extend_i32_u (local.get $b)))
        (func (export "mixed") (param $x i64) (param $y i64) (result i64) (local $a i32)
            ;; The constant belongs to an operation of another width.
            (local.set $x (i64.add (local.get $x) (local.get $y)))
            (local.set $a (i32.sub (i32.wrap_i64 (i64.xor (local.get $x) (local.get $y))) (i32.const 9)))
            (i64.add (local.get $x) (i64.extend_i32_s (local.get $a)))))"#;
    type Expected = fn(i64, i64) -> i64;
    const CASES: [(&str, Expected); 6] = [
        ("rotated", |x, y| (x ^ y).rotate_left(16)),
        ("onto the right", |x, y| y.wrapping_sub(x) << 3),
        ("pending", |x, y| x.wrapping_sub(x.wrapping_add(y) & 15)),
        ("kept", |x, y| (x | y).wrapping_mul(10)),
        ("narrow", |_, y| {
            let b = y as u32;
            i64::from((b ^ (b.wrapping_mul(b) >> 31)).rotate_right(7))
        }),
        ("mixed", |x, y| {
            let x = x.wrapping_add(y);
            x.wrapping_add(i64::from(((x ^ y) as i32).wrapping_sub(9)))
        }),
    ];
    let engine = Engine::default();
    let mut store = Store::new(&engine, ());
    let module = Module::new(&engine, wat::parse_str(WAT).expect("it is well-formed")).expect("it is valid");
    let instance = Instance::new(&mut store, &module, &[]).expect("it needs nothing");
    for (name, expected) in CASES {
        let func = instance.get_typed_func::<(i64, i64), i64>(&mut store, name).expect("it is exported");
        for x in [0, 1, -1, 0x0123_4567_89ab_cdef, i64::MIN, i64::MAX] {
            for y in [0, 1, -1, 0x7edc_ba98_7654_3210, i64::MIN] {
                let result = func.call(&mut store, (x, y)).expect("it does not trap");
                assert_eq!(result, expected(x, y), "{name}: {x:#x}, {y:#x}");
            }
        }
    }
}
