//! What a program sees, put together.

use crate::clocks::{self, HostMonotonicClock, HostWallClock};
use crate::dir::{Dir, DirPerms, FilePerms};
use crate::p1::WasiP1Ctx;
use crate::pipe::{StdinStream, StdoutStream, Stream};
use crate::sched::Scheduler;
use anyhow::{Context, Result};
use cap_rand::RngCore;
use cap_std::{ambient_authority, fs};
use std::fmt;
use std::path::Path;
use wasi_common::Table;
use wasi_common::sync::random_ctx;

/// What the crate `wasmtime-wasi` calls its contexts. Here it is only where builders come from; contexts are
/// [`WasiP1Ctx`].
#[derive(Debug)]
pub enum WasiCtx {}

impl WasiCtx {
    /// [`WasiCtxBuilder::new`].
    pub fn builder() -> WasiCtxBuilder {
        WasiCtxBuilder::new()
    }
}

/// Makes what a program sees. At first that is nothing: no arguments, variables or directories, an empty standard
/// input, and nobody who takes what it writes; the clocks and random numbers are the system's.
///
/// ```
/// use headwater_wasi::{DirPerms, FilePerms, WasiCtxBuilder};
/// let mut builder = WasiCtxBuilder::new();
/// builder.inherit_stdio().args(&["program", "-v"]).env("HOME", "/data");
/// builder.preopened_dir("/tmp", "/data", DirPerms::READ, FilePerms::READ)?;
/// let ctx = builder.build_p1();
/// # Ok::<(), headwater::Error>(())
/// ```
#[derive(Default)]
pub struct WasiCtxBuilder {
    args: Vec<String>,
    envs: Vec<(String, String)>,
    dirs: Vec<(Dir, String)>,
    stdin: Option<Stream>,
    stdout: Option<Stream>,
    stderr: Option<Stream>,
    random: Option<Box<dyn RngCore + Send + Sync>>,
    wall: Option<Box<dyn HostWallClock>>,
    monotonic: Option<Box<dyn HostMonotonicClock>>,
}

impl WasiCtxBuilder {
    /// A program that sees nothing.
    pub fn new() -> WasiCtxBuilder {
        WasiCtxBuilder::default()
    }

    /// A further argument. The first one is the program's own name.
    pub fn arg(&mut self, arg: impl AsRef<str>) -> &mut Self {
        self.args.push(arg.as_ref().into());
        self
    }

    /// Further arguments.
    pub fn args(&mut self, args: &[impl AsRef<str>]) -> &mut Self {
        self.args.extend(args.iter().map(|arg| arg.as_ref().to_string()));
        self
    }

    /// The arguments of this process, except for those that are not UTF-8.
    pub fn inherit_args(&mut self) -> &mut Self {
        self.args.extend(std::env::args_os().filter_map(|arg| arg.into_string().ok()));
        self
    }

    /// A further environment variable.
    pub fn env(&mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> &mut Self {
        self.envs.push((name.as_ref().into(), value.as_ref().into()));
        self
    }

    /// Further environment variables, names and values.
    pub fn envs(&mut self, env: &[(impl AsRef<str>, impl AsRef<str>)]) -> &mut Self {
        self.envs.extend(env.iter().map(|(name, value)| (name.as_ref().to_string(), value.as_ref().to_string())));
        self
    }

    /// The environment variables of this process, except for those that are not UTF-8.
    pub fn inherit_env(&mut self) -> &mut Self {
        let variables = std::env::vars_os();
        self.envs.extend(variables.filter_map(|(n, v)| Some((n.into_string().ok()?, v.into_string().ok()?))));
        self
    }

    /// What the program reads as standard input: memory, a reader, a file, a pipe ([`pipe`](crate::pipe)).
    pub fn stdin(&mut self, stdin: impl StdinStream) -> &mut Self {
        self.stdin = Some(stdin.into_stream());
        self
    }

    /// Where the program's standard output goes.
    pub fn stdout(&mut self, stdout: impl StdoutStream) -> &mut Self {
        self.stdout = Some(stdout.into_stream());
        self
    }

    /// Where the program's standard error goes.
    pub fn stderr(&mut self, stderr: impl StdoutStream) -> &mut Self {
        self.stderr = Some(stderr.into_stream());
        self
    }

    /// The standard input of this process. It is not buffered here.
    pub fn inherit_stdin(&mut self) -> &mut Self {
        self.stdin(std::io::stdin())
    }

    /// The standard output of this process. It is not buffered here: what [`print!`] has not flushed comes later.
    pub fn inherit_stdout(&mut self) -> &mut Self {
        self.stdout(std::io::stdout())
    }

    /// The standard error of this process.
    pub fn inherit_stderr(&mut self) -> &mut Self {
        self.stderr(std::io::stderr())
    }

    /// All three.
    pub fn inherit_stdio(&mut self) -> &mut Self {
        self.inherit_stdin().inherit_stdout().inherit_stderr()
    }

    /// Lets the program use the directory `host_path` under the name `guest_path`, and what is in it: nothing that it
    /// does leads out, by `..`, by links or otherwise.
    ///
    /// # Errors
    /// If the directory cannot be opened.
    pub fn preopened_dir(
        &mut self,
        host_path: impl AsRef<Path>,
        guest_path: impl AsRef<str>,
        dir_perms: DirPerms,
        file_perms: FilePerms,
    ) -> Result<&mut Self> {
        let host_path = host_path.as_ref();
        let dir = fs::Dir::open_ambient_dir(host_path, ambient_authority())
            .with_context(|| format!("failed to open directory '{}'", host_path.display()))?;
        self.dirs.push((Dir::new(dir, dir_perms, file_perms), guest_path.as_ref().into()));
        Ok(self)
    }

    /// Where random numbers come from. [`Deterministic`](crate::Deterministic) ones are always the same.
    pub fn secure_random(&mut self, random: impl RngCore + Send + Sync + 'static) -> &mut Self {
        self.random = Some(Box::new(random));
        self
    }

    /// What time it is.
    pub fn wall_clock(&mut self, clock: impl HostWallClock + 'static) -> &mut Self {
        self.wall = Some(Box::new(clock));
        self
    }

    /// How time passes. It decides how long the program waits for an absolute time, and not how long it waits for a
    /// duration: that is up to the system's clock.
    pub fn monotonic_clock(&mut self, clock: impl HostMonotonicClock + 'static) -> &mut Self {
        self.monotonic = Some(Box::new(clock));
        self
    }

    /// What the program sees. The builder is as new afterwards.
    ///
    /// # Panics
    /// If there are 4 GiB of arguments or variables.
    pub fn build_p1(&mut self) -> WasiP1Ctx {
        const FIT: &str = "arguments and variables fit into a memory";
        let built = std::mem::take(self);
        let random = built.random.unwrap_or_else(random_ctx);
        let clocks = clocks::clocks(built.wall, built.monotonic);
        let mut context = wasi_common::WasiCtx::new(random, clocks, Box::new(Scheduler), Table::new());
        built.stdin.into_iter().for_each(|stream| context.set_stdin(stream.0));
        built.stdout.into_iter().for_each(|stream| context.set_stdout(stream.0));
        built.stderr.into_iter().for_each(|stream| context.set_stderr(stream.0));
        built.args.iter().for_each(|arg| context.push_arg(arg).expect(FIT));
        built.envs.iter().for_each(|(name, value)| context.push_env(name, value).expect(FIT));
        for (dir, name) in built.dirs {
            context.push_preopened_dir(Box::new(dir), name).expect("there is room for a file descriptor");
        }
        WasiP1Ctx(context)
    }
}

impl fmt::Debug for WasiCtxBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WasiCtxBuilder").field("args", &self.args).field("envs", &self.envs).finish_non_exhaustive()
    }
}
