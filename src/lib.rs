//! Headwater: a WebAssembly engine whose module is native code by the time the download ends.
//!
//! Bytes arrive in chunks; each function is decoded, validated and turned into machine code in one pass while
//! the next bytes are still on the wire.
//!
//! ```
//! use headwater::{Engine, StreamingCompiler};
//!
//! let engine = Engine::default();
//! let mut compiler = StreamingCompiler::new(&engine);
//! for chunk in [&b"\0asm"[..], &b"\x01\0\0\0"[..]] {
//!     compiler.push(chunk)?;
//! }
//! let module = compiler.finish()?;
//! assert_eq!(module.imports().len(), 0);
//! # Ok::<(), headwater::CompileError>(())
//! ```
//!
//! [`web`] does the same with HTTP responses, as `WebAssembly.compileStreaming()` does in browsers.
//!
//! Names follow the `wasmtime` crate wherever it has them.

#![warn(missing_docs)]

mod api;
mod code;
mod engine;
pub mod error;
mod features;
mod hash;
mod module;
mod os;
pub mod printable;
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
pub use api::global::Global;
pub use api::host::HostFuture;
pub use api::instance::Instance;
pub use api::instantiate::IncompatibleImport;
pub use api::interruption::Interruption;
pub use api::limits::{ResourceLimiter, ResourceLimiterAsync, StoreLimits, StoreLimitsBuilder};
pub use api::linker::{InstancePre, Linker, UnknownImportError};
pub use api::memory::{Memory, MemoryAccessError};
pub use api::module_export::ModuleExport;
pub use api::rooted::{GcHeapOutOfMemory, Reference, Rooted};
pub use api::shared_memory::SharedMemory;
pub use api::store::{Store, WaitStopper};
pub use api::table::Table;
pub use api::typed::{TypedFunc, WasmParams, WasmResults, WasmTy, WasmTyList};
pub use api::value::{ExternRef, Ref, V128, Val};
pub use engine::{
    Collector, Config, Enabled, Engine, EngineWeak, InstanceAllocationStrategy, Limits, OptLevel,
    PoolingAllocationConfig, RegallocAlgorithm, Strategy, WasmBacktraceDetails,
};
pub use error::{CompileError, CompileErrorKind};
pub use headwater_codegen::target::{Isa, Target};
pub use module::{CompileStats, CompiledFunction, Module, ResourcesRequired};
pub use stream::{Progress, Stopper, StreamingCompiler};
pub use trap::Trap;
pub use types::{
    ExportType, ExternType, FuncType, GlobalType, HeapType, ImportType, MemoryType, MemoryTypeBuilder, Mutability,
    RefType, TableType, TagType, ValType,
};
pub use vm::backtrace::{FrameInfo, WasmBacktrace};
pub use vm::context::ValRaw;
pub use vm::exception::ThrownException;
pub use vm::mapped_file::MappedFile;
pub use vm::store::UpdateDeadline;
pub use vm::waits::WaitResult;
pub use wasmparser::WasmFeatures;

/// Keeps the example in the README working.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../SECURITY.md")]
struct Readme;
