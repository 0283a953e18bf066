//! V8, through `node` if it is installed: a process per setting that stays and compiles a module per request.

use super::{Engine, Sample};
use crate::clock::Time;
use crate::corpus::Subject;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const SCRIPT: &str = include_str!("v8.js");
/// Compile everything with the baseline compiler, at once, on one thread.
const LIFTOFF: [&str; 4] =
    ["--liftoff-only", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering", "--single-threaded"];

/// A process that answers requests.
pub struct V8 {
    node: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// Validation and the baseline compiler, if there is a `node` that works.
pub fn all() -> Vec<Box<dyn Engine>> {
    let started = [Compiler::start("v8-validate", "validate"), Compiler::start("liftoff", "compile")];
    started.into_iter().flatten().map(|v8| Box::new(v8) as Box<dyn Engine>).collect()
}

impl V8 {
    /// `what` is what to do with the modules of requests; `v8.js` defines the choices.
    pub fn start(what: &str) -> Result<V8> {
        V8::start_with(&LIFTOFF, what)
    }

    /// The same with other options. The environment variable `HEADWATER_NODE` may name another command.
    pub fn start_with(options: &[&str], what: &str) -> Result<V8> {
        let command = std::env::var_os("HEADWATER_NODE").unwrap_or_else(|| "node".into());
        let mut node = Command::new(command)
            .args(options)
            .args(["--expose-gc", "-e", SCRIPT, what])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let requests = node.stdin.take().context("the pipe was asked for")?;
        let answers = BufReader::new(node.stdout.take().context("the pipe was asked for")?);
        Ok(V8 { node, requests, answers })
    }

    /// The answer to a request.
    pub fn ask(&mut self, request: &str) -> Result<String> {
        writeln!(self.requests, "{request}")?;
        let mut answer = String::new();
        if self.answers.read_line(&mut answer)? == 0 {
            bail!("node ended");
        }
        Ok(answer.trim().to_string())
    }
}

impl Drop for V8 {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}

/// One that measures the time of compilations.
struct Compiler {
    name: &'static str,
    version: String,
    v8: V8,
}

impl Compiler {
    fn start(name: &'static str, what: &str) -> Result<Compiler> {
        let mut v8 = V8::start(what)?;
        Ok(Compiler { name, version: format!("V8 {}", v8.ask("v8")?), v8 })
    }
}

impl Engine for Compiler {
    fn name(&self) -> &'static str {
        self.name
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn compile(&mut self, subject: &Subject) -> Result<Sample> {
        let path = subject.path.to_str().context("the path is not UTF-8")?;
        let answer = self.v8.ask(path)?;
        if let Some(error) = answer.strip_prefix("error ") {
            bail!("{error}");
        }
        let (wall, cpu) = answer.split_once(' ').with_context(|| format!("node said {answer:?}"))?;
        Ok(Sample { time: Time { wall: wall.parse()?, cpu: cpu.parse()? }, machine_code: None, metadata: None })
    }
}
