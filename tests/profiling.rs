//! What profilers of the system are told (`Config::profiler`).

mod api_common;

use api_common::module;
use headwater::{
    Config, Engine, GuestProfiler, Instance, Module, ProfilingStrategy, Store, StoreContextMut, UpdateDeadline,
};
use std::time::Duration;

const TEXT: &str = r#"(module $named (func $first (export "f")) (func (result i32) (i32.const 7)))"#;

/// Where the functions are, and what they are called.
fn functions(module: &Module) -> Vec<(usize, usize, String)> {
    let base = module.machine_code().as_ptr().addr();
    let names = ["named::first", "named::wasm-function[1]"];
    module.functions().zip(names).map(|(f, name)| (base + f.code.start, f.code.len(), name.to_owned())).collect()
}

#[test]
fn the_map_has_a_line_for_each_function() {
    let engine = Engine::new(Config::new().profiler(ProfilingStrategy::PerfMap)).unwrap();
    let module = module(&engine, TEXT);
    let path = format!("/tmp/perf-{}.map", std::process::id());
    let map = std::fs::read_to_string(&path).unwrap();
    for (at, len, name) in functions(&module) {
        assert!(map.contains(&format!("{at:x} {len:x} {name}\n")), "{map}");
    }
    assert_eq!(map.lines().count(), 2);
    std::fs::remove_file(path).unwrap();
}

#[test]
fn the_dump_has_the_code_of_each_function() {
    let before = std::env::current_dir().unwrap();
    let dir = std::env::temp_dir().join(format!("headwater-jitdump-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::env::set_current_dir(&dir).unwrap();
    let engine = Engine::new(Config::new().profiler(ProfilingStrategy::JitDump)).unwrap();
    let module = module(&engine, TEXT);
    std::env::set_current_dir(before).unwrap();
    let dump = std::fs::read(dir.join(format!("jit-{}.dump", std::process::id()))).unwrap();
    std::fs::remove_dir_all(dir).unwrap();
    let u32_at = |at: usize| u32::from_ne_bytes(dump[at..at + 4].try_into().unwrap());
    let u64_at = |at: usize| u64::from_ne_bytes(dump[at..at + 8].try_into().unwrap());
    assert_eq!((u32_at(0), u32_at(4), u32_at(8)), (0x4a69_5444, 1, 40));
    let mut at = 40;
    for (i, (address, len, name)) in functions(&module).into_iter().enumerate() {
        assert_eq!((u32_at(at), u32_at(at + 4) as usize), (0, 56 + name.len() + 1 + len));
        assert_eq!((u64_at(at + 24), u64_at(at + 32)), (address as u64, address as u64));
        assert_eq!((u64_at(at + 40), u64_at(at + 48)), (len as u64, i as u64));
        let code = at + 56 + name.len() + 1;
        assert_eq!(&dump[at + 56..code], format!("{name}\0").as_bytes());
        let start = address - module.machine_code().as_ptr().addr();
        assert_eq!(dump[code..code + len], module.machine_code()[start..start + len]);
        at = code + len;
    }
    assert_eq!(at, dump.len());
}

#[test]
fn samples_have_the_stacks_of_webassembly_code() {
    let engine = Engine::new(Config::new().epoch_interruption(true)).unwrap();
    let module = module(
        &engine,
        r#"(module $m
            (func $spin (export "spin") (param i32)
              (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
            (func $outer (export "outer") (call $spin (i32.const 1000))))"#,
    );
    let interval = Duration::from_millis(1);
    let named = [("main".to_owned(), module.clone())];
    let profiler = GuestProfiler::new(&engine, "the program", interval, named).unwrap();
    assert!(GuestProfiler::new(&Engine::default(), "other", interval, [("m".to_owned(), module.clone())]).is_err());
    let mut store = Store::new(&engine, Some(profiler));
    let taken = |mut store: StoreContextMut<'_, Option<GuestProfiler>>| {
        let mut profiler = store.data_mut().take().unwrap();
        profiler.sample(&store, Duration::from_millis(1));
        *store.data_mut() = Some(profiler);
        Ok(UpdateDeadline::Continue(0))
    };
    store.epoch_deadline_callback(taken);
    store.call_hook(|mut store, kind| {
        let mut profiler = store.data_mut().take().unwrap();
        profiler.call_hook(&store, kind);
        *store.data_mut() = Some(profiler);
        Ok(())
    });
    let instance = Instance::new(&mut store, &module, &[]).unwrap();
    instance.get_typed_func::<(), ()>(&mut store, "outer").unwrap().call(&mut store, ()).unwrap();
    let mut json = Vec::new();
    store.data_mut().take().unwrap().finish(&mut json).unwrap();
    let profile: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(profile["meta"]["product"], "the program");
    let thread = &profile["threads"][0];
    // A sample at each function and pass through the loop, and one before and after the call.
    let samples = thread["samples"]["length"].as_u64().unwrap();
    assert!((1002..1010).contains(&samples), "{samples}");
    let strings = profile.to_string();
    assert!(strings.contains("main::spin") && strings.contains("main::outer"));
    assert_eq!(thread["funcTable"]["length"], 2);
}
