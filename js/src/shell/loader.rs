//! Where ES modules come from: files, named by relative or absolute paths in import specifiers. Each is told where it is in
//! `import.meta.url`, which for files in the served folder is their address there.

use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::Declared;
use rquickjs::{Ctx, Error, Module, Result};
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
        let module = Module::declare(ctx.clone(), name, source)?;
        module.meta()?.set("url", self.url_of(Path::new(name)))?;
        Ok(module)
    }
}
