//! Shared by the tests that generate modules: a random number generator with fixed seeds, the features that are
//! implemented, and modules taken apart into function bodies and put together again.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use headwater::{Config, Engine};
use std::ops::Range;
use wasmparser::{BinaryReader, FunctionBody, Parser, Payload, ValidPayload, Validator, WasmFeatures};

/// The features that an engine accepts at first.
pub const FEATURES: WasmFeatures = WasmFeatures::MUTABLE_GLOBAL
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::REFERENCE_TYPES)
    .union(WasmFeatures::MULTI_VALUE)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::SIMD)
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::EXCEPTIONS)
    .union(WasmFeatures::LEGACY_EXCEPTIONS)
    .union(WasmFeatures::THREADS)
    .union(WasmFeatures::FLOATS)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::GC_TYPES);

/// Message and offset of the first fault in the order of the bytes, as wasmparser has it.
pub fn wasmparser_says(features: WasmFeatures, bytes: &[u8]) -> Result<(), (String, usize)> {
    let mut parser = Parser::new(0);
    parser.set_features(features);
    let mut validator = Validator::new_with_features(features);
    let check = || -> wasmparser::Result<()> {
        for payload in parser.parse_all(bytes) {
            if let ValidPayload::Func(func, body) = validator.payload(&payload?)? {
                func.into_validator(Default::default()).validate(&body)?;
            }
        }
        Ok(())
    };
    check().map_err(|e| (e.message().to_string(), e.offset() as usize))
}

/// The committed modules that came out of a C compiler.
pub const PROGRAMS: &[(&str, &[u8])] = &[
    ("arith", include_bytes!("../programs/arith.wasm")),
    ("cat", include_bytes!("../programs/cat.wasm")),
    ("exit", include_bytes!("../programs/exit.wasm")),
    ("files", include_bytes!("../programs/files.wasm")),
    ("heap", include_bytes!("../programs/heap.wasm")),
    ("hello", include_bytes!("../programs/hello.wasm")),
    ("library", include_bytes!("../programs/library.wasm")),
    ("sort", include_bytes!("../programs/sort.wasm")),
    ("strings", include_bytes!("../programs/strings.wasm")),
    ("trap", include_bytes!("../programs/trap.wasm")),
    ("demo", include_bytes!("../../cli/demo/demo.wasm")),
];

/// The settings of tests: one thread, and what `HEADWATER_TEST_MODES` names (`Config::test_modes`).
pub fn config() -> Config {
    let mut config = Config::new();
    config.compile_threads(0).test_modes(&std::env::var("HEADWATER_TEST_MODES").unwrap_or_default());
    config
}

/// An engine that compiles on the calling thread.
pub fn engine() -> Engine {
    Engine::new(&config()).expect("the default settings work here")
}

/// SplitMix64.
pub struct Rng(pub u64);

impl Rng {
    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// One of `items`.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// `n` bytes.
    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| self.next() as u8).collect()
    }
}

/// Appends `value` in unsigned LEB128.
pub fn leb(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends `value` in signed LEB128.
pub fn sleb(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = value as u8 & 0x7f;
        value >>= 7;
        if value == 0 && byte & 0x40 == 0 || value == -1 && byte & 0x40 != 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

/// A module as its bytes before the code section, its function bodies, and its bytes after.
#[derive(Clone)]
pub struct Parts {
    pub before: Vec<u8>,
    pub bodies: Vec<Vec<u8>>,
    pub after: Vec<u8>,
    pub imported: u32,
}

impl Parts {
    /// Takes `wasm` apart, which must be valid; `None` if it has no code.
    pub fn of(wasm: &[u8]) -> Option<Parts> {
        let mut code: Option<Range<usize>> = None;
        let (mut bodies, mut imported) = (Vec::new(), 0);
        let mut end = 8;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.expect("the module is valid");
            match &payload {
                Payload::CodeSectionStart { unchecked_range, .. } => {
                    code = Some(end..unchecked_range.end as usize);
                }
                Payload::CodeSectionEntry(body) => {
                    bodies.push(wasm[body.range().start as usize..body.range().end as usize].to_vec());
                }
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        let ty = import.expect("the module is valid").ty;
                        imported += u32::from(matches!(ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                _ => {}
            }
            if let Some((_, range)) = payload.as_section() {
                end = range.end as usize;
            }
        }
        let code = code?;
        Some(Parts { before: wasm[..code.start].to_vec(), bodies, after: wasm[code.end..].to_vec(), imported })
    }

    /// The module that has these parts.
    pub fn wasm(&self) -> Vec<u8> {
        let mut section = Vec::new();
        leb(&mut section, self.bodies.len() as u64);
        for body in &self.bodies {
            leb(&mut section, body.len() as u64);
            section.extend_from_slice(body);
        }
        let mut wasm = self.before.clone();
        wasm.push(10);
        leb(&mut wasm, section.len() as u64);
        wasm.extend_from_slice(&section);
        wasm.extend_from_slice(&self.after);
        wasm
    }

    /// The same module with every body but that of number `kept` replaced by `unreachable`, so that a test
    /// of one body does not pay for the others.
    pub fn only(&self, kept: usize) -> Parts {
        let stub = vec![0x00, 0x00, 0x0b];
        let bodies = self.bodies.iter().enumerate();
        let bodies = bodies.map(|(i, body)| if i == kept { body.clone() } else { stub.clone() }).collect();
        Parts { bodies, before: self.before.clone(), after: self.after.clone(), imported: self.imported }
    }
}

/// Where each operator of a body begins and ends, as far as they can be decoded; the first range is the locals'.
pub fn operators(body: &[u8]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let reader = FunctionBody::new(BinaryReader::new(body, 0));
    let Ok(mut reader) = reader.get_operators_reader() else {
        ranges.push(0..body.len());
        return ranges;
    };
    ranges.push(0..reader.original_position() as usize);
    while !reader.eof() {
        let start = reader.original_position() as usize;
        let end = if reader.read().is_ok() { reader.original_position() as usize } else { body.len() };
        ranges.push(start..end);
        if end == body.len() {
            break;
        }
    }
    ranges
}

/// The bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

/// A number from the environment, to run a test longer or from another seed.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |v| v.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}
