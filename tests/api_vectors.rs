//! Vectors between the host and compiled code: arguments and results of all kinds of functions, globals, calls that
//! clobber registers, and interruptions.

mod api_common;

use api_common::{clobber, config, engine, instance, module, trap};
use headwater::{
    Caller, Config, Engine, Func, FuncType, Global, GlobalType, Instance, Linker, Mutability, Store, Trap, V128, Val,
    ValType,
};

/// A vector all of whose bytes differ from each other and from those of other numbers.
fn vector(n: u8) -> V128 {
    V128::from(std::array::from_fn::<u8, 16, _>(|i| n.wrapping_mul(16).wrapping_add(i as u8)))
}

#[test]
fn values_are_sixteen_bytes_in_the_order_of_memory() {
    let value = V128::from(0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100);
    assert_eq!(value, vector(0));
    assert_eq!(value.to_bytes(), std::array::from_fn(|i| i as u8));
    assert_eq!(u128::from(value), value.as_u128());
    let val = Val::from(value);
    assert_eq!((val.v128(), val.i64()), (Some(value), None));
    assert_eq!(val.ty(Store::new(&Engine::default(), ())).unwrap(), ValType::V128);
    assert_eq!(Val::from(5u128).unwrap_v128().as_u128(), 5);
    assert_eq!(Val::default_for_ty(&ValType::V128).and_then(|val| val.v128()), Some(V128::from(0)));
    assert_eq!(format!("{value:?}"), "0x0f0e0d0c0b0a09080706050403020100");
}

/// More parameters and results than registers, vectors mixed with scalars.
const MANY: &str = r#"(module
    (func (export "reverse")
      (param v128 i32 v128 f64 v128 i64 v128 v128 f32 v128 v128 v128)
      (result v128 v128 v128 f32 v128 v128 i64 v128 f64 v128 i32 v128)
      (local.get 11) (local.get 10) (local.get 9) (local.get 8) (local.get 7) (local.get 6)
      (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0)))"#;

#[test]
fn typed_and_untyped_calls_pass_vectors_in_registers_and_on_the_stack() {
    let (mut store, instance) = instance((), MANY, |_| {});
    type Params = (V128, i32, V128, f64, V128, i64, V128, V128, f32, V128, V128, V128);
    type Results = (V128, V128, V128, f32, V128, V128, i64, V128, f64, V128, i32, V128);
    let reverse = instance.get_typed_func::<Params, Results>(&mut store, "reverse").unwrap();
    let v = vector;
    let params = (v(1), -2, v(3), 4.5, v(5), i64::MIN, v(7), v(8), -9.25, v(10), v(11), v(12));
    let expected = (v(12), v(11), v(10), -9.25, v(8), v(7), i64::MIN, v(5), 4.5, v(3), -2, v(1));
    assert_eq!(reverse.call(&mut store, params).unwrap(), expected);

    let untyped = instance.get_func(&mut store, "reverse").unwrap();
    let values = [
        v(1).into(),
        Val::I32(-2),
        v(3).into(),
        Val::from(4.5f64),
        v(5).into(),
        Val::I64(i64::MIN),
        v(7).into(),
        v(8).into(),
        Val::from(-9.25f32),
        v(10).into(),
        v(11).into(),
        v(12).into(),
    ];
    let mut results = vec![Val::I32(0); 12];
    untyped.call(&mut store, &values, &mut results).unwrap();
    let text = |values: &mut dyn Iterator<Item = &Val>| values.map(|value| format!("{value:?}")).collect::<Vec<_>>();
    assert_eq!(text(&mut results.iter()), text(&mut values.iter().rev()));
    let mut wrong = values;
    wrong[2] = Val::I64(3);
    assert!(untyped.call(&mut store, &wrong, &mut results).is_err());
    assert!(instance.get_typed_func::<V128, V128>(&mut store, "reverse").is_err());
}

/// A module that calls `f` of a type with what it is called with.
fn forward(params: &str, results: &str, count: usize) -> String {
    let gets: String = (0..count).map(|i| format!("(local.get {i})")).collect();
    format!(
        r#"(module (import "host" "f" (func $f (param {params}) (result {results})))
             (func (export "run") (param {params}) (result {results}) (call $f {gets})))"#
    )
}

/// Calls `run` of a module that calls the closure, and checks that the sum of vectors and numbers arrives.
macro_rules! closures {
    ($($count:literal $text:literal ($($name:ident: $ty:ty = $value:expr),*);)*) => {$({
        let expected: u128 = 0u128 $(.wrapping_add(number($value)))*;
        let (mut store, instance) = instance(0usize, &forward($text, "v128", $count), |linker| {
            linker.func_wrap("host", "f", |mut caller: Caller<'_, usize>, $($name: $ty),*| {
                *caller.data_mut() += 1;
                clobber();
                V128::from(0u128 $(.wrapping_add(number($name)))*)
            }).unwrap();
        });
        let run = instance.get_typed_func::<($($ty,)*), V128>(&mut store, "run").unwrap();
        for _ in 0..3 {
            assert_eq!(run.call(&mut store, ($($value,)*)).unwrap(), V128::from(expected), $text);
        }
        assert_eq!(*store.data(), 3);
    })*};
}

trait Number {
    fn number(self) -> u128;
}

impl Number for V128 {
    fn number(self) -> u128 {
        self.as_u128()
    }
}

macro_rules! numbers {
    ($($ty:ty)*) => {$(impl Number for $ty {
        fn number(self) -> u128 {
            self as i64 as u64 as u128
        }
    })*};
}
numbers!(i32 i64 f32 f64);

fn number(value: impl Number) -> u128 {
    value.number()
}

#[test]
fn closures_take_and_give_vectors() {
    let v = vector;
    closures! {
        0 "" ();
        1 "v128" (a: V128 = v(1));
        2 "i32 v128" (a: i32 = -7, b: V128 = v(2));
        3 "v128 f64 v128" (a: V128 = v(3), b: f64 = 8.0, c: V128 = v(4));
        4 "v128 v128 v128 v128" (a: V128 = v(1), b: V128 = v(2), c: V128 = v(3), d: V128 = v(4));
        6 "v128 v128 v128 v128 v128 v128" (
            a: V128 = v(1), b: V128 = v(2), c: V128 = v(3), d: V128 = v(4), e: V128 = v(5), f: V128 = v(6));
        9 "f32 v128 f64 v128 f32 v128 f64 v128 v128" (
            a: f32 = 2.0, b: V128 = v(2), c: f64 = 3.0, d: V128 = v(4), e: f32 = 5.0, f: V128 = v(6), g: f64 = 7.0,
            h: V128 = v(8), i: V128 = v(9));
        12 "i64 v128 i64 v128 i64 v128 i32 v128 i64 v128 i64 v128" (
            a: i64 = -1, b: V128 = v(2), c: i64 = 3, d: V128 = v(4), e: i64 = 5, f: V128 = v(6), g: i32 = -7,
            h: V128 = v(8), i: i64 = 9, j: V128 = v(10), k: i64 = 11, l: V128 = v(12));
        16 "v128 v128 v128 v128 v128 v128 v128 v128 i32 i64 i32 i64 i32 i64 i32 i64" (
            a: V128 = v(1), b: V128 = v(2), c: V128 = v(3), d: V128 = v(4), e: V128 = v(5), f: V128 = v(6),
            g: V128 = v(7), h: V128 = v(8), i: i32 = 9, j: i64 = 10, k: i32 = 11, l: i64 = 12, m: i32 = 13,
            n: i64 = 14, o: i32 = 15, p: i64 = 16);
    }
}

#[test]
fn closures_give_several_vectors() {
    let results = "v128 i32 v128 v128 v128 v128 f64 v128 v128";
    let (mut store, instance) = instance((), &forward("v128", results, 1), |linker| {
        let give = |n: V128| (n, 1i32, vector(2), vector(3), vector(4), vector(5), 6.0f64, vector(7), vector(8));
        linker.func_wrap("host", "f", give).unwrap();
    });
    type Results = (V128, i32, V128, V128, V128, V128, f64, V128, V128);
    let run = instance.get_typed_func::<V128, Results>(&mut store, "run").unwrap();
    let expected = (vector(9), 1, vector(2), vector(3), vector(4), vector(5), 6.0, vector(7), vector(8));
    assert_eq!(run.call(&mut store, vector(9)).unwrap(), expected);
}

#[test]
fn functions_made_from_types_take_and_give_vectors() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let types = [ValType::V128, ValType::I32, ValType::V128];
    let ty = FuncType::new(&engine, types.clone(), types.into_iter().rev());
    let f = Func::new(&mut store, ty, |_, params, results| {
        clobber();
        for (result, param) in results.iter_mut().zip(params.iter().rev()) {
            *result = *param;
        }
        Ok(())
    });
    let module = module(&engine, &forward("v128 i32 v128", "v128 i32 v128", 3));
    let instance = Instance::new(&mut store, &module, &[f.into()]).unwrap();
    let run = instance.get_typed_func::<(V128, i32, V128), (V128, i32, V128)>(&mut store, "run").unwrap();
    assert_eq!(run.call(&mut store, (vector(1), 2, vector(3))).unwrap(), (vector(3), 2, vector(1)));
    // Without compiled code between them, too.
    let typed = f.typed::<(V128, i32, V128), (V128, i32, V128)>(&store).unwrap();
    assert_eq!(typed.call(&mut store, (vector(1), 2, vector(3))).unwrap(), (vector(3), 2, vector(1)));
}

#[test]
fn a_result_of_another_type_is_an_error() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    for (ty, wrong) in [(ValType::V128, Val::I64(1)), (ValType::I64, Val::from(vector(1)))] {
        let f = Func::new(&mut store, FuncType::new(&engine, [], [ty]), move |_, _, results| {
            results[0] = wrong;
            Ok(())
        });
        assert!(f.call(&mut store, &[], &mut [Val::I32(0)]).is_err());
    }
}

#[test]
fn globals_hold_vectors() {
    let engine = engine();
    let mut store = Store::new(&engine, ());
    let module = module(
        &engine,
        r#"(module
            (import "m" "fixed" (global $fixed v128))
            (import "m" "mutable" (global $mutable (mut v128)))
            (global $before i32 (i32.const 7))
            (global $own (export "own") (mut v128) (v128.const i64x2 1 2))
            (global $after i32 (i32.const 8))
            (global $copy (export "copy") v128 (global.get $fixed))
            (func (export "step") (result v128)
              (global.set $own (i8x16.add (global.get $own) (global.get $fixed)))
              (global.set $mutable (v128.not (global.get $mutable)))
              (global.get $own))
            (func (export "neighbours") (result i32) (i32.mul (global.get $before) (global.get $after))))"#,
    );
    let ty = |mutability| GlobalType::new(ValType::V128, mutability);
    let fixed = Global::new(&mut store, ty(Mutability::Const), vector(3).into()).unwrap();
    let mutable = Global::new(&mut store, ty(Mutability::Var), vector(4).into()).unwrap();
    assert!(Global::new(&mut store, ty(Mutability::Const), Val::I64(3)).is_err());
    let instance = Instance::new(&mut store, &module, &[fixed.into(), mutable.into()]).unwrap();
    let [own, copy] = ["own", "copy"].map(|name| instance.get_global(&mut store, name).unwrap());
    assert_eq!(own.get(&mut store).unwrap_v128(), V128::from(2u128 << 64 | 1));
    assert_eq!(copy.get(&mut store).unwrap_v128(), vector(3));
    assert_eq!(own.ty(&store).content(), &ValType::V128);
    let step = instance.get_typed_func::<(), V128>(&mut store, "step").unwrap();
    own.set(&mut store, vector(1).into()).unwrap();
    let sum = std::array::from_fn::<u8, 16, _>(|i| vector(1).to_bytes()[i].wrapping_add(vector(3).to_bytes()[i]));
    assert_eq!(step.call(&mut store, ()).unwrap(), V128::from(sum));
    assert_eq!(own.get(&mut store).unwrap_v128(), V128::from(sum));
    assert_eq!(mutable.get(&mut store).unwrap_v128(), V128::from(!vector(4).as_u128()));
    mutable.set(&mut store, vector(5).into()).unwrap();
    step.call(&mut store, ()).unwrap();
    assert_eq!(mutable.get(&mut store).unwrap_v128(), V128::from(!vector(5).as_u128()));
    assert!(own.set(&mut store, Val::I64(1)).is_err() && fixed.set(&mut store, vector(1).into()).is_err());
    let neighbours = instance.get_typed_func::<(), i32>(&mut store, "neighbours").unwrap();
    assert_eq!(neighbours.call(&mut store, ()).unwrap(), 56);
}

#[test]
fn tables_and_other_instances_pass_vectors() {
    let engine = engine();
    let mut linker = Linker::new(&engine);
    let mut store = Store::new(&engine, ());
    let library = module(
        &engine,
        r#"(module
            (type $t (func (param v128 v128 i32 v128 v128 v128 v128) (result v128 i32)))
            (memory 1)
            (table (export "table") 3 funcref) (elem (i32.const 0) $f $other)
            (func $f (export "f") (type $t)
              (v128.store (i32.const 16) (local.get 6))
              (v128.xor (local.get 0) (v128.load (i32.const 16))) (local.get 2))
            (func $other (param v128) (result v128) (local.get 0)))"#,
    );
    linker.module(&mut store, "library", &library).unwrap();
    let user = module(
        &engine,
        r#"(module
            (type $t (func (param v128 v128 i32 v128 v128 v128 v128) (result v128 i32)))
            (import "library" "f" (func $f (type $t)))
            (import "library" "table" (table 3 funcref))
            (memory 1)
            (func (export "direct") (param v128 v128) (result v128 i32)
              (call $f (local.get 0) (local.get 0) (i32.const 3) (local.get 0) (local.get 0) (local.get 0)
                (local.get 1)))
            (func (export "indirect") (param v128 v128 i32) (result v128 i32)
              (call_indirect (type $t) (local.get 0) (local.get 0) (i32.const 3) (local.get 0) (local.get 0)
                (local.get 0) (local.get 1) (local.get 2)))
            (func (export "own") (result v128) (v128.load (i32.const 16))))"#,
    );
    let user = linker.instantiate(&mut store, &user).unwrap();
    let expected = (V128::from(vector(1).as_u128() ^ vector(2).as_u128()), 3);
    let direct = user.get_typed_func::<(V128, V128), (V128, i32)>(&mut store, "direct").unwrap();
    assert_eq!(direct.call(&mut store, (vector(1), vector(2))).unwrap(), expected);
    let indirect = user.get_typed_func::<(V128, V128, i32), (V128, i32)>(&mut store, "indirect").unwrap();
    assert_eq!(indirect.call(&mut store, (vector(1), vector(2), 0)).unwrap(), expected);
    for (index, expected) in [(1, Trap::BadSignature), (2, Trap::IndirectCallToNull), (3, Trap::TableOutOfBounds)] {
        let error = indirect.call(&mut store, (vector(1), vector(2), index)).unwrap_err();
        assert_eq!(trap(&error), expected);
    }
    let own = user.get_typed_func::<(), V128>(&mut store, "own").unwrap();
    assert_eq!(own.call(&mut store, ()).unwrap(), V128::from(0));
}

/// Thirteen vectors, more than there are pins on either instruction set, that live across a loop whose body `what`
/// does something that does not keep vector registers.
fn living(what: &str, imports: &str) -> String {
    let locals: String = (0..13).map(|_| " v128").collect();
    let set: String = (0..13)
        .map(|i| format!("(local.set {} (i8x16.add (local.get 0) (i8x16.splat (i32.const {i}))))", 2 + i))
        .collect();
    let step: String = (0..13)
        .map(|i| format!("(local.set {0} (i64x2.add (local.get {0}) (v128.const i64x2 {i} 1)))", 2 + i))
        .collect();
    let sum: String = (0..13).map(|i| format!("(local.get {})", 2 + i)).collect::<String>() + &"(v128.xor)".repeat(12);
    format!(
        r#"(module {imports} (memory (export "memory") 1 100) (table $t 1 100 funcref) (elem declare func $same)
            (func $same (export "same") (param v128) (result v128) (local v128 v128 v128 v128 v128 v128 v128 v128 v128)
              (local.set 9 (local.tee 8 (local.tee 7 (local.tee 6 (local.tee 5 (local.tee 4 (local.tee 3
                (local.tee 2 (local.tee 1 (local.get 0))))))))))
              (local.get 9))
            (func (export "run") (param v128 i32) (result v128) (local{locals})
              {set}
              (loop {what} {step} (br_if 0 (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
              {sum}))"#
    )
}

/// What `run` of [`living`] gives.
fn lived(n: V128, rounds: u64) -> V128 {
    let mut sum = 0;
    for i in 0..13u8 {
        let bytes = n.to_bytes().map(|byte| byte.wrapping_add(i));
        let bits = u128::from_le_bytes(bytes);
        let low = (bits as u64).wrapping_add(rounds * u64::from(i));
        let high = ((bits >> 64) as u64).wrapping_add(rounds);
        sum ^= u128::from(low) | u128::from(high) << 64;
    }
    V128::from(sum)
}

#[test]
fn vectors_in_registers_survive_whatever_is_called() {
    let host = r#"(import "host" "f" (func $f (param i64) (result i64)))"#;
    let wide = r#"(import "host" "f" (func $f (param v128) (result v128)))"#;
    for (what, imports) in [
        ("(drop (call $f (i64.const 7)))", host),
        ("(drop (call $f (local.get 4)))", wide),
        ("(drop (call $same (local.get 3)))", ""),
        ("(drop (memory.grow (i32.const 1)))", ""),
        ("(memory.fill (i32.const 0) (i32.const 255) (i32.const 5000))", ""),
        ("(memory.copy (i32.const 0) (i32.const 100) (i32.const 5000))", ""),
        ("(drop (table.grow $t (ref.func $same) (i32.const 1)))", ""),
    ] {
        let (mut store, instance) = instance((), &living(what, imports), |linker| {
            if imports.contains("i64") {
                linker
                    .func_wrap("host", "f", |n: i64| {
                        clobber();
                        n
                    })
                    .unwrap();
            } else {
                linker
                    .func_wrap("host", "f", |n: V128| {
                        clobber();
                        n
                    })
                    .unwrap();
            }
        });
        let run = instance.get_typed_func::<(V128, i32), V128>(&mut store, "run").unwrap();
        assert_eq!(run.call(&mut store, (vector(9), 20)).unwrap(), lived(vector(9), 20), "{what}");
    }
}

/// Without AVX, operands in memory must be at multiples of 16: constants behind the code are, wherever that is, and
/// spilled operands, whatever else is in the frame.
#[test]
fn operands_in_memory_are_aligned_in_any_module() {
    for modes in ["baseline", "baseline slabs", "baseline spill", "baseline thread"] {
        let mut config = config();
        let engine = Engine::new(config.test_modes(modes)).unwrap();
        let mut store = Store::new(&engine, ());
        for n in 0..40 {
            // Functions and locals of all kinds of sizes.
            let before: String = (0..n % 7).map(|i| format!("(func (param i32) {})", "(nop)".repeat(n + i))).collect();
            let text = format!(
                r#"(module {before} (memory 1)
                    (func (export "f") (param v128 i32) (result v128)
                      (local {} i64 v128 f32)
                      (local.set 1 (i32.add (local.get 1) (i32.const {n})))
                      (i8x16.sub_sat_u
                        (i32x4.add (local.get 0) (v128.const i32x4 1 2 3 {n}))
                        (v128.xor (v128.const i64x2 {n} 7) (i32x4.splat (local.get 1))))))"#,
                "i32 ".repeat(n)
            );
            let instance = Instance::new(&mut store, &module(&engine, &text), &[]).unwrap();
            let f = instance.get_typed_func::<(V128, i32), V128>(&mut store, "f").unwrap();
            let result = f.call(&mut store, (V128::from(u128::MAX), 5)).unwrap();
            let n = n as u128;
            let [a, b] =
                [n << 96 | 3 << 64 | 2 << 32 | 1, ((n + 5) * 0x1_0000_0001_0000_0001_0000_0001) ^ (7 << 64 | n)];
            let lane = |i: u32| ((a >> (32 * i)) as u32).wrapping_sub(1);
            let sum = (0..4).fold(0, |sum, i| sum | u128::from(lane(i)) << (32 * i)).to_le_bytes();
            let expected = std::array::from_fn::<u8, 16, _>(|i| sum[i].saturating_sub(b.to_le_bytes()[i]));
            assert_eq!(result, V128::from(expected), "{modes}: {text}");
        }
    }
}

fn interrupted(change: impl FnOnce(&mut Config)) -> (Store<u32>, Instance) {
    let mut config = config();
    change(&mut config);
    let engine = Engine::new(&config).unwrap();
    let mut store = Store::new(&engine, 0);
    let module = module(&engine, &living("(nop)", ""));
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    (store, instance)
}

#[test]
fn vectors_in_registers_survive_epochs() {
    let (mut store, instance) = interrupted(|config| {
        config.epoch_interruption(true);
    });
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| {
        *context.data_mut() += 1;
        clobber();
        // The epoch after this one has come, too.
        Ok(headwater::UpdateDeadline::Continue(0))
    });
    store.engine().clone().increment_epoch();
    let run = instance.get_typed_func::<(V128, i32), V128>(&mut store, "run").unwrap();
    assert_eq!(run.call(&mut store, (vector(9), 500)).unwrap(), lived(vector(9), 500));
    assert!(*store.data() >= 500, "{} interruptions", store.data());
}

#[test]
fn vectors_in_registers_survive_fuel() {
    let (mut store, instance) = interrupted(|config| {
        config.consume_fuel(true);
    });
    store.set_fuel(10_000_000).unwrap();
    let run = instance.get_typed_func::<(V128, i32), V128>(&mut store, "run").unwrap();
    assert_eq!(run.call(&mut store, (vector(9), 500)).unwrap(), lived(vector(9), 500));
    let left = store.get_fuel().unwrap();
    assert!(left < 10_000_000);
    store.set_fuel(1000).unwrap();
    assert_eq!(trap(&run.call(&mut store, (vector(9), 1_000_000)).unwrap_err()), Trap::OutOfFuel);
}
