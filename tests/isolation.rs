//! What isolates programs from each other and from their host: pages that are writable or executable and never both,
//! code that exists exactly as long as something can run it, guards around memories, memories and tables that start
//! empty whatever their pages held before, and engines that are independent of each other.
//!
//! The tests read the process's mappings (`/proc/self/maps`), one at a time. That objects cannot be mixed is in
//! tests/classes/i_mixing.rs; that hardware faults of the host stay the host's, in tests/api_signals.rs.

#![cfg(target_os = "linux")]

mod api_common;

use api_common::{emulator, module, trap};
use headwater::{
    Caller, Config, Engine, Func, Instance, Linker, Memory, MemoryType, Module, Ref, RefType, Store, StreamingCompiler,
    Table, TableType, Trap, WasmBacktrace,
};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// One test at a time: what one frees must not be what another one has just got.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A line of the process's maps.
#[derive(Clone, Debug)]
struct Mapped {
    range: Range<usize>,
    permissions: String,
    file: String,
}

fn maps() -> Vec<Mapped> {
    let text = std::fs::read_to_string("/proc/self/maps").expect("the system tells");
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let (range, permissions) = (words.next()?, words.next()?);
        let (start, end) = range.split_once('-')?;
        let address = |text| usize::from_str_radix(text, 16).ok();
        let file = words.skip(3).collect::<Vec<_>>().join(" ");
        Some(Mapped { range: address(start)?..address(end)?, permissions: permissions.to_string(), file })
    };
    text.lines().map(|l| line(l).unwrap_or_else(|| panic!("not understood: {l}"))).collect()
}

/// The access allowed at `address`.
fn permissions(address: usize) -> Option<String> {
    maps().into_iter().find(|m| m.range.contains(&address)).map(|m| m.permissions)
}

fn is_executable(address: usize) -> bool {
    permissions(address).is_some_and(|p| p.contains('x'))
}

/// Whether all of `range` is mapped and nothing is allowed there.
fn is_guard(range: Range<usize>) -> bool {
    let mut at = range.start;
    for m in maps() {
        if m.range.contains(&at) {
            if !m.permissions.starts_with("---") {
                return false;
            }
            at = m.range.end;
        }
        if at >= range.end {
            return true;
        }
    }
    false
}

fn engine(set: impl FnOnce(&mut Config) -> &mut Config) -> Engine {
    let mut config = api_common::config();
    set(&mut config);
    Engine::new(&config).expect("the settings work everywhere")
}

/// A module of `funcs` functions; some hundred are a large module, with code memory of its own.
fn of_functions(funcs: usize) -> Vec<u8> {
    let mut text = r#"(module (import "host" "pause" (func $pause)) (memory 1) (table 4 funcref)
        (elem (i32.const 0) $f0)
        (func (export "trap") (call $deep (i32.const 3))) (func $deep (param i32)
            (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))
            (else (i32.store (i32.const -1) (i32.const 0)))))
        (func (export "pause") (result i32) (call $pause) (call $f0 (i32.const 1) (i64.const 2)))"#
        .to_string();
    for i in 0..funcs {
        write!(text, "(func $f{i} (export \"f{i}\") (param i32 i64) (result i32) (local i32 i32)")
            .expect("strings take everything");
        for j in 0..20 {
            write!(
                text,
                "(local.set 2 (i32.add (local.get 0) (i32.mul (i32.const {}) (i32.load offset={j} (local.get 3)))))
                 (if (i32.lt_s (local.get 2) (i32.const -5)) (then (local.set 3 (call $f{} (local.get 2) \
                 (local.get 1)))))",
                i + j,
                (i * 7 + 3 + j) % funcs
            )
            .expect("strings take everything");
        }
        text += "(i32.add (local.get 2) (i32.const 40)))";
    }
    wat::parse_str(&(text + ")")).expect("the text is well-formed")
}

const LARGE: usize = 600;

fn linker<T: 'static>(engine: &Engine) -> Linker<T> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("host", "pause", || {}).expect("the name is free");
    linker
}

#[test]
fn no_page_is_ever_writable_and_executable() {
    let _alone = alone();
    let (large, small) = (of_functions(LARGE), of_functions(2));
    let (done, samples) = (AtomicBool::new(false), AtomicUsize::new(0));
    let found = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                let maps = maps();
                let mut bad: Vec<Mapped> = maps
                    .iter()
                    .filter(|m| m.permissions.contains('w') && m.permissions.contains('x'))
                    .cloned()
                    .collect();
                // The same file mapped twice would be as bad.
                let writable = |m: &Mapped| m.permissions.starts_with("rw-s");
                for file in maps.iter().filter(|m| writable(m) && !m.file.is_empty()) {
                    bad.extend(maps.iter().filter(|m| m.file == file.file && m.permissions.contains('x')).cloned());
                }
                samples.fetch_add(1, Ordering::Relaxed);
                if !bad.is_empty() {
                    found.lock().expect("nobody panics").extend(bad);
                    return;
                }
            }
        });
        let rounds = if emulator::name().is_some() { 1 } else { 4 };
        for round in 0..rounds {
            for threads in [0, 1, 2] {
                let engine = engine(|c| c.compile_threads(threads));
                let linker = linker::<()>(&engine);
                let mut kept: Vec<(Store<()>, Instance)> = Vec::new();
                for (bytes, chunk) in [(&large, 5000), (&small, 10), (&large, usize::MAX), (&small, usize::MAX)] {
                    let mut compiler = StreamingCompiler::new(&engine);
                    let mut other = StreamingCompiler::new(&engine);
                    for (i, chunk) in bytes.chunks(chunk.min(bytes.len())).enumerate() {
                        compiler.push(chunk).expect("nothing is wrong");
                        // Other code runs, and another stream is abandoned, while this one continues.
                        if let Some((store, instance)) = kept.last_mut() {
                            let f =
                                instance.get_typed_func::<(i32, i64), i32>(&mut *store, "f1").expect("it is exported");
                            f.call(store, (i as i32 & 7, 2)).expect("no trap");
                        }
                        if i % 8 == round {
                            other = StreamingCompiler::new(&engine);
                        }
                        let _ = other.push(if i % 8 == round + 1 { bytes } else { b"" });
                    }
                    let module = compiler.finish().expect("it is complete");
                    let mut store = Store::new(&engine, ());
                    let instance = linker.instantiate(&mut store, &module).expect("everything is defined");
                    let run = instance.get_typed_func::<(), ()>(&mut store, "trap").expect("it is exported");
                    assert_eq!(trap(&run.call(&mut store, ()).expect_err("it traps")), Trap::MemoryOutOfBounds);
                    kept.push((store, instance));
                }
                kept.truncate(2);
                // New types, for which trampolines are made.
                for n in 0..30 {
                    let ty = format!("(func (param {}))", "i64 ".repeat(n + round * 30));
                    let module = module(&engine, &format!("(module (type $t {ty}) (func (export \"f\") (type $t)))"));
                    let (store, _) = kept.last_mut().expect("two are kept");
                    Instance::new(&mut *store, &module, &[]).expect("nothing is imported");
                }
            }
        }
        done.store(true, Ordering::Release);
    });
    let found = found.into_inner().expect("nobody panics");
    assert!(found.is_empty(), "{found:?}");
    assert!(samples.into_inner() >= 3);
}

#[test]
fn machine_code_is_never_writable_once_there_is_a_module() {
    let _alone = alone();
    for threads in [0, 2] {
        let engine = engine(|c| c.compile_threads(threads));
        for funcs in [2, LARGE] {
            let module = Module::new(&engine, of_functions(funcs)).expect("it is valid");
            let code = module.machine_code().as_ptr_range();
            for at in (code.start as usize..code.end as usize).step_by(4096).chain([code.end as usize - 1]) {
                assert_eq!(permissions(at).as_deref(), Some("r-xp"), "{at:#x}");
            }
        }
    }
}

/// A user that can still run the code of a module, or query it.
type User = Box<dyn std::any::Any>;

#[test]
fn the_code_of_a_module_goes_with_its_last_user_and_not_before() {
    let _alone = alone();
    type Make = fn(&Engine, &Module) -> User;
    let users: [(&str, Make); 7] = [
        ("a handle", |_, module| Box::new(module.clone())),
        ("a store with an instance", |engine, module| {
            let mut store = Store::new(engine, ());
            linker(engine).instantiate(&mut store, module).expect("everything is defined");
            Box::new(store)
        }),
        ("a store with a function in a table", |engine, module| {
            let mut store = Store::new(engine, ());
            let instance = linker(engine).instantiate(&mut store, module).expect("everything is defined");
            let f = instance.get_func(&mut store, "f1").expect("it is exported");
            let table =
                Table::new(&mut store, TableType::new(RefType::FUNCREF, 1, None), f.into()).expect("there is room");
            Box::new((store, table))
        }),
        ("imports that were looked up", |engine, module| {
            Box::new(linker::<()>(engine).instantiate_pre(module).expect("everything is defined"))
        }),
        ("a linker of commands", |engine, module| {
            let mut store = Store::new(engine, ());
            let mut linker = linker(engine);
            linker.module(&mut store, "it", module).expect("the names are free");
            Box::new((linker, store))
        }),
        ("the backtrace of a trap", |engine, module| {
            let mut store = Store::new(engine, ());
            let instance = linker(engine).instantiate(&mut store, module).expect("everything is defined");
            let run = instance.get_typed_func::<(), ()>(&mut store, "trap").expect("it is exported");
            let error = run.call(&mut store, ()).expect_err("it traps");
            drop(store);
            assert_eq!(error.downcast_ref::<WasmBacktrace>().expect("it has one").frames().len(), 5);
            Box::new(error)
        }),
        ("a backtrace that a host function took", |engine, module| {
            let mut linker = Linker::new(engine);
            linker
                .func_wrap("host", "pause", |mut caller: Caller<'_, Option<WasmBacktrace>>| {
                    let trace = WasmBacktrace::capture(&caller);
                    *caller.data_mut() = Some(trace);
                })
                .expect("the name is free");
            let mut store = Store::new(engine, None);
            let instance = linker.instantiate(&mut store, module).expect("everything is defined");
            let run = instance.get_typed_func::<(), i32>(&mut store, "pause").expect("it is exported");
            run.call(&mut store, ()).expect("no trap");
            Box::new(store.into_data().expect("it was taken"))
        }),
    ];
    for threads in [0, 1] {
        let engine = engine(|c| c.compile_threads(threads));
        for funcs in [2, LARGE] {
            for (who, make) in &users {
                let module = Module::new(&engine, of_functions(funcs)).expect("it is valid");
                let code = module.machine_code().as_ptr_range();
                let places = [code.start as usize, code.end as usize - 1];
                let user = make(&engine, &module);
                drop(module);
                assert!(places.into_iter().all(is_executable), "{who} has lost the code of {funcs} functions");
                drop(user);
                assert!(!places.into_iter().any(is_executable), "{who} has left the code of {funcs} functions");
            }
        }
        assert!(engine.code_memory() < 1 << 20, "what is left are trampolines: {}", engine.code_memory());
    }
}

/// A frame of the module is on the stack of one thread while all other users go on another; code that runs stays.
#[test]
fn code_that_is_running_stays_whoever_drops_what() {
    let _alone = alone();
    for funcs in [2, LARGE] {
        let engine = engine(|c| c.compile_threads(1));
        let module = Module::new(&engine, of_functions(funcs)).expect("it is valid");
        let code = module.machine_code().as_ptr_range();
        let place = code.start as usize;
        let (paused, wait_for_pause) = mpsc::channel();
        let (go_on, wait) = mpsc::channel();
        let wait = Mutex::new(wait);
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap("host", "pause", move || {
                paused.send(()).expect("somebody waits");
                wait.lock().expect("nobody panics").recv().expect("somebody sends");
            })
            .expect("the name is free");
        let runner = thread::spawn({
            let (engine, module) = (engine.clone(), module.clone());
            move || {
                let mut store = Store::new(&engine, ());
                let instance = linker.instantiate(&mut store, &module).expect("everything is defined");
                drop((engine, module, linker));
                let run = instance.get_typed_func::<(), i32>(&mut store, "pause").expect("it is exported");
                run.call(&mut store, ()).expect("no trap")
            }
        });
        wait_for_pause.recv().expect("it pauses");
        drop((module, engine));
        assert!(is_executable(place));
        // Others come and go meanwhile.
        for _ in 0..5 {
            let other = self::engine(|c| c);
            drop(Module::new(&other, of_functions(3)).expect("it is valid"));
        }
        go_on.send(()).expect("it waits");
        assert_eq!(runner.join().expect("it does not panic"), 41);
        assert!(!is_executable(place), "the last user is gone");
    }
}

/// The memories that a program has: mapped where they are, nothing around them.
#[test]
fn guards_are_before_and_after_memories() {
    let _alone = alone();
    const GIB: usize = 1 << 30;
    let text = r#"(module (memory (export "a") 1 30) (memory (export "b") 0) (memory (export "c") 2) (data (memory 2)
        (i32.const 70000) "data")
        (func (export "grow") (drop (memory.grow 0 (i32.const 7))) (drop (memory.grow 1 (i32.const 1))))
        (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "far") (param i32) (result i32) (i32.load8_u offset=0xffffffff (local.get 0)))
        (func (export "wide") (param i32) (result i64) (i64.load offset=0xffffffff (local.get 0))))"#;
    for modes in ["", "offsets", "checked"] {
        let engine = engine(|c| c.test_modes(modes));
        let module = module(&engine, text);
        // From the second instance on there is an image.
        for _ in 0..3 {
            let mut store = Store::new(&engine, ());
            let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
            let host = Memory::new(&mut store, MemoryType::new(3, Some(5))).expect("there is room");
            let mut memories: Vec<Memory> =
                ["a", "b", "c"].iter().map(|n| instance.get_memory(&mut store, n).expect("it is exported")).collect();
            memories.push(host);
            let check = |store: &Store<()>| {
                for memory in &memories {
                    let (base, len) = (memory.data_ptr(store) as usize, memory.data_size(store));
                    if len > 0 {
                        for at in [base, base + len - 1] {
                            let p = permissions(at).expect("it is mapped");
                            assert!(p.starts_with("rw-"), "{p}");
                        }
                    }
                    // Whatever a 32-bit address and offset reach, where accesses are not checked.
                    let after = match modes {
                        "" => 8 * GIB + (1 << 16),
                        "offsets" => 4 * GIB + (1 << 16),
                        _ => len,
                    };
                    let with_modes_of_tests = std::env::var("HEADWATER_TEST_MODES").is_ok_and(|m| !m.is_empty());
                    if !with_modes_of_tests {
                        assert!(
                            is_guard(base + len..base + after.max(len + 1)) || after == len,
                            "`{modes}`: after {base:#x}, {len:#x} bytes"
                        );
                        // What a sign-extended address would reach, where accesses are not checked.
                        let before = if modes == "checked" { 1 << 16 } else { 2 * GIB };
                        assert!(is_guard(base - before..base), "`{modes}`: before {base:#x}");
                    }
                }
            };
            check(&store);
            instance
                .get_typed_func::<(), ()>(&mut store, "grow")
                .expect("it is exported")
                .call(&mut store, ())
                .expect("there is room");
            host.grow(&mut store, 2).expect("there is room");
            check(&store);
            for address in [8 << 16, 0x7fff_ffff, -1, i32::MIN] {
                for name in ["load", "far"] {
                    let f = instance.get_typed_func::<i32, i32>(&mut store, name).expect("it is exported");
                    assert_eq!(trap(&f.call(&mut store, address).expect_err("beyond")), Trap::MemoryOutOfBounds);
                }
                let f = instance.get_typed_func::<i32, i64>(&mut store, "wide").expect("it is exported");
                assert_eq!(trap(&f.call(&mut store, address).expect_err("beyond")), Trap::MemoryOutOfBounds);
            }
            let f = instance.get_typed_func::<i32, i32>(&mut store, "load").expect("it is exported");
            assert_eq!(f.call(&mut store, (8 << 16) - 1).expect("inside"), 0);
        }
    }
}

/// Memories of one program come to lie where those of others were.
#[test]
fn memories_and_tables_begin_empty_whoever_had_their_pages() {
    let _alone = alone();
    let dirty = r#"(module (memory (export "m") 1 8) (table (export "t") 3 50 funcref)
        (table (export "e") 3 50 externref)
        (func $f (export "dirt") (drop (memory.grow (i32.const 4))) (memory.fill (i32.const 0) (i32.const 0xaa)
        (i32.const 327680))
            (drop (table.grow 0 (ref.func $f) (i32.const 40))) (table.fill 0 (i32.const 0) (ref.func $f)
            (i32.const 3))))"#;
    let with_image =
        dirty.replace("(table (export \"t\")", "(data (i32.const 1000) \"an image\") (table (export \"t\")");
    let clean = r#"(module (memory (export "m") 1 8) (table (export "t") 3 50 funcref)
        (table (export "e") 3 50 externref)
        (func (export "grow") (drop (memory.grow (i32.const 5))) (drop (table.grow 0 (ref.null func)
        (i32.const 40)))))"#;
    for modes in ["", "offsets", "checked"] {
        let engines = [engine(|c| c.test_modes(modes)), engine(|c| c.test_modes(modes))];
        let mut bases = std::collections::HashSet::new();
        let mut used_again = 0;
        for round in 0..12 {
            let engine = &engines[round % 2];
            let module = module(engine, if round % 3 == 0 { &with_image } else { dirty });
            {
                // Twice, so that there is an image.
                for _ in 0..2 {
                    let mut store = Store::new(engine, ());
                    let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
                    let dirt = instance.get_typed_func::<(), ()>(&mut store, "dirt").expect("it is exported");
                    dirt.call(&mut store, ()).expect("there is room");
                    let memory = instance.get_memory(&mut store, "m").expect("it is exported");
                    assert!(memory.data(&store).iter().all(|&b| b == 0xaa));
                    bases.insert(memory.data_ptr(&store) as usize);
                }
            }
            let engine = &engines[round / 2 % 2];
            let module = api_common::module(engine, clean);
            let mut store = Store::new(engine, ());
            let instance = Instance::new(&mut store, &module, &[]).expect("nothing is imported");
            let memory = instance.get_memory(&mut store, "m").expect("it is exported");
            used_again += usize::from(bases.contains(&(memory.data_ptr(&store) as usize)));
            let host = Memory::new(&mut store, MemoryType::new(1, Some(8))).expect("there is room");
            for memory in [memory, host] {
                assert!(memory.data(&store).iter().all(|&b| b == 0), "`{modes}`");
            }
            let grow = instance.get_typed_func::<(), ()>(&mut store, "grow").expect("it is exported");
            grow.call(&mut store, ()).expect("there is room");
            host.grow(&mut store, 5).expect("there is room");
            for memory in [memory, host] {
                assert_eq!(memory.size(&store), 6);
                assert!(memory.data(&store).iter().all(|&b| b == 0), "`{modes}`");
            }
            let table = instance.get_table(&mut store, "t").expect("it is exported");
            let externs = instance.get_table(&mut store, "e").expect("it is exported");
            for i in 0..43 {
                assert!(table.get(&mut store, i).expect("in bounds").is_null());
                assert!(externs.get(&mut store, i).is_none_or(|r| r.is_null()));
            }
        }
        assert!(used_again > 0 || modes == "checked", "`{modes}`: no pages were used again, so that nothing was shown");
    }
}

/// Programs of engines with different settings call each other through their hosts, and trap, on one thread.
#[test]
fn engines_with_different_settings_share_a_thread_and_nothing_else() {
    let _alone = alone();
    let text = r#"(module (import "host" "other" (func $other (param i32) (result i32))) (memory (export "m") 1)
        (global $n (mut i32) (i32.const 0))
        (func (export "run") (param i32) (result i32) (local i64 f64) (local.set 1 (i64.const 77))
        (local.set 2 (f64.const 1.5))
            (global.set $n (i32.add (global.get $n) (i32.const 1)))
            (i32.store (i32.const 8) (local.get 0))
            (if (i32.eqz (local.get 0)) (then (i32.store (i32.const -4) (i32.const 1))))
            (drop (call $other (i32.sub (local.get 0) (i32.const 1))))
            (if (i64.ne (local.get 1) (i64.const 77)) (then (unreachable)))
            (if (f64.ne (local.get 2) (f64.const 1.5)) (then (unreachable)))
            (i32.add (i32.load (i32.const 8)) (global.get $n))))"#;
    /// A store, with the ones below it.
    struct Level(Option<(Store<Level>, Instance)>);
    fn level(modes: &[&str], text: &str) -> (Store<Level>, Instance) {
        let engine = engine(|c| c.test_modes(modes[0]));
        let module = module(&engine, text);
        let below = modes.get(1).map(|_| level(&modes[1..], text));
        let mut store = Store::new(&engine, Level(below));
        let mut linker = Linker::new(&engine);
        linker
            .func_wrap("host", "other", |mut caller: Caller<'_, Level>, n: i32| -> i32 {
                let Some((store, instance)) = &mut caller.data_mut().0 else { return 0 };
                let run = instance.get_typed_func::<i32, i32>(&mut *store, "run").expect("it is exported");
                match run.call(store, n) {
                    Ok(n) => n,
                    Err(error) => {
                        assert_eq!(trap(&error), Trap::MemoryOutOfBounds);
                        -1
                    }
                }
            })
            .expect("the name is free");
        let instance = linker.instantiate(&mut store, &module).expect("everything is defined");
        (store, instance)
    }
    let (mut store, instance) =
        level(&["", "poison", "checked,masks", "offsets,spill", "pads,slabs", "poison,interrupts,fuel"], text);
    let run = instance.get_typed_func::<i32, i32>(&mut store, "run").expect("it is exported");
    for round in 1..20 {
        // Each level writes its own number to its own memory, and the one that gets 0 traps.
        let n = round % 6 + 1;
        assert_eq!(run.call(&mut store, n).expect("the first does not trap"), n + round);
        let mut number = n;
        let (mut store, mut instance): (&mut Store<Level>, Instance) = (&mut store, instance);
        loop {
            let memory = instance.get_memory(&mut *store, "m").expect("it is exported");
            assert_eq!(memory.data(&*store)[8], number as u8);
            assert!(memory.data(&*store)[12..].iter().all(|&b| b == 0));
            number -= 1;
            let Some((below, i)) = &mut store.data_mut().0 else { break };
            if number < 0 {
                break;
            }
            (store, instance) = (below, *i);
        }
    }
    // A function of one is not a function of another.
    let other = engine(|c| c);
    let mut foreign = Store::new(&other, ());
    let f = Func::wrap(&mut foreign, || {});
    let table =
        Table::new(&mut store, TableType::new(RefType::FUNCREF, 1, None), Ref::Func(None)).expect("there is room");
    assert!(table.set(&mut store, 0, f.into()).is_err());
}
