//! What a program of the command sees, and what it may have.

use crate::units::Amount;
use anyhow::{Context, Result, anyhow};
use headwater::{Linker, ResourceLimiter, StoreLimits, StoreLimitsBuilder};
use headwater_wasi::p1::{self, WasiP1Ctx};
use headwater_wasi::{DirPerms, FilePerms, WasiCtxBuilder};

/// A program's variables.
#[derive(Default)]
pub struct Environment {
    /// Whether it has all of this process.
    pub inherit: bool,
    /// `K=V`, or `K` for what that is here.
    pub set: Vec<String>,
}

/// What a program sees: arguments (its own name first), `HOST[::GUEST]` directories, variables, and the
/// standard streams of this process.
pub fn context(args: &[String], dirs: &[String], env: &Environment) -> Result<WasiP1Ctx> {
    let mut builder = WasiCtxBuilder::new();
    builder.inherit_stdio().args(args);
    if env.inherit {
        builder.inherit_env();
    }
    for variable in &env.set {
        match variable.split_once('=') {
            Some((key, value)) => builder.env(key, value),
            None => {
                let value = std::env::var(variable)
                    .map_err(|_| anyhow!("--env {variable}: it is not set here; write --env NAME=VALUE"))?;
                builder.env(variable, &value)
            }
        };
    }
    for dir in dirs {
        let (host, guest) = dir.split_once("::").unwrap_or((dir, dir));
        let opened = builder.preopened_dir(host, guest, DirPerms::all(), FilePerms::all());
        opened.with_context(|| format!("--dir {dir}"))?;
    }
    Ok(builder.build_p1())
}

/// The data in a program's store.
pub struct Host {
    wasi: WasiP1Ctx,
    limits: StoreLimits,
}

impl Host {
    /// `memory`: the limit on its memories together, and the same again for its tables; if `None`, only the engine's
    /// limits apply.
    pub fn new(wasi: WasiP1Ctx, memory: Option<Amount>) -> Host {
        let limits = StoreLimitsBuilder::new();
        let limits = match memory {
            Some(most) => limits.memory_size(usize::try_from(most.bytes).unwrap_or(usize::MAX)),
            None => limits,
        };
        Host { wasi, limits: limits.build() }
    }

    /// For [`Store::limiter`](headwater::Store::limiter).
    pub fn limiter(&mut self) -> &mut dyn ResourceLimiter {
        &mut self.limits
    }
}

/// Adds all of WASI preview 1 to a linker.
pub fn link(linker: &mut Linker<Host>) -> Result<()> {
    p1::add_to_linker_sync(linker, |host: &mut Host| &mut host.wasi)
}
