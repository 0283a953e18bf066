//! Headwater's single-pass compiler: one function body in, machine code and records out.
//!
//! This crate knows nothing of pages, threads, files or time. It borrows a writable range of bytes and is given a
//! function body; it validates the body, writes machine code for it into the range, and appends what
//! the runtime needs to know (entry, call sites, trap sites) to a [`record::Records`].
//!
//! * [`mod@env`] describes the module around a body, filled once at the code-section header.
//! * [`vmctx`] is the layout of what compiled code touches at run time; the runtime follows it.
//! * [`op`] is the table of all operators; [`func`] is the pass itself; [`masm`] the contract that an instruction
//!   set implements; [`isa`] the emitters.
//! * [`reg`] has types for the machine's registers.
//! * [`trampoline`] generates the boundary between host and compiled code.

#![warn(missing_docs)]

pub mod buf;
pub mod env;
pub mod func;
pub mod isa;
pub mod masm;
pub mod op;
pub mod record;
pub mod reg;
pub mod target;
pub mod trampoline;
pub mod trap;
pub mod ty;
pub mod vmctx;
#[doc(hidden)]
pub mod work;

pub use env::ModuleEnv;
pub use func::{Body, Compiler, Stop};
pub use record::Records;
pub use reg::{Fpr, Gpr, Reg};
pub use target::Target;
pub use trap::TrapCode;
pub use ty::Ty;

/// How many readable bytes must follow a function body in the buffer that [`Compiler::compile`] is given.
///
/// The decoder checks for the end of a body once per operator, not once per byte; a single operator's
/// fixed immediates never reach further than this. The padding's contents do not matter.
pub const PADDING: usize = 64;
