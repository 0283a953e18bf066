//! A host of extism plugins upon Headwater: host functions, WASI, timeouts, limits of memory and fuel.

use extism::{Function, Manifest, PTR, PluginBuilder, UserData, Val, ValType, Wasm};
use std::time::{Duration, Instant};

/// Answers with its input, each byte changed by the host; or with a file; or never; or takes too much memory.
const PLUGIN: &str = r#"(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
    (import "extism:host/env" "output_set" (func $output (param i64 i64)))
    (import "extism:host/env" "input_length" (func $input_length (result i64)))
    (import "extism:host/env" "input_load_u8" (func $input (param i64) (result i32)))
    (import "extism:host/user" "next" (func $next (param i64) (result i64)))
    (import "wasi_snapshot_preview1" "path_open"
        (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "file") (data (i32.const 16) "\40\00\00\00\20\00\00\00")
    (func (export "shift") (result i32)
        (local $i i64) (local $at i64)
        (local.set $at (call $alloc (call $input_length)))
        (loop $bytes
            (call $store (i64.add (local.get $at) (local.get $i))
                (i32.wrap_i64 (call $next (i64.extend_i32_u (call $input (local.get $i))))))
            (local.set $i (i64.add (local.get $i) (i64.const 1)))
            (br_if $bytes (i64.lt_u (local.get $i) (call $input_length))))
        (call $output (local.get $at) (call $input_length))
        (i32.const 0))
    (func (export "file") (result i32)
        (local $i i32) (local $at i64)
        (if (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 0)
                (i64.const 2) (i64.const 2) (i32.const 0) (i32.const 32)) (then (return (i32.const 1))))
        (if (call $read (i32.load (i32.const 32)) (i32.const 16) (i32.const 1) (i32.const 36))
            (then (return (i32.const 2))))
        (local.set $at (call $alloc (i64.load32_u (i32.const 36))))
        (loop $bytes
            (call $store (i64.add (local.get $at) (i64.extend_i32_u (local.get $i)))
                (i32.load8_u offset=64 (local.get $i)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $bytes (i32.lt_u (local.get $i) (i32.load (i32.const 36)))))
        (call $output (local.get $at) (i64.load32_u (i32.const 36)))
        (i32.const 0))
    (func (export "spin") (result i32) (loop (br 0)) unreachable)
    (func (export "grow") (result i32) (drop (memory.grow (i32.const 1000))) (i32.const 0)))"#;

fn next() -> Function {
    Function::new("next", [PTR], [ValType::I64], UserData::<()>::new(()), |_, inputs, outputs, _| {
        outputs[0] = Val::I64(inputs[0].unwrap_i64() + 1);
        Ok(())
    })
}

fn builder(manifest: Manifest) -> PluginBuilder<'static> {
    PluginBuilder::new(manifest).with_wasi(true).with_functions([next()])
}

fn manifest() -> Manifest {
    Manifest::new([Wasm::data(PLUGIN.as_bytes().to_vec())])
}

#[test]
fn a_plugin_calls_functions_of_the_host() {
    let mut plugin = builder(manifest()).build().expect("a valid plugin");
    for _ in 0..3 {
        assert_eq!(plugin.call::<&str, String>("shift", "HAL").expect("it answers"), "IBM");
    }
    assert!(!plugin.function_exists("none"));
}

#[test]
fn a_plugin_reads_a_file_that_it_was_given() {
    let dir = std::env::temp_dir().join(format!("extism-host-{}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("it is writable");
    std::fs::write(dir.join("file"), "from a file").expect("it is writable");
    let given = manifest().with_allowed_path(dir.display().to_string(), "/");
    let mut plugin = builder(given).build().expect("a valid plugin");
    assert_eq!(plugin.call::<(), String>("file", ()).expect("it answers"), "from a file");
    std::fs::remove_dir_all(dir).expect("it is ours");
    let mut plugin = builder(manifest()).build().expect("a valid plugin");
    assert!(plugin.call::<(), String>("file", ()).is_err(), "it was given none");
}

#[test]
fn a_plugin_that_takes_too_long_is_ended_and_can_be_called_again() {
    let mut plugin = builder(manifest().with_timeout(Duration::from_millis(100))).build().expect("a valid plugin");
    let began = Instant::now();
    let error = plugin.call::<(), String>("spin", ()).expect_err("it never ends");
    assert_eq!(error.to_string(), "timeout");
    assert!(began.elapsed() >= Duration::from_millis(100));
    assert_eq!(plugin.call::<&str, String>("shift", "HAL").expect("it answers"), "IBM");
}

#[test]
fn a_plugin_can_be_cancelled_from_elsewhere() {
    let mut plugin = builder(manifest()).build().expect("a valid plugin");
    let handle = plugin.cancel_handle();
    let other = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        handle.cancel().expect("its thread lives");
    });
    plugin.call::<(), String>("spin", ()).expect_err("it never ends");
    other.join().expect("it does not panic");
}

#[test]
fn limits_of_memory_and_fuel_hold() {
    let mut plugin = builder(manifest().with_memory_max(20)).build().expect("a valid plugin");
    let error = plugin.call::<(), String>("grow", ()).expect_err("too much");
    assert_eq!(error.to_string(), "oom");
    let mut plugin = builder(manifest()).with_fuel_limit(100_000).build().expect("a valid plugin");
    let error = plugin.call::<(), String>("spin", ()).expect_err("it never ends");
    assert_eq!(error.to_string(), "plugin ran out of fuel");
    assert_eq!(plugin.call::<&str, String>("shift", "HAL").expect("the fuel is new"), "IBM");
}

#[test]
fn a_trap_leaves_a_core_dump_where_one_is_asked_for() {
    let file = std::env::temp_dir().join(format!("extism-host-{}.coredump", std::process::id()));
    let options = extism::DebugOptions { coredump: Some(file.clone()), ..Default::default() };
    let text = r#"(module (memory (export "memory") 1) (func (export "f") (result i32) unreachable))"#;
    let mut plugin = PluginBuilder::new(Manifest::new([Wasm::data(text.as_bytes().to_vec())]))
        .with_debug_options(options)
        .build()
        .expect("a valid plugin");
    plugin.call::<(), String>("f", ()).expect_err("it traps");
    assert!(std::fs::read(&file).expect("there is a dump").starts_with(b"\0asm"));
    std::fs::remove_file(file).expect("it is ours");
}
