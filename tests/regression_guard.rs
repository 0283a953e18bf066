//! The size of small modules' machine code, compared with a table; and that it is the same code each time.
//!
//! Nothing is timed here: the cost of compiling and running code is measured by `benches/`. But code that has grown has
//! rarely become faster. `HEADWATER_BLESS=1 cargo test --test regression_guard` writes the table anew.

mod support;

use headwater::{Config, Engine, Module, StreamingCompiler, Target};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use support::{PROGRAMS, engine};

/// Kernels of the benches that are in the table, besides the programs.
const KERNELS: &[&str] =
    &["chacha", "fannkuch", "fib", "indirect", "interp", "lz", "matmul", "nbody", "sha256", "siphash", "state"];

/// How far from the table a size may be, in hundredths.
const TOLERANCE: u64 = 2;

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// An engine that generates code for AArch64, on any machine.
fn aarch64_engine() -> Engine {
    Engine::new(Config::new().compile_threads(0).compile_for(Target::AARCH64))
        .expect("code can be made for any machine")
}

/// Name, bytes of code section, bytes of machine code.
fn sizes(engine: &Engine) -> Vec<(String, u64, u64)> {
    let kernels = KERNELS.iter().map(|name| {
        let path = in_repository(&format!("benches/kernels/{name}.wasm"));
        (*name, std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
    });
    PROGRAMS
        .iter()
        .map(|(name, wasm)| (*name, wasm.to_vec()))
        .chain(kernels)
        .map(|(name, wasm)| {
            let stats = Module::new(engine, wasm).expect("the committed modules are valid").compile_stats();
            (name.to_string(), stats.code_section_bytes, stats.machine_code_bytes)
        })
        .collect()
}

#[test]
#[cfg(target_arch = "x86_64")]
fn machine_code_has_the_size_that_the_table_says() {
    compare("tests/machine_code_x64.tsv", &engine());
}

#[test]
fn aarch64_code_has_the_size_that_the_table_says() {
    compare("tests/machine_code_aarch64.tsv", &aarch64_engine());
}

fn compare(table: &str, engine: &Engine) {
    let path = in_repository(table);
    let sizes = sizes(engine);
    if std::env::var_os("HEADWATER_BLESS").is_some() {
        let head = "# Module, bytes of code section, bytes of machine code. See regression_guard.rs.\n".to_string();
        let table = sizes.iter().fold(head, |mut text, (name, wasm, code)| {
            writeln!(text, "{name}\t{wasm}\t{code}").expect("a string takes everything");
            text
        });
        std::fs::write(&path, table).expect("the table can be written");
        return;
    }
    let table = std::fs::read_to_string(&path).expect("the table is in the repository");
    let mut expected = table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_else(|| panic!("{line:?} has three fields"));
        let (name, wasm, code) = (next(), next(), next());
        (name.to_string(), wasm.parse::<u64>().expect("a number"), code.parse::<u64>().expect("a number"))
    });
    let mut differences = Vec::new();
    for (name, wasm, code) in &sizes {
        let Some((named, wasm_before, before)) = expected.next() else {
            differences.push(format!("{name} is not in the table"));
            continue;
        };
        if (&named, wasm_before) != (name, *wasm) || code.abs_diff(before) * 100 > before * TOLERANCE {
            let change = (*code as f64 / before as f64 - 1.0) * 100.0;
            differences.push(format!("{name}: {code} bytes of machine code, {before} in the table ({change:+.1} %)"));
        }
    }
    differences.extend(expected.map(|(name, ..)| format!("{name} is in the table only")));
    assert!(differences.is_empty(), "if this is intended, set HEADWATER_BLESS=1:\n{}", differences.join("\n"));
}

/// The outcome of streaming `wasm` in chunks: machine code and entries, or the error.
fn outcome(engine: &headwater::Engine, wasm: &[u8], chunk: usize) -> Result<(Vec<u8>, Vec<usize>), String> {
    let mut compiler = StreamingCompiler::new(engine);
    for chunk in wasm.chunks(chunk) {
        compiler.push(chunk).map_err(|e| format!("{:?} {e}", e.kind()))?;
    }
    let module = compiler.finish().map_err(|e| format!("{:?} {e}", e.kind()))?;
    Ok((module.machine_code().to_vec(), module.functions().map(|f| f.code.start).collect()))
}

#[test]
fn the_same_bytes_become_the_same_code() {
    let mut modules: Vec<(String, Vec<u8>)> =
        PROGRAMS.iter().map(|(name, wasm)| (name.to_string(), wasm.to_vec())).collect();
    // The modules of `benches/fetch-corpus`, where they have been fetched; with the checks of debug builds all but the
    // longest.
    let longest = if cfg!(debug_assertions) { 15 << 20 } else { usize::MAX };
    for entry in std::fs::read_dir(in_repository("benches/corpus")).into_iter().flatten() {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_some_and(|extension| extension == "wasm") {
            let wasm = std::fs::read(&path).expect("the corpus can be read");
            if wasm.len() <= longest {
                modules.push((path.display().to_string(), wasm));
            }
        }
    }
    let engine = engine();
    for (name, wasm) in &modules {
        let first = outcome(&engine, wasm, wasm.len());
        // Engines differ in where things are, and in what they compiled before.
        let other = support::engine();
        assert!(outcome(&other, wasm, wasm.len()) == first, "{name}: another engine makes other code");
        assert!(outcome(&engine, wasm, 7) == first, "{name}: chunks of seven bytes become other code");
    }
    let engine = aarch64_engine();
    for (name, wasm) in PROGRAMS {
        let first = outcome(&engine, wasm, wasm.len());
        assert!(outcome(&aarch64_engine(), wasm, wasm.len()) == first, "{name}: another engine makes other code");
        assert!(outcome(&engine, wasm, 7) == first, "{name}: chunks of seven bytes become other code");
    }
}
