//! A small host, for embedders that have none: the globals that web code around WebAssembly uses, and the runner behind
//! `headwater js`.
//!
//! `AbortController`, `URL`, timers, `EventTarget`, `DOMException` and `console` are those of the llrt crates. HTTP is
//! reqwest's, text is encoding_rs's. The rest is written here:
//!
//! ```text
//! web.js ─┬─► own.js       what is used of the language, taken before any script runs
//!         ├─► shell.js     location, timers that report errors, print
//!         ├─► coding.js    TextEncoder, TextDecoder, crypto, atob, btoa ─► coding.rs
//!         ├─► readable.js  ReadableStream ─► bytes.js, pipe.js; WritableStream ─► writable.js
//!         ├─► blob.js      Blob, File
//!         ├─► clone.js     structuredClone
//!         ├─► headers.js   Headers, FormData
//!         ├─► body.js      what can be a body, and the methods that read one
//!         ├─► fetch.js     Response, Request, fetch ─► exchange.rs
//!         ├─► esm.js       WebAssembly modules that are imported ─► loader.rs ─┬─► syntax.rs    scripts, before QuickJS
//!         └─► commonjs.js  CommonJS modules ─────────────────────► loader.rs ─┴─► packages.rs  node_modules
//! ```
//!
//! because nothing that a script replaces may affect what was installed before it: llrt 0.8.1-beta's streams look up
//! `Promise.prototype.then` at each step; its buffers are Rust's memory, which QuickJS reallocates when a script
//! transfers them; its decoder does not support streaming and requires an argument, its encoder throws on lone
//! surrogates; llrt_fetch does not expose the stream of a body, does not support opaque responses, and does not build
//! without TLS. `https:` URLs cannot be fetched, for lack of TLS.

mod coding;
mod exchange;
mod lexer;
pub(crate) mod loader;
mod packages;
mod run;
mod syntax;

pub use loader::Modules;
pub use run::{Error, MAX_WASM_STACK, Program, run};

use crate::eval;
use exchange::Clients;
use rquickjs::prelude::Func;
use rquickjs::{Class, Ctx, Function, Object, Result, Value, qjs};
use std::cell::OnceCell;
use std::time::Instant;

/// Installs the globals in a context, whose scripts see the URL `base` as their origin. The context must belong to an
/// [`AsyncRuntime`](rquickjs::AsyncRuntime) that runs in a tokio runtime with IO and time. `report` is passed what
/// callbacks throw.
///
/// # Errors
/// What QuickJS throws, and if `base` is not a URL.
pub fn install<'js>(ctx: &Ctx<'js>, base: &str, report: Function<'js>) -> Result<()> {
    llrt_events::init(ctx)?;
    llrt_exceptions::init(ctx)?;
    llrt_console::init(ctx)?;
    llrt_url::init(ctx)?;
    llrt_timers::init(ctx)?;
    llrt_abort::init(ctx)?;
    let globals = ctx.globals();
    let start = Instant::now();
    let now = Func::from(move || start.elapsed().as_secs_f64() * 1000.0);
    let natives = Object::new(ctx.clone())?;
    natives.set("clients", Class::instance(ctx.clone(), Clients::new())?)?;
    natives.set("coding", coding::natives(ctx)?)?;
    natives.set("isOrdinary", Func::from(is_ordinary))?;
    natives.set("commonjs", loader::natives(ctx)?)?;
    let scripts = Object::new(ctx.clone())?;
    for (name, source) in SCRIPTS {
        scripts.set(*name, eval(ctx, &format!("headwater:{name}.js"), source)?)?;
    }
    let web = eval(ctx, "headwater:web.js", include_str!("web.js"))?;
    let make: Function<'js> = web.call((globals, scripts, natives, report, now, base))?;
    let _ = ctx.store_userdata(loader::Makers { make, ready: OnceCell::new() });
    Ok(())
}

/// Whether an object is one of the language's that has properties and nothing else; an array and `arguments` are, too.
fn is_ordinary(value: Value<'_>) -> bool {
    const OBJECT: u32 = 1;
    const ARRAY: u32 = 2;
    const ARGUMENTS: u32 = 8;
    const MAPPED_ARGUMENTS: u32 = 9;
    // SAFETY: the value is alive.
    let class = unsafe { qjs::JS_GetClassID(value.as_raw()) };
    matches!(class, OBJECT | ARRAY | ARGUMENTS | MAPPED_ARGUMENTS)
}

/// The scripts that `web.js` calls, each a function.
const SCRIPTS: &[(&str, &str)] = &[
    ("own", include_str!("own.js")),
    ("shell", include_str!("shell.js")),
    ("coding", include_str!("coding.js")),
    ("readable", include_str!("readable.js")),
    ("bytes", include_str!("bytes.js")),
    ("writable", include_str!("writable.js")),
    ("pipe", include_str!("pipe.js")),
    ("blob", include_str!("blob.js")),
    ("clone", include_str!("clone.js")),
    ("headers", include_str!("headers.js")),
    ("body", include_str!("body.js")),
    ("fetch", include_str!("fetch.js")),
    ("esm", include_str!("esm.js")),
    ("commonjs", include_str!("commonjs.js")),
];

/// An error as it is shown: name and message, and the stack; of other values what `String` makes of them.
fn describe<'js>(value: &Value<'js>) -> String {
    let stack = value.as_object().and_then(|o| o.get::<_, Option<String>>("stack").ok().flatten());
    match stack {
        Some(stack) => format!("{}\n{}", text_of(value), stack.trim_end()),
        None => text_of(value),
    }
}

fn text_of<'js>(value: &Value<'js>) -> String {
    let ctx = value.ctx();
    let string = ctx.globals().get::<_, Function<'js>>("String");
    string.and_then(|f| f.call((value.clone(),))).unwrap_or_else(|_| {
        ctx.catch();
        "a value that cannot be shown".to_string()
    })
}
