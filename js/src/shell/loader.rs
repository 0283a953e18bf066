//! Where ES modules come from: files, named by paths, by URLs of served files, and by the names of packages.
//! `import.meta.url` is each module's URL, which for files in the served folder is their address on the server.
//!
//! What a file is follows from its first bytes (WebAssembly), its name (`.json`, `.cjs`), the `type` of its package and
//! its syntax, in this order. What is not an ES module becomes one of a few lines, which take its value from their
//! `import.meta`.

use super::packages::{self, By};
use super::syntax::{self, SOURCE_PHASE};
use rquickjs::context::EvalOptions;
use rquickjs::function::Func;
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{ArrayBuffer, Ctx, Error, Exception, Function, JsLifetime, Module, Object, Result, Value};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The loader of ES modules, for a runtime whose contexts have both the shell's globals ([`install`](super::install))
/// and the namespace ([`crate::install`]), in this order.
///
/// Modules are JavaScript, JSON (`with { type: "json" }`), CommonJS (as their default export, and by the names that their text tells) or WebAssembly, in the
/// evaluation and in the source phase. They are named by paths, by URLs below `base` or of files, and by the names of
/// packages in `node_modules`. Whatever the process can read can be imported, not only what is in `folder`.
///
/// ```
/// use headwater_js::shell::{self, Modules};
/// use rquickjs::{AsyncContext, AsyncRuntime, Ctx, Function, Module, Object, Promise, async_with};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("a.wasm"), b"\0asm\x01\0\0\0")?;
/// let runtime = AsyncRuntime::new()?;
/// let modules = Modules::new("http://localhost/", Some(folder.path().to_path_buf()));
/// runtime.set_loader(modules.clone(), modules.clone()).await;
/// let context = AsyncContext::full(&runtime).await?;
/// context.async_with(async |ctx: Ctx<'_>| {
///     let report = Function::new(ctx.clone(), |error: rquickjs::Value<'_>| eprintln!("{error:?}"))?;
///     shell::install(&ctx, "http://localhost/", report)?;
///     headwater_js::install(&ctx, &headwater::Engine::default())?;
///     let source = "import source a from './a.wasm'; export const is = a instanceof WebAssembly.Module;";
///     let name = folder.path().join("main.mjs").display().to_string();
///     let (module, done) = modules.declare(&ctx, &name, source.into())?.eval()?;
///     done.into_future::<()>().await?;
///     assert!(module.get::<_, bool>("is")?);
///     Ok::<(), rquickjs::Error>(())
/// }).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Modules {
    base: String,
    folder: Option<PathBuf>,
}

impl Modules {
    /// For a realm whose base is the URL `base`, at which the files of `folder` are served, if any are.
    pub fn new(base: impl Into<String>, folder: Option<PathBuf>) -> Modules {
        Modules { base: base.into(), folder: folder.as_deref().map(normal) }
    }

    fn url_of(&self, path: &Path) -> String {
        let path = normal(path);
        match self.folder.as_deref().and_then(|folder| path.strip_prefix(folder).ok()) {
            Some(inside) => format!("{}{}", self.base, inside.display()),
            None => format!("file://{}", path.display()),
        }
    }

    /// The file that a URL is of, if it is of one.
    fn path_of_url(&self, url: &str) -> Option<PathBuf> {
        let decoded = |path: &str| {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            percent_encoding::percent_decode_str(path).decode_utf8().ok().map(|path| path.into_owned())
        };
        if let Some(path) = url.strip_prefix("file://") {
            return Some(normal(Path::new(&decoded(path)?)));
        }
        let folder = self.folder.as_deref()?;
        let inside = decoded(url.strip_prefix(self.base.as_str())?)?;
        let path = normal(&folder.join(inside.trim_start_matches('/')));
        path.starts_with(folder).then_some(path)
    }

    /// The file that a specifier in the module `base` means.
    ///
    /// # Errors
    /// Why there is none.
    fn path_of(&self, base: &str, specifier: &str) -> std::result::Result<PathBuf, String> {
        let folder = normal(Path::new(base).parent().unwrap_or(Path::new("")));
        if is_path(specifier) {
            return Ok(normal(&folder.join(specifier)));
        }
        if let Some(path) = self.path_of_url(specifier) {
            return Ok(path);
        }
        match specifier.contains("://") {
            true => Err("only files and what is served beside them can be imported".to_string()),
            false => packages::resolve(&folder, specifier, By::Import),
        }
    }

    /// Declares the module `name`, the path of a file with the content `source`.
    ///
    /// # Errors
    /// What QuickJS throws if the source is not that of a module.
    pub fn declare<'js>(&self, ctx: &Ctx<'js>, name: &str, source: Vec<u8>) -> Result<Module<'js, Declared>> {
        if source.starts_with(WASM) {
            let made: Object<'js> = Ready::of(ctx, name)?.wasm(ctx, "declare", source, name)?;
            let module = self.declare_text(ctx, name, made.get::<_, String>("source")?.into_bytes())?;
            module.meta()?.set("instantiate", made.get::<_, Function<'js>>("instantiate")?)?;
            return Ok(module);
        }
        let source = text(source).map_err(|reason| Error::new_loading_message(name, reason))?;
        match std::str::from_utf8(&source).ok().and_then(syntax::without_source_phase) {
            None => self.declare_text(ctx, name, source),
            Some(rewritten) => {
                let module = self.declare_text(ctx, name, rewritten.into_bytes())?;
                let (modules, base) = (self.clone(), name.to_string());
                let find = move |ctx: Ctx<'js>, specifier: String| {
                    let path = modules.path_of(&base, &specifier);
                    let path = path.map_err(|reason| Error::new_resolving_message(&base, &specifier, reason));
                    path.and_then(|path| source_of(&ctx, &path))
                };
                let find = Function::new(ctx.clone(), find)?;
                module.meta()?.set(
                    "source",
                    Ready::of(ctx, name)?.get::<Function<'js>>("sourcePhase")?.call::<_, Value<'js>>((find,))?,
                )?;
                Ok(module)
            }
        }
    }

    fn declare_text<'js>(&self, ctx: &Ctx<'js>, name: &str, source: Vec<u8>) -> Result<Module<'js, Declared>> {
        let module = Module::declare(ctx.clone(), name, source)?;
        let meta = module.meta()?;
        meta.set("url", self.url_of(Path::new(name)))?;
        let (modules, base) = (self.clone(), name.to_string());
        let resolve = move |specifier: String| match modules.path_of(&base, &specifier) {
            Ok(path) => Ok(modules.url_of(&path)),
            Err(reason) => Err(Error::new_resolving_message(&base, &specifier, reason)),
        };
        meta.set("resolve", Function::new(ctx.clone(), resolve)?.with_name("resolve")?)?;
        Ok(module)
    }

    /// A module whose default export is what `value` returns when it is evaluated, and `names` what that has then.
    fn declare_value<'js>(
        &self,
        ctx: &Ctx<'js>,
        name: &str,
        value: Function<'js>,
        names: &BTreeSet<String>,
    ) -> Result<Module<'js, Declared>> {
        let mut source = "const value = import.meta.value();\nexport default value;\n".to_string();
        for (i, name) in names.iter().enumerate() {
            let name = serde_json::Value::from(name.as_str());
            source += &format!("const v{i} = value?.[{name}];\nexport {{ v{i} as {name} }};\n");
        }
        let module = self.declare_text(ctx, name, source.into_bytes())?;
        module.meta()?.set("value", value)?;
        Ok(module)
    }
}

impl Resolver for Modules {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        attributes: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        let (phase, specifier) = match name.strip_prefix(SOURCE_PHASE) {
            Some(specifier) => (SOURCE_PHASE, specifier),
            None => ("", name),
        };
        let failed = |reason: String| Error::new_resolving_message(base, specifier, reason);
        let path = self.path_of(base, specifier).map_err(failed)?;
        check_attributes(ctx, specifier, is_json(&path) && phase.is_empty(), attributes)?;
        let path = path.to_str().ok_or_else(|| Error::new_resolving(base, specifier))?;
        Ok(format!("{phase}{path}"))
    }
}

impl Loader for Modules {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        if let Some(path) = name.strip_prefix(SOURCE_PHASE) {
            let source = source_of(ctx, Path::new(path))?;
            return self.declare_value(ctx, name, Ready::of(ctx, name)?.returning(source)?, &BTreeSet::new());
        }
        let path = Path::new(name);
        let source = read(path)?;
        if is_json(path) {
            let value = ctx.json_parse(source)?;
            return self.declare_value(ctx, name, Ready::of(ctx, name)?.returning(value)?, &BTreeSet::new());
        }
        if is_commonjs(ctx, path, &source) {
            let load = Ready::of(ctx, name)?.get::<Function<'js>>("commonjs")?;
            let load = load.call::<_, Function<'js>>((name,))?;
            let mut names = BTreeSet::new();
            add_exports(path, &source, &mut names, &mut BTreeSet::new());
            names.remove("default");
            return self.declare_value(ctx, name, load, &names);
        }
        self.declare(ctx, name, source)
    }
}

/// The first bytes of every WebAssembly module.
const WASM: &[u8] = b"\0asm";

/// The path from the root, without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

fn is_path(specifier: &str) -> bool {
    specifier.starts_with("./") || specifier.starts_with("../") || specifier.starts_with('/')
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "json")
}

/// Whether a file is a CommonJS module: by its name, by the type of its package, or, if that says nothing, because it has
/// the words of one, and can be one (there is no `await` outside of functions, and it does not declare these words).
fn is_commonjs(ctx: &Ctx<'_>, path: &Path, source: &[u8]) -> bool {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default();
    if end != "js" || source.starts_with(WASM) {
        return end == "cjs";
    }
    let text = std::str::from_utf8(source).ok().filter(|text| !syntax::has_module_syntax(text));
    match (text, packages::says_module(path)) {
        (None, _) | (_, Some(true)) => false,
        (Some(_), Some(false)) => true,
        (Some(text), None) => {
            syntax::has_commonjs_words(text)
                && path.to_str().is_some_and(|name| {
                    let compiled = compile_commonjs(ctx, name);
                    if matches!(compiled, Err(Error::Exception)) {
                        ctx.catch();
                    }
                    compiled.is_ok()
                })
        }
    }
}

/// The names that a CommonJS module exports, with those of what it exports all of.
fn add_exports(path: &Path, source: &[u8], names: &mut BTreeSet<String>, seen: &mut BTreeSet<PathBuf>) {
    let Ok(text) = std::str::from_utf8(source) else { return };
    if !seen.insert(path.to_path_buf()) {
        return;
    }
    let exports = syntax::common_exports(text);
    names.extend(exports.names);
    for from in exports.from {
        let other = required(path.to_string_lossy().into_owned(), from).map(PathBuf::from);
        if let Some((other, source)) = other.and_then(|other| Some((other.clone(), std::fs::read(other).ok()?)))
            && !is_json(&other)
        {
            add_exports(&other, &source, names, seen);
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Error::new_loading_message(path.to_string_lossy(), e.to_string()))
}

/// ECMAScript's rules for import attributes: hosts know some keys and values, and refuse all others.
fn check_attributes(
    ctx: &Ctx<'_>,
    specifier: &str,
    is_json: bool,
    attributes: Option<ImportAttributes<'_>>,
) -> Result<()> {
    let mut of_json = false;
    if let Some(attributes) = attributes {
        for key in attributes.keys() {
            let key = key?;
            if key != "type" {
                return Err(Exception::throw_syntax(ctx, &format!("the import attribute \"{key}\" is not supported")));
            }
        }
        if let Some(value) = attributes.get_type()? {
            if value != "json" {
                return Err(Exception::throw_type(ctx, &format!("there are no modules of the type \"{value}\"")));
            }
            of_json = true;
        }
    }
    match of_json == is_json {
        true => Ok(()),
        false if is_json => {
            Err(Exception::throw_type(ctx, &format!("{specifier} needs the import attribute `type: \"json\"`")))
        }
        false => Err(Exception::throw_type(ctx, &format!("{specifier} is not JSON"))),
    }
}

/// The module that a file is the source of.
///
/// # Errors
/// A `SyntaxError` if it is not WebAssembly, since nothing else has a source phase.
fn source_of<'js>(ctx: &Ctx<'js>, path: &Path) -> Result<Value<'js>> {
    let source = read(path)?;
    let name = path.to_string_lossy();
    if !source.starts_with(WASM) {
        let message = format!("{name} has no source phase: only WebAssembly modules have one");
        return Err(Exception::throw_syntax(ctx, &message));
    }
    Ready::of(ctx, &name)?.wasm(ctx, "module", source, &name)
}

/// Source text as QuickJS can take it, for which a NUL is the end.
pub(super) fn text(source: Vec<u8>) -> std::result::Result<Vec<u8>, String> {
    let Some(at) = source.iter().position(|&byte| byte == 0) else { return Ok(source) };
    if source.starts_with(WASM) {
        return Err("this is a WebAssembly module: scripts can fetch it, ES modules (--module) can import it, \
                    and `headwater run` runs it"
            .to_string());
    }
    let rewritten = std::str::from_utf8(&source).map_err(|_| at).and_then(syntax::without_nuls);
    rewritten.map(String::into_bytes).map_err(|at| format!("this is not JavaScript: byte {at} is a NUL"))
}

/// What `commonjs.js` calls.
pub(super) fn natives<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let natives = Object::new(ctx.clone())?;
    natives.set("resolve", Func::from(required))?;
    natives.set(
        "folder",
        Func::from(|path: String| Path::new(&path).parent().map(|p| p.to_string_lossy().into_owned())),
    )?;
    natives.set(
        "json",
        Func::from(|ctx: Ctx<'js>, path: String| read(Path::new(&path)).and_then(|text| ctx.json_parse(text))),
    )?;
    natives.set("compile", Func::from(|ctx: Ctx<'js>, path: String| compile_commonjs(&ctx, &path)))?;
    Ok(natives)
}

/// The path of what `require(specifier)` means in the file `base`; undefined if there is no such thing.
fn required(base: String, specifier: String) -> Option<String> {
    let folder = normal(Path::new(&base).parent()?);
    let path = match is_path(&specifier) || specifier == "." || specifier == ".." {
        true => packages::complete(&normal(&folder.join(&specifier)))?,
        false => packages::resolve(&folder, &specifier, By::Require).ok()?,
    };
    path.to_str().map(str::to_string)
}

/// The function that a CommonJS module is the body of.
fn compile_commonjs<'js>(ctx: &Ctx<'js>, path: &str) -> Result<Function<'js>> {
    let failed = |reason: String| Error::new_loading_message(path, reason);
    let source = text(read(Path::new(path))?).map_err(failed)?;
    let source = String::from_utf8(source).map_err(|_| failed("this is not UTF-8".to_string()))?;
    if syntax::has_module_syntax(&source) {
        return Err(failed("this is an ES module, which cannot be required".to_string()));
    }
    // On one line with the source, whose lines so keep their numbers.
    let source = source.strip_prefix("#!").map_or(source.clone(), |rest| format!("//{rest}"));
    let wrapped = format!("(function (exports, require, module, __filename, __dirname) {{{source}\n}})");
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(path.to_string());
    ctx.eval_with_options(wrapped, options)
}

/// What makes ES modules of other things in a realm, kept with its context.
pub(super) struct Makers<'js> {
    /// Creates `ready` when the namespace exists.
    pub make: Function<'js>,
    pub ready: OnceCell<Object<'js>>,
}

// SAFETY: only the lifetime of values changes.
unsafe impl<'js> JsLifetime<'js> for Makers<'js> {
    type Changed<'to> = Makers<'to>;
}

/// To be called when the namespace exists, and before scripts run: captures what is used of it. `internals` is what
/// `wasm.js` returns.
pub(crate) fn prepare<'js>(ctx: &Ctx<'js>, internals: Object<'js>) -> Result<()> {
    if let Some(makers) = ctx.userdata::<Makers<'js>>() {
        let _ = makers.ready.set(makers.make.call((internals,))?);
    }
    Ok(())
}

/// What `web.js` returns last.
struct Ready<'js>(Object<'js>);

impl<'js> Ready<'js> {
    fn of(ctx: &Ctx<'js>, name: &str) -> Result<Ready<'js>> {
        let makers = ctx.userdata::<Makers<'js>>();
        let ready = makers.as_ref().and_then(|makers| makers.ready.get().cloned());
        ready.map(Ready).ok_or_else(|| Error::new_loading_message(name, "WebAssembly is not available here"))
    }

    fn get<T: rquickjs::FromJs<'js>>(&self, name: &str) -> Result<T> {
        self.0.get(name)
    }

    /// A function that returns the value. Not a native one, whose captured values QuickJS's collector would not see.
    fn returning(&self, value: Value<'js>) -> Result<Function<'js>> {
        self.get::<Function<'js>>("returning")?.call((value,))
    }

    /// Calls a function of `esm.js` with a module's bytes and name.
    fn wasm<T: rquickjs::FromJs<'js>>(&self, ctx: &Ctx<'js>, function: &str, bytes: Vec<u8>, name: &str) -> Result<T> {
        self.get::<Function<'js>>(function)?.call((ArrayBuffer::new(ctx.clone(), bytes)?, name))
    }
}
