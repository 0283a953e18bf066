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
//! The namespace has two halves: `wasm.js` and the scripts beside it, which do everything that scripts can observe (the
//! order in which arguments are read, classes and their properties, object identity), and `realm.rs`, which owns the
//! engine's objects and converts values.
//!
//! ```text
//! wasm.js ─┬─► idl.js       conversions of Web IDL
//!          ├─► classes.js   Module, Instance, Memory, Table, Global, Tag, Exception
//!          ├─► linking.js   compile options, imports, exports
//!          ├─► response.js  responses, compiled while they arrive
//!          ├─► promising.js functions that return promises, and functions whose promises are awaited
//!          ├─► objects.js   which object stands for what, and those for structs and arrays
//!          ├─► types.js     WebAssembly.Function, and what types look like
//!          ├─► strings.js   the builtins "js-string", but for those of arrays
//!          └─► realm ─┬─► methods  what JavaScript calls
//!                     ├─► handles  what JavaScript has of memories, tables, globals and instances
//!                     ├─► core     the store
//!                     ├─► convert  ToWebAssemblyValue, ToJSValue
//!                     ├─► values   values between two uses of the store
//!                     ├─► objects  structs, arrays and values of JavaScript that WebAssembly code has
//!                     ├─► strings  the builtins of strings and arrays
//!                     ├─► nodes    how long what is in the store lives
//!                     ├─► exported exported functions; `exports` are all exports, `numeric` signatures of numbers
//!                     ├─► func     host functions, traps and exceptions on their way
//!                     ├─► promising calls that are suspended
//!                     ├─► buffer   array buffers that are a memory
//!                     └─► module   modules, and the compiler that bytes are streamed to
//! ```
//!
//! Scripts can replace every method, getter and iterator, put setters on prototypes, and see the frames of an error. So
//! the JavaScript half uses only what it has captured at installation and no syntax that performs lookups (iteration
//! and destructuring of arrays, template literals, `arguments` beyond their number), and the other half trusts no
//! number or kind that came through it: everything is represented by native objects. `tests/web/hostile.js` and
//! `tests/hostile.rs` enforce both.
//!
//! # Which rquickjs
//!
//! 0.14, and exactly that: `buffer.rs` depends on the fields of QuickJS's array buffers and views, and checks them
//! before anything else. Its QuickJS-ng is 0.16.2. Up to 0.11 plain scripts can crash QuickJS-ng: with typed arrays
//! over buffers that are detached or shrunk during construction, with `Atomics` and `sort` on buffers that shrink
//! meanwhile, with growable shared buffers.
//!
//! # What hosts need to know
//!
//! - [`install`] should come after the host's own `fetch`, `Response` and `ReadableStream`, and before scripts: it
//!   captures what it uses. Without `Response` everything works except the two streaming functions, which then reject.
//! - `compileStreaming` reads `Response.body` if that is a stream, and compiles each chunk as it arrives. If a host's
//!   responses do not expose their stream, as llrt_fetch's do not, it waits for `arrayBuffer()`.
//! - Everything lives as long as it can be reached: modules, instances, memories, tables, globals, tags and functions,
//!   cycles of instances and the functions that they import included. That is found out when there are twice as many as
//!   were left the last time, 1,000 at least, or when they take twice as much memory, and when memory or addresses run
//!   out; [`Realm::gc`] does so at once. Nothing is freed while a start function runs.
//! - Structs and arrays, and JavaScript's objects, are in different heaps with a collector each. What one has of the
//!   other is kept: a cycle through a struct that JavaScript has an object for, an exception, or a value of JavaScript
//!   that WebAssembly code has as a reference, lives as long as the realm. WebAssembly code lets go of values of JavaScript
//!   when it collects, which it does whenever it has twice as many references to them as were left the last time, and
//!   1,024 at least; where those are large, [`Realm::gc`] does so at once.
//! - The memories of a realm never move, whatever `Config::memory_reservation` says: each takes the address space of
//!   its maximum size, 4 GiB if it has none. Where that is not available (`ulimit -v`), creating one throws a
//!   `RangeError`.
//! - With `Config::epoch_interruption` or `consume_fuel` on, the [`Realm`] that [`install`] returns sets deadlines and
//!   fuel.
//! - A QuickJS `ArrayBuffer` has less than 2 GiB. A larger memory works, but its `buffer` throws a `RangeError`; a
//!   resizable buffer is detached when its memory grows to 2 GiB.
//! - Compiling from a buffer happens on JavaScript's thread and the engine's compile threads, in a separate microtask.
//!   QuickJS has no tasks: where the specifications queue one, promises settle in a later microtask, never within the
//!   caller or a stream's callback.
//! - A module can be cloned (Web API, section "Serialization") by the shell's `structuredClone`; QuickJS has none, no
//!   `postMessage` and no storage that would need it, and modules do not keep their bytes.
//!
//! # Where the contract leaves a choice
//!
//! - The value of Content-Type is compared as the specification says, byte by byte; there is no leniency. Scripts that
//!   want it can check the header first (`examples/js/fallback.js`).
//! - An invalid prefix rejects with a `CompileError` at once and cancels the body; according to the specification, all
//!   of it would be read first.
//! - Members of memory and table descriptors are converted as they are read, in the order that the web platform tests
//!   expect.
//! - Messages of a `CompileError` are the engine's, the same for streamed and buffered bytes.
//! - A stack overflow in WebAssembly code is a `RangeError`, like JavaScript's own. Traps cannot be caught by
//!   WebAssembly code.
//! - −0 that passes through an `externref` or `anyref` stays −0: it is a value of the host, not an `i31`.
//! - Tables over 10,000,000 entries and memories over 65,536 pages are a `RangeError` at instantiation, in constructors
//!   and in `grow()`.
//! - A call of a function of `WebAssembly.promising()` that is interrupted at a deadline, or has used up its fuel,
//!   after it was suspended leaves its promise pending: a script that waits for it does not go on.
//! - An import object is required, as specified, even if all imports are builtins or string constants.

mod buffer;
mod convert;
mod core;
mod custom;
mod exception;
mod exported;
mod exports;
mod func;
mod handles;
mod host;
mod making;
mod methods;
mod module;
mod nodes;
mod numeric;
mod objects;
mod promising;
mod realm;
#[cfg(feature = "shell")]
pub mod shell;
mod strings;
mod types;
mod values;

pub use host::Realm;

use headwater::Engine;
use rquickjs::context::EvalOptions;
use rquickjs::{Ctx, Function, Object, Result};

/// What is rejected until the compiler supports it, and how: nothing at present. Tests check this list.
pub const LATER: &[(&str, &str)] = &[];

/// Puts the namespace on the global object of a context. Modules are compiled by `engine`; everything else belongs to
/// the context's own store. See [the crate](crate) for what hosts need to know.
///
/// # Errors
/// If QuickJS is out of memory, or is not the version that this crate supports.
pub fn install(ctx: &Ctx<'_>, engine: &Engine) -> Result<Realm> {
    let core = core::Core::new(engine);
    let realm = realm::Realm::new(ctx, core.clone())?;
    let parts = Object::new(ctx.clone())?;
    parts.set("idl", eval(ctx, "headwater:idl.js", include_str!("idl.js"))?)?;
    parts.set("objects", eval(ctx, "headwater:objects.js", include_str!("objects.js"))?)?;
    parts.set("strings", eval(ctx, "headwater:strings.js", include_str!("strings.js"))?)?;
    parts.set("response", eval(ctx, "headwater:response.js", include_str!("response.js"))?)?;
    parts.set("types", eval(ctx, "headwater:types.js", include_str!("types.js"))?)?;
    parts.set("promising", eval(ctx, "headwater:promising.js", include_str!("promising.js"))?)?;
    parts.set("classes", eval(ctx, "headwater:classes.js", include_str!("classes.js"))?)?;
    parts.set("linking", eval(ctx, "headwater:linking.js", include_str!("linking.js"))?)?;
    let internals: Object<'_> =
        eval(ctx, "headwater:wasm.js", include_str!("wasm.js"))?.call((realm, ctx.globals(), parts))?;
    #[cfg(feature = "shell")]
    shell::loader::prepare(ctx, internals)?;
    #[cfg(not(feature = "shell"))]
    drop(internals);
    Ok(Realm::new(core))
}

/// The function that a script of this crate is.
fn eval<'js>(ctx: &Ctx<'js>, name: &str, source: &str) -> Result<Function<'js>> {
    let mut options = EvalOptions::default();
    options.filename = Some(name.to_string());
    ctx.eval_with_options(source, options)
}
