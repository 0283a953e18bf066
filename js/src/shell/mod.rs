//! A small host, for those that have none: the globals that web code around WebAssembly uses, and the runner behind
//! `headwater js`.
//!
//! `AbortController`, `URL`, timers, `TextEncoder`, `TextDecoder`, `EventTarget`, `DOMException` and `console` are those of the llrt
//! crates, streams those of web-streams-polyfill 4.3.0 (`web-streams-polyfill/`; llrt's need an older rquickjs, see `js/rquickjs`). HTTP
//! is reqwest's. Written here: `Blob` and `File` (`blob.js`), and, because no crate has them, `fetch`, `Response`, `Request`, `Headers` and `FormData` (`fetch.js`), as llrt_fetch 0.8.1-beta does not let anybody at the
//! stream of a body, neither of a fetched response (`Response.body` is always undefined) nor of one made from a stream,
//! knows no opaque responses, and does not build without TLS. `https:` URLs cannot be fetched, for lack of TLS.

mod exchange;
mod loader;
mod run;

pub use run::{Error, Program, run};

use crate::eval;
use exchange::Clients;
use rquickjs::prelude::Func;
use rquickjs::{Class, Ctx, Function, Object, Result, Value};
use std::time::Instant;

/// Puts what the polyfill exports on the global object.
const STREAMS: &str = concat!(
    "(function (global) { const exports = {}, module = {};",
    include_str!("web-streams-polyfill/ponyfill.js"),
    "; for (const [name, value] of Object.entries(exports)) ",
    "Object.defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true }); })",
);

/// Puts the globals into a context, whose scripts are to believe that they come from the URL `base`. The context must belong to an
/// [`AsyncRuntime`](rquickjs::AsyncRuntime) that runs in a tokio runtime with IO and time. `report` is given what
/// callbacks throw.
///
/// # Errors
/// What QuickJS throws, and if `base` is no URL.
pub fn install<'js>(ctx: &Ctx<'js>, base: &str, report: Function<'js>) -> Result<()> {
    llrt_events::init(ctx)?;
    llrt_exceptions::init(ctx)?;
    llrt_console::init(ctx)?;
    llrt_util::init(ctx)?;
    llrt_url::init(ctx)?;
    llrt_timers::init(ctx)?;
    llrt_abort::init(ctx)?;
    let globals = ctx.globals();
    eval(ctx, "headwater:streams.js", STREAMS)?.call::<_, ()>((globals.clone(),))?;
    eval(ctx, "headwater:blob.js", include_str!("blob.js"))?.call::<_, ()>((globals.clone(),))?;
    let start = Instant::now();
    let now = Func::from(move || start.elapsed().as_secs_f64() * 1000.0);
    let shell: Function<'js> = eval(ctx, "headwater:shell.js", include_str!("shell.js"))?;
    shell.call::<_, ()>((report, now, globals.clone(), base))?;
    let location: Object<'js> = globals.get("location")?;
    let clients = Class::instance(ctx.clone(), Clients::new())?;
    let fetch: Function<'js> = eval(ctx, "headwater:fetch.js", include_str!("fetch.js"))?;
    fetch.call((clients, globals, location))
}

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
