//! `threads`: how much faster large modules are compiled by several threads than by one, in turns.

use crate::clock::{self, Clock, Time};
use crate::corpus;
use crate::engines::headwater::threaded;
use crate::report::{self, Table, number};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Options of `threads`.
#[derive(clap::Args)]
pub struct Args {
    /// Only modules whose names match: parts of names or globs, separated by commas.
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Only modules with at least this much code section, in MB (10^6 bytes).
    #[arg(long, default_value_t = 5.0, value_name = "MB")]
    over: f64,
    /// Numbers of compile threads besides the calling one. The others are compared with the first.
    #[arg(long, value_delimiter = ',', default_value = "0,1", value_name = "N,…")]
    threads: Vec<usize>,
    /// Repetitions.
    #[arg(long, default_value_t = 9, value_name = "N")]
    reps: u32,
    /// Write everything measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A module that is compiled, with the samples of each number of threads.
struct Row {
    name: String,
    code_bytes: u64,
    samples: Vec<Vec<Time>>,
}

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.reps > 0, "--reps must not be 0");
    ensure!(!args.threads.is_empty(), "--threads must not be empty");
    let mut engines = Vec::new();
    for &threads in &args.threads {
        engines.push(threaded("headwater", threads)?);
    }
    let mut rows = Vec::new();
    for subject in corpus::load(args.only.as_deref())? {
        if (subject.code.bytes as f64) < args.over * 1e6 {
            continue;
        }
        eprintln!("{} ({} bytes of code section)", subject.name, subject.code.bytes);
        // The first round touches pages and starts threads, and tells whether the module is supported at all.
        if let Err(e) = engines.iter_mut().try_for_each(|engine| engine.compile(&subject).map(drop)) {
            eprintln!("  {e:#}");
            continue;
        }
        let mut samples = vec![Vec::new(); engines.len()];
        for _ in 0..args.reps {
            for (engine, samples) in engines.iter_mut().zip(&mut samples) {
                samples.push(engine.compile(&subject)?.time);
            }
        }
        rows.push(Row { name: subject.name, code_bytes: subject.code.bytes, samples });
    }
    print!("{}", table(&args.threads, &rows));
    if let Some(file) = &args.json {
        let text = serde_json::to_string_pretty(&to_json(&args.threads, &rows))?;
        std::fs::write(file, text + "\n").with_context(|| file.display().to_string())?;
    }
    Ok(())
}

fn name(threads: usize) -> String {
    match threads {
        0 => "one thread".to_string(),
        n => format!("{} threads", n + 1),
    }
}

fn table(threads: &[usize], rows: &[Row]) -> Table {
    let mut header = vec!["module".to_string(), "code MB".to_string()];
    header.extend(threads.iter().map(|&n| format!("{}, ms", name(n))));
    for &n in &threads[1..] {
        header.extend([format!("{}: × faster", name(n)), format!("{}: × processor time", name(n))]);
    }
    let mut table = Table::new(header);
    let of = |row: &Row, clock| row.samples.iter().map(|s| clock::median(s, clock)).collect::<Vec<f64>>();
    let mut totals = vec![[0.0; 2]; threads.len()];
    for row in rows {
        let (wall, cpu) = (of(row, Clock::Wall), of(row, Clock::Cpu));
        for ((total, wall), cpu) in totals.iter_mut().zip(&wall).zip(&cpu) {
            *total = [total[0] + wall, total[1] + cpu];
        }
        table.row(cells(&row.name, row.code_bytes, &wall, &cpu));
    }
    let bytes = rows.iter().map(|r| r.code_bytes).sum();
    let wall: Vec<f64> = totals.iter().map(|t| t[0]).collect();
    let cpu: Vec<f64> = totals.iter().map(|t| t[1]).collect();
    table.row(cells("**all**", bytes, &wall, &cpu));
    table
}

fn cells(name: &str, code_bytes: u64, wall: &[f64], cpu: &[f64]) -> Vec<String> {
    let mut cells = vec![name.to_string(), number(code_bytes as f64 / 1e6)];
    cells.extend(wall.iter().map(|ns| number(ns / 1e6)));
    for (wall_n, cpu_n) in wall.iter().zip(cpu).skip(1) {
        cells.extend([number(wall[0] / wall_n), number(cpu_n / cpu[0])]);
    }
    cells
}

fn to_json(threads: &[usize], rows: &[Row]) -> Value {
    let modules: Vec<Value> = rows
        .iter()
        .map(|row| {
            let per: Vec<Value> = threads
                .iter()
                .zip(&row.samples)
                .map(|(n, samples)| json!({ "compile_threads": n, "time": clock::to_json(samples) }))
                .collect();
            json!({ "name": row.name, "code_section_bytes": row.code_bytes, "settings": per })
        })
        .collect();
    json!({ "bench": "threads", "machine": report::machine(), "modules": modules })
}
