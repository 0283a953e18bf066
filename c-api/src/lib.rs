//! Headwater in C: the standard WebAssembly C API (`include/wasm.h`) and what Headwater adds to it
//! (`include/headwater.h`).
//!
//! What C sees as `wasm_ref_t`, `wasm_func_t`, `wasm_extern_t` and so on is one type here, [`refs::Reference`]: a
//! handle of an object and a share of its store. Conversions between these types are therefore the same pointer, or
//! null. The same goes for types: `wasm_functype_t`, `wasm_externtype_t` and their like are [`types::ExternTy`].
//!
//! The contract at the boundary stands in the signatures: `Box` is what C calls `own`, a reference is lent for the
//! call, `Option` may be null, `MaybeUninit` is an `own` parameter `out`. C promises all of that by the header; nothing
//! here is reachable from Rust.
//!
//! **Threads.** A store and all that was made from it are used by one thread at a time; the embedder orders these uses
//! ([`store::Sent`] relies on it). Engines, shared modules and shared memories may be used by several at once.
//!
//! **Panics** never reach C: what compiles or runs code turns them into errors ([`store::guarded`]), anything else is
//! an `extern "C"` function, in which a panic ends the process with its message.

mod compiler;
mod externals;
mod func;
mod instance;
mod limits;
mod linker;
mod module;
mod refs;
mod store;
mod trap;
mod types;
mod values;
mod vecs;
