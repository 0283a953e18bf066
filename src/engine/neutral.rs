//! Settings that the `wasmtime` crate has and that mean nothing here, or nothing but what is the case anyway. Programs
//! for that crate can call them; what would be wrong to ignore is refused by [`Engine::new`](crate::Engine::new).

use super::Config;
use headwater_codegen::Target;

/// What was asked for and is not to be had.
#[derive(Copy, Clone, Default, Debug)]
pub(super) struct Unmet {
    canonical_nans: bool,
    no_signals: bool,
}

impl Unmet {
    /// Why the settings cannot be used.
    pub fn check(self) -> Result<(), String> {
        if self.canonical_nans {
            return Err("cranelift_nan_canonicalization is not implemented: NaNs are those of the processor".into());
        }
        if self.no_signals {
            return Err("signals_based_traps cannot be switched off: traps are hardware faults".into());
        }
        Ok(())
    }
}

/// Which compiler wasmtime uses. Here there is one.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Strategy {
    /// The default one.
    Auto,
    /// Wasmtime's optimizing compiler.
    Cranelift,
    /// Wasmtime's baseline compiler.
    Winch,
}

/// How much wasmtime optimizes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum OptLevel {
    /// Not at all.
    None,
    /// For speed.
    Speed,
    /// For speed and size.
    SpeedAndSize,
}

/// How wasmtime assigns registers.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum RegallocAlgorithm {
    /// For fast code.
    Backtracking,
    /// For fast compilation.
    SinglePass,
}

/// Which garbage collector wasmtime uses.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Collector {
    /// The default one.
    Auto,
    /// Reference counts.
    DeferredReferenceCounting,
    /// None: nothing is freed before the store.
    Null,
    /// A copying one.
    Copying,
}

/// Whether wasmtime reads debug information for backtraces.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum WasmBacktraceDetails {
    /// It does.
    Enable,
    /// It does not.
    Disable,
    /// If the variable `WASMTIME_BACKTRACE_DETAILS` says so.
    Environment,
}

macro_rules! neutral {
    ($($(#[$doc:meta])* $name:ident($ty:ty);)*) => {$(
        $(#[$doc])*
        ///
        /// Has no effect.
        pub fn $name(&mut self, _: $ty) -> &mut Config {
            self
        }
    )*};
}

/// Settings of the `wasmtime` crate.
impl Config {
    neutral! {
        /// Which compiler is used: there is one.
        strategy(Strategy);
        /// How much is optimized: a single pass has one level.
        cranelift_opt_level(OptLevel);
        /// How registers are assigned: in the one pass there is.
        cranelift_regalloc_algorithm(RegallocAlgorithm);
        /// Whether the compiler checks itself: builds with debug assertions do.
        cranelift_debug_verifier(bool);
        /// Which garbage collector is used.
        collector(Collector);
        /// Whether machine code gets symbols for debuggers.
        debug_symbols(bool);
        /// Whether unwind tables are registered: frames can be walked without.
        native_unwind_info(bool);
        /// Whether errors have backtraces: they always do.
        wasm_backtrace(bool);
        /// Whether machine code is mapped back to offsets in the module: it always is.
        generate_address_map(bool);
        /// Whether tables are filled when they are used.
        table_lazy_init(bool);
        /// Whether memories start as private mappings of an image of their data: they do, from the second instance on.
        memory_init_cow(bool);
        /// Whether such images are anonymous files: they are.
        force_memory_init_memfd(bool);
        /// How large images of sparse data may be.
        memory_guaranteed_dense_image_size(u64);
        /// How much room memories that may move get to grow: half as much again.
        memory_reservation_for_growth(u64);
        /// Whether there are guards before memories: there always are.
        guard_before_linear_memory(bool);
        /// Whether calls are inlined: they are not.
        compiler_inlining(bool);
        /// Whether Mach ports are used: on Linux there are none.
        macos_use_mach_ports(bool);
        /// Whether the custom section with hints on branches is read: it is ignored.
        wasm_branch_hinting(bool);
        /// Whether references to garbage-collected values are supported at all; see [`Config::wasm_gc`].
        gc_support(bool);
        /// Whether shared memories can be made by the embedder: they can.
        shared_memory(bool);
    }

    /// Enables a flag of wasmtime's compiler. Has no effect; processor features are those of
    /// [`Config::cpu_feature`].
    ///
    /// # Safety
    /// None is needed; the signature is that of the `wasmtime` crate.
    pub unsafe fn cranelift_flag_enable(&mut self, _flag: &str) -> &mut Config {
        self
    }

    /// Sets a flag of wasmtime's compiler. Has no effect.
    ///
    /// # Safety
    /// As for [`Config::cranelift_flag_enable`].
    pub unsafe fn cranelift_flag_set(&mut self, _name: &str, _value: &str) -> &mut Config {
        self
    }

    /// Whether all NaNs that operators make are the canonical one. Off; [`Engine::new`](crate::Engine::new) refuses
    /// this, which is not implemented.
    pub fn cranelift_nan_canonicalization(&mut self, enable: bool) -> &mut Config {
        self.unmet.canonical_nans = enable;
        self
    }

    /// Whether traps are hardware faults. On; [`Engine::new`](crate::Engine::new) refuses anything else.
    pub fn signals_based_traps(&mut self, enable: bool) -> &mut Config {
        self.unmet.no_signals = !enable;
        self
    }

    /// Whether several threads compile: if not, [`Config::compile_threads`] is 0, otherwise the default.
    pub fn parallel_compilation(&mut self, parallel: bool) -> &mut Config {
        self.compile_threads(if parallel { Config::default_threads() } else { 0 })
    }

    /// Whether memories may move when they grow. If not, all stores are as after
    /// [`Store::keep_memories_in_place`](crate::Store::keep_memories_in_place). On by default; memories with the
    /// default [`Config::memory_reservation`] never move in any case.
    pub fn memory_may_move(&mut self, enable: bool) -> &mut Config {
        self.in_place = !enable;
        self
    }

    /// What machine code is made for, as a target triple of which the architecture counts (`x86_64`,
    /// `aarch64-unknown-linux-gnu`): code then uses no optional features of processors. See [`Config::compile_for`].
    ///
    /// # Errors
    /// If there is no compiler for the architecture.
    ///
    /// ```
    /// use headwater::{Config, Engine, Isa};
    /// let mut config = Config::new();
    /// config.target("aarch64")?;
    /// assert_eq!(Engine::new(&config)?.target().isa, Isa::Aarch64);
    /// assert!(config.target("riscv64gc-unknown-linux-gnu").is_err());
    /// # Ok::<(), headwater::Error>(())
    /// ```
    pub fn target(&mut self, triple: &str) -> crate::Result<&mut Config> {
        let target = match triple.split('-').next().unwrap_or_default() {
            "x86_64" => Target::X64_BASELINE.baseline(),
            "aarch64" | "arm64" => Target::AARCH64,
            other => anyhow::bail!("no compiler for the architecture `{}`", crate::printable::name(other)),
        };
        Ok(self.compile_for(target))
    }
}
