//! Calls that are awaited: a host function waits for a timer of tokio's, and code that computes gives the thread back
//! at each epoch.
//!
//! `cargo run --example tokio` prints what two programs on one thread do in turn.

use headwater::{Caller, Config, Engine, Linker, Module, Store};
use std::time::Duration;

const PROGRAM: &str = r#"(module
    (import "host" "sleep" (func $sleep (param i32)))
    (import "host" "say" (func $say (param i32)))
    (func (export "run") (param $n i32)
        (loop $again
            (call $say (local.get $n))
            (call $sleep (i32.const 10))
            (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))"#;

async fn run(engine: &Engine, module: &Module, name: &'static str) -> headwater::Result<()> {
    let mut linker = Linker::new(engine);
    linker.func_wrap_async("host", "sleep", |_: Caller<'_, &str>, (ms,): (i32,)| {
        Box::new(async move { tokio::time::sleep(Duration::from_millis(ms as u64)).await })
    })?;
    linker.func_wrap("host", "say", |caller: Caller<'_, &str>, n: i32| println!("{}: {n}", caller.data()))?;
    let mut store = Store::new(engine, name);
    store.epoch_deadline_async_yield_and_update(1);
    store.set_epoch_deadline(1);
    let instance = linker.instantiate_async(&mut store, module).await?;
    instance.get_typed_func::<i32, ()>(&mut store, "run")?.call_async(&mut store, 3).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> headwater::Result<()> {
    let engine = Engine::new(Config::new().epoch_interruption(true))?;
    let timer = engine.clone();
    let ticks = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            timer.increment_epoch();
        }
    });
    let module = Module::new(&engine, wat::parse_str(PROGRAM)?)?;
    let (first, second) = tokio::join!(run(&engine, &module, "first"), run(&engine, &module, "second"));
    ticks.abort();
    first.and(second)
}

#[test]
fn it_runs() {
    main().expect("the example works");
}
