//! Sections that wasmparser is shown in place of those that came, to which its errors are mapped back.

use super::leb;
use crate::error::CompileError;
use wasmparser::{BinaryReader, FromReader, SectionLimited, WasmFeatures};

/// The contents of a section with this many entries.
pub(super) fn section_of(count: u32, entries: &[u8]) -> Vec<u8> {
    let mut section = Vec::with_capacity(5 + entries.len());
    leb::write(count, &mut section);
    section.extend_from_slice(entries);
    section
}

/// What wasmparser is shown: a section with these contents, which claims to be at offset `at`.
pub(super) fn reader_of<'a, T: FromReader<'a>>(
    contents: &'a [u8],
    at: u64,
    features: WasmFeatures,
) -> Result<SectionLimited<'a, T>, CompileError> {
    SectionLimited::new(BinaryReader::new_features(contents, at, features))
        .map_err(|error| CompileError::invalid(&error, None))
}

/// Pieces of a section that are shown as one, and where they come from.
pub(super) struct Shown {
    start: u64,
    /// Where the entries begin: behind their number.
    first: usize,
    bytes: Vec<u8>,
    /// For each piece its place in `bytes` and in the section.
    pieces: Vec<(usize, usize)>,
}

impl Shown {
    pub fn new(start: u64, first: usize) -> Shown {
        Shown { start, first, bytes: Vec::new(), pieces: Vec::new() }
    }

    pub fn show(&mut self, at: usize, bytes: &[u8]) {
        self.pieces.push((self.bytes.len(), at));
        self.bytes.extend_from_slice(bytes);
    }

    /// The section with this many entries, and the offset to give it, such that the first entry keeps its own.
    pub fn section(&self, count: u32) -> (Vec<u8>, u64) {
        let section = section_of(count, &self.bytes);
        let header = section.len() - self.bytes.len();
        (section, self.start + (self.first - header) as u64)
    }

    /// What is wrong with the section, of which `len` bytes were shown from offset `base` on, in the words of the
    /// validator that saw these.
    #[cold]
    pub fn told_back(&self, error: &wasmparser::Error, base: u64, len: usize, whole: usize) -> CompileError {
        let found = CompileError::invalid(error, None);
        let header = len - self.bytes.len();
        let Some(at) = (error.offset() - base).checked_sub(header as u64) else { return found };
        let at = at as usize;
        let offset = match self.pieces.iter().rev().find(|(piece, _)| *piece <= at) {
            _ if at >= self.bytes.len() => whole,
            Some((piece, original)) => original + (at - piece),
            None => self.first,
        };
        CompileError::new(found.kind(), found.message(), Some(self.start as usize + offset), None)
    }
}
