//! Headwater itself, compiling on the calling thread.

use super::{Engine, Library, Made};
use anyhow::Result;
use headwater::{Config, Module};

impl Made for Module {
    fn machine_code(&self) -> Option<u64> {
        Some(self.compile_stats().machine_code_bytes)
    }
}

/// From bytes to a module that is linked and sealed.
pub fn inline() -> Result<Box<dyn Engine>> {
    let engine = headwater::Engine::new(Config::new().compile_threads(0))?;
    Ok(Box::new(Library {
        name: "headwater",
        version: env!("CARGO_PKG_VERSION").to_string(),
        compile: move |wasm: &[u8]| Module::from_binary(&engine, wasm),
        patience: None,
    }))
}
