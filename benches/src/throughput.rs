//! Compile throughput over the modules of the corpus, on one thread, in one process: Headwater, Winch, and
//! wasmparser's validation alone for scale.
//!
//! `throughput [--rounds N] [FILE…]` takes the files given, or else all of `benches/corpus/`. The engines take
//! turns within each round, and each one's best round counts. Rates are megabytes (10^6) of code section per
//! second of wall time, for everything that an engine does until the module can be instantiated.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use wasmparser::{Parser, Payload};

/// What is compared. Each takes a module and gives an error or nothing.
struct Contestant {
    name: &'static str,
    compile: Box<dyn Fn(&[u8]) -> Result<()>>,
}

fn contestants() -> Result<Vec<Contestant>> {
    let headwater = headwater::Engine::new(headwater::Config::new().compile_threads(0))?;
    let mut config = wasmtime::Config::new();
    config.strategy(wasmtime::Strategy::Winch);
    let winch = wasmtime::Engine::new(&config)?;
    let contestant = |name, compile| Contestant { name, compile };
    Ok(vec![
        contestant(
            "headwater",
            Box::new(move |wasm| Ok(headwater::Module::new(&headwater, wasm).map(drop)?)) as Box<_>,
        ),
        contestant("winch", Box::new(move |wasm| Ok(wasmtime::Module::new(&winch, wasm).map(drop)?))),
        contestant(
            "validate",
            Box::new(|wasm| Ok(wasmparser::Validator::new().validate_all(wasm).map(drop)?)),
        ),
    ])
}

/// The best time of each contestant for one module; `None` for those that refuse it.
fn measure(contestants: &[Contestant], wasm: &[u8], rounds: u32) -> Vec<Option<Duration>> {
    let mut best: Vec<Option<Duration>> = vec![Some(Duration::MAX); contestants.len()];
    for _ in 0..rounds {
        for (contestant, best) in contestants.iter().zip(&mut best) {
            let Some(so_far) = *best else { continue };
            let started = Instant::now();
            let outcome = (contestant.compile)(wasm);
            let time = started.elapsed();
            *best = outcome.is_ok().then(|| so_far.min(time));
        }
    }
    best
}

fn code_section_bytes(wasm: &[u8]) -> u64 {
    let payloads = Parser::new(0).parse_all(wasm).flatten();
    payloads.map(|p| if let Payload::CodeSectionStart { size, .. } = p { u64::from(size) } else { 0 }).sum()
}

fn files(args: Vec<String>) -> Result<Vec<PathBuf>> {
    if !args.is_empty() {
        return Ok(args.into_iter().map(PathBuf::from).collect());
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let entries = std::fs::read_dir(&corpus).context("no corpus; benches/fetch-corpus fetches it")?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "wasm"));
    files.sort_by_key(|f| std::fs::metadata(f).map_or(0, |m| m.len()));
    if files.is_empty() {
        bail!("no modules in {}; benches/fetch-corpus fetches them", corpus.display());
    }
    Ok(files)
}

fn main() -> Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut rounds = 3;
    if let Some(at) = args.iter().position(|a| a == "--rounds") {
        let given = args.drain(at..(at + 2).min(args.len())).nth(1);
        rounds = given.context("--rounds: a number is missing")?.parse().context("--rounds: not a number")?;
    }
    let contestants = contestants()?;

    print!("{:<24}{:>10}", "module", "code KB");
    for contestant in &contestants {
        print!("{:>11}", contestant.name);
    }
    println!("   headwater/winch");

    let rate = |bytes: u64, time: Duration| bytes as f64 / 1e6 / time.as_secs_f64();
    // Sums over the modules that all contestants compile.
    let mut common_bytes = 0;
    let mut common_times = vec![Duration::ZERO; contestants.len()];
    for file in files(args)? {
        let wasm = std::fs::read(&file).with_context(|| file.display().to_string())?;
        let bytes = code_section_bytes(&wasm);
        let best = measure(&contestants, &wasm, rounds);
        print!("{:<24}{:>10.1}", file.file_name().unwrap_or_default().to_string_lossy(), bytes as f64 / 1e3);
        for time in &best {
            match time {
                Some(time) => print!("{:>11.1}", rate(bytes, *time)),
                None => print!("{:>11}", "-"),
            }
        }
        match (best[0], best[1]) {
            (Some(ours), Some(theirs)) => println!("{:>18.1}", theirs.as_secs_f64() / ours.as_secs_f64()),
            _ => println!("{:>18}", "-"),
        }
        if best.iter().all(Option::is_some) {
            common_bytes += bytes;
            for (sum, time) in common_times.iter_mut().zip(best.into_iter().flatten()) {
                *sum += time;
            }
        }
    }
    if common_bytes == 0 {
        bail!("there is no module that all of them compile");
    }
    print!("{:<24}{:>10.1}", "total of the common ones", common_bytes as f64 / 1e3);
    for time in &common_times {
        print!("{:>11.1}", rate(common_bytes, *time));
    }
    println!("{:>18.1}", common_times[1].as_secs_f64() / common_times[0].as_secs_f64());
    Ok(())
}
