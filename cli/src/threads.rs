//! `--threads-guest`: threads of a program, as the interface wasi-threads has them.
//!
//! The program imports its memory, which is shared, and begins threads by the import `wasi` `thread-spawn`. Each runs
//! another instance of the module, in a store of its own, on a thread of the system, and begins at the export
//! `wasi_thread_start`. The program ends when its first thread does, when any of them calls `proc_exit`, or when one
//! traps.

use crate::run::{self, Bounds};
use crate::wasi::{self, Host};
use crate::{deadline, report};
use anyhow::{Context, Result, anyhow};
use headwater::{Caller, Engine, ExternType, InstancePre, Linker, Module, SharedMemory, Store, Trap, TypedFunc};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use wasi_common::WasiCtx;

/// How many threads may run at a time, besides the first.
const MOST: u32 = 256;

/// The highest number of a thread: 29 bits, as the interface says.
const MAX_ID: u32 = 0x1fff_ffff;

/// What there are no more of: the interface says that a negative number is an error, and not which.
const FAILED: i32 = -1;

/// What is needed to begin a thread.
pub struct Threads {
    instance: InstancePre<Host>,
    context: WasiCtx,
    bounds: Bounds,
    stack: usize,
    running: AtomicU32,
    last_id: AtomicU32,
}

impl Threads {
    /// For a program whose other imports are linked. Links its memory.
    pub fn new(
        linker: &mut Linker<Host>,
        store: &mut Store<Host>,
        module: &Module,
        (context, bounds, stack): (WasiCtx, Bounds, usize),
    ) -> Result<Arc<Threads>> {
        let engine = store.engine().clone();
        for import in module.imports() {
            if let ExternType::Memory(ty) = import.ty()
                && ty.is_shared()
            {
                let memory = SharedMemory::new_in(&mut *store, ty)?;
                linker.define(&mut *store, import.module(), import.name(), memory)?;
            }
        }
        linker.func_wrap("wasi", "thread-spawn", |caller: Caller<'_, Host>, argument: i32| spawn(&caller, argument))?;
        check(&engine, module)?;
        let instance = linker.instantiate_pre(module)?;
        let (running, last_id) = (AtomicU32::new(0), AtomicU32::new(0));
        Ok(Arc::new(Threads { instance, context, bounds, stack, running, last_id }))
    }

    /// The program's first instance can be made from this, too.
    pub fn instance(&self) -> &InstancePre<Host> {
        &self.instance
    }

    /// A thread's life.
    fn run(self: Arc<Threads>, engine: &Engine, id: i32, argument: i32) -> Result<()> {
        let mut store = Store::new(engine, Host::new(self.context.clone(), self.bounds.memory()));
        store.data_mut().set_threads(self.clone());
        store.limiter(Host::limiter);
        self.bounds.join(&mut store);
        let instance = self.instance.instantiate(&mut store)?;
        let start: TypedFunc<(i32, i32), ()> = instance.get_typed_func(&mut store, START)?;
        start.call(&mut store, (id, argument))
    }

    /// The number of a new thread, unless there are enough.
    fn next(&self) -> Option<u32> {
        self.running.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < MOST).then_some(n + 1)).ok()?;
        let id = self.last_id.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < MAX_ID).then_some(n + 1));
        match id {
            Ok(last) => Some(last + 1),
            Err(_) => {
                self.running.fetch_sub(1, Ordering::Relaxed);
                None
            }
        }
    }
}

/// Where a thread begins.
const START: &str = "wasi_thread_start";

/// Whether the module can have threads.
fn check(engine: &Engine, module: &Module) -> Result<()> {
    let start = module.get_export(START);
    let start = start.as_ref().and_then(ExternType::func).ok_or_else(|| {
        anyhow!("exports no function `{START}`: --threads-guest is for programs built for wasm32-wasip1-threads")
    })?;
    let wanted = headwater::FuncType::new(engine, [headwater::ValType::I32, headwater::ValType::I32], []);
    match *start == wanted {
        true => Ok(()),
        false => Err(anyhow!("exports `{START}` with another type than (i32, i32)")),
    }
}

/// `thread-spawn`: the number of the new thread, or a negative one.
fn spawn(caller: &Caller<'_, Host>, argument: i32) -> i32 {
    let Some(threads) = caller.data().threads().cloned() else { return FAILED };
    let Some(id) = threads.next() else { return FAILED };
    let engine = caller.engine().clone();
    let mine = threads.clone();
    let body = move || {
        let outcome = mine.clone().run(&engine, id as i32, argument);
        mine.running.fetch_sub(1, Ordering::Relaxed);
        if let Err(error) = outcome {
            end(&error);
        }
    };
    let builder = std::thread::Builder::new().name(format!("guest {id}")).stack_size(threads.stack);
    match builder.spawn(body) {
        Ok(_) => id as i32,
        Err(_) => {
            threads.running.fetch_sub(1, Ordering::Relaxed);
            FAILED
        }
    }
}

/// Ends the program with the status that `error`, of one of its threads, stands for.
fn end(error: &headwater::Error) {
    if let Some(wasi::Exit(status)) = error.downcast_ref() {
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
            eprintln!("error: {shown:#}");
            finish(1);
        }
    }
}

fn finish(status: u8) -> ! {
    let _ = std::io::stdout().flush();
    std::process::exit(status.into())
}
