//! `pauses`: how long the calls of a program with garbage take at most, whose heap stays as large as it is.

use crate::clock;
use crate::report::{Table, number};
use anyhow::{Result, ensure};
use headwater::{Engine, Instance, Module, Store};

/// Options of `pauses`.
#[derive(clap::Args)]
pub struct Args {
    /// Depths of the trees that are kept: one of depth 21 has 4,194,303 objects of 16 bytes.
    #[arg(long, value_delimiter = ',', default_value = "16,18,20,21", value_name = "N,…")]
    depth: Vec<u32>,
    /// Calls, each of which makes 10 KB of objects: a tree that nobody keeps and a subtree.
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    calls: usize,
}

/// The depth of the subtrees that are replaced.
const SUBTREE: u32 = 6;

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.calls > 0, "--calls must not be 0");
    ensure!(args.depth.iter().all(|depth| (SUBTREE + 2..26).contains(depth)), "--depth must be from 8 to 25");
    let mut table =
        Table::new(["live, MB", "median, µs", "99 %, µs", "99.9 %, µs", "most, ms", "most, by the clock, ms"]);
    let engine = Engine::default();
    let module = Module::new(&engine, wat::parse_str(include_str!("../kernels/gc/pauses.wat"))?)?;
    for &depth in &args.depth {
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[])?;
        let fill = instance.get_typed_func::<u32, ()>(&mut store, "fill")?;
        let churn = instance.get_typed_func::<(u32, u32), ()>(&mut store, "churn")?;
        fill.call(&mut store, depth)?;
        let mut times = Vec::with_capacity(args.calls);
        for _ in 0..args.calls {
            let (result, time) = clock::timed(|| churn.call(&mut store, (depth - SUBTREE - 1, SUBTREE)));
            result?;
            times.push(time);
        }
        let wall = times.iter().map(|time| time.wall).max().unwrap_or_default();
        let mut cpu: Vec<u64> = times.iter().map(|time| time.cpu).collect();
        cpu.sort_unstable();
        let at = |part: f64| cpu[(cpu.len() as f64 * part) as usize] as f64;
        table.row([
            number((32u64 << depth) as f64 / (1 << 20) as f64),
            number(at(0.5) / 1e3),
            number(at(0.99) / 1e3),
            number(at(0.999) / 1e3),
            number(cpu[cpu.len() - 1] as f64 / 1e6),
            number(wall as f64 / 1e6),
        ]);
    }
    print!("{table}");
    Ok(())
}
