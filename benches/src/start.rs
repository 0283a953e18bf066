//! `start`: what instantiation and calls between host and WebAssembly cost, beside wasmtime's figures.
//!
//! Both engines have the same interface here, so one macro writes the measurements for both. Of Silverfir-nano, calls
//! are measured.

use crate::clock::{self, Clock, Time, timed};
use crate::corpus;
#[cfg(feature = "peers")]
use crate::engines::sf_nano;
use crate::report::{self, Table, number};
use crate::requests;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::pin::pin;
use std::task::{self, Poll, Waker};

/// Options of `start`.
#[derive(clap::Args)]
pub struct Args {
    /// Only measurements whose names match: parts of names or globs, separated by commas.
    #[arg(long, value_name = "PATTERN")]
    only: Option<String>,
    /// Repetitions.
    #[arg(long, default_value_t = 200, value_name = "N")]
    reps: u32,
    /// Write everything measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// How many calls are timed at once.
const CALLS: i32 = 100_000;

const EMPTY: &str = "(module)";

const CALLEE: &str =
    r#"(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))"#;

/// Calls `add` as often as its first parameter says.
const CALLER: &str = r#"(module
    (import "host" "add" (func $add (param i32 i32) (result i32)))
    (func (export "calls") (param $n i32) (param $sum i32) (result i32)
        (loop $again
            (local.set $sum (call $add (local.get $sum) (local.get $n)))
            (local.set $n (i32.sub (local.get $n) (i32.const 1)))
            (br_if $again (local.get $n)))
        (local.get $sum)))"#;

/// Where the data segment is in memory.
const DATA: std::ops::Range<usize> = 4096..4096 + (1 << 20);

/// A module with a memory of 2 MiB of which a data segment fills 1 MiB; nothing in it is zero.
fn with_data() -> String {
    let data = "x".repeat(DATA.len());
    format!(r#"(module (memory (export "m") 32) (data (i32.const {}) "{data}"))"#, DATA.start)
}

/// The measurements, in the order in which a [`Sampler`] takes them.
const WHAT: [&str; 6] = [
    "instantiate an empty module, µs",
    "instantiate with 1 MiB of data, µs",
    "the same, store made and all freed, µs",
    "call from host to WebAssembly, ns",
    "call from WebAssembly to host, ns",
    "the call from the host, on a fiber, ns",
];
/// Timed nanoseconds per displayed unit.
const UNITS: [f64; 6] = [1e3, 1e3, 1e3, CALLS as f64, CALLS as f64, CALLS as f64];

/// Which of the measurements are selected.
type Meant = [bool; WHAT.len()];

/// Takes one sample of each selected measurement.
type Sampler = Box<dyn FnMut(&Meant) -> Result<[Option<Time>; WHAT.len()]>>;

/// What a future gives that does not wait.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut task::Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing is to be waited for"),
    }
}

macro_rules! samples {
    ($name:ident, $engine:ident) => {
        fn $name() -> Result<Sampler> {
            use $engine::{Config, Engine, Instance, Linker, Module, Store};
            let engine = Engine::new(&Config::new()).map_err(|e| anyhow::anyhow!("{e:#}"))?;
            let module = |text: &str| -> Result<Module> {
                Module::new(&engine, wat::parse_str(text)?).map_err(|e| anyhow::anyhow!("{e:#}"))
            };
            let empty = module(EMPTY)?;
            let data = module(&with_data())?;
            let mut store = Store::new(&engine, ());
            let callee = Instance::new(&mut store, &module(CALLEE)?, &[]).map_err(|e| anyhow::anyhow!("{e:#}"))?;
            let add =
                callee.get_typed_func::<(i32, i32), i32>(&mut store, "add").map_err(|e| anyhow::anyhow!("{e:#}"))?;
            let mut linker = Linker::new(&engine);
            linker
                .func_wrap("host", "add", |a: i32, b: i32| a.wrapping_add(b))
                .map_err(|e| anyhow::anyhow!("{e:#}"))?;
            let caller = linker.instantiate(&mut store, &module(CALLER)?).map_err(|e| anyhow::anyhow!("{e:#}"))?;
            let calls =
                caller.get_typed_func::<(i32, i32), i32>(&mut store, "calls").map_err(|e| anyhow::anyhow!("{e:#}"))?;
            Ok(Box::new(move |meant| {
                let mut times = [None; WHAT.len()];
                if meant[0] {
                    let mut fresh = Store::new(&engine, ());
                    let (instance, bare) = timed(|| Instance::new(&mut fresh, &empty, &[]));
                    instance.map_err(|e| anyhow::anyhow!("{e:#}"))?;
                    times[0] = Some(bare);
                }
                if meant[1] {
                    let mut fresh = Store::new(&engine, ());
                    let (instance, filled) = timed(|| Instance::new(&mut fresh, &data, &[]));
                    let instance = instance.map_err(|e| anyhow::anyhow!("{e:#}"))?;
                    let memory = instance.get_memory(&mut fresh, "m").context("it has a memory")?;
                    let bytes = memory.data_mut(&mut fresh);
                    ensure!(bytes[DATA].iter().all(|b| *b == b'x'), "the data is not there");
                    // No instance must see what another has written.
                    bytes[DATA].fill(0);
                    times[1] = Some(filled);
                }
                if meant[2] {
                    let (instance, whole) = timed(|| {
                        let mut fresh = Store::new(&engine, ());
                        Instance::new(&mut fresh, &data, &[]).map(drop)
                    });
                    instance.map_err(|e| anyhow::anyhow!("{e:#}"))?;
                    times[2] = Some(whole);
                }
                if meant[3] {
                    let (sum, inward) = timed(|| (0..CALLS).try_fold(0, |sum, n| add.call(&mut store, (sum, n))));
                    ensure!(sum.map_err(|e| anyhow::anyhow!("{e:#}"))? == (0..CALLS).fold(0, i32::wrapping_add));
                    times[3] = Some(inward);
                }
                if meant[4] {
                    let (sum, outward) = timed(|| calls.call(&mut store, (CALLS, 0)));
                    ensure!(sum.map_err(|e| anyhow::anyhow!("{e:#}"))? == (1..=CALLS).fold(0, i32::wrapping_add));
                    times[4] = Some(outward);
                }
                if meant[5] {
                    let (sum, inward) =
                        timed(|| (0..CALLS).try_fold(0, |sum, n| at_once(add.call_async(&mut store, (sum, n)))));
                    ensure!(sum.map_err(|e| anyhow::anyhow!("{e:#}"))? == (0..CALLS).fold(0, i32::wrapping_add));
                    times[5] = Some(inward);
                }
                Ok(times)
            }))
        }
    };
}

samples!(headwater_samples, headwater);
#[cfg(feature = "peers")]
samples!(wasmtime_samples, wasmtime);

/// The calls alone: it compiles whenever it instantiates, and has no fibers.
#[cfg(feature = "peers")]
fn sf_nano_samples() -> Result<Sampler> {
    use sf_nano_core::{Engine, Import, Instance, Value, WasmError};
    let error = |e: WasmError| anyhow::anyhow!("{e}");
    let engine = Engine::new(sf_nano::config()).map_err(|e| anyhow::anyhow!("{e}"))?;
    let mut callee = Instance::new(&engine, &wat::parse_str(CALLEE)?, &[]).map_err(error)?;
    let add = callee.get_func("add").context("it is exported")?;
    let host = Import::func("host", "add", |_, operands, results| match operands {
        [Value::I32(a), Value::I32(b)] => {
            results[0] = Value::I32(a.wrapping_add(*b));
            Ok(())
        }
        _ => Err(WasmError::trap("two integers are added")),
    });
    let mut caller = Instance::new(&engine, &wat::parse_str(CALLER)?, &[host]).map_err(error)?;
    let calls = caller.get_func("calls").context("it is exported")?;
    let call = |instance: &mut Instance, func: &_, a: i32, b: i32| -> Result<i32, WasmError> {
        let mut results = [Value::I32(0)];
        instance.call(func, &[Value::I32(a), Value::I32(b)], &mut results)?;
        match results {
            [Value::I32(result)] => Ok(result),
            _ => Err(WasmError::trap("the result is an integer")),
        }
    };
    Ok(Box::new(move |meant| {
        let mut times = [None; WHAT.len()];
        if meant[3] {
            let (sum, inward) = timed(|| (0..CALLS).try_fold(0, |sum, n| call(&mut callee, &add, sum, n)));
            ensure!(sum.map_err(error)? == (0..CALLS).fold(0, i32::wrapping_add));
            times[3] = Some(inward);
        }
        if meant[4] {
            let (sum, outward) = timed(|| call(&mut caller, &calls, CALLS, 0));
            ensure!(sum.map_err(error)? == (1..=CALLS).fold(0, i32::wrapping_add));
            times[4] = Some(outward);
        }
        Ok(times)
    }))
}

/// The median of measurement `i` in its unit, where it was taken.
fn median(taken: &[Time], i: usize) -> Option<f64> {
    (!taken.is_empty()).then(|| clock::median(taken, Clock::Wall) / UNITS[i])
}

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.reps > 0, "--reps must not be 0");
    let mut engines: Vec<(&str, Sampler)> = vec![("headwater", headwater_samples()?)];
    #[cfg(feature = "peers")]
    engines.extend([("wasmtime", wasmtime_samples()?), ("sf-nano", sf_nano_samples()?)]);
    let only = args.only.as_deref();
    let meant = WHAT.map(|what| only.is_none_or(|pattern| corpus::matches(pattern, what)));
    let mut all = WHAT.iter().chain(&requests::WHAT);
    ensure!(
        only.is_none_or(|pattern| all.any(|what| corpus::matches(pattern, what))),
        "no measurement is meant; there are: {}",
        WHAT.iter().chain(&requests::WHAT).copied().collect::<Vec<_>>().join("; ")
    );
    let mut taken: Vec<[Vec<Time>; WHAT.len()]> = engines.iter().map(|_| Default::default()).collect();
    for _ in 0..args.reps {
        for ((_, sampler), taken) in engines.iter_mut().zip(&mut taken) {
            for (time, taken) in sampler(&meant)?.into_iter().zip(taken) {
                taken.extend(time);
            }
        }
    }
    let mut table = Table::new(["median"].into_iter().chain(engines.iter().map(|(name, _)| *name)));
    for i in (0..WHAT.len()).filter(|&i| meant[i]) {
        let medians = taken.iter().map(|t| median(&t[i], i).map_or("–".to_string(), number));
        table.row([WHAT[i].to_string()].into_iter().chain(medians));
    }
    let per_second = requests::run(args.reps, only, &mut table)?;
    print!("{table}");
    if let Some(file) = &args.json {
        let measured: serde_json::Map<String, Value> = engines
            .iter()
            .zip(&taken)
            .map(|((name, _), taken)| {
                let mut per: serde_json::Map<String, Value> =
                    (0..WHAT.len()).filter_map(|i| Some((WHAT[i].to_string(), json!(median(&taken[i], i)?)))).collect();
                if let Some((_, Value::Object(rates))) = per_second.iter().find(|(other, _)| other == name) {
                    per.extend(rates.clone());
                }
                (name.to_string(), Value::Object(per))
            })
            .collect();
        let value = json!({ "bench": "start", "machine": report::machine(), "medians": measured });
        std::fs::write(file, serde_json::to_string_pretty(&value)? + "\n")
            .with_context(|| file.display().to_string())?;
    }
    Ok(())
}
