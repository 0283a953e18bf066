//! A parser that continues behind a section that another parser has not seen.
//!
//! wasmparser's parser takes a section whole or not at all. What it remembers of earlier sections is their order and a
//! few counts, and those can be replayed: [`Heads`] keeps them, and makes a parser from them that stands at a given
//! offset and reports what follows as the first one would have.

use super::leb;
use wasmparser::{Chunk, Parser, Payload, WasmFeatures};

/// What the parser remembers: the sections seen, and the number that each begins with.
#[derive(Default, Debug)]
pub(super) struct Heads(Vec<(u8, u32)>);

const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// Numbers of the sections that have something for each function.
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

impl Heads {
    /// Takes note of a payload.
    pub fn note(&mut self, payload: &Payload<'_>) {
        let count = match payload {
            Payload::FunctionSection(s) => s.count(),
            Payload::CodeSectionStart { count, .. } | Payload::DataCountSection { count, .. } => *count,
            Payload::CustomSection(_) => return,
            // Only these are compared with others.
            _ => 0,
        };
        if let Some((id, _)) = payload.as_section() {
            self.push(id, count);
        }
    }

    /// Takes note of a section that no parser has seen.
    pub fn push(&mut self, id: u8, count: u32) {
        self.0.push((id, count));
    }

    /// A parser at offset `at`, where a section ended.
    pub fn parser(&self, at: u64, features: WasmFeatures) -> Parser {
        let mut replay = MODULE.to_vec();
        for &(id, count) in &self.0 {
            head(id, count, 0, &mut replay);
        }
        tell(&replay, at, features, true)
    }

    /// A parser at offset `at` in the code section, which was noted last, before the last `bodies` of its bodies; the
    /// section ends at `end`.
    pub fn code_parser(&self, at: u64, end: u64, bodies: u32, features: WasmFeatures) -> Parser {
        let mut replay = MODULE.to_vec();
        for &(id, count) in &self.0 {
            match id {
                FUNCTIONS => head(id, bodies, 0, &mut replay),
                CODE => head(id, bodies, (end - at) as usize, &mut replay),
                _ => head(id, count, 0, &mut replay),
            }
        }
        tell(&replay, at, features, false)
    }
}

/// A parser that was given `replay`, so that it stands at offset `at`: past the bodies of the code section if `skip`,
/// otherwise before them.
fn tell(replay: &[u8], at: u64, features: WasmFeatures, skip: bool) -> Parser {
    // No section is shorter than its head.
    let start = at.checked_sub(replay.len() as u64).expect("a module is as long as its heads");
    let mut parser = Parser::new(start);
    parser.set_features(features);
    let mut rest = replay;
    while !rest.is_empty() {
        match parser.parse(rest, false) {
            Ok(Chunk::Parsed { consumed, payload }) => {
                rest = &rest[consumed..];
                if skip && matches!(payload, Payload::CodeSectionStart { .. }) {
                    parser.skip_section();
                }
            }
            other => unreachable!("the heads of these sections were accepted before: {other:?}"),
        }
    }
    debug_assert_eq!(parser.offset(), at);
    parser
}

/// Appends a section that consists of the number it begins with, and claims `more` bytes that are not appended.
fn head(id: u8, count: u32, more: usize, out: &mut Vec<u8>) {
    let (mut number, mut size) = (Vec::with_capacity(leb::MAX_LEN), Vec::with_capacity(leb::MAX_LEN));
    leb::write(count, &mut number);
    leb::write((number.len() + more) as u32, &mut size);
    out.push(id);
    out.extend(size);
    out.extend(number);
}

/// Whether `parser`, at a section's start, accepts a data section of `count` segments as the next.
pub(super) fn accepts_data(parser: &Parser, count: u32) -> bool {
    let mut section = Vec::with_capacity(2 + leb::MAX_LEN);
    head(super::data::ID, count, 0, &mut section);
    matches!(parser.clone().parse(&section, false), Ok(Chunk::Parsed { payload: Payload::DataSection(_), .. }))
}
