//! Memories and tables with 64-bit indices: every boundary, beyond 4 GiB, and together with 32-bit ones.

use headwater::{Config, Engine, Instance, Memory, MemoryType, MemoryTypeBuilder, Module, Store, Trap, Val};
use std::fmt::Write;

fn config() -> Config {
    let mut config = Config::new();
    config.test_modes(&std::env::var("HEADWATER_TEST_MODES").unwrap_or_default());
    config
}

fn instance(store: &mut Store<()>, text: &str) -> Instance {
    let wasm = wat::parse_str(text).expect("it is well-formed");
    let module = Module::new(store.engine(), &wasm).expect("it is valid");
    Instance::new(store, &module, &[]).expect("it has no imports")
}

/// A load and a store of each size, with the name's result type.
const ACCESSES: [(&str, &str, u64); 5] = [
    ("i32.load8_u", "i32.store8", 1),
    ("i64.load16_s", "i64.store16", 2),
    ("f32.load", "f32.store", 4),
    ("i64.load", "i64.store", 8),
    ("v128.load", "v128.store", 16),
];

fn constant(op: &str) -> &'static str {
    match &op[..3] {
        "i32" => "(i32.const 1)",
        "i64" => "(i64.const 1)",
        "f32" => "(f32.const 1)",
        _ => "(v128.const i64x2 1 1)",
    }
}

#[test]
fn accesses_trap_exactly_where_the_memory_ends() {
    const OFFSETS: [u64; 9] =
        [0, 1, 100, 65_535, 0x7fff_ffff, 0xffff_ffff, 0x1_0000_0000, 0x7fff_ffff_ffff_ffff, u64::MAX];
    let pages = 3u64;
    let len = pages << 16;
    for modes in ["", "checked", "masks", "checked,masks", "offsets"] {
        // With a maximum that can be reserved, and without.
        for max in ["", "262144", "281474976710655"] {
            let mut text = format!("(module (memory i64 {pages} {max})");
            for (i, (load, store, _)) in ACCESSES.into_iter().enumerate() {
                for (j, offset) in OFFSETS.into_iter().enumerate() {
                    write!(
                        text,
                        "(func (export \"l{i}.{j}\") (param i64) (drop ({load} offset={offset} (local.get 0))))
                         (func (export \"s{i}.{j}\") (param i64) ({store} offset={offset} (local.get 0) {}))",
                        constant(store)
                    )
                    .expect("a string");
                }
            }
            text.push(')');
            let mut config = config();
            let engine = Engine::new(config.test_modes(modes)).expect("these settings are supported");
            let mut store = Store::new(&engine, ());
            let instance = instance(&mut store, &text);
            for (i, (_, _, size)) in ACCESSES.into_iter().enumerate() {
                for (j, offset) in OFFSETS.into_iter().enumerate() {
                    let last = len.checked_sub(size).and_then(|last| last.checked_sub(offset));
                    let mut indices = vec![0, 1, len, len - 1, 1 << 32, (1 << 32) - 1, 1 << 63, u64::MAX, u64::MAX - 7];
                    indices.extend(last);
                    indices.extend(last.map(|last| last + 1));
                    // Where the sum wraps to the start of the memory.
                    indices.extend([offset.wrapping_neg(), offset.wrapping_neg().wrapping_add(8)]);
                    for kind in ["l", "s"] {
                        let f = instance
                            .get_typed_func::<i64, ()>(&mut store, &format!("{kind}{i}.{j}"))
                            .expect("it is exported");
                        for &index in &indices {
                            let inside = u128::from(index) + u128::from(offset) + u128::from(size) <= u128::from(len);
                            let outcome = f.call(&mut store, index as i64);
                            let context = format!("{modes} {max} {kind}{i} offset {offset:#x} index {index:#x}");
                            match outcome {
                                Ok(()) => assert!(inside, "{context}"),
                                Err(error) => {
                                    assert!(!inside, "{context}");
                                    assert_eq!(
                                        error.downcast_ref::<Trap>(),
                                        Some(&Trap::MemoryOutOfBounds),
                                        "{context}"
                                    );
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Below the declared minimum no check is needed; beyond, the length decides, which may have grown.
#[test]
fn constant_addresses_trap_exactly_where_the_memory_ends() {
    let accesses = ACCESSES.into_iter().chain([("i32.atomic.load", "i64.atomic.store", 8)]);
    let accesses: Vec<_> = accesses.collect();
    const LEN: u64 = 2 << 16;
    for modes in ["", "checked", "masks", "checked,masks", "offsets"] {
        for (kind, ty, last) in [("i64", "i64", u64::MAX), ("", "i32", 0xffff_ffff)] {
            let mut text =
                format!("(module (memory {kind} 2 4) (func (export \"grow\") (drop (memory.grow ({ty}.const 1))))");
            let mut cases = vec![];
            for (i, &(load, store, size)) in accesses.iter().enumerate() {
                let size = if load.contains("atomic") { [4, 8] } else { [size, size] };
                for (j, (op, size)) in [load, store].into_iter().zip(size).enumerate() {
                    let at = [0, LEN - size, LEN - size + 1, LEN, LEN + 65_536 - size, LEN + 65_536, last];
                    for (k, at) in at.into_iter().enumerate() {
                        // All of it in the index, half of it, and none.
                        for (l, offset) in [0, at / 2, at].into_iter().enumerate() {
                            if op.contains("atomic") && at % size != 0 {
                                continue;
                            }
                            let name = format!("{i}.{j}.{k}.{l}");
                            let access = format!("{op} offset={offset} ({ty}.const {})", at - offset);
                            let body = match j {
                                0 => format!("(drop ({access}))"),
                                _ => format!("({access} {})", constant(op)),
                            };
                            write!(text, "(func (export \"{name}\") {body})").expect("a string");
                            cases.push((name, at.checked_add(size)));
                        }
                    }
                }
            }
            text.push(')');
            let mut config = config();
            let engine = Engine::new(config.test_modes(modes)).expect("these settings are supported");
            let mut store = Store::new(&engine, ());
            let instance = instance(&mut store, &text);
            for len in [LEN, LEN + 65_536] {
                for (name, end) in &cases {
                    let f = instance.get_typed_func::<(), ()>(&mut store, name).expect("it is exported");
                    let result = f.call(&mut store, ()).map_err(|e| *e.downcast_ref::<Trap>().expect("a trap"));
                    let expected = match *end {
                        Some(end) if end <= len => Ok(()),
                        _ => Err(Trap::MemoryOutOfBounds),
                    };
                    assert_eq!(result, expected, "{name} of {ty} in `{modes}` with {len} bytes: ends at {end:?}");
                }
                let grow = instance.get_typed_func::<(), ()>(&mut store, "grow").expect("it is exported");
                grow.call(&mut store, ()).expect("there is room");
            }
        }
    }
}

#[test]
fn constant_addresses_beyond_32_bits_are_what_they_are() {
    let mut store = Store::new(&Engine::new(&config()).expect("these settings are supported"), ());
    let instance = instance(
        &mut store,
        "(module (memory i64 1)
           (func (export \"near\") (result i64) (i64.load (i64.const 8)))
           (func (export \"far\") (result i64) (i64.load (i64.const 0x100000008)))
           (func (export \"negative\") (result i64) (i64.load offset=16 (i64.const -8))))",
    );
    let mut call =
        |name: &str| instance.get_typed_func::<(), i64>(&mut store, name).expect("it is exported").call(&mut store, ());
    assert_eq!(call("near").expect("it is inside"), 0);
    for name in ["far", "negative"] {
        let error = call(name).expect_err("it is outside");
        assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::MemoryOutOfBounds), "{name}");
    }
}

#[test]
fn memories_grow_beyond_4_gib() {
    let mut store = Store::new(&Engine::new(&config()).expect("these settings are supported"), ());
    let instance = instance(
        &mut store,
        "(module (memory (export \"memory\") i64 1)
           (func (export \"grow\") (param i64) (result i64) (memory.grow (local.get 0)))
           (func (export \"size\") (result i64) (memory.size))
           (func (export \"set\") (param i64 i64) (i64.store (local.get 0) (local.get 1)))
           (func (export \"get\") (param i64) (result i64) (i64.load (local.get 0)))
           (func (export \"fill\") (param i64 i32 i64) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
           (func (export \"copy\") (param i64 i64 i64) (memory.copy (local.get 0) (local.get 1) (local.get 2))))",
    );
    let func = |store: &mut Store<()>, name: &str, args: &[i64]| -> headwater::Result<Option<i64>> {
        let f = instance.get_func(&mut *store, name).expect("it is exported");
        let args: Vec<Val> = match name {
            "fill" => vec![Val::I64(args[0]), Val::I32(args[1] as i32), Val::I64(args[2])],
            _ => args.iter().map(|&a| Val::I64(a)).collect(),
        };
        let mut out = vec![Val::I64(0); f.ty(&*store).results().len()];
        f.call(&mut *store, &args, &mut out)?;
        Ok(out.first().map(Val::unwrap_i64))
    };
    func(&mut store, "set", &[8, 42]).expect("it is inside");
    // 5 GiB, of which hardly anything is touched.
    let pages = 5 << 14;
    assert_eq!(func(&mut store, "grow", &[pages - 1]).expect("it returns"), Some(1));
    assert_eq!(func(&mut store, "size", &[]).expect("it returns"), Some(pages));
    let end = pages << 16;
    assert_eq!(func(&mut store, "get", &[8]).expect("it is inside"), Some(42));
    func(&mut store, "set", &[end - 8, 7]).expect("it is inside");
    assert_eq!(func(&mut store, "get", &[end - 8]).expect("it is inside"), Some(7));
    func(&mut store, "get", &[end - 7]).expect_err("it is outside");
    func(&mut store, "fill", &[(1 << 32) - 4, 0x11, 8]).expect("it is inside");
    assert_eq!(func(&mut store, "get", &[(1 << 32) - 4]).expect("it is inside"), Some(0x1111_1111_1111_1111));
    func(&mut store, "copy", &[16, (1 << 32) - 4, 8]).expect("it is inside");
    assert_eq!(func(&mut store, "get", &[16]).expect("it is inside"), Some(0x1111_1111_1111_1111));
    func(&mut store, "copy", &[end - 4, 0, 8]).expect_err("it is outside");
    func(&mut store, "fill", &[-1, 0, 2]).expect_err("it wraps");
    // More than there are addresses.
    for pages in [1 << 32, 1 << 48, i64::MAX, -1] {
        assert_eq!(func(&mut store, "grow", &[pages]).expect("it returns"), Some(-1));
    }
    let memory = instance.get_memory(&mut store, "memory").expect("it is exported");
    assert_eq!(memory.size(&store), pages as u64);
    assert_eq!(memory.data_size(&store), end as usize);
}

#[test]
fn memories_of_both_kinds_are_copied_into_one_another() {
    let mut store = Store::new(&Engine::new(&config()).expect("these settings are supported"), ());
    let instance = instance(
        &mut store,
        "(module (memory $a 1) (memory $b i64 1) (table $s 4 funcref) (table $t i64 4 funcref) (elem (table $s) (i32.const 0) func $f)
           (func $f (result i32) (i32.const 77))
           (data (memory $a) (i32.const 3) \"abc\")
           (data $passive \"xyz\")
           (func (export \"there\") (memory.copy $b $a (i64.const 10) (i32.const 3) (i32.const 3)))
           (func (export \"back\") (memory.copy $a $b (i32.const 20) (i64.const 10) (i32.const 3)))
           (func (export \"beyond\") (memory.copy $a $b (i32.const 20) (i64.const 0x100000000) (i32.const 3)))
           (func (export \"init\") (memory.init $b $passive (i64.const 30) (i32.const 0) (i32.const 3)))
           (func (export \"init beyond\") (memory.init $b $passive (i64.const 0x10000001e) (i32.const 0) (i32.const 3)))
           (func (export \"a\") (param i32) (result i32) (i32.load8_u $a (local.get 0)))
           (func (export \"b\") (param i64) (result i32) (i32.load8_u $b (local.get 0)))
           (func (export \"tables\") (result i32)
             (table.copy $t $s (i64.const 2) (i32.const 0) (i32.const 1))
             (call_indirect $t (result i32) (i64.const 2)))
           (func (export \"table beyond\") (result i32) (call_indirect $t (result i32) (i64.const 0x100000002)))
           (func (export \"table grow\") (param i64) (result i64) (table.grow $t (ref.null func) (local.get 0)))
           (func (export \"table size\") (result i64) (table.size $t)))",
    );
    let mut run = |name: &str, args: &[Val]| -> headwater::Result<i64> {
        let f = instance.get_func(&mut store, name).expect("it is exported");
        let mut out = vec![Val::I32(0); f.ty(&store).results().len()];
        f.call(&mut store, args, &mut out)?;
        Ok(match out.first() {
            Some(Val::I32(x)) => i64::from(*x),
            Some(Val::I64(x)) => *x,
            _ => 0,
        })
    };
    for name in ["there", "back", "init"] {
        run(name, &[]).expect("it is inside");
    }
    assert_eq!(run("b", &[Val::I64(11)]).expect("it is inside"), i64::from(b'b'));
    assert_eq!(run("a", &[Val::I32(22)]).expect("it is inside"), i64::from(b'c'));
    assert_eq!(run("b", &[Val::I64(30)]).expect("it is inside"), i64::from(b'x'));
    for name in ["beyond", "init beyond"] {
        let error = run(name, &[]).expect_err("it is outside");
        assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::MemoryOutOfBounds));
    }
    assert_eq!(run("tables", &[]).expect("it returns"), 77);
    let error = run("table beyond", &[]).expect_err("it is outside");
    assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::TableOutOfBounds));
    assert_eq!(run("table grow", &[Val::I64(3)]).expect("it returns"), 4);
    assert_eq!(run("table size", &[]).expect("it returns"), 7);
    assert_eq!(run("table grow", &[Val::I64(1 << 40)]).expect("it returns"), -1);
}

#[test]
fn small_pages_end_where_they_end() {
    let mut config = config();
    let mut store = Store::new(&Engine::new(config.wasm_custom_page_sizes(true)).expect("it is implemented"), ());
    for address in ["", "i64"] {
        let index = if address.is_empty() { "i32" } else { "i64" };
        let instance = instance(
            &mut store,
            &format!(
                "(module (memory (export \"memory\") {address} 5 100 (pagesize 1)) (data ({index}.const 1) \"abcd\")
                   (func (export \"get\") (param {index}) (result i32) (i32.load8_u (local.get 0)))
                   (func (export \"word\") (param {index}) (result i32) (i32.load (local.get 0)))
                   (func (export \"grow\") (param {index}) (result {index}) (memory.grow (local.get 0)))
                   (func (export \"size\") (result {index}) (memory.size)))"
            ),
        );
        let memory = instance.get_memory(&mut store, "memory").expect("it is exported");
        assert_eq!((memory.size(&store), memory.data_size(&store), memory.page_size(&store)), (5, 5, 1));
        let value = |x: i64| if address.is_empty() { Val::I32(x as i32) } else { Val::I64(x) };
        let mut run = |name: &str, args: &[Val]| -> headwater::Result<i64> {
            let f = instance.get_func(&mut store, name).expect("it is exported");
            let mut out = [Val::I32(0)];
            f.call(&mut store, args, &mut out)?;
            Ok(out[0].i32().map_or_else(|| out[0].unwrap_i64(), i64::from))
        };
        assert_eq!(run("get", &[value(4)]).expect("it is inside"), i64::from(b'd'));
        run("get", &[value(5)]).expect_err("it is outside");
        assert!(run("word", &[value(1)]).is_ok() && run("word", &[value(2)]).is_err());
        assert_eq!(run("grow", &[value(2)]).expect("it returns"), 5);
        assert_eq!(run("size", &[]).expect("it returns"), 7);
        assert_eq!(run("word", &[value(3)]).expect("it is inside"), i64::from(u32::from_le_bytes(*b"cd\0\0")));
        run("word", &[value(4)]).expect_err("it is outside");
        assert_eq!(run("grow", &[value(94)]).expect("it returns"), -1);
    }
}

#[test]
fn types_say_what_memories_they_are_of() {
    let mut store = Store::new(&Engine::new(&config()).expect("these settings are supported"), ());
    let ty = MemoryTypeBuilder::new().memory64(true).min(1).max(Some(2)).build().expect("such memories exist");
    assert_eq!(ty, MemoryType::new64(1, Some(2)));
    let memory = Memory::new(&mut store, ty).expect("there is memory");
    assert_eq!(memory.grow(&mut store, 1).expect("the maximum is 2"), 1);
    memory.grow(&mut store, 1).expect_err("the maximum is 2");
    assert_eq!(memory.ty(&store).to_string(), "(memory i64 1 2)");
    assert!(MemoryTypeBuilder::new().min(65_537).build().is_err());
    assert!(MemoryTypeBuilder::new().min(65_537).memory64(true).build().is_ok());
    assert!(MemoryTypeBuilder::new().page_size_log2(3).build().is_err());
    assert!(MemoryTypeBuilder::new().min(3).max(Some(2)).build().is_err());
}

#[test]
fn wide_arithmetic_is_that_of_128_bits() {
    let mut config = config();
    let mut store = Store::new(&Engine::new(config.wasm_wide_arithmetic(true)).expect("it is implemented"), ());
    let body = |op: &str| {
        // Operands in parameters, constants, temporaries, and with results that are used at once.
        format!(
            "(func (export \"{op}\") (param i64 i64 i64 i64) (result i64 i64)
               (i64.{op} (local.get 0) (i64.add (local.get 1) (i64.const 0)) (local.get 2) (local.get 3)))
             (func (export \"{op} twice\") (param i64 i64 i64 i64) (result i64 i64) (local i64 i64 i64 i64 i64 i64 i64)
               (i64.{op} (i64.{op} (local.get 0) (local.get 1) (local.get 2) (local.get 3)) (local.get 2) (local.get 3)))"
        )
    };
    let mul = |op: &str| {
        format!(
            "(func (export \"{op}\") (param i64 i64) (result i64 i64) (i64.{op} (local.get 0) (local.get 1)))
             (func (export \"{op} same\") (param i64 i64) (result i64 i64)
               (i64.{op} (i64.xor (local.get 0) (i64.const 0)) (i64.const 3)))"
        )
    };
    let text = format!("(module {}{}{}{})", body("add128"), body("sub128"), mul("mul_wide_s"), mul("mul_wide_u"));
    let instance = instance(&mut store, &text);
    let values = [0u64, 1, 2, 3, 0x7fff_ffff_ffff_ffff, 1 << 63, u64::MAX, u64::MAX - 1, 0x0123_4567_89ab_cdef];
    let wide = |low: u64, high: u64| u128::from(low) | u128::from(high) << 64;
    let mut run = |name: &str, args: &[u64]| -> u128 {
        let f = instance.get_func(&mut store, name).expect("it is exported");
        let args: Vec<Val> = args.iter().map(|&a| Val::I64(a as i64)).collect();
        let mut out = [Val::I64(0), Val::I64(0)];
        f.call(&mut store, &args, &mut out).expect("it returns");
        wide(out[0].unwrap_i64() as u64, out[1].unwrap_i64() as u64)
    };
    for a in values {
        for b in values {
            assert_eq!(run("mul_wide_u", &[a, b]), u128::from(a) * u128::from(b), "{a:#x} {b:#x}");
            let signed = i128::from(a as i64) * i128::from(b as i64);
            assert_eq!(run("mul_wide_s", &[a, b]), signed as u128, "{a:#x} {b:#x}");
            assert_eq!(run("mul_wide_s same", &[a, b]), (i128::from(a as i64) * 3) as u128, "{a:#x}");
            assert_eq!(run("mul_wide_u same", &[a, b]), u128::from(a) * 3, "{a:#x}");
            for (c, d) in [(0, 1), (u64::MAX, u64::MAX), (1, 0), (1 << 63, 1 << 63)] {
                let (x, y) = (wide(a, b), wide(c, d));
                assert_eq!(run("add128", &[a, b, c, d]), x.wrapping_add(y));
                assert_eq!(run("sub128", &[a, b, c, d]), x.wrapping_sub(y));
                assert_eq!(run("add128 twice", &[a, b, c, d]), x.wrapping_add(y).wrapping_add(y));
                assert_eq!(run("sub128 twice", &[a, b, c, d]), x.wrapping_sub(y).wrapping_sub(y));
            }
        }
    }
}
