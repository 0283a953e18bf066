//! What an embedder can do with a realm: limit what its WebAssembly code uses, and end it.

use crate::core::Core;
use headwater::{ResourceLimiter, UpdateDeadline};
use std::fmt;
use std::rc::Rc;

/// The store behind the `WebAssembly` object of a context, as [`install`](crate::install) returns it. A handle.
///
/// Scripts can run forever in two ways, and both need a limit: epochs or fuel for WebAssembly code, QuickJS's interrupt
/// handler for JavaScript code. A deadline, or running out of fuel, throws a `RuntimeError` that scripts cannot catch.
///
/// ```
/// use headwater::{Config, Engine, StoreLimitsBuilder};
/// use rquickjs::{Context, Runtime};
/// use std::time::{Duration, Instant};
///
/// let engine = Engine::new(Config::new().epoch_interruption(true))?;
/// let timer = engine.clone();
/// std::thread::spawn(move || loop {
///     std::thread::sleep(Duration::from_millis(10));
///     timer.increment_epoch();
/// });
///
/// let runtime = Runtime::new()?;
/// let end = Instant::now() + Duration::from_millis(100);
/// runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() > end))); // JavaScript code
/// let context = Context::full(&runtime)?;
/// context.with(|ctx| {
///     let realm = headwater_js::install(&ctx, &engine)?;
///     realm.limiter(StoreLimitsBuilder::new().memory_size(64 << 20).instances(10).build());
///     realm.set_epoch_deadline(10); // WebAssembly code: about 100 ms
///     let wasm = wat::parse_str(r#"(module (func (export "spin") (loop (br 0))))"#)?;
///     ctx.globals().set("wasm", wasm)?;
///     let spin = "const { spin } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm))).exports;
///                 for (;;) try { spin() } catch {}";
///     assert!(ctx.eval::<(), _>(spin).is_err());
///     assert!(ctx.catch().as_exception().is_some_and(|e| e.message().is_some()));
///     Ok::<(), headwater::Error>(())
/// })?;
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone)]
pub struct Realm {
    core: Rc<Core>,
}

impl Realm {
    pub(crate) fn new(core: Rc<Core>) -> Realm {
        Realm { core }
    }

    /// Lets `limiter` decide from now on how much memory may be used, and how many instances, memories and tables there
    /// may be ([`headwater::Store::limiter`]). Initially there is no limit. What is garbage counts until it
    /// is collected, which is done before a limit is reached only if so many are made; [`Realm::gc`] does it at once.
    ///
    /// # Panics
    /// If WebAssembly code of the realm is running.
    pub fn limiter(&self, limiter: impl ResourceLimiter + 'static) {
        self.core.limit(limiter);
    }

    /// Interrupts WebAssembly code once the engine's epoch has been incremented this many times from now
    /// ([`headwater::Store::set_epoch_deadline`]). Until this is called, there is no deadline; embedders usually call
    /// this before each script, job and callback that they run. Has no effect if epoch interruption is off.
    ///
    /// # Panics
    /// If it is called from within a limiter or a deadline's callback; the same goes for all methods here.
    pub fn set_epoch_deadline(&self, ticks_beyond_current: u64) {
        self.core.with(|mut store| store.set_epoch_deadline(ticks_beyond_current));
    }

    /// Lets `callback` decide what happens when the deadline is reached.
    pub fn epoch_deadline_callback(
        &self,
        callback: impl FnMut() -> headwater::Result<UpdateDeadline> + Send + Sync + 'static,
    ) {
        self.core.with(|mut store| store.data_mut().on_deadline = Some(Box::new(callback)));
    }

    /// Makes the deadline interrupt code, which is the default.
    pub fn epoch_deadline_trap(&self) {
        self.core.with(|mut store| store.data_mut().on_deadline = None);
    }

    /// Frees what neither JavaScript nor WebAssembly code has any more: first structs, arrays, and values of JavaScript
    /// that were passed to WebAssembly code, then instances, memories and the like, with QuickJS's own collector, then
    /// what only these had. Nothing needs this; it happens as more are made. To be called from within the context
    /// ([`rquickjs::Context::with`]).
    pub fn gc(&self) {
        self.gc_references();
        self.core.collect_now();
        self.gc_references();
    }

    fn gc_references(&self) {
        self.core.with(|mut store| {
            // Without a demand, it cannot fail.
            let _ = store.gc(None);
        });
        self.core.release_externs();
    }

    /// Sets the fuel that WebAssembly code has. Initially there is none.
    ///
    /// # Errors
    /// If the engine does not count fuel.
    pub fn set_fuel(&self, fuel: u64) -> headwater::Result<()> {
        self.core.with(|mut store| store.set_fuel(fuel))
    }

    /// The fuel that is left.
    ///
    /// # Errors
    /// If the engine does not count fuel.
    pub fn get_fuel(&self) -> headwater::Result<u64> {
        self.core.with(|store| store.get_fuel())
    }
}

impl fmt::Debug for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Realm").finish_non_exhaustive()
    }
}
