//! Programs that wait in WASI leave their thread to others, and can be interrupted and given up.

use headwater::{Config, Engine, Linker, Module, Result, Store, Trap, UpdateDeadline};
use headwater_wasi::p1::{self, WasiP1Ctx};
use headwater_wasi::{I32Exit, WasiCtxBuilder};
use std::future::Future;
use std::io::Write;
use std::time::{Duration, Instant};

/// `sleep` waits so many milliseconds, `echo` copies a piece of its input to its output, `exit` ends the program.
const PROGRAM: &str = r#"(module
    (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (data (i32.const 128) "\00\02\00\00\00\01\00\00")
    (func (export "sleep") (param $ms i64) (result i32)
        (i32.store (i32.const 16) (i32.const 1))
        (i64.store (i32.const 24) (i64.mul (local.get $ms) (i64.const 1000000)))
        (call $poll (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 120)))
    (func (export "echo") (result i32)
        (if (call $read (i32.const 0) (i32.const 128) (i32.const 1) (i32.const 120)) (then (return (i32.const -1))))
        (i32.store (i32.const 132) (i32.load (i32.const 120)))
        (call $write (i32.const 1) (i32.const 128) (i32.const 1) (i32.const 120)))
    (func (export "exit") (call $exit (i32.const 7))))"#;

fn engine() -> Engine {
    Engine::new(Config::new().epoch_interruption(true)).expect("a supported setting")
}

/// A program whose code has until the next epoch.
async fn program(engine: &Engine, ctx: WasiP1Ctx) -> (Store<WasiP1Ctx>, headwater::Instance) {
    let module = Module::new(engine, wat::parse_str(PROGRAM).expect("valid text")).expect("a valid module");
    let mut linker = Linker::new(engine);
    p1::add_to_linker_async(&mut linker, |ctx| ctx).expect("nothing is defined yet");
    let mut store = Store::new(engine, ctx);
    store.set_epoch_deadline(1);
    let instance = linker.instantiate_async(&mut store, &module).await.expect("it has its imports");
    (store, instance)
}

async fn sleep(engine: &Engine, ms: i64) -> Result<i32> {
    let (mut store, instance) = program(engine, WasiCtxBuilder::new().build_p1()).await;
    instance.get_typed_func::<i64, i32>(&mut store, "sleep")?.call_async(&mut store, ms).await
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(future)
}

#[test]
fn what_a_program_waits_for_can_happen_on_its_own_thread() {
    block_on(async {
        let (stdin, mut input) = std::io::pipe().expect("a pipe");
        let (mut output, stdout) = std::io::pipe().expect("a pipe");
        let ctx = WasiCtxBuilder::new().stdin(stdin).stdout(stdout).build_p1();
        let (mut store, instance) = program(&engine(), ctx).await;
        let echo = instance.get_typed_func::<(), i32>(&mut store, "echo").expect("its type");
        let write = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            input.write_all(b"late").expect("the program reads");
        };
        let (status, ()) = tokio::join!(echo.call_async(&mut store, ()), write);
        assert_eq!(status.expect("no trap"), 0);
        let mut received = [0; 4];
        std::io::Read::read_exact(&mut output, &mut received).expect("the program has written");
        assert_eq!(&received, b"late");
    });
}

#[test]
fn sleeps_are_as_long_as_they_should_be_and_at_the_same_time() {
    block_on(async {
        let engine = engine();
        let began = Instant::now();
        let sleeps: Vec<_> = (0..50).map(|_| sleep(&engine, 100)).collect();
        let mut sleeps: Vec<_> = sleeps.into_iter().map(Box::pin).collect();
        let mut most = 0;
        std::future::poll_fn(|context| {
            sleeps.retain_mut(|sleep| match sleep.as_mut().poll(context) {
                std::task::Poll::Ready(status) => {
                    assert_eq!(status.expect("no trap"), 0);
                    false
                }
                std::task::Poll::Pending => true,
            });
            most = most.max(sleeps.len());
            if sleeps.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(100), "took {took:?}");
        assert_eq!(most, 50, "they do not sleep at the same time");
    });
}

#[test]
fn an_epoch_ends_a_wait_and_a_callback_lets_it_go_on() {
    block_on(async {
        let engine = engine();
        let ticks = async {
            tokio::time::sleep(Duration::from_millis(20)).await;
            engine.increment_epoch();
        };
        let (outcome, ()) = tokio::join!(sleep(&engine, 3_600_000), ticks);
        assert_eq!(outcome.expect_err("an hour is too long").downcast_ref(), Some(&Trap::Interrupt));

        let (mut store, instance) = program(&engine, WasiCtxBuilder::new().build_p1()).await;
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Continue(1)));
        let func = instance.get_typed_func::<i64, i32>(&mut store, "sleep").expect("its type");
        let began = Instant::now();
        let ticks = async {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_millis(5)).await;
                engine.increment_epoch();
            }
        };
        let (status, ()) = tokio::join!(func.call_async(&mut store, 60), ticks);
        assert_eq!(status.expect("it goes on"), 0);
        assert!(began.elapsed() >= Duration::from_millis(59), "took {:?}", began.elapsed());
    });
}

#[test]
fn a_wait_that_nobody_wants_any_more_is_given_up() {
    block_on(async {
        let engine = engine();
        let wait = sleep(&engine, 3_600_000);
        tokio::time::timeout(Duration::from_millis(20), wait).await.expect_err("an hour is too long");
        let wait = sleep(&engine, 1);
        assert_eq!(wait.await.expect("the engine is as good as before"), 0);
    });
}

#[test]
fn a_program_ends_with_its_status_and_commands_are_modules_of_a_linker() {
    block_on(async {
        let engine = engine();
        let (mut store, instance) = program(&engine, WasiCtxBuilder::new().build_p1()).await;
        let exit = instance.get_typed_func::<(), ()>(&mut store, "exit").expect("its type");
        let error = exit.call_async(&mut store, ()).await.expect_err("it exits");
        assert_eq!(error.downcast_ref(), Some(&I32Exit(7)));

        let mut linker = Linker::new(&engine);
        p1::add_to_linker_async(&mut linker, |ctx| ctx).expect("nothing is defined yet");
        let command = PROGRAM.replace("\"exit\"", "\"_start\"");
        let module = Module::new(&engine, wat::parse_str(command).expect("valid text")).expect("a valid module");
        let linker = linker.module_async(&mut store, "command", &module).await.expect("the names are free");
        let start = linker.get_default(&mut store, "command").expect("it is a command");
        let start = start.typed::<(), ()>(&store).expect("its type");
        let error = start.call_async(&mut store, ()).await.expect_err("it exits");
        assert_eq!(error.downcast_ref(), Some(&I32Exit(7)));
    });
}
