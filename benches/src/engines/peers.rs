//! Other engines, as libraries.

use super::{Engine, Library, Made, sf_nano};
use anyhow::{Result, anyhow};
use std::num::NonZero;

impl Made for wasmtime::Module {
    fn machine_code(&self) -> Option<u64> {
        Some(self.text().len() as u64)
    }
}

// Neither reports the size of its machine code.
impl Made for wasmi::Module {}
impl Made for wasmer::Module {}

/// All of them, the quickest to compile first.
pub fn all() -> Result<Vec<Box<dyn Engine>>> {
    Ok(vec![
        wasmi(),
        singlepass(),
        wasmtime("winch", wasmtime::Strategy::Winch, None)?,
        sf_nano::engine()?,
        // At 0.6 MB/s; and its rate on large modules is that on small ones.
        wasmtime("cranelift", wasmtime::Strategy::Cranelift, Some(4 << 20))?,
    ])
}

fn wasmi() -> Box<dyn Engine> {
    let mut config = wasmi::Config::default();
    config.compilation_mode(wasmi::CompilationMode::Eager);
    let engine = wasmi::Engine::new(&config);
    Box::new(Library {
        name: "wasmi",
        version: "wasmi 2.0.0, eager".to_string(),
        compile: move |wasm: &[u8]| wasmi::Module::new(&engine, wasm),
        patience: None,
    })
}

fn singlepass() -> Box<dyn Engine> {
    let mut config = wasmer::sys::Singlepass::new();
    config.num_threads(NonZero::<usize>::MIN);
    let engine: wasmer::Engine = wasmer::sys::EngineBuilder::new(config).engine().into();
    Box::new(Library {
        name: "singlepass",
        version: "wasmer 7.4.2".to_string(),
        compile: move |wasm: &[u8]| wasmer::Module::from_binary(&engine, wasm),
        patience: None,
    })
}

/// The cargo feature for parallel compilation is off, so it compiles on the calling thread.
fn wasmtime(name: &'static str, strategy: wasmtime::Strategy, patience: Option<u64>) -> Result<Box<dyn Engine>> {
    let mut config = wasmtime::Config::new();
    config.strategy(strategy);
    if strategy == wasmtime::Strategy::Cranelift {
        config.cranelift_opt_level(wasmtime::OptLevel::Speed);
    }
    let engine = wasmtime::Engine::new(&config).map_err(|e| anyhow!("{e:#}"))?;
    Ok(Box::new(Library {
        name,
        version: "wasmtime 48.0.8".to_string(),
        compile: move |wasm: &[u8]| wasmtime::Module::from_binary(&engine, wasm),
        patience,
    }))
}
