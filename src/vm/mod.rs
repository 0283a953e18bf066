//! What compiled code touches at run time, and what happens when it stops.
//!
//! * [`context`] is the layout that compiled code knows; [`arena`] keeps those things at fixed addresses.
//! * [`alloc`] is where memory comes from whose size a module decides, [`held`] counts it.
//! * [`memory`] and [`table`] are the stores' own linear memories and tables, [`mapping`] the address space,
//!   [`image`] what memories begin with.
//! * [`instance`] is an instance's state, [`instantiate`] brings it into being, [`builtins`] serve its code
//!   by way of [`thunks`].
//! * [`activation`] is the way into compiled code and out of it; [`thread`] what each thread needs for that,
//!   [`signals`] how a fault becomes a trap, with what [`machine`] knows of registers, [`frames`] how the stack is read.
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
