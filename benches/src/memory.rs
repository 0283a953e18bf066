//! `memory`: by how much a process grows at its peak while it compiles a module, a fresh process each time. The
//! module's bytes are loaded before, so they do not count; Headwater is measured streaming, too.

use crate::corpus::{self, Subject};
use crate::engines::{self, Engine};
use crate::report::{self, Table, number};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::process::Command;
use wasmparser::{Parser, Payload};

/// Options of `memory`.
#[derive(clap::Args)]
pub struct Args {
    /// Only modules whose names match: parts of names or globs, separated by commas.
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Only these engines, by the same kind of pattern.
    #[arg(long, value_name = "PATTERN")]
    engines: Option<String>,
    /// Write everything measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What the measured process does.
#[derive(clap::Args)]
pub struct ChildArgs {
    engine: String,
    module: String,
}

/// Headwater at once, in pieces, and in pieces with a thread beside the one that pushes.
const OURS: [&str; 3] = ["headwater", "streamed", "streamed-1t"];

/// Those that can be measured in a process: the libraries, and Headwater when it streams.
fn engines() -> Result<Vec<Box<dyn Engine>>> {
    let mut engines = engines::in_process()?;
    let after = engines.iter().position(|e| e.name() == OURS[0]).map_or(0, |i| i + 1);
    let streaming = [engines::headwater::streamed(OURS[1], 0)?, engines::headwater::streamed(OURS[2], 1)?];
    engines.splice(after..after, streaming);
    Ok(engines)
}

/// What such a process measures.
#[derive(Copy, Clone)]
struct Growth {
    bytes: u64,
    machine_code: Option<u64>,
    metadata: Option<u64>,
}

pub fn run(args: &Args) -> Result<()> {
    let mut engines = engines()?;
    engines.retain(|e| args.engines.as_ref().is_none_or(|pattern| corpus::matches(pattern, e.name())));
    let subjects = corpus::load(args.only.as_deref())?;
    let mut rows = Vec::new();
    for subject in &subjects {
        eprintln!("{} ({} bytes)", subject.name, subject.wasm.len());
        let row: Result<Vec<Option<Growth>>> = engines.iter().map(|e| spawn(e.as_ref(), subject)).collect();
        rows.push(row?);
    }
    print!("{}", tables(&subjects, &engines, &rows));
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&to_json(&subjects, &engines, &rows))?;
        std::fs::write(file, text + "\n").with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// Compiles the module in a separate process; `None` if the engine refuses it or would take minutes.
fn spawn(engine: &dyn Engine, subject: &Subject) -> Result<Option<Growth>> {
    if engine.patience().is_some_and(|limit| subject.code.bytes > limit) {
        return Ok(None);
    }
    let output = Command::new(std::env::current_exe()?)
        .args(["memory-child", engine.name(), &subject.name])
        .output()
        .context("this program could not be started again")?;
    if !output.status.success() {
        return Ok(None);
    }
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace();
    let bytes = numbers.next().context("no answer")?.parse()?;
    let machine_code = numbers.next().map(str::parse).transpose()?;
    let metadata = numbers.next().map(str::parse).transpose()?;
    Ok(Some(Growth { bytes, machine_code, metadata }))
}

/// The other end of [`spawn`].
pub fn child(args: &ChildArgs) -> Result<()> {
    let subjects = corpus::load(Some(&args.module))?;
    let subject = subjects.iter().find(|s| s.name == args.module).context("no such module")?;
    let mut engines = engines()?;
    let engine = engines.iter_mut().find(|e| e.name() == args.engine).context("no such engine")?;
    // Once for a module of a few bytes, so that one-time setup does not count.
    engine.compile(&Subject::nothing())?;
    // Resets the peak.
    std::fs::write("/proc/self/clear_refs", "5").context("the peak cannot be reset")?;
    let before = status("VmRSS:")?;
    let sample = engine.compile(subject)?;
    let peak = status("VmHWM:")?;
    print!("{}", peak.saturating_sub(before));
    for size in sample.machine_code.into_iter().chain(sample.metadata) {
        print!(" {size}");
    }
    println!();
    Ok(())
}

/// A size of this process, in bytes.
fn status(key: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    for line in status.lines() {
        if let Some(rest) = line.strip_prefix(key) {
            let kb: u64 = rest.trim().trim_end_matches(" kB").parse()?;
            return Ok(kb << 10);
        }
    }
    bail!("/proc/self/status has no {key}")
}

/// The bytes of a module that must be kept besides its code.
fn data_bytes(wasm: &[u8]) -> u64 {
    let size = |payload| match payload {
        Payload::DataSection(section) => section.range().end - section.range().start,
        _ => 0,
    };
    Parser::new(0).parse_all(wasm).flatten().map(size).sum()
}

fn tables(subjects: &[Subject], engines: &[Box<dyn Engine>], rows: &[Vec<Option<Growth>>]) -> String {
    let names = engines.iter().map(|e| e.name());
    let mut table = Table::new(["module", "code KB"].into_iter().chain(names));
    for (subject, row) in subjects.iter().zip(rows) {
        let cells = row
            .iter()
            .map(|growth| growth.map_or("–".to_string(), |g| number(g.bytes as f64 / subject.code.bytes as f64)));
        table.row([subject.name.clone(), number(subject.code.bytes as f64 / 1e3)].into_iter().chain(cells));
    }
    let text = format!("Bytes of peak growth per byte of code section\n\n{table}");
    text + &details(subjects, engines, rows)
}

/// Headwater's growth, and its part over 8 MB beside what it must keep.
fn details(subjects: &[Subject], engines: &[Box<dyn Engine>], rows: &[Vec<Option<Growth>>]) -> String {
    let ours: Vec<usize> = (0..engines.len()).filter(|&e| OURS.contains(&engines[e].name())).collect();
    if ours.is_empty() {
        return String::new();
    }
    let header = ["module", "machine code, MB", "data, MB", "other metadata, MB"].map(String::from);
    let growths = ours.iter().map(|&e| format!("{}, MB", engines[e].name()));
    let excesses = ours.iter().map(|&e| format!("{}, ×", engines[e].name()));
    let mut table = Table::new(header.into_iter().chain(growths).chain(excesses));
    let mb = |bytes: u64| number(bytes as f64 / 1e6);
    for (subject, row) in subjects.iter().zip(rows) {
        let growths: Vec<Option<Growth>> = ours.iter().map(|&e| row[e]).collect();
        let Some((code, metadata)) = growths.iter().flatten().find_map(|g| g.machine_code.zip(g.metadata)) else {
            continue;
        };
        let data = data_bytes(&subject.wasm);
        let excess = |g: Growth| number((g.bytes as f64 - 8e6).max(0.0) / (code + metadata) as f64);
        let cells = |f: &dyn Fn(Growth) -> String| -> Vec<String> {
            growths.iter().map(|g| g.map_or("–".to_string(), f)).collect()
        };
        let first = [subject.name.clone(), mb(code), mb(data), mb(metadata.saturating_sub(data))];
        table.row(first.into_iter().chain(cells(&|g| mb(g.bytes))).chain(cells(&excess)));
    }
    format!(
        "\nHeadwater in detail; ×: what it grows by beyond 8 MB, as a multiple of machine code, \
         data and other metadata\n\n{table}"
    )
}

fn to_json(subjects: &[Subject], engines: &[Box<dyn Engine>], rows: &[Vec<Option<Growth>>]) -> Value {
    let modules: Vec<Value> = subjects
        .iter()
        .zip(rows)
        .map(|(subject, row)| {
            let growth: Map<String, Value> = engines
                .iter()
                .zip(row)
                .map(|(e, growth)| (e.name().to_string(), json!(growth.map(|g| g.bytes))))
                .collect();
            json!({
                "name": subject.name,
                "code_section_bytes": subject.code.bytes,
                "data_section_bytes": data_bytes(&subject.wasm),
                "peak_growth_bytes": growth,
            })
        })
        .collect();
    json!({ "bench": "memory", "machine": report::machine(), "modules": modules })
}
