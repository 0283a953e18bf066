//! Where ES modules come from: files, named by relative or absolute paths in import specifiers. `import.meta.url` is
//! each module's URL, which for files in the served folder is their address on the server.

use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{ArrayBuffer, Ctx, Error, Function, JsLifetime, Module, Object, Result};
use std::cell::OnceCell;
use std::path::{Component, Path, PathBuf};

/// Resolves and loads.
#[derive(Clone)]
pub(super) struct Files {
    /// What is served, and where.
    pub folder: Option<PathBuf>,
    pub base: String,
}

impl Files {
    pub fn url_of(&self, path: &Path) -> String {
        let path = normal(path);
        match self.folder.as_deref().and_then(|folder| path.strip_prefix(normal(folder)).ok().map(Path::to_path_buf)) {
            Some(inside) => format!("{}{}", self.base, inside.display()),
            None => format!("file://{}", path.display()),
        }
    }
}

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

impl Resolver for Files {
    fn resolve<'js>(
        &mut self,
        _ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        if !(name.starts_with("./") || name.starts_with("../") || name.starts_with('/')) {
            return Err(Error::new_resolving_message(base, name, "only relative and absolute paths can be imported"));
        }
        let folder = Path::new(base).parent().unwrap_or(Path::new(""));
        let path = normal(&folder.join(name));
        path.to_str().map(str::to_string).ok_or_else(|| Error::new_resolving(base, name))
    }
}

impl Loader for Files {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _attributes: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        let source = std::fs::read(name).map_err(|e| Error::new_loading_message(name, e.to_string()))?;
        self.declare(ctx, name, source)
    }
}

/// The first bytes of every WebAssembly module.
const WASM: &[u8] = b"\0asm";

impl Files {
    /// Declares the module `name`, which is JavaScript or WebAssembly.
    pub fn declare<'js>(&self, ctx: &Ctx<'js>, name: &str, source: Vec<u8>) -> Result<Module<'js, Declared>> {
        let made = match source.starts_with(WASM) {
            true => Some(WasmModules::make(ctx, name, &source)?),
            false => None,
        };
        let source = match &made {
            Some(made) => made.get::<_, String>("source")?.into_bytes(),
            None => text(source).map_err(|reason| Error::new_loading_message(name, reason))?,
        };
        let module = Module::declare(ctx.clone(), name, source)?;
        let meta = module.meta()?;
        meta.set("url", self.url_of(Path::new(name)))?;
        if let Some(made) = made {
            meta.set("instantiate", made.get::<_, Function<'js>>("instantiate")?)?;
        }
        Ok(module)
    }
}

/// Source text, if QuickJS can take it, for which a NUL is the end.
pub(super) fn text(source: Vec<u8>) -> std::result::Result<Vec<u8>, String> {
    match source.iter().position(|&byte| byte == 0) {
        None => Ok(source),
        Some(0) if source.starts_with(WASM) => {
            Err("this is a WebAssembly module: scripts can fetch it, ES modules (--module) can import it, \
                 and `headwater run` runs it"
                .to_string())
        }
        Some(at) => Err(format!("this is not JavaScript: byte {at} is a NUL")),
    }
}

/// What makes ES modules of WebAssembly modules in a realm, kept with its context.
pub(super) struct WasmModules<'js> {
    /// Creates `ready` when the namespace exists.
    pub make: Function<'js>,
    pub ready: OnceCell<Function<'js>>,
}

// SAFETY: only the lifetime of values changes.
unsafe impl<'js> JsLifetime<'js> for WasmModules<'js> {
    type Changed<'to> = WasmModules<'to>;
}

impl<'js> WasmModules<'js> {
    /// To be called before scripts run: captures what is used of the namespace.
    pub fn prepare(ctx: &Ctx<'js>) -> Result<()> {
        if let Some(modules) = ctx.userdata::<WasmModules<'js>>() {
            let ready = modules.make.call(())?;
            let _ = modules.ready.set(ready);
        }
        Ok(())
    }

    fn make(ctx: &Ctx<'js>, name: &str, bytes: &[u8]) -> Result<Object<'js>> {
        let modules = ctx.userdata::<WasmModules<'js>>();
        let ready = modules.as_ref().and_then(|modules| modules.ready.get().cloned());
        let ready = ready.ok_or_else(|| Error::new_loading_message(name, "WebAssembly is not available here"))?;
        ready.call((ArrayBuffer::new_copy(ctx.clone(), bytes)?, name))
    }
}
