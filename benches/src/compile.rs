//! `compile`: from bytes to module, one thread, all engines in turns.

use crate::clock::{self, Clock, Time};
use crate::corpus::{self, Subject};
use crate::engines::{self, Engine, Nodes};
use crate::report::{self, Table, number};
use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// Options of `compile`.
#[derive(clap::Args)]
pub struct Args {
    /// Only modules whose names match: parts of names or globs, separated by commas.
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Only these engines, by the same kind of pattern. Headwater and wasmparser's validator are always included.
    #[arg(long, value_name = "PATTERN")]
    engines: Option<String>,
    #[command(flatten)]
    nodes: Nodes,
    /// Repetitions for modules over 1 MB; smaller ones get more.
    #[arg(long, default_value_t = 5, value_name = "N")]
    reps: u32,
    /// An engine that has spent this many seconds on a module gets no more repetitions.
    #[arg(long, default_value_t = 4.0, value_name = "SECONDS")]
    budget: f64,
    /// Give the largest modules to slow compilers, too.
    #[arg(long)]
    full: bool,
    /// Which clock the tables use; the JSON file has both.
    #[arg(long, default_value = "wall")]
    clock: Clock,
    /// Write everything measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What one engine did with one module.
#[derive(Default)]
struct Outcome {
    samples: Vec<Time>,
    machine_code: Option<u64>,
    /// Why there are no samples.
    refused: Option<String>,
}

/// Everything measured.
struct Measured {
    engines: Vec<Box<dyn Engine>>,
    subjects: Vec<Subject>,
    /// `outcomes[s][e]`: of engine `e` on module `s`.
    outcomes: Vec<Vec<Outcome>>,
    clock: Clock,
}

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.reps > 0, "--reps must not be 0");
    let mut engines = engines::all(&args.nodes)?;
    engines.retain(|e| {
        ["headwater", "validate"].contains(&e.name())
            || args.engines.as_ref().is_none_or(|pattern| corpus::matches(pattern, e.name()))
    });
    let subjects = corpus::load(args.only.as_deref())?;
    let mut outcomes = Vec::new();
    for subject in &subjects {
        eprintln!("{} ({} bytes of code section)", subject.name, subject.code.bytes);
        outcomes.push(measure(&mut engines, subject, args));
    }
    let measured = Measured { engines, subjects, outcomes, clock: args.clock };
    print!("{}", measured.tables());
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&measured.to_json())?;
        std::fs::write(file, text + "\n").with_context(|| file.display().to_string())?;
    }
    Ok(())
}

/// More for small modules, whose times are short and noisy.
fn repetitions(subject: &Subject, reps: u32) -> u32 {
    match subject.code.bytes {
        0..100_000 => reps * 20,
        100_000..1_000_000 => reps * 3,
        _ => reps,
    }
}

fn measure(engines: &mut [Box<dyn Engine>], subject: &Subject, args: &Args) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = engines.iter().map(|_| Outcome::default()).collect();
    for (engine, outcome) in engines.iter().zip(&mut outcomes) {
        if engine.patience().is_some_and(|limit| subject.code.bytes > limit && !args.full) {
            outcome.refused = Some("skipped: it would take too long (--full to do it)".to_string());
        }
    }
    for _ in 0..repetitions(subject, args.reps) {
        for (engine, outcome) in engines.iter_mut().zip(&mut outcomes) {
            let spent: u64 = outcome.samples.iter().map(|t| t.wall).sum();
            if outcome.refused.is_some() || spent as f64 > args.budget * 1e9 {
                continue;
            }
            match engine.compile(subject) {
                Ok(sample) => {
                    outcome.samples.push(sample.time);
                    outcome.machine_code = sample.machine_code;
                }
                Err(e) => {
                    let text = format!("{e:#}");
                    outcome.refused = Some(text.lines().next().unwrap_or_default().trim().to_string());
                }
            }
        }
    }
    outcomes
}

impl Outcome {
    fn ns(&self, clock: Clock) -> Option<f64> {
        (!self.samples.is_empty()).then(|| clock::median(&self.samples, clock))
    }

    fn to_json(&self) -> Value {
        if self.samples.is_empty() {
            return json!({ "refused": self.refused });
        }
        let mut value = clock::to_json(&self.samples);
        value["machine_code_bytes"] = json!(self.machine_code);
        value
    }
}

/// Two engines over the modules that both compile.
#[derive(Default)]
struct Pair {
    modules: usize,
    bytes: u64,
    operators: u64,
    /// Nanoseconds of each.
    ns: [f64; 2],
    /// Machine code of the first, and the code-section bytes of the modules for which that is known.
    machine_code: u64,
    machine_code_of: u64,
}

impl Measured {
    fn index(&self, name: &str) -> usize {
        self.engines.iter().position(|e| e.name() == name).expect("these engines always take part")
    }

    fn ns(&self, subject: usize, engine: usize) -> Option<f64> {
        self.outcomes[subject][engine].ns(self.clock)
    }

    fn pair(&self, a: usize, b: usize, clock: Clock) -> Pair {
        let mut pair = Pair::default();
        for (s, subject) in self.subjects.iter().enumerate() {
            let times = &self.outcomes[s];
            let (Some(first), Some(second)) = (times[a].ns(clock), times[b].ns(clock)) else { continue };
            pair.modules += 1;
            pair.bytes += subject.code.bytes;
            pair.operators += subject.code.operators;
            pair.ns[0] += first;
            pair.ns[1] += second;
            if let Some(size) = self.outcomes[s][a].machine_code {
                pair.machine_code += size;
                pair.machine_code_of += subject.code.bytes;
            }
        }
        pair
    }

    fn tables(&self) -> String {
        let mut text = format!("MB of code section per second ({:?} time)\n\n{}", self.clock, self.rates());
        let small = self.small();
        if !small.is_empty() {
            text += &format!("\nMicroseconds from bytes to module, modules under 100 KB\n\n{small}");
        }
        text += &format!("\nHeadwater in detail\n\n{}", self.details());
        text += "\nEach engine beside Headwater, over the modules that both compile: total bytes / total time\n\n";
        text += &self.aggregates();
        let refusals = self.refusals();
        if !refusals.is_empty() {
            text += &format!("\nNot compiled\n\n{refusals}");
        }
        text
    }

    fn rates(&self) -> String {
        let names = self.engines.iter().map(|e| e.name());
        let mut table = Table::new(["module", "code KB"].into_iter().chain(names));
        for (s, subject) in self.subjects.iter().enumerate() {
            let rates = self.outcomes[s].iter().map(|o| rate(subject.code.bytes, o.ns(self.clock)));
            table.row([subject.name.clone(), number(subject.code.bytes as f64 / 1e3)].into_iter().chain(rates));
        }
        // Over the modules that all of them compile.
        let common: Vec<usize> =
            (0..self.subjects.len()).filter(|&s| self.outcomes[s].iter().all(|o| !o.samples.is_empty())).collect();
        let bytes: u64 = common.iter().map(|&s| self.subjects[s].code.bytes).sum();
        let totals = (0..self.engines.len()).map(|e| {
            let ns: f64 = common.iter().filter_map(|&s| self.ns(s, e)).sum();
            rate(bytes, (!common.is_empty()).then_some(ns))
        });
        let name = format!("**all {} that all compile**", common.len());
        table.row([name, number(bytes as f64 / 1e3)].into_iter().chain(totals));
        table.to_string()
    }

    fn small(&self) -> String {
        let small: Vec<usize> = (0..self.subjects.len()).filter(|&s| self.subjects[s].code.bytes < 100_000).collect();
        if small.is_empty() {
            return String::new();
        }
        let mut table = Table::new(["module"].into_iter().chain(self.engines.iter().map(|e| e.name())));
        for s in small {
            let times = self.outcomes[s].iter().map(|o| o.ns(self.clock).map_or("–".into(), |ns| number(ns / 1e3)));
            table.row([self.subjects[s].name.clone()].into_iter().chain(times));
        }
        table.to_string()
    }

    fn details(&self) -> String {
        let (ours, validate) = (self.index("headwater"), self.index("validate"));
        let header =
            ["module", "functions", "operators", "MB/s", "ns/operator", "÷ validate", "machine code / code section"];
        let mut table = Table::new(header);
        for (s, subject) in self.subjects.iter().enumerate() {
            let Some(ns) = self.ns(s, ours) else { continue };
            let code = self.outcomes[s][ours].machine_code.unwrap_or_default();
            table.row([
                subject.name.clone(),
                subject.code.functions.to_string(),
                subject.code.operators.to_string(),
                rate(subject.code.bytes, Some(ns)),
                number(ns / subject.code.operators as f64),
                self.ns(s, validate).map_or("–".into(), |v| number(v / ns)),
                number(code as f64 / subject.code.bytes as f64),
            ]);
        }
        table.to_string()
    }

    fn aggregates(&self) -> String {
        let ours = self.index("headwater");
        let mut table = Table::new([
            "engine",
            "modules",
            "MB/s",
            "ns/operator",
            "Headwater's MB/s",
            "Headwater is × faster",
            "by processor time",
            "machine code / code section",
            "version",
        ]);
        for (e, engine) in self.engines.iter().enumerate() {
            let pair = self.pair(e, ours, self.clock);
            let cpu = self.pair(e, ours, Clock::Cpu);
            if pair.modules == 0 {
                continue;
            }
            let size = pair.machine_code as f64 / pair.machine_code_of as f64;
            table.row([
                engine.name().to_string(),
                pair.modules.to_string(),
                rate(pair.bytes, Some(pair.ns[0])),
                number(pair.ns[0] / pair.operators as f64),
                rate(pair.bytes, Some(pair.ns[1])),
                number(pair.ns[0] / pair.ns[1]),
                number(cpu.ns[0] / cpu.ns[1]),
                if pair.machine_code_of == 0 { "–".into() } else { number(size) },
                engine.version(),
            ]);
        }
        table.to_string()
    }

    fn refusals(&self) -> String {
        let mut text = String::new();
        for (subject, outcomes) in self.subjects.iter().zip(&self.outcomes) {
            for (engine, outcome) in self.engines.iter().zip(outcomes) {
                if let Some(why) = &outcome.refused {
                    text += &format!("- {}, {}: {why}\n", subject.name, engine.name());
                }
            }
        }
        text
    }

    fn to_json(&self) -> Value {
        let per_engine = |outcomes: &[Outcome]| -> Map<String, Value> {
            self.engines.iter().zip(outcomes).map(|(e, o)| (e.name().to_string(), o.to_json())).collect()
        };
        let modules: Vec<Value> = self
            .subjects
            .iter()
            .zip(&self.outcomes)
            .map(|(subject, outcomes)| {
                json!({
                    "name": subject.name,
                    "wasm_bytes": subject.wasm.len(),
                    "code_section_bytes": subject.code.bytes,
                    "functions": subject.code.functions,
                    "operators": subject.code.operators,
                    "engines": per_engine(outcomes),
                })
            })
            .collect();
        let ours = self.index("headwater");
        let beside: Map<String, Value> = self
            .engines
            .iter()
            .enumerate()
            .map(|(e, engine)| {
                let pair = self.pair(e, ours, self.clock);
                let value = json!({
                    "version": engine.version(),
                    "common_modules": pair.modules,
                    "common_code_section_bytes": pair.bytes,
                    "ns": pair.ns[0],
                    "headwater_ns": pair.ns[1],
                });
                (engine.name().to_string(), value)
            })
            .collect();
        json!({
            "bench": "compile",
            "clock": format!("{:?}", self.clock).to_lowercase(),
            "machine": report::machine(),
            "modules": modules,
            "beside_headwater": beside,
        })
    }
}

/// MB of code section per second.
fn rate(bytes: u64, ns: Option<f64>) -> String {
    ns.map_or("–".into(), |ns| number(bytes as f64 * 1e3 / ns))
}
