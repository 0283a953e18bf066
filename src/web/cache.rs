//! Compiled modules that outlive the process: what was downloaded once is not compiled again.

use super::response::Response;
use crate::{Engine, Module};
use std::fmt::Write;
use std::fs;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where compiled modules are kept between downloads ([`Options::cache`](super::Options::cache)).
pub trait ModuleCache: Send + Sync {
    /// The module that was kept under `key`, if there is one that `engine` can load. Called by whoever polls the future.
    fn get(&self, engine: &Engine, key: &str) -> Option<Module>;

    /// Keeps `module` under `key`, in place of what is there. Called on a thread of its own, once the module is ready. A
    /// cache that cannot keep it does nothing.
    fn put(&self, key: &str, module: &Module);
}

/// What finds the key of a response.
pub(super) type Key = Box<dyn FnOnce(&Response) -> Option<String> + Send>;

/// The cache, and the key in it.
pub(super) struct Keyed {
    pub cache: Arc<dyn ModuleCache>,
    pub key: Key,
}

/// A key that changes with the contents: the response's URL and its `ETag`. `None` if it has no `ETag`.
///
/// The URL is that of the response, after redirections. A server that others' modules come from as well can say what it
/// likes under its own URLs only.
pub fn url_and_etag(response: &Response) -> Option<String> {
    let tag = response.header("ETag").filter(|tag| !tag.is_empty())?;
    Some(format!("{} {}", response.url(), String::from_utf8_lossy(&tag)))
}

/// A [`ModuleCache`] in a directory: one file for each key, which is mapped when it is needed
/// ([`Module::deserialize_file`]), and replaced as a whole. What engines with other settings compiled is kept apart.
///
/// Nothing is ever removed: files that have not been read for long can be deleted at any time. **Whoever can write to the
/// directory can run code in this process.**
#[derive(Clone, Debug)]
pub struct DirectoryCache {
    directory: PathBuf,
}

/// Longer keys are not kept.
const MAX_KEY: usize = 4096;

/// The longest name of a file that all file systems have.
const MAX_NAME: usize = 200;

impl DirectoryCache {
    /// The cache in `directory`, which is made if it does not exist, for its owner alone.
    ///
    /// # Errors
    /// If the directory cannot be made.
    pub fn new(directory: impl AsRef<Path>) -> io::Result<DirectoryCache> {
        use std::os::unix::fs::DirBuilderExt;
        let directory = directory.as_ref().to_owned();
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
        Ok(DirectoryCache { directory })
    }

    /// Where a module is. Different keys have different places.
    fn path(&self, engine: &Engine, key: &str) -> Option<PathBuf> {
        if key.len() > MAX_KEY {
            return None;
        }
        let settings = BuildHasherDefault::<DefaultHasher>::new().hash_one(engine.precompile_compatibility_hash());
        let mut path = self.directory.join(format!("{settings:016x}"));
        let mut name = String::new();
        for byte in key.bytes() {
            // A part that is not the last has this length, and no other has.
            if name.len() >= MAX_NAME {
                path.push(std::mem::take(&mut name));
            }
            match byte {
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(byte as char),
                _ => write!(name, "%{byte:02x}").expect("strings take what is written"),
            }
        }
        name.push_str(".hwm");
        path.push(name);
        Some(path)
    }
}

impl ModuleCache for DirectoryCache {
    fn get(&self, engine: &Engine, key: &str) -> Option<Module> {
        let path = self.path(engine, key)?;
        // SAFETY: only what may write to the directory has written the file, by the caller's decision to have the cache
        // there; files are replaced and never changed.
        unsafe { Module::deserialize_file(engine, path) }.ok()
    }

    fn put(&self, key: &str, module: &Module) {
        let Some(path) = self.path(module.engine(), key) else { return };
        let write = || -> crate::Result<()> {
            fs::create_dir_all(path.parent().expect("it is in the directory"))?;
            module.serialize_file(&path)
        };
        // The module is there in any case.
        let _ = write();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_keys_have_different_places() {
        let cache = DirectoryCache { directory: "/d".into() };
        let engine = Engine::default();
        let path = |key: &str| cache.path(&engine, key).map(|path| path.to_str().unwrap()[2 + 17..].to_owned());
        assert_eq!(path("a/B-c_%").as_deref(), Some("/a%2f%42-c_%25.hwm"));
        assert_eq!(path("").as_deref(), Some("/.hwm"));
        assert_eq!(path("..").as_deref(), Some("/%2e%2e.hwm"));
        let long = path(&"x".repeat(450)).unwrap();
        assert_eq!(long, format!("/{0}/{0}/{1}.hwm", "x".repeat(200), "x".repeat(50)));
        assert_eq!(path(&"x".repeat(200)).unwrap().len(), 205);
        assert_eq!(path(&"x".repeat(MAX_KEY + 1)), None);
        assert_ne!(
            cache.path(&engine, "k"),
            cache.path(&Engine::new(crate::Config::new().consume_fuel(true)).unwrap(), "k")
        );
    }
}
