//! The WebAssembly Web API for Rust: takes a response, or a future of one, and returns a module that was compiled while
//! the body arrived.
//!
//! ```
//! use headwater::web::{self, Response};
//! # fn fetch(url: &str) -> impl Future<Output = Result<Response, std::io::Error>> {
//! #     let response = Response::from_bytes(b"\0asm\x01\0\0\0").with_header("Content-Type", "application/wasm");
//! #     std::future::ready(Ok(response.with_url(url)))
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), headwater::Error> {
//! let engine = headwater::Engine::default();
//! let module = web::compile_streaming(&engine, fetch("http://127.0.0.1:8080/simple.wasm")).await?;
//! # assert_eq!(module.imports().len(), 0);
//! # Ok(())
//! # }
//! ```
//!
//! # Where a response comes from
//!
//! | from | cargo feature | |
//! | --- | --- | --- |
//! | bytes, chunks | none | [`Response::from_bytes`], [`Response::from_chunks`] |
//! | a [`Read`](std::io::Read), a [`Body`] of your own | none | [`Response::from_reader`], [`Response::new`] |
//! | `http::Response<B>` with an `http_body::Body`: hyper, axum, tower | `http` | `Response::from` |
//! | `reqwest::Response` | `reqwest` | `Response::from` |
//! | `futures_core::Stream` of results of bytes | `futures` | `Response::from_stream` |
//! | `futures_io::AsyncRead` | `futures-io` | `Response::from_async_read` |
//! | `tokio::io::AsyncRead` | `tokio` | `Response::from_tokio` |
//!
//! `axum::response::Response` and the responses of tower services are an `http::Response<B>` under another name, so
//! neither crate is a dependency.
//!
//! The future may return anything that converts to a [`Response`]. The feature `timer` adds the limits on time to
//! [`Options`].
//!
//! # What is promised
//!
//! * Nothing happens before the future is polled, and then in the order of the specification: the source, the MIME
//!   type, the origin, the status, the body. A response that is rejected is left untouched and costs nothing.
//! * Functions are compiled as they arrive, on the engine's threads. The thread that polls never waits for one; if the
//!   engine has none, it compiles a slice in each poll. The future needs no particular executor, and is `Send` if the
//!   source is.
//! * The result does not depend on how the body was split. An error is reported as soon as the bytes that prove it are
//!   compiled, and the rest is not read; success waits for the end of the body.
//! * A body that is faster than the compiler is not read ahead by more than some hundred kilobytes. One that is silent
//!   holds no thread.
//! * Dropping the future cancels the body and the compilation, and frees the code: at once, or, if a thread is
//!   compiling at that moment, when it has finished the current piece.
//!
//! # Where this differs from the web
//!
//! A [`Module`] does not keep its bytes, and there are no compile-time builtins, which concern JavaScript's strings. A
//! linker has pairs of names instead of nested objects, so a missing module name is an [`Error::Link`] as well, not a
//! `TypeError`. Instantiation that fails for lack of memory is an [`Error::Runtime`].

mod adapters;
mod body;
mod cache;
mod check;
mod drive;
mod error;
mod location;
mod options;
mod response;
mod task;
mod watch;

pub use body::{Body, Chunk};
pub use cache::{DirectoryCache, ModuleCache, url_and_etag};
pub use error::{BoxError, CompileFault, Error, LimitExceeded, LinkFault, RuntimeFault, TypeError};
pub use location::{Location, function_name};
pub use options::{Mime, Options};
pub use response::{BodyReader, Response, ResponseType};

use crate::api::instantiate::{IncompatibleImport, check_import};
use crate::{Engine, Extern, Instance, Linker, Module, Store, StreamingCompiler, printable};
use cache::Keyed;
use drive::{Drive, Failure};
use error::boxed;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use watch::Watch;

/// Compiles the module in the body of a response while it arrives.
///
/// `source` is a [`Response`], or a future of something that converts to one. The future that is returned is `Send` if
/// that of the response is, and needs no particular executor.
///
/// ```
/// use headwater::web::{self, Error, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), headwater::Error> {
/// let engine = headwater::Engine::default();
/// let response = Response::from_bytes(b"\0asm\x01\0\0\0");
/// // Browsers insist on the MIME type, and so does this library.
/// let refused = web::compile_streaming(&engine, response.clone()).await;
/// assert!(matches!(refused, Err(Error::Type(_))));
/// // The body was not touched.
/// let module = web::compile_streaming(&engine, response.with_header("Content-Type", "application/wasm")).await?;
/// # assert_eq!(module.imports().len(), 0);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// See [`Error`]; there is no [`Error::Link`] and no [`Error::Runtime`].
pub fn compile_streaming<S, R, E>(
    engine: &Engine,
    source: S,
) -> impl Future<Output = Result<Module, Error>> + use<S, R, E>
where
    S: IntoFuture<Output = Result<R, E>>,
    R: Into<Response>,
    E: Into<BoxError> + 'static,
{
    compile_streaming_with(engine, source, Options::new())
}

/// [`compile_streaming`] with options.
///
/// ```
/// use headwater::web::{self, Error, LimitExceeded, Mime, Options, Response};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # let engine = headwater::Engine::default();
/// let options = Options::new().mime(Mime::Any).max_size(7);
/// let response = Response::from_bytes(b"\0asm\x01\0\0\0");
/// let Err(Error::Aborted(reason)) = web::compile_streaming_with(&engine, response, options).await else { panic!() };
/// assert_eq!(reason.downcast_ref(), Some(&LimitExceeded::Size(7)));
/// # }
/// ```
///
/// # Errors
/// As for [`compile_streaming`].
pub fn compile_streaming_with<S, R, E>(
    engine: &Engine,
    source: S,
    mut options: Options,
) -> impl Future<Output = Result<Module, Error>> + use<S, R, E>
where
    S: IntoFuture<Output = Result<R, E>>,
    R: Into<Response>,
    E: Into<BoxError> + 'static,
{
    let engine = engine.clone();
    let source = source.into_future();
    async move {
        let mut watch = Watch::new(&mut options);
        compile(&engine, source, options, &mut watch).await.map(|(module, _)| module)
    }
}

/// Compiles the module in the body of a response while it arrives, and instantiates it with the definitions of
/// `linker`, which are looked up once the module is compiled.
///
/// The start function runs to its end within a poll of the future.
///
/// ```
/// use headwater::{Engine, Linker, Store, web};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), headwater::Error> {
/// # let wasm = wat::parse_str(r#"(module (import "env" "n" (func (result i32)))
/// #     (func (export "f") (result i32) (i32.add (call 0) (i32.const 2))))"#)?;
/// # let response = web::Response::from_bytes(wasm).with_header("Content-Type", "application/wasm");
/// let engine = Engine::default();
/// let mut linker = Linker::new(&engine);
/// linker.func_wrap("env", "n", || 40)?;
/// let mut store = Store::new(&engine, ());
/// let (module, instance) = web::instantiate_streaming(&mut store, &linker, response).await?;
/// let f = instance.get_typed_func::<(), i32>(&mut store, "f")?;
/// assert_eq!(f.call(&mut store, ())?, 42);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// See [`Error`]. If the store and the linker belong to different engines, the error is a [`TypeError`], before
/// anything is read.
pub fn instantiate_streaming<'a, T, S, R, E>(
    store: &'a mut Store<T>,
    linker: &'a Linker<T>,
    source: S,
) -> impl Future<Output = Result<(Module, Instance), Error>> + use<'a, T, S, R, E>
where
    S: IntoFuture<Output = Result<R, E>>,
    R: Into<Response>,
    E: Into<BoxError> + 'static,
{
    instantiate_streaming_with(store, linker, source, Options::new())
}

/// [`instantiate_streaming`] with options.
///
/// # Errors
/// As for [`instantiate_streaming`].
pub fn instantiate_streaming_with<'a, T, S, R, E>(
    store: &'a mut Store<T>,
    linker: &'a Linker<T>,
    source: S,
    mut options: Options,
) -> impl Future<Output = Result<(Module, Instance), Error>> + use<'a, T, S, R, E>
where
    S: IntoFuture<Output = Result<R, E>>,
    R: Into<Response>,
    E: Into<BoxError> + 'static,
{
    let source = source.into_future();
    async move {
        let engine = store.engine().clone();
        if !Engine::same(&engine, linker.engine()) {
            return Err(TypeError::DifferentEngines.into());
        }
        let mut watch = Watch::new(&mut options);
        let (module, url) = compile(&engine, source, options, &mut watch).await?;
        let instance = instantiate(store, linker, &module, &url)?;
        Ok((module, instance))
    }
}

/// The module, and the URL it came from.
async fn compile<F, R, E>(
    engine: &Engine,
    source: F,
    options: Options,
    watch: &mut Watch,
) -> Result<(Module, Box<str>), Error>
where
    F: Future<Output = Result<R, E>>,
    R: Into<Response>,
    E: Into<BoxError> + 'static,
{
    let response: Response = {
        let source = pin!(source);
        watch.guard(source).await?.map_err(|e| Error::Source(boxed(e)))?.into()
    };
    let body = check::check(&response, options.mime)?;
    let url: Box<str> = response.url().into();
    let kept = options.cache.and_then(|Keyed { cache, key }| Some((cache, key(&response)?)));
    drop(response);
    if let Some((cache, key)) = &kept
        && let Some(module) = cache.get(engine, key)
    {
        // The body is dropped unread.
        return Ok((module, url));
    }
    let mut compiler = StreamingCompiler::new(engine);
    if let Some(observer) = options.observer {
        compiler = compiler.with_observer(observer);
    }
    let mut drive = Drive::new(engine, body, compiler);
    match poll_fn(|cx| drive.poll(cx, watch)).await {
        Ok(module) => {
            if let Some((cache, key)) = kept {
                keep(cache, key, module.clone());
            }
            Ok((module, url))
        }
        Err(Failure::Compile(error)) => Err(Error::Compile(CompileFault::new(error, &url))),
        Err(Failure::Other(error)) => Err(error),
    }
}

/// Puts the module into the cache while the caller goes on. Where there can be no more threads, it is not kept.
fn keep(cache: Arc<dyn ModuleCache>, key: String, module: Module) {
    let put = move || {
        // A cache that panics has nothing to do with the module.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.put(&key, &module)));
    };
    let _ = crate::os_thread::spawn(c"headwater-cache", put);
}

/// All imports are looked up before anything is linked, and all are linked before anything is created.
fn instantiate<T>(store: &mut Store<T>, linker: &Linker<T>, module: &Module, url: &str) -> Result<Instance, Error> {
    let imports = link(store, linker, module).map_err(|error| Error::Link(LinkFault::new(error)))?;
    Instance::new(store, module, &imports).map_err(|error| Error::Runtime(RuntimeFault::new(error, url)))
}

/// The definitions for the imports of `module`, of matching types.
fn link<T>(store: &mut Store<T>, linker: &Linker<T>, module: &Module) -> crate::Result<Vec<Extern>> {
    // Also finds host functions of the wrong type, before they become functions of the store.
    linker.instantiate_pre(module)?;
    let found: Option<Vec<Extern>> = module.imports().map(|i| linker.get_by_import(&mut *store, &i)).collect();
    let found = found.expect("every import has a definition, as was seen just now");
    let store = &store.inner().opaque;
    for (import, item) in module.imports().zip(&found) {
        let (module, name) = (import.module(), import.name());
        if !item.comes_from_same_store(store) {
            let (module, name) = (printable::name(module), printable::name(name));
            return Err(crate::Error::msg(format!("the definition of `{module}::{name}` belongs to another store")));
        }
        check_import(&import.ty(), &item.current_type(store)).map_err(|why| IncompatibleImport {
            module: module.into(),
            name: name.into(),
            why,
        })?;
    }
    Ok(found)
}
