//! Threads of a program, as the interface wasi-threads has them.
//!
//! The program imports its memory, which is shared, and begins threads by the import `wasi` `thread-spawn`. Each runs
//! another instance of the module, in a store of its own, on a thread of the system, and begins at the export
//! `wasi_thread_start`. The program ends when its first thread does, when any of them calls `proc_exit`, or when one
//! traps; what that means for the others is up to the embedder, who is told ([`Threads::new`]).

use anyhow::{Context, Result, anyhow};
use headwater::{Caller, Error, ExternType, FuncType, InstancePre, Linker, Module, SharedMemory, Store, ValType};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, Weak};

/// How many threads may run at a time, besides the first.
const MOST: u32 = 256;

/// The highest number of a thread: 29 bits, as the interface says.
const MAX_ID: u32 = 0x1fff_ffff;

/// What there are no more of: the interface says that a negative number is an error, and not which.
const FAILED: i32 = -1;

/// Where a thread begins.
const START: &str = "wasi_thread_start";

/// Begins threads for a program, as long as it lives.
///
/// ```
/// use headwater::{Engine, Linker, Module, Store};
/// use headwater_wasi::{WasiCtxBuilder, p1, threads::Threads};
/// use std::sync::mpsc::channel;
/// let engine = Engine::default();
/// let module = Module::new(&engine, wat::parse_str(r#"(module
///     (import "env" "memory" (memory 1 1 shared))
///     (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
///     (func (export "wasi_thread_start") (param $id i32) (param $argument i32)
///         (i32.atomic.store (i32.const 0) (local.get $argument))
///         (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
///     (func (export "_start")
///         (drop (call $spawn (i32.const 42)))
///         (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))"#)?)?;
/// let mut linker = Linker::new(&engine);
/// p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
/// let ctx = WasiCtxBuilder::new().inherit_stdio().build_p1();
/// let mut store = Store::new(&engine, ctx.clone());
/// let (failures, failed) = channel();
/// let threads = Threads::new(
///     &mut linker,
///     &mut store,
///     &module,
///     2 << 20,
///     move |engine| Ok(Store::new(engine, ctx.clone())),
///     move |error| failures.send(error).unwrap_or_default(),
/// )?;
/// let instance = threads.instance_pre().instantiate(&mut store)?;
/// instance.get_typed_func::<(), ()>(&mut store, "_start")?.call(&mut store, ())?;
/// assert!(failed.try_recv().is_err(), "no thread failed");
/// # Ok::<(), headwater::Error>(())
/// ```
pub struct Threads<T> {
    instance: OnceLock<InstancePre<T>>,
    stack: usize,
    new_store: NewStore<T>,
    failed: Box<dyn Fn(Error) + Send + Sync>,
    running: AtomicU32,
    last_id: AtomicU32,
}

type NewStore<T> = Box<dyn Fn(&headwater::Engine) -> Result<Store<T>> + Send + Sync>;

impl<T: Send + 'static> Threads<T> {
    /// For a program whose other imports are linked. Links its shared memories, and what begins threads.
    ///
    /// Threads of the system get `stack` bytes of stack, which must be more than
    /// [`Config::max_wasm_stack`](headwater::Config::max_wasm_stack) by some for the host. Each has a store of its own,
    /// which `new_store` makes, with its limits and deadlines; it may be called on any thread. `failed` is told on a
    /// thread that ends with an error, which may be an [`I32Exit`](crate::I32Exit); the others go on until it ends
    /// them, by the engine's epoch for example.
    ///
    /// # Errors
    /// If the module does not export `wasi_thread_start`, or as
    /// [`Linker::instantiate_pre`](headwater::Linker::instantiate_pre).
    pub fn new(
        linker: &mut Linker<T>,
        store: &mut Store<T>,
        module: &Module,
        stack: usize,
        new_store: impl Fn(&headwater::Engine) -> Result<Store<T>> + Send + Sync + 'static,
        failed: impl Fn(Error) + Send + Sync + 'static,
    ) -> Result<Arc<Threads<T>>> {
        for import in module.imports() {
            if let ExternType::Memory(ty) = import.ty()
                && ty.is_shared()
            {
                let memory = SharedMemory::new_in(&mut *store, ty)?;
                linker.define(&mut *store, import.module(), import.name(), memory)?;
            }
        }
        check(module)?;
        let threads = Arc::new(Threads {
            instance: OnceLock::new(),
            stack,
            new_store: Box::new(new_store),
            failed: Box::new(failed),
            running: AtomicU32::new(0),
            last_id: AtomicU32::new(0),
        });
        // The linker must not keep alive what keeps its functions alive.
        let weak = Arc::downgrade(&threads);
        linker.func_wrap("wasi", "thread-spawn", move |caller: Caller<'_, T>, argument: i32| {
            spawn(&weak, &caller, argument)
        })?;
        let instance = linker.instantiate_pre(module)?;
        let _ = threads.instance.set(instance);
        Ok(threads)
    }

    /// What the program's first instance can be made from, too.
    pub fn instance_pre(&self) -> &InstancePre<T> {
        self.instance.get().expect("set before anybody can have this")
    }

    /// A thread's life.
    fn run(&self, engine: &headwater::Engine, id: i32, argument: i32) -> Result<()> {
        let mut store = (self.new_store)(engine).context("a store for a thread")?;
        let instance = self.instance_pre().instantiate(&mut store)?;
        instance.get_typed_func::<(i32, i32), ()>(&mut store, START)?.call(&mut store, (id, argument))
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

impl<T> fmt::Debug for Threads<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads").field("running", &self.running).finish_non_exhaustive()
    }
}

/// Whether the module can have threads.
fn check(module: &Module) -> Result<()> {
    let start = module.get_export(START);
    let start = start.as_ref().and_then(ExternType::func).ok_or_else(|| {
        anyhow!("exports no function `{START}`: only programs built for wasm32-wasip1-threads have threads")
    })?;
    let wanted = FuncType::new(module.engine(), [ValType::I32, ValType::I32], []);
    match *start == wanted {
        true => Ok(()),
        false => Err(anyhow!("exports `{START}` with another type than (i32, i32)")),
    }
}

/// `thread-spawn`: the number of the new thread, or a negative one.
fn spawn<T: Send + 'static>(threads: &Weak<Threads<T>>, caller: &Caller<'_, T>, argument: i32) -> i32 {
    let Some(threads) = threads.upgrade() else { return FAILED };
    let Some(id) = threads.next() else { return FAILED };
    let engine = caller.engine().clone();
    let mine = threads.clone();
    let body = move || {
        let outcome = mine.run(&engine, id as i32, argument);
        mine.running.fetch_sub(1, Ordering::Relaxed);
        if let Err(error) = outcome {
            (mine.failed)(error);
        }
    };
    match headwater::spawn_detached(format!("guest {id}"), threads.stack, body) {
        Ok(()) => id as i32,
        Err(_) => {
            threads.running.fetch_sub(1, Ordering::Relaxed);
            FAILED
        }
    }
}
