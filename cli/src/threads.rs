//! `--threads-guest`: a program that begins threads. It ends with the first of them that ends it.

use crate::host::{self, Host};
use crate::run::{self, Bounds};
use crate::{deadline, report};
use anyhow::{Context, Result, anyhow};
use headwater::{Engine, Linker, Module, Store, Trap};
use headwater_wasi::I32Exit;
use headwater_wasi::p1::WasiP1Ctx;
use headwater_wasi::threads::Threads;
use std::io::Write;

/// Runs the program's `_start` and lets it begin threads, with `stack` bytes of stack each.
pub fn run(engine: &Engine, module: &Module, context: WasiP1Ctx, bounds: Bounds, stack: usize) -> Result<()> {
    let mut linker = Linker::new(engine);
    host::link(&mut linker)?;
    let mut store = Store::new(engine, Host::new(context.clone(), bounds.memory()));
    store.limiter(Host::limiter);
    let new_store = move |engine: &Engine| {
        let mut store = Store::new(engine, Host::new(context.clone(), bounds.memory()));
        store.limiter(Host::limiter);
        bounds.join(&mut store);
        Ok(store)
    };
    let threads = Threads::new(&mut linker, &mut store, module, stack, new_store, |error| end(&error))
        .context("--threads-guest")?;
    bounds.start(&mut store)?;
    let instance = threads.instance_pre().instantiate(&mut store)?;
    instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ())
}

/// Ends the program with the status that `error`, of one of its threads, stands for.
fn end(error: &headwater::Error) {
    if let Some(I32Exit(status)) = error.downcast_ref() {
        finish(*status as u8);
    }
    match error.downcast_ref::<Trap>() {
        // The first thread ends for the same reason, and says so.
        Some(Trap::Interrupt) if deadline::is_over() => {}
        Some(trap) => {
            // The program's own output comes first.
            let _ = std::io::stdout().flush();
            report::trap(*trap, Some(error));
            finish(run::TRAPPED);
        }
        None => {
            let shown = Err::<(), _>(anyhow!("{error:#}")).context("a thread of the program").unwrap_err();
            report::failure(&shown);
            finish(1);
        }
    }
}

fn finish(status: u8) -> ! {
    let _ = std::io::stdout().flush();
    std::process::exit(status.into())
}
