//! The properties, and the list of them.

mod borders;
mod differential;
mod handlers;
mod objects;
mod operators;
mod pressure;
mod shapes;
mod stream;
mod vectors;
mod web;

use crate::choices::{Choices, split_mix};
use std::cell::RefCell;

/// What a case has done.
#[derive(Copy, Clone, Default, Debug, PartialEq, Eq)]
pub struct Done {
    /// Modules compiled, or streams and bodies read.
    pub modules: u64,
    /// Calls, verdicts or outcomes that were compared.
    pub checks: u64,
}

/// What is wrong.
#[derive(Clone, Debug)]
pub struct Failure {
    /// In a few words that stay the same while a case is made smaller.
    pub kind: &'static str,
    /// In full.
    pub what: String,
    /// The module, if there is one.
    pub wasm: Option<Vec<u8>>,
}

impl Failure {
    /// With the module that was noted last.
    pub fn new(kind: &'static str, what: String) -> Failure {
        Failure { kind, what, wasm: noted() }
    }
}

/// A property of bytes.
pub struct Target {
    /// How it is asked for.
    pub name: &'static str,
    /// For people, in a line.
    pub about: &'static str,
    /// Whether it runs modules, so that machines can be compared, too.
    pub runs: bool,
    /// The fewest and the most bytes of a case that the runner makes.
    pub size: [usize; 2],
    /// Makes the case and checks it.
    pub run: fn(&mut Choices<'_>) -> Result<Done, Failure>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target {
        name: "differential",
        about: "modules of wasm-smith in swarm configurations: results, traps, memories, globals and tables as in other engines",
        runs: true,
        size: [300, 16000],
        run: differential::run,
    },
    Target {
        name: "objects",
        about: "modules of wasm-smith with structs and arrays, collected whenever possible in half of the cases, as with other settings and in wasmtime",
        runs: true,
        size: [300, 16000],
        run: objects::run,
    },
    Target {
        name: "operators",
        about: "single operators with every form of operand, edge values and edge addresses, as in other engines",
        runs: true,
        size: [400, 3000],
        run: operators::run,
    },
    Target {
        name: "vectors",
        about: "single vector operators with every form of operand and edge values in lanes, as in other engines",
        runs: true,
        size: [400, 3000],
        run: vectors::run,
    },
    Target {
        name: "borders",
        about: "every way to make an i32 before every operator that trusts one, several memories and tables, as in other engines",
        runs: true,
        size: [200, 3000],
        run: borders::run,
    },
    Target {
        name: "pressure",
        about: "large functions in which values wait, spill and merge, as in other engines",
        runs: true,
        size: [500, 12000],
        run: pressure::run,
    },
    Target {
        name: "shapes",
        about: "blocks with parameters, branches over values, indirect calls with references, dead code: as in other engines",
        runs: true,
        size: [200, 6000],
        run: shapes::run,
    },
    Target {
        name: "handlers",
        about: "nests of handlers of both kinds, thrown into in every way: what a model of them says of locals and order",
        runs: true,
        size: [100, 4000],
        run: handlers::run,
    },
    Target {
        name: "stream",
        about: "any bytes in any chunks: the outcome of one buffer, wasmparser's verdict, and memory by what was received",
        runs: false,
        size: [60, 8000],
        run: stream::run,
    },
    Target {
        name: "web",
        about: "the same by way of headwater::web, with bodies that wait, fail, stall or are left alone",
        runs: false,
        size: [60, 8000],
        run: web::run,
    },
];

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// The bytes of case `number` of a run.
pub fn case_bytes(target: &Target, seed: u64, number: u64) -> Vec<u8> {
    let mut state = target.name.bytes().fold(seed, |state, byte| split_mix(&mut (state ^ u64::from(byte))));
    state = split_mix(&mut state) ^ number.wrapping_mul(0x2545_f491_4f6c_dd1d);
    let [least, most] = target.size;
    // Short ones as often as long ones.
    let doublings = (most / least).ilog2() as u64 + 1;
    let most = (least << (split_mix(&mut state) % doublings + 1)).min(most);
    let size = least + split_mix(&mut state) as usize % (most - least + 1);
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        bytes.extend(split_mix(&mut state).to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

thread_local! {
    static NOTED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Remembers the module that the case is about, for the failure that may come; and, where `HEADWATER_FUZZ_NOTE` names a
/// file, writes it there, since it may be the last that this process does.
pub fn note(wasm: &[u8]) {
    if let Some(file) = std::env::var_os("HEADWATER_FUZZ_NOTE") {
        std::fs::write(file, wasm).expect("the module that is noted can be written");
    }
    NOTED.with(|noted| *noted.borrow_mut() = Some(wasm.to_vec()));
}

/// The module that was noted last, once.
pub fn noted() -> Option<Vec<u8>> {
    NOTED.with(|noted| noted.take())
}
