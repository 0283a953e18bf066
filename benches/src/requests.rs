//! The rows of `start` about instances for requests: each makes a store and an instance, runs a function that writes to
//! four pages, and frees all. Beside wasmtime with its pool of instances, which is made for that.

use crate::corpus;
use crate::report::{Table, number};
use anyhow::{Result, ensure};
use serde_json::{Value, json};
use std::fmt::Display;
use std::sync::Barrier;
use std::time::Instant;

/// How many requests each thread serves in a turn, and before it is timed.
const REQUESTS: u32 = 2000;
const WARM_UP: u32 = 100;

/// How many threads serve requests.
const THREADS: [usize; 2] = [1, 2];

/// What a measurement is called.
pub const WHAT: [&str; 2] =
    ["requests, each with an instance: one thread, 1000/s", "requests, each with an instance: two threads, 1000/s"];

/// A memory of 2 MiB of which a data segment fills 1 MiB. `run` writes to two pages of the data and two others, and
/// returns how much was there before: what the segment has, twice, where no request sees what another wrote.
fn module() -> String {
    let data = "x".repeat(1 << 20);
    let pages = [8192, 1 << 19, (1 << 20) + 65536, (2 << 20) - 4096];
    let sums: String = pages.iter().map(|at| format!("(i32.add (i32.load8_u (i32.const {at}))")).collect();
    let stores: String = pages.iter().map(|at| format!("(i32.store8 (i32.const {at}) (i32.const 1))")).collect();
    format!(
        r#"(module (memory 32) (data (i32.const 4096) "{data}")
            (func (export "run") (result i32) {sums} (i32.const 0)))))
            {stores}))"#
    )
}

const SUM: i32 = 2 * b'x' as i32;

fn text(error: impl Display) -> anyhow::Error {
    anyhow::anyhow!("{error:#}")
}

/// Serves so many requests.
type Server = Box<dyn Fn(u32) -> Result<()> + Sync>;

macro_rules! server {
    ($name:ident, $engine:ident, $config:expr) => {
        fn $name() -> Result<Server> {
            use $engine::{Engine, Linker, Module, Store};
            let engine = Engine::new(&$config).map_err(text)?;
            let module = Module::new(&engine, wat::parse_str(module())?).map_err(text)?;
            let pre = Linker::new(&engine).instantiate_pre(&module).map_err(text)?;
            Ok(Box::new(move |requests| {
                for _ in 0..requests {
                    let mut store = Store::new(&engine, ());
                    let instance = pre.instantiate(&mut store).map_err(text)?;
                    let run = instance.get_typed_func::<(), i32>(&mut store, "run").map_err(text)?;
                    let sum = run.call(&mut store, ()).map_err(text)?;
                    ensure!(sum == SUM, "a request sees {sum}, which is not what the segment has");
                }
                Ok(())
            }))
        }
    };
}

server!(headwater, headwater, headwater::Config::new());

/// With the settings that serve this program best: what is written to stays in memory and is overwritten.
#[cfg(feature = "peers")]
fn pooling() -> wasmtime::Config {
    let mut pool = wasmtime::PoolingAllocationConfig::new();
    pool.total_core_instances(64).total_memories(64).total_tables(64).max_memory_size(2 << 20);
    pool.linear_memory_keep_resident(256 << 10).table_keep_resident(64 << 10);
    if wasmtime::PoolingAllocationConfig::is_pagemap_scan_available() {
        pool.pagemap_scan(wasmtime::Enabled::Yes);
    }
    let mut config = wasmtime::Config::new();
    config.memory_init_cow(true).allocation_strategy(wasmtime::InstanceAllocationStrategy::Pooling(pool));
    config
}

#[cfg(feature = "peers")]
server!(wasmtime, wasmtime, pooling());

/// Requests per second of so many threads.
fn rate(server: &Server, threads: usize) -> Result<f64> {
    let ready = Barrier::new(threads);
    let times: Vec<Result<(Instant, Instant)>> = std::thread::scope(|scope| {
        let serve = || {
            server(WARM_UP)?;
            ready.wait();
            let start = Instant::now();
            server(REQUESTS)?;
            Ok((start, Instant::now()))
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(serve)).collect();
        running.into_iter().map(|thread| thread.join().expect("errors are returned")).collect()
    });
    let times = times.into_iter().collect::<Result<Vec<_>>>()?;
    let start = times.iter().map(|(start, _)| *start).min().expect("there are threads");
    let end = times.iter().map(|(_, end)| *end).max().expect("there are threads");
    Ok(f64::from(REQUESTS) * threads as f64 / (end - start).as_secs_f64())
}

fn median(rates: &[f64]) -> f64 {
    let mut rates = rates.to_vec();
    rates.sort_unstable_by(f64::total_cmp);
    rates[rates.len() / 2]
}

/// Measures in turns, a turn for each hundred repetitions. Adds rows to `table`; returns the medians by engine.
pub fn run(reps: u32, only: Option<&str>, table: &mut Table) -> Result<Vec<(&'static str, Value)>> {
    let meant = WHAT.map(|what| only.is_none_or(|pattern| corpus::matches(pattern, what)));
    if !meant.contains(&true) {
        return Ok(Vec::new());
    }
    let servers = [
        ("headwater", headwater()?),
        #[cfg(feature = "peers")]
        ("wasmtime", wasmtime()?),
    ];
    let mut rates: Vec<[Vec<f64>; WHAT.len()]> = servers.iter().map(|_| Default::default()).collect();
    for _ in 0..reps.div_ceil(100) {
        for ((_, server), rates) in servers.iter().zip(&mut rates) {
            for i in (0..WHAT.len()).filter(|&i| meant[i]) {
                rates[i].push(rate(server, THREADS[i])?);
            }
        }
    }
    for i in (0..WHAT.len()).filter(|&i| meant[i]) {
        table.row([WHAT[i].to_string()].into_iter().chain(rates.iter().map(|rates| number(median(&rates[i]) / 1e3))));
    }
    let medians = servers.iter().zip(&rates).map(|((name, _), rates)| {
        let per = (0..WHAT.len()).filter(|&i| meant[i]).map(|i| (WHAT[i].to_string(), json!(median(&rates[i]) / 1e3)));
        (*name, Value::Object(per.collect()))
    });
    Ok(medians.collect())
}
