//! What compiled code touches at run time, and what happens when it stops. Nothing here knows the interface for
//! embedders above it.
//!
//! * [`context`] is the layout that compiled code knows, and imports nothing of what follows; [`arena`] keeps those
//!   things at fixed addresses.
//! * [`alloc`] is where memory comes from whose size a module decides, [`held`] counts it, [`limits`] asks whether it
//!   is allowed.
//! * [`memory`] and [`table`] are the stores' own linear memories and tables, [`mapping`] the address space,
//!   [`image`] what memories begin with.
//! * [`store`] owns everything that instances are made of; [`instance`] is an instance's state, [`host`] a host
//!   function; [`builtins`] serve compiled code by way of [`thunks`].
//! * [`activation`] is the way into compiled code and out of it, [`unwind`] the reason for the latter; [`thread`] what
//!   each thread needs for that, [`signals`] how a hardware fault becomes a trap, with what [`machine`] knows of
//!   registers, [`frames`] how the stack is read, [`backtrace`] what it means.
//!
//! Everything here works on raw pointers into one store. The owner of a `&mut` to the store is the only one
//! who may touch them; while compiled code runs, that is the host function it called last, if any.

pub(crate) mod activation;
pub(crate) mod alloc;
pub(crate) mod arena;
pub(crate) mod backtrace;
pub(crate) mod builtins;
pub(crate) mod context;
pub(crate) mod frames;
pub(crate) mod held;
pub(crate) mod host;
pub(crate) mod image;
pub(crate) mod instance;
pub(crate) mod limits;
mod machine;
pub(crate) mod mapping;
pub(crate) mod memory;
pub(crate) mod signals;
pub(crate) mod store;
pub(crate) mod table;
pub(crate) mod thread;
pub(crate) mod thunks;
pub(crate) mod unwind;
