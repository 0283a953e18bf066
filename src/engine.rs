//! The engine: settings, function types interned with their trampolines, compiling threads, and the memory that small
//! modules share. Everything else belongs to an [`Engine`].

mod collector;
mod compatibility;
mod config;
mod debugging;
mod displays;
pub(crate) mod epoch;
mod hostile;
mod made_types;
mod neutral;
mod pool;
mod pooling;
mod processor;
mod proposals;
mod stacks;
mod types;

pub(crate) use compatibility::Compatibility;
pub(crate) use config::MemoryPlan;
pub use config::{Config, Limits};
pub use neutral::{Collector, OptLevel, RegallocAlgorithm, Strategy, WasmBacktraceDetails};
pub(crate) use pool::{Pool, Scratch, Work};
pub use pooling::{Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};
pub(crate) use stacks::HOST_RESERVE;
pub(crate) use types::{Demand, ModuleTypes, Trampolines, TypeUse};

use crate::code::budget::Budget;
use crate::code::shared::SharedCode;
use crate::profiling::Profiler;
use crate::types::object::ObjectLayout;
use crate::types::{CompositeType, StoredTypes};
use anyhow::Context;
use corosensei::stack::DefaultStack;
use epoch::Epochs;
use headwater_codegen::Target;
use pool::Scratches;
use stacks::Stacks;
use std::sync::{Arc, Weak};
use types::TypeRegistry;

/// Compiles modules. A handle: clones are cheap and refer to the same engine. Modules and stores work together if they
/// belong to the same engine.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    target: Target,
    /// Whether this machine can run code for the target.
    runs_here: bool,
    types: TypeRegistry,
    code: Arc<SharedCode>,
    pool: Pool,
    scratches: Scratches,
    epochs: Epochs,
    budget: Arc<Budget>,
    stacks: Stacks,
    profiler: Option<Profiler>,
}

const NO_TRAMPOLINES: &str = "memory for the trampolines of a function type could not be allocated";

impl Engine {
    /// An engine with the settings in `config`.
    ///
    /// # Errors
    /// If the settings require something that is not implemented or not built in, or the processor lacks what compiled
    /// code needs (x86-64 with SSE4.1, or AArch64).
    pub fn new(config: &Config) -> crate::Result<Engine> {
        config.check().map_err(crate::Error::msg)?;
        let target = config.get_target().or_else(Target::host).ok_or_else(|| {
            crate::Error::msg("this processor is not supported: x86-64 with SSE4.1, or AArch64, is required")
        })?;
        if !target.isa.is_built_in() {
            let message = format!("code for {} needs the feature `cross` of this crate", target.name());
            return Err(crate::Error::msg(message));
        }
        let budget = Budget::new(config.get_max_code_memory());
        let code = Arc::new(SharedCode::new(&budget, config.checks().landing_pads));
        let types = TypeRegistry::new(target, config, code.clone(), &budget);
        let pool = Pool::new(config.threads(), target, config.maps_operators());
        let scratches = Scratches::default();
        let config = config.clone();
        let profiler = Profiler::new(config.get_profiler())?;
        let (epochs, stacks) = (Epochs::default(), Stacks::default());
        // Asked at each instantiation.
        let runs_here = Target::host().is_some_and(|host| host.covers(target));
        let inner = Inner { config, target, runs_here, types, code, pool, scratches, epochs, budget, stacks, profiler };
        Ok(Engine { inner: Arc::new(inner) })
    }

    /// Whether both are handles of the same engine.
    pub fn same(a: &Engine, b: &Engine) -> bool {
        Arc::ptr_eq(&a.inner, &b.inner)
    }

    /// A handle that does not keep the engine alive.
    ///
    /// ```
    /// use headwater::Engine;
    /// let engine = Engine::default();
    /// let weak = engine.weak();
    /// assert!(weak.upgrade().is_some_and(|same| Engine::same(&engine, &same)));
    /// drop(engine);
    /// assert!(weak.upgrade().is_none());
    /// ```
    pub fn weak(&self) -> EngineWeak {
        EngineWeak(Arc::downgrade(&self.inner))
    }

    /// Whether modules are interpreted: they never are.
    pub fn is_pulley(&self) -> bool {
        false
    }

    /// Begins the next epoch: WebAssembly code whose store has reached its deadline
    /// ([`Store::set_epoch_deadline`](crate::Store::set_epoch_deadline)) is interrupted soon, whatever thread it runs
    /// on. Requires [`Config::epoch_interruption`]. Meant to be called by a timer thread, say every 10 milliseconds; it
    /// takes a lock, so it must not be called from a signal handler.
    ///
    /// ```
    /// use headwater::{Config, Engine, Instance, Module, Store, Trap};
    /// use std::{thread, time::Duration};
    /// let engine = Engine::new(Config::new().epoch_interruption(true))?;
    /// let module = Module::new(&engine, wat::parse_str(r#"(module (func (export "spin") (loop br 0)))"#)?)?;
    /// let mut store = Store::new(&engine, ());
    /// let instance = Instance::new(&mut store, &module, &[])?;
    /// let spin = instance.get_typed_func::<(), ()>(&mut store, "spin")?;
    /// store.set_epoch_deadline(1);
    /// let timer = engine.clone();
    /// thread::spawn(move || {
    ///     thread::sleep(Duration::from_millis(10));
    ///     timer.increment_epoch();
    /// });
    /// let error = spin.call(&mut store, ()).unwrap_err();
    /// assert_eq!(error.downcast_ref(), Some(&Trap::Interrupt));
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn increment_epoch(&self) {
        self.inner.epochs.increment();
    }

    /// Bytes of memory that the machine code of this engine's modules currently takes, including modules that are being
    /// compiled, and the trampolines between them and the host ([`Config::max_code_memory`]).
    pub fn code_memory(&self) -> usize {
        self.inner.budget.used()
    }

    pub(crate) fn code_budget(&self) -> &Arc<Budget> {
        &self.inner.budget
    }

    pub(crate) fn epochs(&self) -> &Epochs {
        &self.inner.epochs
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Whether this machine can run the code that is generated.
    pub(crate) fn runs_here(&self) -> bool {
        self.inner.runs_here
    }

    /// What machine code is made for: instruction set and optional features. Engines for the same target make the same
    /// code of the same module with the same settings.
    pub fn target(&self) -> Target {
        self.inner.target
    }

    /// Where the code of small modules goes.
    pub(crate) fn shared_code(&self) -> &Arc<SharedCode> {
        &self.inner.code
    }

    pub(crate) fn pool(&self) -> &Pool {
        &self.inner.pool
    }

    /// What is needed to compile on this thread; to be returned with [`Engine::put_scratch`].
    pub(crate) fn take_scratch(&self) -> Scratch {
        self.inner.scratches.take(self.inner.target, self.inner.config.maps_operators())
    }

    pub(crate) fn put_scratch(&self, scratch: &mut Scratch) {
        self.inner.scratches.put(scratch);
    }

    /// A stack for an asynchronous call; to be returned with [`Engine::put_stack`].
    ///
    /// # Errors
    /// If there is no memory for it.
    pub(crate) fn take_stack(&self) -> crate::Result<DefaultStack> {
        self.inner.stacks.take(self.inner.config.fiber_size())
    }

    pub(crate) fn put_stack(&self, stack: DefaultStack) {
        self.inner.stacks.put(stack);
    }

    pub(crate) fn profiler(&self) -> Option<&Profiler> {
        self.inner.profiler.as_ref()
    }

    /// Numbers the types of a module.
    pub(crate) fn module_types(&self, types: &StoredTypes) -> ModuleTypes {
        ModuleTypes::new(&self.inner.types, types)
    }

    /// A use of `ty`, which gives it a number and keeps its trampolines once they exist.
    pub(crate) fn use_type(&self, ty: impl Into<CompositeType>) -> TypeUse {
        self.inner.types.use_type(&ty.into())
    }

    /// Another use of the type with canonical number `number`, which must be in use.
    pub(crate) fn use_number(&self, number: u32) -> TypeUse {
        self.inner.types.use_number(number)
    }

    /// The type with a canonical number, with or without [`gc::ARRAY`], which must be in use.
    ///
    /// [`gc::ARRAY`]: headwater_codegen::vmctx::gc::ARRAY
    pub(crate) fn type_numbered(&self, canonical: u32) -> CompositeType {
        self.inner.types.type_numbered(canonical)
    }

    /// The layout of objects whose type has this canonical number, with or without [`gc::ARRAY`]. It must be in use.
    ///
    /// # Panics
    /// If it is the number of a function type.
    ///
    /// [`gc::ARRAY`]: headwater_codegen::vmctx::gc::ARRAY
    pub(crate) fn object_layout(&self, canonical: u32) -> Arc<ObjectLayout> {
        self.inner.types.object_layout(canonical)
    }

    /// The displays of all types of objects in use ([`headwater_codegen::vmctx::displays`]).
    ///
    /// # Errors
    /// If the system has no memory for them.
    pub(crate) fn displays(&self) -> crate::Result<*const u32> {
        self.inner.types.displays()
    }

    /// Whether the type with the canonical number `sub` is that with the number `sup`, or was declared to be a subtype of
    /// it, directly or by way of others. Both must be in use; the numbers are those of functions
    /// ([`headwater_codegen::vmctx::func_ref::SIG`]) or of objects, with or without the bit of arrays.
    pub(crate) fn is_subtype(&self, sub: u32, sup: u32) -> bool {
        self.inner.types.is_subtype(sub, sup)
    }

    /// The trampolines of the type with canonical number `canonical`
    /// ([`headwater_codegen::vmctx::TYPES`]). The type must be in use, and stays at least as long as
    /// the trampolines: by a module that lives, or a [`TypeUse`].
    ///
    /// # Errors
    /// If the system has no memory for them, or if they exceed [`Config::max_code_memory`] and `demand` does not allow
    /// that.
    pub(crate) fn trampolines(&self, canonical: u32, demand: Demand) -> crate::Result<Trampolines> {
        self.inner.types.trampolines(canonical, demand).context(NO_TRAMPOLINES)
    }
}

/// Refers to an [`Engine`] as long as something else keeps it alive.
#[derive(Clone)]
pub struct EngineWeak(Weak<Inner>);

impl EngineWeak {
    /// The engine, unless it is gone.
    pub fn upgrade(&self) -> Option<Engine> {
        Some(Engine { inner: self.0.upgrade()? })
    }
}

impl std::fmt::Debug for EngineWeak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineWeak").finish_non_exhaustive()
    }
}

impl Default for Engine {
    /// # Panics
    /// If this processor is not supported.
    fn default() -> Engine {
        Engine::new(&Config::new()).expect("the default settings are implemented on supported processors")
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("config", &self.inner.config).finish_non_exhaustive()
    }
}
