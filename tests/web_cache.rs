//! The cache of the Web API: the second download is not read.

mod web_common;

use headwater::web::{DirectoryCache, Error, ModuleCache, Options, compile_streaming_with, url_and_etag};
use headwater::{Config, Engine, Module};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use web_common::*;

struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Directory {
        let path = std::env::temp_dir().join(format!("headwater-cache-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Directory(path)
    }

    /// How many modules it has.
    fn modules(&self) -> usize {
        fn count(at: &std::path::Path) -> usize {
            let Ok(entries) = std::fs::read_dir(at) else { return 0 };
            entries
                .map(|entry| entry.unwrap().path())
                .map(|path| if path.is_dir() { count(&path) } else { usize::from(path.extension().unwrap() == "hwm") })
                .sum()
        }
        count(&self.0)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Compiles `bytes`, sent in chunks with this ETag. Returns how often the body was asked for something, too.
fn download(
    engine: &Engine,
    cache: &Arc<DirectoryCache>,
    bytes: &[u8],
    tag: Option<&str>,
) -> (Result<Module, Error>, usize) {
    let (mut response, fate) = scripted(chunks(bytes, 1000));
    response = response.with_url("http://127.0.0.1/m.wasm");
    if let Some(tag) = tag {
        response = response.with_header("ETag", tag);
    }
    let options = Options::new().cache(cache.clone(), url_and_etag);
    let module = block_on(compile_streaming_with(engine, response, options));
    eventually("the body is dropped", || fate.dropped());
    (module, fate.polls())
}

#[test]
fn the_second_download_is_not_read() {
    let directory = Directory::new("second");
    let cache = Arc::new(DirectoryCache::new(&directory.0).unwrap());
    let bytes = large(400);
    for (i, engine) in engines().iter().enumerate() {
        let (first, polls) = download(engine, &cache, &bytes, Some("\"one\""));
        let first = first.unwrap();
        // Both engines have the same settings.
        assert_eq!(polls > 0, i == 0);
        eventually("the module is kept", || directory.modules() == 1);
        let (second, polls) = download(engine, &cache, &bytes, Some("\"one\""));
        assert_eq!(describe(&second.unwrap(), false), describe(&first, false));
        assert_eq!(polls, 0);
    }
    let engine = engine(0);
    // Another version, and one of which nobody knows what it is.
    let other = large(401);
    let (module, polls) = download(&engine, &cache, &other, Some("\"two\""));
    assert_eq!(module.unwrap().functions().count(), Module::new(&engine, &other).unwrap().functions().count());
    assert!(polls > 0);
    eventually("both are kept", || directory.modules() == 2);
    for _ in 0..2 {
        let (module, polls) = download(&engine, &cache, &bytes, None);
        assert!(module.is_ok() && polls > 0);
    }
    // With other settings.
    let fuel = Engine::new(Config::new().compile_threads(0).consume_fuel(true)).unwrap();
    assert!(download(&fuel, &cache, &bytes, Some("\"one\"")).1 > 0);
    eventually("it is kept apart", || directory.modules() == 3);
    assert_eq!(download(&fuel, &cache, &bytes, Some("\"one\"")).1, 0);
}

#[test]
fn what_is_damaged_or_invalid_is_compiled_as_if_there_were_no_cache() {
    let directory = Directory::new("damaged");
    let cache = Arc::new(DirectoryCache::new(&directory.0).unwrap());
    let engine = engine(0);
    let bytes = large(50);
    assert!(download(&engine, &cache, &bytes, Some("1")).0.is_ok());
    eventually("the module is kept", || directory.modules() == 1);
    let file = walk(&directory.0);
    std::fs::write(&file, b"nonsense").unwrap();
    let (module, polls) = download(&engine, &cache, &bytes, Some("1"));
    assert!(module.is_ok() && polls > 0);
    eventually("it is replaced", || std::fs::metadata(&file).unwrap().len() > 8);
    assert_eq!(download(&engine, &cache, &bytes, Some("1")).1, 0);
    // An error is not kept.
    let (bad, _) = with_bad_last_body(large(50));
    for _ in 0..2 {
        assert!(matches!(download(&engine, &cache, &bad, Some("2")).0, Err(Error::Compile(_))));
    }
    assert_eq!(directory.modules(), 1);
}

fn walk(at: &std::path::Path) -> PathBuf {
    let path = std::fs::read_dir(at).unwrap().next().unwrap().unwrap().path();
    if path.is_dir() { walk(&path) } else { path }
}

/// Remembers what it was asked, and fails.
#[derive(Default)]
struct Bad(Mutex<Vec<String>>);

impl ModuleCache for Bad {
    fn get(&self, _: &Engine, key: &str) -> Option<Module> {
        self.0.lock().unwrap().push(format!("get {key}"));
        None
    }

    fn put(&self, key: &str, module: &Module) {
        self.0.lock().unwrap().push(format!("put {key} {}", module.functions().count()));
        panic!("a cache that does not work");
    }
}

#[test]
fn a_cache_that_fails_does_no_harm_and_is_not_asked_about_refused_responses() {
    let bad = Arc::new(Bad::default());
    let engine = engine(0);
    let bytes = wat("(module (func))");
    let options = || Options::new().cache(bad.clone(), |response| Some(format!("key of {}", response.url())));
    let good = response(&bytes).with_url("http://x/");
    assert!(block_on(compile_streaming_with(&engine, good, options())).is_ok());
    eventually("it was asked", || bad.0.lock().map_or_else(|e| e.into_inner().len(), |asked| asked.len()) == 2);
    let asked = bad.0.lock().unwrap_or_else(|e| e.into_inner()).clone();
    assert_eq!(asked, ["get key of http://x/", "put key of http://x/ 1"]);
    let refused = headwater::web::Response::from_bytes(bytes);
    assert!(matches!(block_on(compile_streaming_with(&engine, refused, options())), Err(Error::Type(_))));
    assert_eq!(bad.0.lock().unwrap_or_else(|e| e.into_inner()).len(), 2);
}
