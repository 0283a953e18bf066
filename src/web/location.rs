//! Places in a module, written as section 5 of the WebAssembly Web API, "Developer-Facing Display Conventions",
//! recommends.

use crate::{FrameInfo, Module, printable};
use std::fmt;

/// What takes the place of the URL of a response that has none: the convention requires something that names the call.
const NO_URL: &str = "compile_streaming";

/// A place in a module.
///
/// Displays as `${url}:wasm-function[${index}]:0x${offset}`, or as `${url}:0x${offset}` outside function bodies.
///
/// ```
/// use headwater::web::Location;
/// let location = Location::new("http://a.example/m.wasm", Some(3), 0x2f);
/// assert_eq!(location.to_string(), "http://a.example/m.wasm:wasm-function[3]:0x2f");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Location {
    url: Box<str>,
    func: Option<u32>,
    offset: usize,
    name: Option<Box<str>>,
}

impl Location {
    /// Offset `offset` of the module from `url`, in bytes; `func` is the index of the function whose body that is in,
    /// in the module's function index space.
    pub fn new(url: &str, func: Option<u32>, offset: usize) -> Location {
        let url = if url.is_empty() { NO_URL } else { url };
        Location { url: url.into(), func, offset, name: None }
    }

    /// Where `frame` was when it called or trapped. `own`: a module whose URL is known.
    pub(super) fn of_frame(frame: &FrameInfo, own: Option<(&Module, &str)>) -> Location {
        let module = frame.module();
        let url = match own {
            Some((own, url)) if Module::same(own, module) => url,
            _ => module.name().unwrap_or(""),
        };
        let mut location = Location::new(url, Some(frame.func_index()), frame.module_offset().unwrap_or(0));
        location.name = Some(function_name(module, frame.func_index()).into());
        location
    }

    /// The URL, or what takes its place.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The function, in its module's function index space.
    pub fn func_index(&self) -> Option<u32> {
        self.func
    }

    /// The function as [`function_name`] calls it, if it is known.
    pub fn func_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The offset in the module, in bytes.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.func {
            Some(func) => write!(f, "{}:wasm-function[{func}]:0x{:x}", printable::message(&self.url), self.offset),
            None => write!(f, "{}:0x{:x}", printable::message(&self.url), self.offset),
        }
    }
}

/// How messages name a function: `module.function` or `function` if the module's name section has a name for it,
/// otherwise `module.wasm-function[index]` or `wasm-function[index]`. The names are as [`printable`] shows them.
///
/// ```
/// # use headwater::{Engine, Module, web::function_name};
/// let module = Module::new(&Engine::default(), b"\0asm\x01\0\0\0")?;
/// assert_eq!(function_name(&module, 7), "wasm-function[7]");
/// # Ok::<(), headwater::CompileError>(())
/// ```
pub fn function_name(module: &Module, func: u32) -> String {
    let name = match module.func_name(func) {
        Some(name) => printable::name(name).to_string(),
        None => format!("wasm-function[{func}]"),
    };
    match module.name() {
        Some(module) if !module.is_empty() => format!("{}.{name}", printable::name(module)),
        _ => name,
    }
}
