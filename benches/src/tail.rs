//! `tail`: a module arrives at a bounded rate; how long after its last byte is it ready? Headwater compiles while bytes
//! arrive; other engines, which compile after the download, are shown for comparison.

use crate::clock::{self, Clock, Time};
use crate::corpus::{self, Subject};
use crate::engines::{self, Engine, Nodes};
use crate::report::{self, Table, number};
use anyhow::{Context, Result, ensure};
use headwater::{Config, StreamingCompiler};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Options of `tail`.
#[derive(clap::Args)]
pub struct Args {
    /// Only modules whose names match: parts of names or globs, separated by commas.
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Which engines to show for comparison, by the same kind of pattern.
    #[arg(long, value_name = "PATTERN")]
    engines: Option<String>,
    #[command(flatten)]
    nodes: Nodes,
    /// Rates of arrival, in MB (10^6 bytes) per second; 0: as fast as the bytes are taken.
    #[arg(long, value_delimiter = ',', default_value = "20,50", value_name = "MB/S,…")]
    rates: Vec<f64>,
    /// Numbers of compile threads besides the one that pushes.
    #[arg(long, value_delimiter = ',', default_value = "0,1", value_name = "N,…")]
    threads: Vec<usize>,
    /// How many bytes arrive at once.
    #[arg(long, default_value_t = 16 << 10, value_name = "BYTES")]
    chunk: usize,
    /// Repetitions.
    #[arg(long, default_value_t = 3, value_name = "N")]
    reps: u32,
    /// Write everything measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A way of streaming.
struct Setting {
    engine: headwater::Engine,
    threads: usize,
    /// Bytes per second. `None`: the next bytes are there when it has taken those before.
    rate: Option<f64>,
}

/// The results of one module: samples per setting and per peer; none where it was rejected.
struct Row {
    tails: Vec<Vec<Time>>,
    peers: Vec<Option<Time>>,
}

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.reps > 0 && args.chunk > 0, "--reps and --chunk must not be 0");
    ensure!(args.rates.iter().all(|r| *r >= 0.0), "--rates must not be negative");
    let mut settings = Vec::new();
    for &rate in &args.rates {
        for &threads in &args.threads {
            let engine = headwater::Engine::new(Config::new().compile_threads(threads))?;
            settings.push(Setting { engine, threads, rate: (rate > 0.0).then_some(rate * 1e6) });
        }
    }
    let mut peers = engines::all(&args.nodes)?;
    // Those two alone do not produce a running program.
    peers.retain(|e| {
        !["decode", "validate"].contains(&e.name())
            && args.engines.as_ref().is_none_or(|pattern| corpus::matches(pattern, e.name()))
    });
    let subjects = corpus::load(args.only.as_deref())?;
    let rows: Vec<Row> = subjects.iter().map(|subject| measure(subject, &settings, &mut peers, args)).collect();
    let versions = report::versions(peers.iter().map(|p| (p.name(), p.version())));
    let table = table(&subjects, &settings, &peers, &rows);
    print!("Milliseconds from the last byte to the module\n\n{table}{versions}");
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&to_json(&subjects, &settings, &peers, &rows, args.chunk))?;
        std::fs::write(file, text + "\n").with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn measure(subject: &Subject, settings: &[Setting], peers: &mut [Box<dyn Engine>], args: &Args) -> Row {
    eprintln!("{} ({} bytes)", subject.name, subject.wasm.len());
    let mut tails = vec![Vec::new(); settings.len()];
    for _ in 0..args.reps {
        for (setting, tails) in settings.iter().zip(&mut tails) {
            if let Ok(tail) = stream(setting, &subject.wasm, args.chunk) {
                tails.push(tail);
            }
        }
    }
    let peers = peers.iter_mut().map(|peer| {
        let spare = peer.patience().is_some_and(|limit| subject.code.bytes > limit);
        if spare { None } else { peer.compile(subject).ok().map(|sample| sample.time) }
    });
    Row { tails, peers: peers.collect() }
}

/// Pushes the bytes as they are due, and measures the time from when the last were due. Where none are late, that is
/// when they are pushed.
fn stream(setting: &Setting, wasm: &[u8], chunk: usize) -> Result<Time> {
    let mut compiler = StreamingCompiler::new(&setting.engine);
    let start = Instant::now();
    let mut arrived = 0;
    for bytes in wasm.chunks(chunk) {
        arrived += bytes.len();
        let due = setting.rate.map_or_else(Instant::now, |rate| start + Duration::from_secs_f64(arrived as f64 / rate));
        wait(due, arrived == wasm.len());
        if arrived < wasm.len() {
            compiler.push(bytes)?;
            continue;
        }
        let (module, time) = clock::timed(move || {
            compiler.push(bytes)?;
            compiler.finish()
        });
        let late = due.elapsed().as_nanos() as u64;
        module?;
        return Ok(Time { wall: late, cpu: time.cpu });
    }
    Ok(Time { wall: 0, cpu: 0 })
}

/// Sleeps; if `exact`, spins for the last stretch, since sleep ends late.
fn wait(until: Instant, exact: bool) {
    let slack = if exact { Duration::from_micros(200) } else { Duration::ZERO };
    std::thread::sleep(until.saturating_duration_since(Instant::now()).saturating_sub(slack));
    while Instant::now() < until {
        std::hint::spin_loop();
    }
}

fn table(subjects: &[Subject], settings: &[Setting], peers: &[Box<dyn Engine>], rows: &[Row]) -> Table {
    let streamed = settings.iter().map(|s| {
        let threads = if s.threads == 1 { "thread" } else { "threads" };
        match s.rate {
            Some(rate) => format!("{} MB/s, {} {threads}", rate / 1e6, s.threads),
            None => format!("at once, {} {threads}", s.threads),
        }
    });
    let after = peers.iter().map(|p| format!("{} after download", p.name()));
    let header = ["module", "MB"].map(String::from).into_iter().chain(streamed).chain(after);
    let mut table = Table::new(header);
    for (subject, row) in subjects.iter().zip(rows) {
        if row.tails.iter().all(Vec::is_empty) {
            continue;
        }
        let ms = |ns: f64| number(ns / 1e6);
        let tails = row.tails.iter().map(|samples| match samples.is_empty() {
            true => "–".to_string(),
            false => ms(clock::median(samples, Clock::Wall)),
        });
        let others = row.peers.iter().map(|time| time.map_or("–".to_string(), |t| ms(t.wall as f64)));
        let name = [subject.name.clone(), number(subject.wasm.len() as f64 / 1e6)];
        table.row(name.into_iter().chain(tails).chain(others));
    }
    table
}

fn to_json(subjects: &[Subject], settings: &[Setting], peers: &[Box<dyn Engine>], rows: &[Row], chunk: usize) -> Value {
    let modules: Vec<Value> = subjects
        .iter()
        .zip(rows)
        .map(|(subject, row)| {
            let tails: Vec<Value> = settings
                .iter()
                .zip(&row.tails)
                .filter(|(_, samples)| !samples.is_empty())
                .map(|(s, samples)| {
                    json!({
                        "bytes_per_second": s.rate,
                        "compile_threads": s.threads,
                        "tail": clock::to_json(samples),
                    })
                })
                .collect();
            let after: serde_json::Map<String, Value> = peers
                .iter()
                .zip(&row.peers)
                .filter_map(|(p, time)| time.map(|t| (p.name().to_string(), json!({ "wall_ns": t.wall }))))
                .collect();
            json!({
                "name": subject.name,
                "wasm_bytes": subject.wasm.len(),
                "tails": tails,
                "after_download": after,
            })
        })
        .collect();
    json!({ "bench": "tail", "chunk": chunk, "machine": report::machine(), "modules": modules })
}
