//! A program with WASI: its arguments and directory, and where its output goes.
//!
//! `cargo run -p headwater-wasi --example wasi` runs a small program and prints what it wrote;
//! `cargo run -p headwater-wasi --example wasi -- program.wasm arguments...` runs another one, with the streams of this
//! process and the current directory.

use headwater::{Engine, Linker, Module, Store};
use headwater_wasi::p1::{self, WasiP1Ctx};
use headwater_wasi::pipe::MemoryOutputPipe;
use headwater_wasi::{DirPerms, FilePerms, I32Exit, WasiCtxBuilder};

/// Writes its first argument.
const PROGRAM: &str = r#"(module
    (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\00\01\00\00\05\00\00\00")
    (func (export "_start")
        (drop (call $args (i32.const 0) (i32.const 256)))
        (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 32)))))"#;

/// Runs a command to its end. What it returns is its exit status.
fn run(engine: &Engine, module: &Module, wasi: WasiP1Ctx) -> headwater::Result<i32> {
    let mut linker = Linker::new(engine);
    p1::add_to_linker_sync(&mut linker, |wasi| wasi)?;
    let mut store = Store::new(engine, wasi);
    let instance = linker.instantiate(&mut store, module)?;
    match instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ()) {
        Ok(()) => Ok(0),
        Err(error) => error.downcast_ref::<I32Exit>().map(|exit| exit.0).ok_or(error),
    }
}

fn main() -> headwater::Result<()> {
    let engine = Engine::default();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(file) = arguments.first().filter(|file| file.ends_with(".wasm")) {
        let module = Module::from_file(&engine, file)?;
        let mut wasi = WasiCtxBuilder::new();
        wasi.inherit_stdio().args(&arguments).preopened_dir(".", ".", DirPerms::all(), FilePerms::all())?;
        std::process::exit(run(&engine, &module, wasi.build_p1())?);
    }
    let module = Module::new(&engine, wat::parse_str(PROGRAM)?)?;
    let stdout = MemoryOutputPipe::new(4096);
    let wasi = WasiCtxBuilder::new().arg("hello").stdout(stdout.clone()).build_p1();
    let status = run(&engine, &module, wasi)?;
    println!("it wrote {:?} and ended with {status}", String::from_utf8_lossy(&stdout.contents()));
    assert_eq!(stdout.contents(), b"hello");
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("the example works");
}
