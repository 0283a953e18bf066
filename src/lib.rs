//! Headwater: a WebAssembly engine whose module is native code by the time the download ends.
//!
//! Bytes arrive in chunks; each function is decoded, validated and turned into machine code in one pass while
//! the next bytes are still on the wire. Then its functions are called:
//!
//! ```
//! use headwater::{Caller, Engine, Linker, Store, StreamingCompiler};
//!
//! # let wasm = wat::parse_str(r#"(module (import "host" "log" (func $log (param i32)))
//! #     (func (export "double") (param i32) (result i32)
//! #         (call $log (local.get 0)) (i32.add (local.get 0) (local.get 0))))"#)?;
//! let engine = Engine::default();
//! let mut compiler = StreamingCompiler::new(&engine);
//! for chunk in wasm.chunks(7) {
//!     compiler.push(chunk)?;
//! }
//! let module = compiler.finish()?;
//!
//! let mut linker = Linker::new(&engine);
//! linker.func_wrap("host", "log", |mut caller: Caller<'_, Vec<i32>>, n: i32| caller.data_mut().push(n))?;
//! let mut store = Store::new(&engine, Vec::new());
//! let instance = linker.instantiate(&mut store, &module)?;
//! let double = instance.get_typed_func::<i32, i32>(&mut store, "double")?;
//! assert_eq!(double.call(&mut store, 21)?, 42);
//! assert_eq!(store.data(), &[21]);
//! # Ok::<(), headwater::Error>(())
//! ```
//!
//! # Where to begin
//!
//! - [`Engine`] has the settings ([`Config`]), [`Module`] the code, [`Store`] what instances are made of and your data,
//!   [`Linker`] what modules import. A [`Module`] also comes from complete bytes, readers and files.
//! - [`web`] compiles HTTP responses, as `WebAssembly.compileStreaming()` does in browsers.
//! - Code that is not trusted is limited by [`Store::limiter`], and by [epochs](Config::epoch_interruption) or
//!   [fuel](Config::consume_fuel).
//! - [`Func::call_async`] awaits calls; host functions may be futures ([`Func::wrap_async`]).
//! - The crate `headwater-wasi` has WASI.
//! - Names are those of the `wasmtime` crate wherever it has them; [`coming_from_wasmtime`] says what differs.
//! - The package's `examples` stream, serve HTTP with hyper, await with tokio, and limit what a program may have.
//!
//! # Cargo features
//!
//! None is on by default.
//!
//! | feature | |
//! | --- | --- |
//! | `wat` | modules in the text format, in [`Module::new`] and [`Module::from_file`] |
//! | `debug` | `Config::debug_info`: symbols, unwinding and lines for debuggers; files and lines in backtraces |
//! | `profiling` | `GuestProfiler`, which samples WebAssembly code |
//! | `coredump` | `Config::coredump_on_trap`: traps carry a `WasmCoreDump` |
//! | `http` | [`web::Response`] from the types of the crate `http` (hyper, axum, tower) |
//! | `reqwest` | [`web::Response`] from reqwest's |
//! | `futures`, `futures-io`, `tokio` | [`web::Response`] from streams and asynchronous readers |
//! | `timer` | limits on time in [`web::Options`] |

#![cfg_attr(docsrs, feature(doc_cfg))]
#![warn(missing_docs)]

mod api;
mod code;
#[cfg(feature = "debug")]
mod debug;
mod engine;
pub mod error;
mod features;
mod hash;
mod module;
mod os;
mod os_pages;
mod os_thread;
pub mod printable;
mod profiling;
mod stream;
mod sync;
mod trap;
mod types;
mod vm;
pub mod web;

pub use anyhow::{Error, Result, bail, ensure, format_err};
pub use api::call_hook::CallHook;
pub use api::caller::Caller;
pub use api::closure::{IntoFunc, WasmRet};
pub use api::context::{AsContext, AsContextMut, StoreContext, StoreContextMut};
#[cfg(feature = "coredump")]
pub use api::coredump::WasmCoreDump;
pub use api::exception::{ExnRef, ExnRefPre, ExnType, RootScope, Tag};
pub use api::externals::{Export, Extern};
pub use api::func::Func;
pub use api::gc::{AnyRef, ArrayRef, ArrayRefPre, EqRef, ExternRef, I31, OwnedRooted, StructRef, StructRefPre};
pub use api::global::Global;
#[cfg(feature = "profiling")]
pub use api::guest_profiler::GuestProfiler;
pub use api::host::HostFuture;
pub use api::instance::Instance;
pub use api::instantiate::IncompatibleImport;
pub use api::interruption::Interruption;
pub use api::limits::{ResourceLimiter, ResourceLimiterAsync, StoreLimits, StoreLimitsBuilder};
pub use api::linker::{InstancePre, Linker, UnknownImportError};
pub use api::memory::{Memory, MemoryAccessError};
pub use api::module_export::ModuleExport;
#[doc(hidden)]
pub use api::reclaim;
pub use api::resumable::{ResumableCall, Suspend, SuspendedCall};
pub use api::rooted::Rooted;
pub use api::roots::{GcHeapOutOfMemory, Reference};
pub use api::shared_memory::SharedMemory;
pub use api::store::{Store, WaitStopper};
pub use api::table::Table;
pub use api::typed::{TypedFunc, WasmParams, WasmResults, WasmTy, WasmTyList};
pub use api::value::{Ref, V128, Val};
#[cfg(feature = "debug")]
pub use debug::FrameSymbol;
pub use engine::{
    Collector, Config, Enabled, Engine, EngineWeak, InstanceAllocationStrategy, Limits, OptLevel,
    PoolingAllocationConfig, RegallocAlgorithm, Strategy, WasmBacktraceDetails,
};
pub use error::{CompileError, CompileErrorKind};
pub use headwater_codegen::target::{Isa, Target};
pub use module::artifact::Precompiled;
pub use module::{CompileStats, CompiledFunction, Module, ResourcesRequired};
#[doc(hidden)]
pub use os_thread::spawn_detached;
pub use profiling::ProfilingStrategy;
pub use stream::{Progress, Stopper, StreamingCompiler, WorkSpan};
pub use trap::Trap;
pub use types::{
    ArrayType, ExportType, ExternType, FieldType, Finality, FuncType, GlobalType, HeapType, ImportType, MemoryType,
    MemoryTypeBuilder, Mutability, RefType, StorageType, StructType, TableType, TagType, ValType,
};
pub use vm::backtrace::{FrameInfo, WasmBacktrace};
pub use vm::context::ValRaw;
pub use vm::deadline::UpdateDeadline;
pub use vm::exception::ThrownException;
pub use vm::host_memory::{LinearMemory, MemoryCreator};
pub use vm::mapped_file::MappedFile;
pub use vm::waits::WaitResult;
pub use wasmparser::WasmFeatures;

#[doc = include_str!("../docs/coming-from-wasmtime.md")]
pub mod coming_from_wasmtime {}

/// Keeps the example in the README working.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../SECURITY.md")]
struct Readme;
