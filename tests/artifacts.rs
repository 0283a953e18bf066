//! Modules that were serialised: what is loaded is what was compiled, and what does not fit is refused.

mod api_common;

use api_common::{config, engine, frames, module, trap};
use headwater::{Config, Engine, Instance, Linker, Module, Precompiled, Store, Target, Trap, Val};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Calls of all kinds, references, tables, exceptions, data, names, and traps.
const TEXT: &str = r#"(module $named
    (import "host" "add" (func $add (param i32 i32) (result i32)))
    (import "host" "g" (global $imported i32))
    (type $binary (func (param i32 i32) (result i32)))
    (type $none (func))
    (memory (export "memory") 1)
    (global $own (export "own") (mut i64) (i64.const -5))
    (tag $t (export "t") (param i32))
    (table (export "table") 4 funcref)
    (elem (i32.const 0) $add $sub $fails)
    (elem $passive func $sub)
    (data (i32.const 8) "contents")
    (data $later "later")
    (func $sub (type $binary) (i32.sub (local.get 0) (local.get 1)))
    (func $fails (type $none) (unreachable))
    (func (export "indirect") (param i32) (result i32)
      (call_indirect (type $binary) (i32.const 40) (i32.const 2) (local.get 0)))
    (func $load (export "load") (param i32) (result i32) (i32.load (local.get 0)))
    (func $thrower (param i32) (throw $t (local.get 0)))
    (func (export "caught") (param i32) (result i32)
      (block $h (result i32) (try_table (catch $t $h) (call $thrower (local.get 0))) (i32.const -1)))
    (func (export "init") (memory.init $later (i32.const 0) (i32.const 0) (i32.const 5))
      (table.init $passive (i32.const 3) (i32.const 0) (i32.const 1)))
    (func (export "vector") (result i32)
      (i32x4.extract_lane 2 (i32x4.add (v128.const i32x4 1 2 3 4) (i32x4.splat (global.get $imported)))))
    (func (export "fact") (param i64) (result i64)
      (if (result i64) (i64.eqz (local.get 0)) (then (i64.const 1))
        (else (i64.mul (local.get 0) (call 9 (i64.sub (local.get 0) (i64.const 1))))))))"#;

fn instance(engine: &Engine, module: &Module) -> (Store<()>, Instance) {
    let mut store = Store::new(engine, ());
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "add", |a: i32, b: i32| a + b).unwrap();
    let g = headwater::Global::new(
        &mut store,
        headwater::GlobalType::new(headwater::ValType::I32, headwater::Mutability::Const),
        Val::I32(100),
    );
    linker.define(&store, "host", "g", g.unwrap()).unwrap();
    let instance = linker.instantiate(&mut store, module).unwrap();
    (store, instance)
}

/// What a module of [`TEXT`] must do.
fn check(engine: &Engine, module: &Module) {
    for _ in 0..2 {
        let (mut store, instance) = instance(engine, module);
        let mut call = |name: &str, args: &[Val]| {
            let func = instance.get_func(&mut store, name).unwrap();
            let mut results = vec![Val::I32(0); func.ty(&store).results().len()];
            func.call(&mut store, args, &mut results).map(|()| results.first().and_then(Val::i32))
        };
        assert_eq!(call("indirect", &[Val::I32(0)]).unwrap(), Some(42));
        assert_eq!(call("indirect", &[Val::I32(1)]).unwrap(), Some(38));
        assert_eq!(trap(&call("indirect", &[Val::I32(2)]).unwrap_err()), Trap::BadSignature);
        assert_eq!(trap(&call("indirect", &[Val::I32(3)]).unwrap_err()), Trap::IndirectCallToNull);
        assert_eq!(call("load", &[Val::I32(8)]).unwrap(), Some(i32::from_le_bytes(*b"cont")));
        let error = call("load", &[Val::I32(65533)]).unwrap_err();
        assert_eq!(trap(&error), Trap::MemoryOutOfBounds);
        assert_eq!(frames(&error), ["load"]);
        assert_eq!(call("caught", &[Val::I32(77)]).unwrap(), Some(77));
        call("init", &[]).unwrap();
        assert_eq!(call("load", &[Val::I32(0)]).unwrap(), Some(i32::from_le_bytes(*b"late")));
        assert_eq!(call("indirect", &[Val::I32(3)]).unwrap(), Some(38));
        assert_eq!(call("vector", &[]).unwrap(), Some(103));
        let fact = instance.get_typed_func::<i64, i64>(&mut store, "fact").unwrap();
        assert_eq!(fact.call(&mut store, 10).unwrap(), 3_628_800);
    }
}

fn same(a: &Module, b: &Module) {
    assert!(a.machine_code() == b.machine_code());
    assert!(a.functions().eq(b.functions()) && a.operator_map().eq(b.operator_map()));
    assert!(a.landings().eq(b.landings()) && a.handled_calls().eq(b.handled_calls()));
    let names = |m: &Module| {
        let imports: Vec<_> = m.imports().map(|i| format!("{} {} {}", i.module(), i.name(), i.ty())).collect();
        let exports: Vec<_> = m.exports().map(|e| format!("{} {}", e.name(), e.ty())).collect();
        (m.name().map(str::to_owned), imports, exports, m.resources_required())
    };
    assert_eq!(names(a), names(b));
    let (a, b) = (a.compile_stats(), b.compile_stats());
    assert_eq!((a.wasm_bytes, a.functions, a.machine_code_bytes), (b.wasm_bytes, b.functions, b.machine_code_bytes));
}

/// A file that is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, bytes: &[u8]) -> Temporary {
        // Tests of one process may use the same name at the same time.
        static NEXT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("headwater-{}-{number}-{name}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        Temporary(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Loads what was serialised, in both ways.
fn loaded(engine: &Engine, name: &str, bytes: &[u8]) -> [Module; 2] {
    let file = Temporary::new(name, bytes);
    // SAFETY: the bytes are what `serialize` gave, and nobody changes the file.
    unsafe { [Module::deserialize(engine, bytes).unwrap(), Module::deserialize_file(engine, file.path()).unwrap()] }
}

#[test]
fn what_is_loaded_does_what_was_compiled() {
    let compiled = module(&engine(), TEXT);
    check(compiled.engine(), &compiled);
    let bytes = compiled.serialize().unwrap();
    assert_eq!(bytes, compiled.serialize().unwrap());
    assert_eq!(Engine::detect_precompiled(&bytes), Some(Precompiled::Module));
    assert_eq!(Engine::detect_precompiled(b"\0asm\x01\0\0\0"), None);
    // Where types have other numbers than where it was compiled.
    let other = engine();
    let mut keep = Vec::new();
    for n in 1..40 {
        let text = format!("(module (func {}))", "(param i32)".repeat(n));
        keep.push(module(&other, &text));
    }
    for engine in [compiled.engine(), &engine(), &other] {
        for module in loaded(engine, "small", &bytes) {
            same(&compiled, &module);
            check(engine, &module);
            // Loaded and serialised again it is the same.
            assert_eq!(module.serialize().unwrap(), bytes);
        }
    }
    assert_eq!(engine().precompile_module(&wat::parse_str(TEXT).unwrap()).unwrap().len(), bytes.len());
}

/// With enough functions that the code has a region of its own, and is mapped from the file.
#[test]
fn large_modules_are_mapped() {
    let body = "(i32.add (i32.mul (local.get 0) (i32.const 3)) (i32.load (local.get 1)))";
    let more: String = (0..3000)
        .map(|i| {
            format!("(func $f{i} (export \"f{i}\") (param i32 i32) (result i32) {body} (i32.add (i32.const {i})))")
        })
        .collect();
    let text = format!("{} {more})", TEXT.strip_suffix(')').unwrap());
    for threads in [0, 2] {
        let engine = Engine::new(config().compile_threads(threads).map_operators(true)).unwrap();
        let compiled = module(&engine, &text);
        let bytes = compiled.serialize().unwrap();
        let before = engine.code_memory();
        let both = loaded(&engine, "large", &bytes);
        assert!(engine.code_memory() >= before + 2 * compiled.machine_code().len());
        for module in &both {
            same(&compiled, module);
            check(&engine, module);
            let (mut store, instance) = instance(&engine, module);
            let f = instance.get_typed_func::<(i32, i32), i32>(&mut store, "f2999").unwrap();
            assert_eq!(f.call(&mut store, (5, 100)).unwrap(), 15 + 2999);
            let error = f.call(&mut store, (5, -1)).unwrap_err();
            assert_eq!(frames(&error), ["f2999"]);
            assert_eq!(module.serialize().unwrap(), bytes);
        }
        drop(both);
        assert!(engine.code_memory() < before + (16 << 10), "trampolines are all that may be left");
    }
}

fn refusal(engine: &Engine, bytes: &[u8]) -> String {
    let file = Temporary::new("refused", bytes);
    // SAFETY: what is damaged is refused, and what was compiled for others, too.
    let [a, b] = unsafe { [Module::deserialize(engine, bytes), Module::deserialize_file(engine, file.path())] };
    let (a, b) = (a.unwrap_err(), b.unwrap_err());
    assert_eq!(b.to_string(), format!("{} could not be loaded", file.path().display()));
    assert_eq!(a.to_string(), b.root_cause().to_string());
    a.to_string()
}

#[test]
fn what_does_not_fit_is_refused_with_the_reason() {
    let with = |change: &dyn Fn(&mut Config)| {
        let mut config = Config::new();
        change(&mut config);
        Engine::new(&config).unwrap()
    };
    let plain = Engine::default();
    let text = r#"(module (memory 1) (func (export "f") (result i32) (i32.popcnt (i32.load (i32.const 0)))))"#;
    let bytes = module(&plain, text).serialize().unwrap();
    type Change<'a> = &'a dyn Fn(&mut Config);
    let cases: [(Change<'_>, &str); 8] = [
        (&|c| _ = c.consume_fuel(true), "consume_fuel = false, the engine has true"),
        (&|c| _ = c.epoch_interruption(true), "epoch_interruption = false, the engine has true"),
        (&|c| _ = c.memory_reservation(1 << 20), "memory_reservation = 4294967296, the engine has 1048576"),
        (&|c| _ = c.memory_guard_size(1 << 20), "memory_guard_size = 4295032832, the engine has 1048576"),
        (&|c| _ = c.wasm_simd(false), "compiled with the features = "),
        (&|c| _ = c.mask_indices(true), "mask_indices = false, the engine has true"),
        (&|c| _ = c.branch_protection(true), "branch_protection = false, the engine has true"),
        (&|c| _ = c.relaxed_simd_deterministic(true), "relaxed_simd_deterministic = false, the engine has true"),
    ];
    for (change, expected) in cases {
        let why = refusal(&with(change), &bytes);
        assert!(
            why.starts_with("the serialised module does not fit: it was compiled with ") && why.contains(expected),
            "{why}"
        );
    }
    // Of another instruction set; made there, it is refused here.
    let foreign = if cfg!(target_arch = "x86_64") { Target::AARCH64 } else { Target::X64_BASELINE };
    let abroad = with(&|c| _ = c.compile_for(foreign));
    let made = abroad.precompile_module(&wat::parse_str(text).unwrap()).unwrap();
    assert!(refusal(&plain, &made).contains(&format!("compiled for {}, the engine is for", foreign.name())));
    // Features of the processor: fewer are welcome.
    let baseline = with(&|c| _ = c.compile_for(Target::host().unwrap().baseline()));
    let modest = module(&baseline, text).serialize().unwrap();
    // SAFETY: it is what `serialize` gave.
    assert!(unsafe { Module::deserialize(&plain, &modest) }.is_ok());
    if Target::host().unwrap().features().next().is_some() {
        let why = refusal(&baseline, &bytes);
        assert!(why.contains("its code uses the processor feature "), "{why}");
    }
}

#[test]
fn what_is_damaged_is_refused_wherever_it_is() {
    let engine = engine();
    let bytes = module(&engine, TEXT).serialize().unwrap();
    // SAFETY: what is damaged is refused.
    let outcome = |bytes: &[u8]| unsafe { Module::deserialize(&engine, bytes) }.map(drop).map_err(|e| e.to_string());
    assert_eq!(outcome(&bytes), Ok(()));
    assert_eq!(outcome(b""), Err("this is not a serialised module".into()));
    assert_eq!(outcome(b"\0asm\x01\0\0\0"), Err("this is not a serialised module".into()));
    for len in (8..bytes.len()).step_by(997).chain([8, 47, 48, 49, bytes.len() - 1]) {
        let why = outcome(&bytes[..len]).unwrap_err();
        assert!(why.contains("is damaged") || why.contains("ends too early"), "{len}: {why}");
    }
    for at in (0..bytes.len()).step_by(331).chain(0..64) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(outcome(&changed).is_err(), "a change at {at} went unnoticed");
    }
    // One that is mapped has at least its head checked.
    for at in (0..700).step_by(7) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        refusal(&engine, &changed);
    }
    let missing = Path::new("/does/not/exist");
    // SAFETY: there is no such file.
    let error = unsafe { Module::deserialize_file(&engine, missing) }.unwrap_err();
    assert_eq!(error.to_string(), "/does/not/exist could not be loaded");
    assert!(Engine::detect_precompiled_file(missing).is_err());
}

#[test]
fn a_file_can_be_replaced_while_its_module_lives() {
    let engine = engine();
    let compiled = module(&engine, TEXT);
    let file = Temporary::new("replaced", &compiled.serialize().unwrap());
    // SAFETY: the file is not changed; another one takes its name.
    let loaded = unsafe { Module::deserialize_file(&engine, file.path()) }.unwrap();
    let next = Temporary::new("replacing", &module(&engine, "(module)").serialize().unwrap());
    std::fs::rename(next.path(), file.path()).unwrap();
    check(&engine, &loaded);
    // SAFETY: as above.
    assert_eq!(unsafe { Module::deserialize_file(&engine, file.path()) }.unwrap().exports().len(), 0);
}

/// Real modules, where they were fetched.
#[test]
fn real_modules_are_loaded_at_once() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/corpus");
    for name in ["sqlite", "ruby"] {
        let Ok(wasm) = std::fs::read(corpus.join(name).with_extension("wasm")) else { continue };
        let engine = Engine::new(config().compile_threads(1)).unwrap();
        let compiled = Module::new(&engine, &wasm).unwrap();
        let file = Temporary::new(name, &compiled.serialize().unwrap());
        let mut best = f64::MAX;
        for _ in 0..5 {
            let start = Instant::now();
            // SAFETY: the bytes are what `serialize` gave, and nobody changes the file.
            let module = unsafe { Module::deserialize_file(&engine, file.path()) }.unwrap();
            best = best.min(start.elapsed().as_secs_f64() * 1e3);
            assert_eq!(module.functions().count(), compiled.functions().count());
        }
        println!("{name}: {} bytes loaded in {best:.2} ms", std::fs::metadata(file.path()).unwrap().len());
    }
}

/// A file that is mapped must not change, whoever writes one of the same name meanwhile.
#[test]
fn a_file_that_several_write_at_once_is_always_whole() {
    let engine = engine();
    let compiled = module(&engine, TEXT);
    let file = Temporary::new("contended", b"");
    compiled.serialize_file(file.path()).unwrap();
    // SAFETY: the file is replaced and never changed.
    let mapped = unsafe { Module::deserialize_file(&engine, file.path()) }.unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..20 {
                    compiled.serialize_file(file.path()).unwrap();
                    // SAFETY: as above.
                    same(&compiled, &unsafe { Module::deserialize_file(&engine, file.path()) }.unwrap());
                }
            });
        }
    });
    check(&engine, &mapped);
    let error = compiled.serialize_file("/does/not/exist/x.hwm").unwrap_err();
    assert!(error.to_string().contains("No such file"), "{error}");
}
