//! What an embedder can set: features, limits, threads, and how linear memories are laid out.

use super::neutral::Unmet;
use super::pooling::InstanceAllocationStrategy;
use super::stacks::{HOST_RESERVE, MAX_FIBER};
use crate::features;
use crate::profiling::ProfilingStrategy;
use crate::types::MemoryType;
use crate::vm::host_memory::Creator;
use headwater_codegen::Target;
use headwater_codegen::env::{Checks, Disabled};
use wasmparser::WasmFeatures;

/// Bounds on what is accepted, checked while a module streams in. The defaults are the "implementation
/// limitations" of the WebAssembly JavaScript interface.
///
/// Exactly the size of a limit is accepted. Limits can be lowered, but not raised beyond the defaults:
/// [`Engine::new`](crate::Engine::new) rejects that.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Size of a module, in bytes.
    pub module_size: u64,
    /// Types.
    pub types: u32,
    /// Functions, imports included.
    pub functions: u32,
    /// Imports.
    pub imports: u32,
    /// Exports.
    pub exports: u32,
    /// Globals, imports included.
    pub globals: u32,
    /// Element segments. Of those that are not at a constant or an imported global, or whose elements are computed, there
    /// are at most 100,000.
    pub element_segments: u32,
    /// Data segments.
    pub data_segments: u32,
    /// Tables, imports included.
    pub tables: u32,
    /// Elements that a table may have, at instantiation and when it grows.
    pub table_elements: u64,
    /// Memories, imports included.
    pub memories: u32,
    /// Pages of 64 KiB that a memory may have, at instantiation and when it grows.
    pub memory_pages: u64,
    /// The same of a memory with 64-bit addresses.
    pub memory64_pages: u64,
    /// Parameters of a function.
    pub params: u32,
    /// Results of a function.
    pub results: u32,
    /// Size of a function body with its local declarations, in bytes.
    pub function_size: u32,
    /// Locals of a function, parameters included.
    pub locals: u32,
    /// Machine code of a module, in bytes.
    pub machine_code: u32,
    /// Machine code of a module for each byte of its code section, in bytes; 16 MiB are allowed in any case. Compiled
    /// programs have about 2; a module of calls that pass 1,000 values each would have thousands.
    pub machine_code_ratio: u32,
}

/// So much machine code is within [`Limits::machine_code_ratio`] however short the code section.
const MACHINE_CODE_FREE: u64 = 16 << 20;

impl Limits {
    /// The defaults.
    pub const DEFAULT: Limits = Limits {
        module_size: 1 << 30,
        types: 1_000_000,
        functions: 1_000_000,
        imports: 1_000_000,
        exports: 1_000_000,
        globals: 1_000_000,
        element_segments: 10_000_000,
        data_segments: 100_000,
        tables: 100_000,
        table_elements: 10_000_000,
        memories: 100,
        memory_pages: 65_536,
        memory64_pages: 1 << 30,
        params: 1000,
        results: 1000,
        function_size: 7_654_321,
        locals: 50_000,
        machine_code: 0x7fe0_0000,
        machine_code_ratio: 64,
    };

    /// How many bytes of machine code a module may have whose code section has `code_size` bytes.
    pub(crate) fn machine_code_for(&self, code_size: usize) -> usize {
        let ratio = u64::from(self.machine_code_ratio) * code_size as u64 + MACHINE_CODE_FREE;
        ratio.min(self.machine_code.into()) as usize
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::DEFAULT
    }
}

/// How a linear memory of some type is laid out in addresses.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) struct MemoryPlan {
    /// How many bytes of address space belong to the memory; it can only grow beyond by moving, and only if
    /// `fixed_base` is not set. 0: reserve what is needed.
    pub reservation: u64,
    /// How many inaccessible bytes follow the reservation.
    pub guard_after: u64,
    /// Whether the base never moves.
    pub fixed_base: bool,
    /// [`headwater_codegen::env::MemoryDesc::guarded`].
    pub guarded: u64,
    /// How many bytes may stay in memory for the next memory when this one is gone.
    pub keep_resident: usize,
}

impl MemoryPlan {
    /// The same for a memory that has at most `maximum` bytes and must never move, whatever compiled code is prepared
    /// for.
    pub fn in_place(self, maximum: u64) -> MemoryPlan {
        MemoryPlan { reservation: self.reservation.max(maximum), ..self }
    }
}

/// Everything that is implemented.
pub(super) const SUPPORTED: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::FUNCTION_REFERENCES)
    .union(WasmFeatures::EXCEPTIONS)
    .union(WasmFeatures::LEGACY_EXCEPTIONS)
    .union(WasmFeatures::MEMORY64)
    .union(WasmFeatures::CUSTOM_PAGE_SIZES)
    .union(WasmFeatures::WIDE_ARITHMETIC)
    .union(WasmFeatures::THREADS)
    .union(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::GC);

/// What is implemented but must be turned on: proposals that are not finished.
const OFF_AT_FIRST: WasmFeatures = WasmFeatures::CUSTOM_PAGE_SIZES.union(WasmFeatures::WIDE_ARITHMETIC);

/// The features that the compiler itself can do without.
const SWITCHES: [(WasmFeatures, Disabled); 16] = [
    (WasmFeatures::SIGN_EXTENSION, Disabled::SIGN_EXTENSION),
    (WasmFeatures::SATURATING_FLOAT_TO_INT, Disabled::SATURATING),
    (WasmFeatures::BULK_MEMORY, Disabled::BULK_MEMORY),
    (WasmFeatures::REFERENCE_TYPES, Disabled::REFERENCE_TYPES),
    (WasmFeatures::MULTI_VALUE, Disabled::MULTI_VALUE),
    (WasmFeatures::MULTI_MEMORY, Disabled::MULTI_MEMORY),
    (WasmFeatures::SIMD, Disabled::SIMD),
    (WasmFeatures::RELAXED_SIMD, Disabled::RELAXED_SIMD),
    (WasmFeatures::TAIL_CALL, Disabled::TAIL_CALL),
    (WasmFeatures::FUNCTION_REFERENCES, Disabled::FUNCTION_REFERENCES),
    (WasmFeatures::GC, Disabled::GC),
    (WasmFeatures::EXCEPTIONS, Disabled::EXCEPTIONS),
    (WasmFeatures::LEGACY_EXCEPTIONS, Disabled::LEGACY_EXCEPTIONS),
    (WasmFeatures::MEMORY64, Disabled::MEMORY64),
    (WasmFeatures::WIDE_ARITHMETIC, Disabled::WIDE_ARITHMETIC),
    (WasmFeatures::THREADS, Disabled::THREADS),
];

/// The settings of an [`Engine`](crate::Engine).
///
/// ```
/// use headwater::{Config, Engine};
/// let engine = Engine::new(Config::new().compile_threads(0).wasm_multi_memory(false))?;
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) threads: usize,
    pub(super) features: WasmFeatures,
    pub(super) limits: Limits,
    max_wasm_stack: usize,
    async_stack_size: usize,
    pub(super) memory_reservation: u64,
    pub(super) memory_guard_size: u64,
    pub(super) map_operators: bool,
    pub(super) poison: bool,
    pub(super) far_calls: bool,
    pub(super) checks: Checks,
    max_code_memory: usize,
    pub(super) boundless: bool,
    pub(super) fibers: bool,
    pub(super) profiler: ProfilingStrategy,
    pub(super) debug_info: bool,
    pub(super) backtrace_details: bool,
    pub(super) slabs: bool,
    pub(super) small_pages: bool,
    pub(super) target: Option<Target>,
    /// Memories never move.
    pub(super) in_place: bool,
    pub(crate) memory_creator: Creator,
    pub(super) unmet: Unmet,
    /// Traps carry core dumps.
    #[cfg(feature = "coredump")]
    pub(crate) dumps: bool,
    pub(super) strategy: InstanceAllocationStrategy,
    pub(super) collector: super::collector::Settings,
}

impl Default for Config {
    fn default() -> Config {
        Config::new()
    }
}

impl Config {
    /// The defaults.
    pub fn new() -> Config {
        Config {
            threads: Config::default_threads(),
            features: SUPPORTED.difference(OFF_AT_FIRST),
            limits: Limits::DEFAULT,
            max_wasm_stack: 1 << 20,
            async_stack_size: 2 << 20,
            memory_reservation: 1 << 32,
            memory_guard_size: (1 << 32) + (1 << 16),
            map_operators: false,
            poison: false,
            far_calls: false,
            checks: Checks::default(),
            max_code_memory: usize::MAX,
            boundless: false,
            fibers: false,
            profiler: ProfilingStrategy::None,
            debug_info: false,
            backtrace_details: false,
            slabs: false,
            small_pages: false,
            target: None,
            in_place: false,
            memory_creator: Creator::default(),
            unmet: Unmet::default(),
            #[cfg(feature = "coredump")]
            dumps: false,
            strategy: InstanceAllocationStrategy::OnDemand,
            collector: super::collector::Settings::default(),
        }
    }

    pub(super) fn default_threads() -> usize {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        (cores - 1).min(4)
    }

    /// How many threads compile besides the one that pushes bytes; 0 means that it compiles alone, before each push
    /// returns. They are started when the first module of some size arrives. The default is one less than the machine
    /// has, at most 4.
    pub fn compile_threads(&mut self, threads: usize) -> &mut Config {
        self.threads = threads;
        self
    }

    /// What [`Config::compile_threads`] is.
    pub fn get_compile_threads(&self) -> usize {
        self.threads
    }

    /// The bounds on what is accepted.
    pub fn limits(&mut self, limits: Limits) -> &mut Config {
        self.limits = limits;
        self
    }

    /// How many bytes of stack WebAssembly code may use, from the outermost call into it. Using more is a trap. The
    /// default is 1 MiB; the threads that call must have somewhat more.
    pub fn max_wasm_stack(&mut self, bytes: usize) -> &mut Config {
        self.max_wasm_stack = bytes;
        self
    }

    /// How many bytes of stack asynchronous calls have ([`Func::call_async`](crate::Func::call_async)), for WebAssembly
    /// code and the host functions that it calls. The default is 2 MiB, of which memory is taken as it is used. It is
    /// never less than [`Config::max_wasm_stack`] and 256 KiB for host functions, and never more than 256 MiB.
    pub fn async_stack_size(&mut self, bytes: usize) -> &mut Config {
        self.async_stack_size = bytes;
        self
    }

    /// Does nothing: any engine's functions can be called asynchronously. For programs that were written for wasmtime.
    pub fn async_support(&mut self, enable: bool) -> &mut Config {
        let _ = enable;
        self
    }

    /// How many bytes of address space each linear memory gets, besides the guards before (2 GiB, or 64 KiB where
    /// accesses are checked) and after it. From 4 GiB on (the default) memories with 32-bit addresses never move; with
    /// less, memories may move when they grow and every access is checked. Memories with 64-bit addresses get their
    /// maximum, and never move either, if it is at most four times as much.
    pub fn memory_reservation(&mut self, bytes: u64) -> &mut Config {
        self.memory_reservation = bytes;
        self
    }

    /// How many inaccessible bytes follow each memory that never moves. With the default, a little more than
    /// 4 GiB, no access with a 32-bit address needs a check; with less, accesses with large constant offsets do.
    pub fn memory_guard_size(&mut self, bytes: u64) -> &mut Config {
        self.memory_guard_size = bytes;
        self
    }

    /// Whether to record which machine code was made for which operator
    /// ([`Module::operator_map`](crate::Module::operator_map)). Off by default.
    pub fn map_operators(&mut self, enable: bool) -> &mut Config {
        self.map_operators = enable;
        self
    }

    /// How many bytes of memory the machine code of all modules of the engine may have at once, in whole pages,
    /// including modules that are being compiled, which get memory in steps of up to 2 MiB. A module that needs more is
    /// rejected ([`CompileErrorKind`](crate::CompileErrorKind)); what is dropped is available again. Unlimited by
    /// default; for single modules see [`Limits::machine_code`] and [`Limits::machine_code_ratio`].
    pub fn max_code_memory(&mut self, bytes: usize) -> &mut Config {
        self.max_code_memory = bytes;
        self
    }

    /// Whether WebAssembly code can be interrupted ([`Engine::increment_epoch`](crate::Engine::increment_epoch)): it
    /// checks whether to stop at the start of each function and of each iteration of a loop. Bulk operators check at
    /// intervals, too. Off by default, and then it costs nothing.
    ///
    /// A store then needs a deadline ([`Store::set_epoch_deadline`](crate::Store::set_epoch_deadline)): without one its
    /// code is interrupted at once.
    pub fn epoch_interruption(&mut self, enable: bool) -> &mut Config {
        self.checks.interrupts = enable;
        self
    }

    /// Whether WebAssembly code uses up fuel and traps when there is none left. Off by default, and then it costs
    /// nothing.
    ///
    /// A unit pays for a byte of WebAssembly code: a call pays for the length of the function called, an iteration of a
    /// loop for that of the loop, whether or not all of it is executed, so that fuel is an upper bound of the operators
    /// executed and costs little to count. Bulk operators pay for what they write, a unit for each 64 bytes or 8
    /// elements. The same module uses the same fuel on all machines.
    ///
    /// A store has no fuel at first ([`Store::set_fuel`](crate::Store::set_fuel)).
    pub fn consume_fuel(&mut self, enable: bool) -> &mut Config {
        self.checks.fuel = enable;
        self
    }

    /// Whether to ensure, by data dependencies, that a processor that speculates past a bounds check reads nothing
    /// beyond a table or a memory (Spectre, variant 1). It concerns tables, and memories whose accesses are checked
    /// ([`Config::memory_reservation`]): what lies in the reservation of a memory with guard pages is nobody else's.
    /// Branch tables are always protected. Off by default.
    pub fn mask_indices(&mut self, enable: bool) -> &mut Config {
        self.checks.mask_indices = enable;
        self
    }

    /// Whether functions and the targets of indirect jumps begin with landing pads, for processors and kernels that
    /// check indirect branches: `endbr64` on x86-64 (IBT), `bti` on AArch64, where the pages with code ask for the
    /// check if the system has it and return addresses are signed (PAC). Off by default.
    pub fn branch_protection(&mut self, enable: bool) -> &mut Config {
        self.checks.landing_pads = enable;
        self
    }

    /// What machine code is made for, if not for this machine. Modules made for something else can be looked at
    /// but not instantiated, unless `target` asks for no more than this machine has. Other instruction sets need the
    /// cargo feature `cross`, which is on by default.
    pub fn compile_for(&mut self, target: Target) -> &mut Config {
        self.target = Some(target);
        self
    }

    /// How many addresses a memory takes, without the guard before it.
    pub(super) fn memory_addresses(&self) -> u64 {
        self.memory_reservation.saturating_add(self.memory_guard_size)
    }

    pub(crate) fn keeps_memories_in_place(&self) -> bool {
        self.in_place
    }

    pub(crate) fn get_max_code_memory(&self) -> usize {
        self.max_code_memory
    }

    /// Whether calls are to be made on fibers. For tests.
    #[doc(hidden)]
    pub fn wants_fibers(&self) -> bool {
        self.fibers
    }

    /// Whether new stores have endless time and fuel.
    pub(crate) fn is_boundless(&self) -> bool {
        self.boundless
    }

    /// Whether code memory is handed out in the smallest pieces, and small pushes are treated like large ones.
    pub(crate) fn uses_slabs(&self) -> bool {
        self.slabs
    }

    pub(crate) fn uses_small_pages(&self) -> bool {
        self.small_pages
    }

    pub(crate) fn checks(&self) -> Checks {
        self.checks
    }

    pub(crate) fn poisons(&self) -> bool {
        self.poison
    }

    pub(crate) fn forces_far_calls(&self) -> bool {
        self.far_calls
    }

    pub(crate) fn get_target(&self) -> Option<Target> {
        self.target
    }

    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    pub(crate) fn features(&self) -> WasmFeatures {
        // Without references to types of the module there are none to structs and arrays.
        let needed = WasmFeatures::REFERENCE_TYPES.union(WasmFeatures::FUNCTION_REFERENCES);
        if self.features.contains(needed) { self.features } else { self.features.difference(WasmFeatures::GC) }
    }

    /// What the compiler must reject in bodies.
    pub(crate) fn disabled(&self) -> Disabled {
        SWITCHES
            .iter()
            .filter(|(feature, _)| !self.features().contains(*feature))
            .fold(Disabled::default(), |set, (_, disabled)| set.with(*disabled))
    }

    /// Whether less is allowed than what [`Config::disabled`] can tell the compiler, so that wasmparser must
    /// judge each body first.
    pub(crate) fn restricts_bodies(&self) -> bool {
        // The size of pages is no matter of bodies.
        let off = SUPPORTED.difference(self.features()).difference(WasmFeatures::CUSTOM_PAGE_SIZES);
        let known = SWITCHES
            .iter()
            .filter(|(feature, _)| off.contains(*feature))
            .fold(WasmFeatures::empty(), |set, (feature, _)| set | *feature);
        off != known || self.limits.locals < Limits::DEFAULT.locals
    }

    pub(crate) fn get_limits(&self) -> &Limits {
        &self.limits
    }

    /// The size of the stacks of asynchronous calls.
    pub(crate) fn fiber_size(&self) -> usize {
        self.async_stack_size.max(self.max_wasm_stack.saturating_add(2 * HOST_RESERVE)).min(MAX_FIBER)
    }

    pub(crate) fn stack_size(&self) -> usize {
        self.max_wasm_stack
    }

    pub(crate) fn maps_operators(&self) -> bool {
        self.map_operators
    }

    /// The most pages that a memory of type `ty` may have.
    pub(crate) fn memory_limit(&self, ty: &MemoryType) -> u64 {
        let pages = if ty.is_64() { self.limits.memory64_pages } else { self.limits.memory_pages };
        pages.saturating_mul(1 << 16) / ty.page_size()
    }

    /// How memories of type `ty` are laid out, the same for the compiler and for the runtime.
    pub(crate) fn memory_plan(&self, ty: &MemoryType) -> MemoryPlan {
        // A memory with small pages may end within a page of the system, beyond which nothing faults.
        let checked = self.memory_reservation < 1 << 32 || self.memory_creator.0.is_some();
        let keep_resident = self.strategy.keep_resident();
        if checked || ty.page_size_log2() < 16 {
            if let (true, Some(pages)) = (ty.is_shared(), ty.maximum()) {
                // Never moves, so it needs the place for all that it may become.
                let reservation = pages.min(1 << 32).saturating_mul(ty.page_size());
                return MemoryPlan { reservation, guard_after: 0, fixed_base: true, guarded: 0, keep_resident };
            }
            return MemoryPlan { reservation: 0, guard_after: 0, fixed_base: false, guarded: 0, keep_resident };
        }
        let page = 1 << 16;
        let reservation = self.memory_reservation.next_multiple_of(page);
        let guard = self.memory_guard_size.next_multiple_of(page);
        if ty.is_64() {
            // A whole reservation where the maximum is no more than four of what 32-bit memories have: as much as the
            // JavaScript interface allows, and what C compilers ask for.
            let most = ty.maximum().and_then(|max| max.checked_mul(ty.page_size()));
            let most = most.filter(|&most| most <= 4 * reservation || ty.is_shared());
            let guard = guard.min(1 << 32);
            return MemoryPlan {
                reservation: most.unwrap_or(0),
                guard_after: guard,
                fixed_base: most.is_some(),
                guarded: guard,
                keep_resident,
            };
        }
        MemoryPlan { reservation, guard_after: guard, fixed_base: true, guarded: reservation + guard, keep_resident }
    }

    /// Why these settings cannot be used, if they cannot.
    pub(crate) fn check(&self) -> Result<(), String> {
        let extra = self.features.difference(SUPPORTED);
        if !extra.is_empty() {
            let names: Vec<&str> = features::names(extra).collect();
            return Err(format!("WebAssembly features not implemented: {}", names.join(", ")));
        }
        self.unmet.check()?;
        self.check_strategy()?;
        if self.max_wasm_stack == 0 {
            return Err("max_wasm_stack must not be 0".to_string());
        }
        if self.memory_reservation > 1 << 44 || self.memory_guard_size > 1 << 44 {
            return Err("memory_reservation and memory_guard_size must not exceed 16 TiB".to_string());
        }
        macro_rules! check_limits {
            ($($field:ident)*) => {$(
                if self.limits.$field > Limits::DEFAULT.$field {
                    let max = Limits::DEFAULT.$field;
                    return Err(format!("the limit `{}` cannot be raised beyond {max}", stringify!($field)));
                }
            )*};
        }
        check_limits! {
            module_size types functions imports exports globals element_segments data_segments tables table_elements memories
            memory_pages memory64_pages params results function_size locals machine_code machine_code_ratio
        }
        Ok(())
    }
}
