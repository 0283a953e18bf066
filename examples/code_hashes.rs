//! Prints a hash of the machine code of each given module, for both instruction sets and under several settings: a
//! change that must not change code is right if the output before and after it is the same.
//!
//! ```text
//! cargo run --release --example code_hashes -- benches/corpus/*.wasm benches/kernels/*.wasm > before
//! ```
//!
//! A module that does not compile has its error hashed. Trampolines of a few types and the map from code to operators
//! are hashed too.

use headwater::{Config, Engine, Module, Target};
use headwater_codegen::{Ty, trampoline};

/// FNV-1a, 64 bits: it does not have to resist attacks here.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |h, byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Changes settings.
type Set = fn(&mut Config);

/// Name and settings of each engine.
fn engines() -> Vec<(String, Engine)> {
    let settings: [(&str, Set); 6] = [
        ("plain", |_| {}),
        ("checks", |config| {
            config.epoch_interruption(true).consume_fuel(true).mask_indices(true).branch_protection(true);
        }),
        ("moving", |config| {
            config.memory_reservation(0);
        }),
        ("mapped", |config| {
            config.map_operators(true);
        }),
        ("spilled", |config| {
            config.test_modes("spill");
        }),
        ("far", |config| {
            config.force_far_calls(true);
        }),
    ];
    let mut engines = Vec::new();
    let lzcnt = Target { lzcnt: true, ..Target::X64_BASELINE };
    for target in [Target::X64_BASELINE, lzcnt, Target::X64_ALL, Target::AARCH64] {
        for (name, set) in settings {
            let mut config = Config::new();
            config.compile_threads(0).compile_for(target);
            set(&mut config);
            let engine = Engine::new(&config).expect("code can be made for any machine");
            engines.push((format!("{target}\t{name}"), engine));
        }
    }
    engines
}

fn module_hash(engine: &Engine, wasm: &[u8]) -> u64 {
    match Module::new(engine, wasm) {
        Ok(module) => {
            let functions =
                module.functions().flat_map(|f| format!("{} {:?} {}", f.index, f.code, f.wasm_offset).into_bytes());
            let operators = module.operator_map().flat_map(|(code, wasm)| format!("{code} {wasm}").into_bytes());
            hash(module.machine_code().iter().copied().chain(functions).chain(operators))
        }
        Err(e) => hash(format!("{:?} {e}", e.kind()).into_bytes()),
    }
}

fn print_trampolines() {
    let all = [Ty::I32, Ty::I64, Ty::F32, Ty::F64, Ty::FUNCREF, Ty::EXTERNREF];
    let many: Vec<Ty> = all.iter().copied().cycle().take(40).collect();
    let vectors: Vec<Ty> = [Ty::V128, Ty::I32, Ty::V128, Ty::F64].into_iter().cycle().take(24).collect();
    for target in [Target::X64_BASELINE, Target::AARCH64] {
        for (params, results) in
            [(&many[..0], &many[..0]), (&many[..6], &many[..1]), (&many[..], &many[..]), (&vectors[..], &vectors[..])]
        {
            let mut bytes = Vec::new();
            for poison in [false, true] {
                for make in [trampoline::entry, trampoline::host_call] {
                    let mut out = vec![0; trampoline::max_len(params.len(), results.len()) * 2];
                    let len = make(target, poison, params, results, &mut out).expect("there is room");
                    bytes.extend_from_slice(&out[..len]);
                }
            }
            println!("{}\ttrampolines\t{} → {}\t{:016x}", target.name(), params.len(), results.len(), hash(bytes));
        }
    }
}

fn main() {
    print_trampolines();
    let engines = engines();
    for path in std::env::args().skip(1) {
        let wasm = std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        for (name, engine) in &engines {
            println!("{name}\t{path}\t{:016x}", module_hash(engine, &wasm));
        }
    }
}
