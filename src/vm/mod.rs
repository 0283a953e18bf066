//! What compiled code touches at run time, and what happens when it stops. Nothing here depends on the interface for
//! embedders above it.
//!
//! * [`context`] is the layout that compiled code knows, and imports nothing of what follows; [`arena`] keeps those
//!   objects at fixed addresses.
//! * [`alloc`] allocates memory whose size a module determines, [`held`] counts it, [`limits`] checks whether it is
//!   allowed.
//! * [`memory`] and [`table`] are linear memories and tables, [`mapping`] their address space, [`host_memory`] memories
//!   that the embedder allocates, [`image`] the initial contents of memories. What is [`kept`] of those that are gone is
//!   made as new by [`reset`].
//! * [`memories`] is the list of a store's memories, its own and those that it shares with other stores; [`racy`] copies
//!   what other threads may write meanwhile, [`waits`] lets them wait for each other.
//! * [`store`] owns everything that instances are made of; [`instance`] is an instance's state, [`constant`]
//!   evaluates what that begins with, [`host`] is a host function; [`builtins`] serve compiled code, which calls them through [`thunks`].
//! * [`activation`] enters compiled code and leaves it, [`unwind`] is the reason for unwinding; [`thread`] prepares
//!   each thread for that, [`signals`] turns a hardware fault into a trap, with what [`machine`] knows about registers,
//!   [`frames`] reads the stack, [`backtrace`] interprets it. [`fiber`] is a stack for calls that can wait,
//!   [`resumable`] for those that are suspended without keeping their store; [`mapped_file`] has its faults handled as
//!   well.
//! * [`deadline`] is what happens at an epoch's deadline, [`interruption`] what a store does about it, and its fuel.
//! * [`gc`] has objects, external references and the host's handles, and frees what nobody needs.
//!   [`subtypes`] compares their types where compiled code cannot.
//! * [`exception`] finds who catches an exception, and keeps those that somebody has a reference to.
//!
//! Everything here works on raw pointers into one store. Only the owner of a `&mut` to the store may touch them; while
//! compiled code runs, that is the host function it called last, if any.

pub(crate) mod activation;
pub(crate) mod alloc;
pub(crate) mod arena;
pub(crate) mod backtrace;
pub(crate) mod builtins;
pub(crate) mod constant;
pub(crate) mod context;
pub(crate) mod deadline;
pub(crate) mod exception;
pub(crate) mod fiber;
pub(crate) mod frames;
pub(crate) mod gc;
pub(crate) mod global;
pub(crate) mod held;
pub(crate) mod host;
pub(crate) mod host_memory;
pub(crate) mod image;
pub(crate) mod instance;
mod interruption;
mod kept;
pub(crate) mod limits;
mod machine;
pub(crate) mod mapped_file;
pub(crate) mod mapping;
pub(crate) mod memories;
pub(crate) mod memory;
pub(crate) mod racy;
pub(crate) mod reclaim;
pub(crate) mod reset;
pub(crate) mod resumable;
pub(crate) mod signals;
pub(crate) mod store;
mod subtypes;
pub(crate) mod table;
pub(crate) mod thread;
pub(crate) mod thunks;
pub(crate) mod unwind;
pub(crate) mod waits;
