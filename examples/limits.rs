//! Code that is not trusted: it may have so much memory, so much time and so much fuel.
//!
//! `cargo run --example limits` prints why each of three programs ended.

use headwater::{Config, Engine, Instance, Module, Store, StoreLimits, StoreLimitsBuilder, Trap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const GREEDY: &str = r#"(module (memory 1)
    (func (export "run") (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))))"#;
const ENDLESS: &str = r#"(module (func (export "run") (loop (br 0))))"#;

/// Runs a program with at most 8 MiB of memory, a deadline of ten epochs and some fuel.
fn run(engine: &Engine, program: &str, fuel: u64) -> headwater::Result<Store<StoreLimits>> {
    let limits = StoreLimitsBuilder::new().memory_size(8 << 20).instances(1).trap_on_grow_failure(true).build();
    let mut store = Store::new(engine, limits);
    store.limiter(|limits| limits);
    store.set_epoch_deadline(10);
    store.set_fuel(fuel)?;
    let module = Module::new(engine, wat::parse_str(program)?)?;
    let instance = Instance::new(&mut store, &module, &[])?;
    instance.get_typed_func::<(), ()>(&mut store, "run")?.call(&mut store, ())?;
    Ok(store)
}

fn main() -> headwater::Result<()> {
    let engine = Engine::new(Config::new().epoch_interruption(true).consume_fuel(true))?;
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // One thread counts epochs for all stores of the engine.
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(5));
                engine.increment_epoch();
            }
        });
        let greedy = run(&engine, GREEDY, u64::MAX).expect_err("it wants more than it may have");
        let endless = run(&engine, ENDLESS, u64::MAX).expect_err("it never ends");
        let thirsty = run(&engine, ENDLESS, 1_000_000).expect_err("it never ends");
        over.store(true, Ordering::Relaxed);
        println!("{}", greedy.root_cause());
        println!("{}", endless.root_cause());
        println!("{}", thirsty.root_cause());
        assert_eq!(endless.downcast_ref(), Some(&Trap::Interrupt));
        assert_eq!(thirsty.downcast_ref(), Some(&Trap::OutOfFuel));
    });
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("the example works");
}
