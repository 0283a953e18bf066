//! The data section while it arrives: segment by segment, so that little is left to do when it is complete.
//!
//! The common form of a segment has a shortcut. wasmparser words every error: once anything looks wrong, the rest is
//! only collected, and the whole section goes to wasmparser's parser when it is complete. A section is accepted here if and only if it is accepted there, which debug builds check.

use super::leb;
use super::reader::Reader;
use super::replay;
use super::sections::Sections;
use crate::engine::Limits;
use crate::module::bytes::SectionBytes;
use crate::module::info::{DATA_NAMED, DATA_PASSIVE, DataSegments};
use headwater_codegen::{ModuleEnv, Ty, op};
use std::sync::Arc;
use wasmparser::{Parser, WasmFeatures};

/// The section's number (specification section 5.5.14).
pub(super) const ID: u8 = 11;

/// What is needed to judge a segment.
pub(super) struct Context<'a> {
    /// At the section's start.
    pub parser: &'a Parser,
    pub sections: &'a mut Sections,
    /// What bodies were compiled in, if there were some.
    pub env: Option<&'a Arc<ModuleEnv>>,
    pub limits: &'a Limits,
    pub features: WasmFeatures,
}

#[derive(Debug)]
pub(super) struct DataSection {
    /// The section from its number on, as far as it has arrived.
    bytes: SectionBytes,
    /// Its length, number and size included.
    len: usize,
    /// Offset in the module.
    start: u64,
    segments: DataSegments,
    /// Where in the section the next segment begins, or the number of segments.
    at: usize,
    /// How many segments are still to come.
    left: Option<u32>,
    /// How many bytes of the section must have arrived before it is worth another look.
    look_at: usize,
    /// No error has been met.
    sound: bool,
}

/// What precedes a segment's contents.
struct Head {
    len: usize,
    /// Length of the contents.
    contents: u32,
}

impl DataSection {
    /// For a section of `len` bytes at `start` whose contents begin after `head` bytes.
    pub fn new(start: u64, head: usize, len: usize) -> DataSection {
        DataSection {
            bytes: SectionBytes::with_room(len),
            len,
            start,
            segments: DataSegments::default(),
            at: head,
            left: None,
            look_at: 0,
            sound: true,
        }
    }

    /// Offset of the section's end in the module.
    pub fn end(&self) -> u64 {
        self.start + self.len as u64
    }

    /// The section's bytes that have arrived.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes are missing.
    pub fn missing(&self) -> usize {
        self.len - self.bytes.len()
    }

    /// Takes what belongs to the section from the start of `data`; returns how much that is.
    pub fn push(&mut self, data: &[u8], mut context: Context<'_>) -> usize {
        let n = data.len().min(self.missing());
        self.bytes.append(&data[..n]);
        if self.sound && (self.bytes.len() >= self.look_at || self.missing() == 0) {
            self.look(&mut context);
        }
        n
    }

    /// Whether the section is complete and has no error.
    pub fn is_sound(&self) -> bool {
        self.sound && self.missing() == 0 && self.left == Some(0) && self.at == self.len
    }

    /// The segments, if the section is sound.
    pub fn finish(&mut self) -> Option<(DataSegments, SectionBytes)> {
        self.is_sound().then(|| {
            self.segments.shrink_to_fit();
            (std::mem::take(&mut self.segments), std::mem::take(&mut self.bytes))
        })
    }

    /// Goes as far as the bytes that have arrived allow.
    fn look(&mut self, context: &mut Context<'_>) {
        let mut left = match self.left {
            Some(left) => left,
            None => match leb::read(self.bytes.get(self.at..).unwrap_or_default()) {
                Some((count, len)) => {
                    self.at += len;
                    let most = context.limits.data_segments.min(Limits::DEFAULT.data_segments);
                    self.sound = count <= most && replay::accepts_data(context.parser, count);
                    count
                }
                None => return,
            },
        };
        let arrived: &[u8] = &self.bytes;
        let narrow = context.sections.info.memories.first().is_some_and(|memory| !memory.is_64());
        let mut at = self.at;
        while self.sound && left > 0 && at < arrived.len() {
            let here = &arrived[at..];
            let common = if narrow { common_head(here) } else { None };
            match common.or_else(|| any_head(here, context)) {
                Some(head) => {
                    let start = at + head.len;
                    let end = start + head.contents as usize;
                    self.sound = end <= self.len;
                    self.segments.push(at as u32, start as u32..end as u32);
                    at = end;
                    left -= 1;
                }
                // It may be truncated. The longer it is, the longer until the next look.
                None => {
                    self.look_at = arrived.len() + here.len().div_ceil(2);
                    break;
                }
            }
        }
        (self.at, self.left) = (at, Some(left));
    }
}

/// The head of an active segment for memory 0 at a constant of up to four bytes: where that memory has 32 bits, one that
/// is certainly valid.
#[inline]
fn common_head(bytes: &[u8]) -> Option<Head> {
    let word = u64::from_le_bytes(*bytes.first_chunk()?);
    if word as u16 != u16::from_le_bytes([0, op::I32_CONST]) {
        return None;
    }
    // The number's last byte is the first without the upper bit. Numbers of five bytes may be too large.
    let last = !(word >> 16) as u32 & 0x8080_8080;
    if last == 0 {
        return None;
    }
    let end = 3 + last.trailing_zeros() as usize / 8;
    if (word >> (8 * end)) as u8 != op::END {
        return None;
    }
    let (contents, size) = leb::read(&bytes[end + 1..])?;
    Some(Head { len: end + 1 + size, contents })
}

/// The head of the segment at the start of `bytes`; `None` if it is not complete or not valid (specification section
/// 5.5.14).
fn any_head(bytes: &[u8], context: &mut Context<'_>) -> Option<Head> {
    let mut reader = Reader::new(bytes);
    let flags = reader.u32().ok()?;
    match flags {
        DATA_PASSIVE => context.features.contains(WasmFeatures::BULK_MEMORY).then_some(())?,
        0 | DATA_NAMED => {
            let index = if flags == DATA_NAMED { reader.u32().ok()? } else { 0 };
            let want = if context.sections.info.memories.get(index as usize)?.is_64() { Ty::I64 } else { Ty::I32 };
            context.sections.offset(&mut reader, want, context.env.map(|env| &**env)).ok()?;
        }
        _ => return None,
    }
    let contents = reader.u32().ok()?;
    Some(Head { len: reader.position(), contents })
}

#[cfg(test)]
mod tests {
    use crate::module::constants::ConstOp;
    use crate::module::info::SegmentMode;
    use crate::{Config, Engine, StreamingCompiler};

    #[test]
    fn segments_are_the_same_for_any_split() {
        let bytes = wat::parse_str(
            r#"(module (import "a" "g" (global $g i32)) (memory 1) (memory 1)
                 (data (i32.const 0) "zero") (data "passive") (data (memory 1) (i32.const 7) "second memory")
                 (data (i32.add (i32.const 1) (global.get $g)) "sum") (data (global.get $g)) (data (i32.const -1) "end")
                 (data (i32.const 134217727) "four") (data (i32.const 134217728) "five")
                 (data (i32.const -134217729) ""))"#,
        )
        .unwrap();
        let engine = Engine::new(Config::new().compile_threads(0)).unwrap();
        let segments = |chunk| {
            let mut compiler = StreamingCompiler::new(&engine);
            bytes.chunks(chunk).for_each(|c| compiler.push(c).unwrap());
            let module = compiler.finish().unwrap();
            let info = module.info();
            let contents = |i: usize| {
                let at = match info.data.mode(i, &info.data_bytes) {
                    SegmentMode::Active { index, offset } => Some((index, info.operators(offset).collect::<Vec<_>>())),
                    _ => None,
                };
                (at, info.data_bytes[info.data.contents(i)].to_vec())
            };
            (0..info.data.len()).map(contents).collect::<Vec<_>>()
        };
        let whole = segments(bytes.len());
        assert_eq!(whole.len(), 9);
        for (i, value) in [(5, -1), (6, 134217727), (7, 134217728), (8, -134217729)] {
            assert_eq!(whole[i].0, Some((0, vec![ConstOp::I32Const(value)])));
        }
        assert_eq!(whole[2].1, b"second memory");
        for chunk in 1..bytes.len() {
            assert_eq!(segments(chunk), whole, "chunks of {chunk}");
        }
    }
}
