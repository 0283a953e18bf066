//! Runs files in a new realm until nothing is left to do.
//!
//! As in the shells of JavaScript engines, and unlike in browsers, nothing runs between two classic scripts, not even
//! microtasks: what the first started continues after the last.

use super::loader::{self, Modules};
use super::{describe, install};
use headwater::{Engine, printable};
use rquickjs::context::EvalOptions;
use rquickjs::{AsyncContext, AsyncRuntime, CatchResultExt, Ctx, Function, Persistent, Promise, Value, qjs};
use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;

/// Stack down to which JavaScript code may call, in bytes: some thousand levels of JavaScript calling WebAssembly
/// calling JavaScript, each of which takes 5 KB plus its functions' frames.
const JS_STACK: usize = 64 << 20;

/// The most stack for WebAssembly code ([`Config::max_wasm_stack`](headwater::Config::max_wasm_stack)), which counts
/// from the outermost call on, and so contains frames of JavaScript functions that it calls.
pub const MAX_WASM_STACK: usize = 256 << 20;

/// Stack for both, in the case that the outermost call into WebAssembly code is the deepest that JavaScript code may
/// make, and for native functions on top. Only what is used costs anything.
const THREAD_STACK: usize = JS_STACK + MAX_WASM_STACK + (16 << 20);

/// What to run.
#[derive(Clone, Debug)]
pub struct Program {
    /// Files, to be run in this order.
    pub files: Vec<PathBuf>,
    /// What scripts find in `scriptArgs`.
    pub args: Vec<String>,
    /// Whether they are ES modules.
    pub module: bool,
    /// The URL that relative ones are resolved against; what is in `folder` is served there.
    pub base: String,
    /// The folder that is served at `base`, if one is.
    pub folder: Option<PathBuf>,
}

/// Why a program could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The runtime could not be set up.
    #[error("the JavaScript runtime cannot be set up: {0}")]
    Setup(String),
}

/// Promises that were rejected and have no handlers yet, with their reasons.
type Rejections = Rc<RefCell<Vec<(usize, Persistent<Value<'static>>)>>>;

/// Runs a program on a new thread and waits for it. Uncaught errors and unhandled rejections are written to standard
/// error with their stacks; the result is whether there were none. Each file runs, even if an earlier one failed, like
/// a page's scripts.
///
/// # Errors
/// If a file cannot be read, or the runtime cannot be set up. No file has run then.
pub fn run(engine: &Engine, program: &Program) -> Result<bool, Error> {
    let mut sources = Vec::new();
    for path in &program.files {
        let source = std::fs::read(path).map_err(|source| Error::Read { path: path.clone(), source })?;
        sources.push((path.clone(), source));
    }
    let thread = std::thread::Builder::new().name("javascript".to_string()).stack_size(THREAD_STACK);
    let (engine, program) = (engine.clone(), program.clone());
    let thread = thread.spawn(move || run_here(&engine, &program, sources)).map_err(|e| Error::Setup(e.to_string()))?;
    match thread.join() {
        Ok(outcome) => outcome,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Bounds the stack of JavaScript code. Not by `AsyncRuntime::set_max_stack_size`, which treats more than 16 MiB
/// (rquickjs 0.14) as no bound at all.
fn set_stack_size(ctx: &Ctx<'_>) {
    // SAFETY: the context has a runtime, which is in use by this thread alone.
    unsafe { qjs::JS_SetMaxStackSize(qjs::JS_GetRuntime(ctx.as_raw().as_ptr()), JS_STACK as qjs::size_t) };
}

fn run_here(engine: &Engine, program: &Program, sources: Vec<(PathBuf, Vec<u8>)>) -> Result<bool, Error> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tokio = tokio.map_err(|e| Error::Setup(e.to_string()))?;
    tokio.block_on(async {
        let setup = |e: rquickjs::Error| Error::Setup(e.to_string());
        let runtime = AsyncRuntime::new().map_err(setup)?;
        let files = Modules::new(&program.base, program.folder.clone());
        runtime.set_loader(files.clone(), files.clone()).await;
        let failed = Rc::new(Cell::new(false));
        let rejections = Rejections::default();
        runtime.set_host_promise_rejection_tracker(Some(tracker(&rejections, &failed))).await;
        let context = AsyncContext::full(&runtime).await.map_err(setup)?;
        context.with(|ctx| set_stack_size(&ctx)).await;

        let started = context.with(|ctx| start(&ctx, engine, program, &files, sources, &failed)).await;
        if started.is_ok() {
            runtime.idle().await;
        }
        context.with(|ctx| report_rejections(&ctx, &rejections, &failed)).await;
        runtime.set_host_promise_rejection_tracker(None).await;
        started.map(|()| !failed.get())
    })
}

/// Sets the realm up and runs the files, but nothing that they leave for later.
fn start(
    ctx: &Ctx<'_>,
    engine: &Engine,
    program: &Program,
    files: &Modules,
    sources: Vec<(PathBuf, Vec<u8>)>,
    failed: &Rc<Cell<bool>>,
) -> Result<(), Error> {
    let setup = |e: rquickjs::CaughtError<'_>| Error::Setup(e.to_string());
    let flag = failed.clone();
    let report = Function::new(ctx.clone(), move |error: Value<'_>| report(&error, &flag));
    let report_function = report.catch(ctx).map_err(setup)?;
    install(ctx, &program.base, report_function).catch(ctx).map_err(setup)?;
    crate::install(ctx, engine).catch(ctx).map_err(setup)?;
    ctx.globals().set("scriptArgs", program.args.clone()).catch(ctx).map_err(setup)?;
    for (path, source) in sources {
        let name = path.display().to_string();
        let outcome = match program.module {
            true => start_module(ctx, files, &path, source),
            false => {
                let mut options = EvalOptions::default();
                options.strict = false;
                options.filename = Some(name.clone());
                let source = loader::text(source).map_err(|reason| rquickjs::Error::new_loading_message(&name, reason));
                source.and_then(|source| ctx.eval_with_options::<Value<'_>, _>(source, options).map(drop))
            }
        };
        if let Err(error) = outcome {
            match error {
                rquickjs::Error::Exception => self::report(&ctx.catch(), failed),
                other => {
                    eprintln!("{}: {other}", path.display());
                    failed.set(true);
                }
            }
        }
    }
    Ok(())
}

/// A rejection of the promise of a module has no handler, and is reported as such.
fn start_module(ctx: &Ctx<'_>, files: &Modules, path: &std::path::Path, source: Vec<u8>) -> rquickjs::Result<()> {
    let name = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let module = files.declare(ctx, &name.to_string_lossy(), source)?;
    let (_, _promise): (_, Promise<'_>) = module.eval()?;
    Ok(())
}

fn report(error: &Value<'_>, failed: &Cell<bool>) {
    eprintln!("Uncaught {}", printable_lines(&describe(error)));
    failed.set(true);
}

/// An error's message and stack for a terminal: what they quote may come from anywhere.
fn printable_lines(text: &str) -> String {
    text.lines().map(|line| printable::message(line).to_string()).collect::<Vec<_>>().join("\n")
}

/// Notes rejected promises, and reports those that have no handler when all microtasks are done (HTML, "notify about
/// rejected promises").
fn tracker(rejections: &Rejections, failed: &Rc<Cell<bool>>) -> rquickjs::runtime::RejectionTracker {
    let (rejections, failed) = (rejections.clone(), failed.clone());
    Box::new(move |ctx, promise, reason, is_handled| {
        // SAFETY: promises are objects.
        let address = unsafe { qjs::JS_VALUE_GET_PTR(promise.as_raw()) }.addr();
        if is_handled {
            rejections.borrow_mut().retain(|(known, _)| *known != address);
            return;
        }
        let first = rejections.borrow().is_empty();
        rejections.borrow_mut().push((address, Persistent::save(&ctx, reason)));
        if first {
            // What is spawned continues when there are no jobs.
            let (rejections, failed, later) = (rejections.clone(), failed.clone(), ctx.clone());
            ctx.spawn(async move { report_rejections(&later, &rejections, &failed) });
        }
    })
}

fn report_rejections(ctx: &Ctx<'_>, rejections: &Rejections, failed: &Cell<bool>) {
    for (_, reason) in rejections.take() {
        if let Ok(reason) = reason.restore(ctx) {
            eprintln!("Unhandled rejection: {}", printable_lines(&describe(&reason)));
            failed.set(true);
        }
    }
}
