//! What embedders use at run time, under the names of the `wasmtime` crate: handles, and the calling conventions of the
//! host. What the handles refer to is in [`crate::vm`], which does not depend on this module.
//!
//! A [`store::Store`] owns everything that instances are made of; [`func::Func`], [`memory::Memory`] and the like are
//! small `Copy` handles into it. Using a handle with another store panics.

pub(crate) mod asynchronous;
pub(crate) mod call_hook;
pub(crate) mod caller;
pub(crate) mod closure;
pub(crate) mod context;
#[cfg(feature = "coredump")]
pub(crate) mod coredump;
pub(crate) mod defaults;
pub(crate) mod exception;
pub(crate) mod externals;
pub(crate) mod func;
pub(crate) mod gc;
pub(crate) mod global;
#[cfg(feature = "profiling")]
pub(crate) mod guest_profiler;
mod hooks;
pub(crate) mod host;
pub(crate) mod instance;
pub(crate) mod instantiate;
pub(crate) mod interruption;
pub(crate) mod limits;
pub(crate) mod linker;
pub(crate) mod memory;
pub(crate) mod module_export;
pub(crate) mod raw;
pub mod reclaim;
pub(crate) mod resumable;
pub(crate) mod rooted;
pub(crate) mod roots;
pub(crate) mod shared_memory;
pub(crate) mod store;
pub(crate) mod table;
pub(crate) mod typed;
pub(crate) mod value;
