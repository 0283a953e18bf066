//! The `WebAssembly` object for JavaScript hosts on QuickJS, on top of Headwater.
//!
//! ```
//! use rquickjs::{Context, Runtime};
//!
//! let runtime = Runtime::new()?;
//! let context = Context::full(&runtime)?;
//! context.with(|ctx| {
//!     headwater_js::install(&ctx, &headwater::Engine::default())?;
//!     let valid: bool = ctx.eval("WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))")?;
//!     assert!(valid);
//!     Ok::<(), rquickjs::Error>(())
//! })?;
//! # Ok::<(), rquickjs::Error>(())
//! ```
//!
//! The namespace has two halves: `wasm.js` and what is beside it, which do everything that scripts can observe (the order in which
//! arguments are read, classes and their properties, who is the same object as whom), and `realm.rs`, which has the engine's things, by
//! number, and converts values.
//!
//! ```text
//! wasm.js ─┬─► idl.js       conversions of Web IDL
//!          ├─► response.js  responses, compiled while they arrive
//!          ├─► strings.js   the builtins "js-string"
//!          └─► realm ─┬─► core     the store; numbers for functions, memories, tables, globals
//!                     ├─► convert  ToWebAssemblyValue, ToJSValue
//!                     ├─► func     exported functions, host functions, traps and exceptions on their way
//!                     ├─► buffer   array buffers that are a memory
//!                     └─► module   modules, and the compiler that bytes are streamed to
//! ```
//!
//! # Which rquickjs
//!
//! 0.11, and exactly that. The crates for QuickJS hosts that have streams, blobs, URLs, timers and the rest (`llrt_*` 0.8.1-beta, the
//! newest there are) are built on it, and values do not pass between two versions. What 0.14 would bring is a newer QuickJS-ng, of which
//! nothing here is missing. The version is pinned, because `buffer.rs` knows the fields of QuickJS's array buffers; it
//! checks them before anything else.
//!
//! # What a host has to know
//!
//! - [`install`] should come after the host's own `fetch`, `Response` and `ReadableStream`, and before scripts: it takes what it uses.
//!   Without `Response` there is everything but the two streaming functions, which then reject.
//! - `compileStreaming` reads `Response.body` if that is a stream, and compiles each chunk as it comes. A host whose responses do not
//!   show their stream, as llrt_fetch's, has its `arrayBuffer()` waited for.
//! - Instances, memories, tables and globals are freed with the realm, not by the garbage collector; so are strings and objects that were
//!   passed to WebAssembly code as references. Modules that have no instance are collected.
//! - An `ArrayBuffer` of QuickJS has less than 2 GiB. A larger memory works, but its `buffer` throws a `RangeError`; a resizable buffer
//!   is detached when its memory grows to that.
//! - Compiling from a buffer happens on JavaScript's thread and the engine's compile threads, in a microtask of its own. QuickJS has no
//!   tasks: where the specifications queue one, promises settle in a later microtask, never within the caller or a stream's callback.
//! - There is no structured clone of a module (Web API, section "Serialization"): QuickJS has no `structuredClone`, no `postMessage` and
//!   no storage that would ask for it, and modules do not keep their bytes.
//!
//! # Where the contract leaves a choice
//!
//! - The value of Content-Type is compared as the specification says, byte by byte; there is no leniency. Scripts that
//!   want it can look at the header first (`examples/js/fallback.js`).
//! - An invalid prefix rejects with a `CompileError` at once and cancels the body; by the letter all would be read first.
//! - Members of memory and table descriptors are converted as they are read, in the order that the web's tests want.
//! - Messages of a `CompileError` are the engine's, the same for streamed and buffered bytes.
//! - A stack overflow in WebAssembly code is a `RangeError`, as JavaScript's own. Traps cannot be caught by WebAssembly code.
//! - −0 that passes through an `externref` stays −0.
//! - Tables over 10,000,000 entries and memories over 65,536 pages are a `RangeError` at instantiation, in constructors and in `grow()`.
//! - An import object is needed, by the letter, even if all imports are builtins or string constants.

mod buffer;
mod convert;
mod core;
mod custom;
mod func;
mod module;
mod realm;
#[cfg(feature = "shell")]
pub mod shell;

use headwater::Engine;
use rquickjs::context::EvalOptions;
use rquickjs::{Ctx, Function, Object, Result};

/// What is refused until the compiler can do it, and how. Tests hold this list to the truth.
pub const LATER: &[(&str, &str)] = &[
    ("exception handling", "modules with tags: CompileError; Tag, Exception and JSTag work among JavaScript code only"),
    (
        "64-bit memories and tables",
        "modules: CompileError; a Memory or Table with address \"i64\" works among JavaScript code only",
    ),
    ("shared memories", "modules: CompileError; a Memory with shared: true works among JavaScript code only"),
    ("vectors", "modules: CompileError"),
    ("garbage-collected objects and typed function references", "modules: CompileError; other value types: TypeError"),
    (
        "string builtins of arrays",
        "fromCharCodeArray and intoCharCodeArray: CompileError, whatever the type of the import",
    ),
    ("tail calls", "modules: CompileError"),
];

/// Puts the namespace on the global object of a context. Modules are compiled by `engine`; everything else belongs to a store of the
/// context's own. See [the crate](crate) for what a host has to know.
///
/// # Errors
/// If QuickJS is short of memory, or is not the version that this crate knows.
pub fn install(ctx: &Ctx<'_>, engine: &Engine) -> Result<()> {
    let realm = realm::Realm::new(ctx, core::Core::new(engine))?;
    let parts = Object::new(ctx.clone())?;
    parts.set("idl", eval(ctx, "headwater:idl.js", include_str!("idl.js"))?)?;
    parts.set("strings", eval(ctx, "headwater:strings.js", include_str!("strings.js"))?)?;
    parts.set("response", eval(ctx, "headwater:response.js", include_str!("response.js"))?)?;
    eval(ctx, "headwater:wasm.js", include_str!("wasm.js"))?.call((realm, ctx.globals(), parts))
}

/// The function that a script of this crate is.
fn eval<'js>(ctx: &Ctx<'js>, name: &str, source: &str) -> Result<Function<'js>> {
    let mut options = EvalOptions::default();
    options.filename = Some(name.to_string());
    ctx.eval_with_options(source, options)
}
