//! What tells profilers of the system where machine code is and what it is called.

mod jitdump;
mod perf_map;

use crate::module::Module;
use anyhow::Context;
use std::sync::{Mutex, PoisonError};

/// Which profiler is told about machine code ([`Config::profiler`](crate::Config::profiler)).
#[derive(Copy, Clone, Default, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ProfilingStrategy {
    /// None.
    #[default]
    None,
    /// perf, by a file `/tmp/perf-PID.map` with a line for each function. `perf record`, then `perf report`. Says where
    /// functions are, and nothing else.
    PerfMap,
    /// perf, by a file `jit-PID.dump` in the current directory, with the machine code, so that it can be annotated:
    /// `perf record -k mono`, `perf inject --jit -i perf.data -o perf.jit.data`, `perf report -i perf.jit.data`.
    JitDump,
}

/// The files of an engine.
pub(crate) enum Profiler {
    PerfMap(Mutex<perf_map::PerfMap>),
    JitDump(Mutex<jitdump::JitDump>),
}

impl Profiler {
    /// # Errors
    /// If a file cannot be written.
    pub fn new(strategy: ProfilingStrategy) -> crate::Result<Option<Profiler>> {
        Ok(match strategy {
            ProfilingStrategy::None => None,
            ProfilingStrategy::PerfMap => {
                Some(Profiler::PerfMap(Mutex::new(perf_map::PerfMap::new().context("the map for perf")?)))
            }
            ProfilingStrategy::JitDump => {
                Some(Profiler::JitDump(Mutex::new(jitdump::JitDump::new().context("the dump for perf")?)))
            }
        })
    }

    /// Tells about the functions of a module. A file that cannot be written any more is left as it is: that is no reason
    /// to do without the module.
    pub fn add(&self, module: &Module) {
        let base = module.machine_code().as_ptr().addr();
        for function in module.functions() {
            let code = &module.machine_code()[function.code.clone()];
            let name = name_of(module, function.index);
            let at = base + function.code.start;
            let _ = match self {
                Profiler::PerfMap(map) => lock(map).add(at, code.len(), &name),
                Profiler::JitDump(dump) => lock(dump).add(at, code, &name),
            };
        }
        let _ = match self {
            Profiler::PerfMap(map) => lock(map).flush(),
            Profiler::JitDump(dump) => lock(dump).flush(),
        };
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What profilers and debuggers call the function `func`: its name, with that of the module before it where there is
/// one, without what they would take for the end of a name.
pub(crate) fn name_of(module: &Module, func: u32) -> String {
    name_in(module.name(), module, func)
}

/// The same under another name of the module.
pub(crate) fn name_in(name: Option<&str>, module: &Module, func: u32) -> String {
    let name = match (name, module.func_name(func)) {
        (Some(module), Some(name)) => format!("{module}::{name}"),
        (None, Some(name)) => name.to_owned(),
        (Some(module), None) => format!("{module}::wasm-function[{func}]"),
        (None, None) => format!("wasm-function[{func}]"),
    };
    name.chars().map(|c| if c.is_control() { '_' } else { c }).collect()
}
