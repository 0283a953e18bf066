//! `run`: how fast the engines' code is, over the kernels of `benches/kernels`.

use crate::clock::{self, Clock, Time, timed};
use crate::corpus;
use crate::engines::Nodes;
use crate::engines::runners::{self, Kernel, Runner};
use crate::report::{self, Table, number};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// Options of `run`.
#[derive(clap::Args)]
pub struct Args {
    /// Programs that make garbage, in place of the others, beside V8's best compiler.
    #[arg(long)]
    gc: bool,
    /// Only kernels whose names match: parts of names or globs, separated by commas.
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Only these engines, by the same kind of pattern. The others are compared with the first that is left.
    #[arg(long, value_name = "PATTERN")]
    engines: Option<String>,
    #[command(flatten)]
    nodes: Nodes,
    /// Repetitions.
    #[arg(long, default_value_t = 9, value_name = "N")]
    reps: u32,
    /// Write everything measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A line of `kernels.tsv`.
struct Subject {
    name: String,
    /// The argument of `run`.
    n: i32,
}

/// Medians in nanoseconds, per engine; none where it failed.
type Row = Vec<Option<f64>>;

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.reps > 0, "--reps must not be 0");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(if args.gc { "kernels/gc" } else { "kernels" });
    let subjects = kernels(&folder, args.only.as_deref())?;
    let nodes = args.nodes.all()?;
    let mut runners = if args.gc { runners::collectors(&nodes)? } else { runners::all(&nodes)? };
    runners.retain(|r| args.engines.as_ref().is_none_or(|pattern| corpus::matches(pattern, &r.name)));
    ensure!(!runners.is_empty(), "--engines leaves none");
    let mut rows = Vec::new();
    for subject in &subjects {
        eprintln!("{}", subject.name);
        rows.push(measure(&folder, subject, &runners, args.reps).with_context(|| subject.name.clone())?);
    }
    print!("{}", tables(&subjects, &runners, &rows));
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&to_json(&subjects, &runners, &rows))?;
        std::fs::write(file, text + "\n").with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn kernels(folder: &Path, only: Option<&str>) -> Result<Vec<Subject>> {
    let list = folder.join("kernels.tsv");
    let text = std::fs::read_to_string(&list).with_context(|| list.display().to_string())?;
    let mut subjects = Vec::new();
    for line in text.lines().skip(1) {
        let (name, n) = line.split_once('\t').with_context(|| format!("{}: {line:?}", list.display()))?;
        if only.is_none_or(|pattern| corpus::matches(pattern, name)) {
            subjects.push(Subject { name: name.to_string(), n: n.trim().parse()? });
        }
    }
    ensure!(!subjects.is_empty(), "no kernel is meant");
    Ok(subjects)
}

/// A module in the text format, as a file in the binary format.
fn text(wat: &Path) -> Result<PathBuf> {
    let name = wat.file_stem().and_then(|name| name.to_str()).context("the path is not UTF-8")?;
    let wasm = std::env::temp_dir().join(format!("headwater-{}-{name}.wasm", std::process::id()));
    std::fs::write(&wasm, wat::parse_file(wat)?)?;
    Ok(wasm)
}

/// All engines in turns. They must agree on the result.
fn measure(folder: &Path, subject: &Subject, runners: &[Runner], reps: u32) -> Result<Row> {
    let wat = folder.join(&subject.name).with_extension("wat");
    let wasm = folder.join(&subject.name).with_extension("wasm");
    let wasm = if wat.exists() { text(&wat)? } else { wasm };
    let mut kernels: Vec<Option<Kernel>> = Vec::new();
    for runner in runners {
        match runner.load(&wasm) {
            Ok(kernel) => kernels.push(Some(kernel)),
            Err(e) => {
                eprintln!("  {e:#}");
                kernels.push(None);
            }
        }
    }
    let mut samples: Vec<Vec<Time>> = vec![Vec::new(); runners.len()];
    // The first round does not count: processes start, pages are touched.
    for round in 0..=reps {
        // Kernels keep state from run to run, the same in all engines.
        let mut agreed: Option<(i32, &str)> = None;
        for ((slot, runner), samples) in kernels.iter_mut().zip(runners).zip(&mut samples) {
            let Some(kernel) = slot else { continue };
            let (checksum, time) = timed(|| kernel(subject.n));
            let checksum = match checksum {
                Ok(checksum) => checksum,
                Err(e) => {
                    eprintln!("  {}: {e:#}", runner.name);
                    (*slot, *samples) = (None, Vec::new());
                    continue;
                }
            };
            match agreed {
                Some((other, name)) if other != checksum => {
                    bail!("{} gives {checksum:#x}, {name} {other:#x}", runner.name)
                }
                _ => agreed = Some((checksum, &runner.name)),
            }
            if round > 0 {
                samples.push(time);
            }
        }
    }
    Ok(samples.iter().map(|s| (!s.is_empty()).then(|| clock::median(s, Clock::Wall))).collect())
}

fn tables(subjects: &[Subject], runners: &[Runner], rows: &[Row]) -> String {
    let base = &runners[0].name;
    let names = runners[1..].iter().map(|r| r.name.clone());
    let mut table = Table::new(["kernel".to_string(), format!("{base}, ms")].into_iter().chain(names));
    for (subject, row) in subjects.iter().zip(rows) {
        let base = row[0].map_or("–".to_string(), |ns| number(ns / 1e6));
        let ratios = row[1..].iter().map(|ns| ratio(*ns, row[0]).map_or("–".to_string(), number));
        table.row([subject.name.clone(), base].into_iter().chain(ratios));
    }
    let means = (1..runners.len()).map(|e| mean(rows, e).map_or("–".to_string(), number));
    table.row(["**geometric mean**".to_string(), String::new()].into_iter().chain(means));
    let mut text = format!("Run time as multiples of {base}'s\n\n{table}");
    let versions = runners.iter().filter_map(|r| Some((r.name.as_str(), r.version.clone()?)));
    text += &report::versions(versions);
    if let Some(ours) = runners.iter().position(|r| r.name == "headwater") {
        text += "\n";
        for (e, runner) in runners.iter().enumerate().filter(|(e, _)| *e != ours) {
            let both: Vec<(f64, f64)> = rows.iter().filter_map(|row| Some((row[ours]?, row[e]?))).collect();
            let won = both.iter().filter(|(ours, theirs)| ours < theirs).count();
            text += &format!("Headwater's code is faster than {}'s on {won} of {} kernels.\n", runner.name, both.len());
        }
    }
    text
}

fn ratio(ns: Option<f64>, base: Option<f64>) -> Option<f64> {
    Some(ns? / base?)
}

/// The geometric mean of an engine's ratios.
fn mean(rows: &[Row], engine: usize) -> Option<f64> {
    let logs: Vec<f64> = rows.iter().filter_map(|row| ratio(row[engine], row[0])).map(f64::ln).collect();
    (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / logs.len() as f64).exp())
}

fn to_json(subjects: &[Subject], runners: &[Runner], rows: &[Row]) -> Value {
    let kernels: Vec<Value> = subjects
        .iter()
        .zip(rows)
        .map(|(subject, row)| {
            let ns: Map<String, Value> =
                runners.iter().zip(row).map(|(runner, ns)| (runner.name.clone(), json!(ns))).collect();
            json!({ "name": subject.name, "n": subject.n, "median_wall_ns": ns })
        })
        .collect();
    let means: Map<String, Value> =
        runners.iter().enumerate().map(|(e, runner)| (runner.name.clone(), json!(mean(rows, e)))).collect();
    let versions: Map<String, Value> =
        runners.iter().filter_map(|r| Some((r.name.clone(), json!(r.version.as_ref()?)))).collect();
    json!({
        "bench": "run",
        "machine": report::machine(),
        "kernels": kernels,
        "geometric_mean": means,
        "versions": versions,
    })
}
