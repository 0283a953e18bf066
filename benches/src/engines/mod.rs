//! The engines that are compared, each with a file that says how it is driven: one thread, everything compiled before
//! the module is ready, otherwise its defaults.

pub mod headwater;
#[cfg(feature = "peers")]
mod peers;
pub mod runners;
#[cfg(feature = "peers")]
pub mod sf_nano;
mod v8;
mod wasmparser;

use crate::clock::{Time, timed};
use crate::corpus::Subject;
use anyhow::{Result, anyhow};
pub use v8::Nodes;

/// One compilation.
pub struct Sample {
    pub time: Time,
    /// The size of the machine code, for engines that generate and report it.
    pub machine_code: Option<u64>,
    /// The size of what is kept besides, as reported by Headwater.
    pub metadata: Option<u64>,
}

/// Something that processes a module's bytes.
pub trait Engine {
    /// Its name in tables and for `--engines`.
    fn name(&self) -> &str;

    /// Its version, and its settings where they matter.
    fn version(&self) -> String;

    /// Compiles the module once.
    fn compile(&mut self, subject: &Subject) -> Result<Sample>;

    /// The code-section size from which it takes minutes.
    fn patience(&self) -> Option<u64> {
        None
    }
}

/// All of them, the cheapest first.
pub fn all(nodes: &Nodes) -> Result<Vec<Box<dyn Engine>>> {
    let mut engines = in_process()?;
    engines.extend(v8::all(nodes)?);
    Ok(engines)
}

/// Those that are libraries.
pub fn in_process() -> Result<Vec<Box<dyn Engine>>> {
    let engines = vec![wasmparser::decode(), wasmparser::validate(), headwater::inline()?];
    #[cfg(feature = "peers")]
    let engines = engines.into_iter().chain(peers::all()?).collect();
    Ok(engines)
}

/// Keeps engines that use rayon from using several threads. To be called before anything else.
pub fn keep_to_one_thread() {
    // SAFETY: nothing has started a thread yet.
    unsafe { std::env::set_var("RAYON_NUM_THREADS", "1") };
}

/// An engine that is a function: from bytes to something that knows the size of its machine code.
struct Library<F> {
    name: &'static str,
    version: String,
    compile: F,
    patience: Option<u64>,
}

impl<M, E: std::fmt::Display, F> Engine for Library<F>
where
    M: Made,
    F: FnMut(&[u8]) -> Result<M, E>,
{
    fn name(&self) -> &str {
        self.name
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn compile(&mut self, subject: &Subject) -> Result<Sample> {
        let (module, time) = timed(|| (self.compile)(&subject.wasm));
        let module = module.map_err(|e| anyhow!("{e:#}"))?;
        Ok(Sample { time, machine_code: module.machine_code(), metadata: module.metadata() })
    }

    fn patience(&self) -> Option<u64> {
        self.patience
    }
}

/// The result of an engine for a module.
trait Made {
    fn machine_code(&self) -> Option<u64> {
        None
    }

    fn metadata(&self) -> Option<u64> {
        None
    }
}
