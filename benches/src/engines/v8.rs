//! V8, through `node`: a process per setting that stays and compiles a module per request. There may be several, each
//! with another V8; [`Nodes`] says which.

use super::{Engine, Sample};
use crate::clock::Time;
use crate::corpus::Subject;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const SCRIPT: &str = include_str!("v8.js");

/// Compile everything with the baseline compiler, at once, on one thread. V8 11.3 and 14.6 take all of these;
/// `--trace-wasm-compilation-times` with them lists all functions before `new WebAssembly.Module` returns.
pub const LIFTOFF: [&str; 4] =
    ["--liftoff-only", "--no-wasm-lazy-compilation", "--no-wasm-dynamic-tiering", "--single-threaded"];

/// Which commands there are.
#[derive(clap::Args)]
pub struct Nodes {
    /// A `node` whose V8 takes part; may be repeated. Names of its engines end with the version of V8, but for the
    /// first `node`. Without this option, they are the installed one and that of benches/fetch-node, as far as they
    /// are there.
    #[arg(long = "node", value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// A command that works.
#[derive(Clone)]
pub struct Node {
    command: PathBuf,
    /// The version of its V8.
    version: String,
    /// Whether it comes first, and needs no version in names.
    first: bool,
}

impl Nodes {
    /// Those that were named, which must work, or those that are found. Of several with the same line of V8, the first.
    pub fn all(&self) -> Result<Vec<Node>> {
        let mut nodes: Vec<Node> = Vec::new();
        let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/node");
        let found = [PathBuf::from("node"), fetched];
        for command in if self.paths.is_empty() { &found[..] } else { &self.paths } {
            match version(command) {
                Ok(version) if nodes.iter().all(|node| line(&node.version) != line(&version)) => {
                    nodes.push(Node { command: command.clone(), version, first: nodes.is_empty() });
                }
                Err(e) if !self.paths.is_empty() => return Err(e.context(command.display().to_string())),
                _ => {}
            }
        }
        Ok(nodes)
    }
}

fn version(node: &Path) -> Result<String> {
    let output = Command::new(node).args(["-p", "process.versions.v8"]).output()?;
    let version = String::from_utf8(output.stdout)?.trim().to_string();
    if version.is_empty() { bail!("it names no version of V8") } else { Ok(version) }
}

/// The first two numbers of a version.
fn line(version: &str) -> &str {
    version.match_indices('.').nth(1).map_or(version, |(at, _)| &version[..at])
}

impl Node {
    /// The name of an engine of this `node`, from that of the same engine of the first.
    pub fn name(&self, engine: &str) -> String {
        if self.first { engine.to_string() } else { format!("{engine}-{}", line(&self.version)) }
    }

    pub fn version(&self) -> String {
        format!("V8 {}", self.version)
    }

    /// Starts a process with options of V8; `what` is what to do with the modules of requests, of which `v8.js`
    /// defines the choices.
    pub fn start(&self, options: &[&str], what: &str) -> Result<V8> {
        let mut node = Command::new(&self.command)
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
}

/// A process that answers requests.
pub struct V8 {
    node: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl V8 {
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

/// Validation and the baseline compiler of each.
pub fn all(nodes: &Nodes) -> Result<Vec<Box<dyn Engine>>> {
    let nodes = nodes.all()?;
    let mut engines: Vec<Box<dyn Engine>> = Vec::new();
    for (name, what) in [("v8-validate", "validate"), ("liftoff", "compile")] {
        for node in &nodes {
            let v8 = node.start(&LIFTOFF, what)?;
            engines.push(Box::new(Compiler { name: node.name(name), version: node.version(), v8 }));
        }
    }
    Ok(engines)
}

/// One that measures the time of compilations.
struct Compiler {
    name: String,
    version: String,
    v8: V8,
}

impl Engine for Compiler {
    fn name(&self) -> &str {
        &self.name
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

#[cfg(test)]
mod tests {
    use super::{Node, line};

    #[test]
    fn names_have_the_line_of_v8_but_for_the_first() {
        assert_eq!(line("11.3.244.8-node.38"), "11.3");
        assert_eq!(line("15"), "15");
        let node = |first| Node { command: "node".into(), version: "14.6.202.34-node.34".to_string(), first };
        assert_eq!(node(true).name("liftoff"), "liftoff");
        assert_eq!(node(false).name("liftoff"), "liftoff-14.6");
    }
}
