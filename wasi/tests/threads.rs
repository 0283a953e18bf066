//! Threads of a program: they share its memory and its files, and tell of their errors.

use headwater::{Config, Engine, Linker, Module, Store, Trap};
use headwater_wasi::p1::{self, WasiP1Ctx};
use headwater_wasi::pipe::MemoryOutputPipe;
use headwater_wasi::threads::Threads;
use headwater_wasi::{I32Exit, WasiCtxBuilder};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const STACK: usize = 2 << 20;

/// A program whose threads run `body`, and which exports `spawn`.
fn source(body: &str) -> String {
    format!(
        r#"(module
            (import "env" "memory" (memory 1 1 shared))
            (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
            (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
            (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
            (export "memory" (memory 0))
            (data (i32.const 64) "\50\00\00\00\06\00\00\00") (data (i32.const 80) "thread")
            (func (export "wasi_thread_start") (param $id i32) (param $argument i32) {body})
            (func (export "spawn") (param i32) (result i32) (call $spawn (local.get 0))))"#
    )
}

struct Program {
    store: Store<WasiP1Ctx>,
    spawn: headwater::TypedFunc<i32, i32>,
    failed: Receiver<headwater::Error>,
    stdout: MemoryOutputPipe,
    /// Threads begin as long as this lives.
    _threads: Arc<Threads<WasiP1Ctx>>,
}

fn program(text: &str) -> headwater::Result<Program> {
    let engine = Engine::new(Config::new().epoch_interruption(true))?;
    let module = Module::new(&engine, wat::parse_str(text)?)?;
    let mut linker = Linker::new(&engine);
    p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
    let stdout = MemoryOutputPipe::new(100);
    let ctx = WasiCtxBuilder::new().stdout(stdout.clone()).build_p1();
    let mut store = Store::new(&engine, ctx.clone());
    store.set_epoch_deadline(1);
    let (tell, failed) = channel();
    let new_store = move |engine: &Engine| {
        let mut store = Store::new(engine, ctx.clone());
        store.set_epoch_deadline(1);
        Ok(store)
    };
    let threads = Threads::new(&mut linker, &mut store, &module, STACK, new_store, move |error| {
        tell.send(error).expect("the test waits");
    })?;
    let instance = threads.instance_pre().instantiate(&mut store)?;
    let spawn = instance.get_typed_func(&mut store, "spawn")?;
    Ok(Program { store, spawn, failed, stdout, _threads: threads })
}

impl Program {
    fn spawn(&mut self, argument: i32) -> i32 {
        self.spawn.call(&mut self.store, argument).expect("beginning a thread does not trap")
    }
}

#[test]
fn threads_have_numbers_and_write_to_the_same_files() {
    let text = source(
        "(drop (call $write (i32.const 1) (i32.const 64) (i32.const 1) (i32.const 72)))
         (call $exit (i32.add (local.get $id) (local.get $argument)))",
    );
    let mut program = program(&text).expect("a program with threads");
    assert_eq!(program.spawn(40), 1);
    let error = program.failed.recv().expect("the thread exits");
    assert_eq!(error.downcast_ref(), Some(&I32Exit(41)));
    assert_eq!(program.spawn(50), 2);
    assert_eq!(program.failed.recv().expect("the thread exits").downcast_ref(), Some(&I32Exit(52)));
    assert_eq!(program.stdout.contents(), b"threadthread");
}

#[test]
fn a_trap_of_a_thread_is_told() {
    let mut program = program(&source("unreachable")).expect("a program with threads");
    assert!(program.spawn(0) > 0);
    let error = program.failed.recv().expect("the thread traps");
    assert_eq!(error.downcast_ref(), Some(&Trap::UnreachableCodeReached));
}

#[test]
fn there_are_not_more_threads_than_the_limit_and_an_epoch_ends_them() {
    let waits = "(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))";
    let mut program = program(&source(waits)).expect("a program with threads");
    let begun = (0..300).filter(|_| program.spawn(0) > 0).count();
    assert_eq!(begun, 256);
    for _ in 0..begun {
        let error = loop {
            // The deadline of a thread is the next epoch after it has begun.
            program.store.engine().increment_epoch();
            if let Ok(error) = program.failed.recv_timeout(Duration::from_millis(1)) {
                break error;
            }
        };
        assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt), "{error:#}");
    }
}

#[test]
fn a_program_without_threads_is_told_what_it_lacks() {
    let error = program("(module)").err().expect("no threads");
    assert!(error.to_string().contains("exports no function `wasi_thread_start`"), "{error}");
    let error = program(r#"(module (func (export "wasi_thread_start")))"#).err().expect("another type");
    assert!(error.to_string().contains("another type than (i32, i32)"), "{error}");
}
