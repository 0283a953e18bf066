//! A custom section while it arrives: skipped, or kept if it is the name section. None is worth buffering until it is
//! complete.

use super::leb;
use crate::module::bytes::SectionBytes;

/// The section's number (specification section 5.5.3).
pub(super) const ID: u8 = 0;

/// wasmparser rejects longer names.
const NAME_MAX: usize = 100_000;

#[derive(Debug)]
pub(super) struct CustomSection {
    /// Offset of the contents in the module.
    pub contents: u64,
    /// Offset of the end in the module.
    pub end: u64,
    /// How many bytes are missing.
    pub missing: usize,
    /// Its name and what follows, if that is kept.
    pub kept: Option<(Box<str>, SectionBytes)>,
}

/// What the start of a section says.
pub(super) enum Head {
    /// This many bytes were read.
    Read(CustomSection, usize),
    /// At least this many bytes are missing from the name.
    Missing(usize),
    /// The head is malformed or incomplete, which wasmparser reports.
    Unknown,
}

impl CustomSection {
    /// Reads the head of the section that `data` begins with, at `start` in the module. `keep`: whether a section of
    /// a name is of interest.
    pub fn read(data: &[u8], start: u64, keep: impl Fn(&str) -> bool) -> Head {
        let Some((size, size_len)) = leb::read(&data[1..]) else { return Head::Unknown };
        let size = size as usize;
        let contents = &data[1 + size_len..];
        let Some((name_len, name_at)) = leb::read(contents) else {
            return if contents.len() < size.min(5) { Head::Missing(1) } else { Head::Unknown };
        };
        let after = name_at + name_len as usize;
        if after > size || name_len as usize > NAME_MAX {
            return Head::Unknown;
        }
        let Some(name) = contents.get(name_at..after) else { return Head::Missing(after - contents.len()) };
        let Ok(name) = std::str::from_utf8(name) else { return Head::Unknown };
        let contents = start + 1 + size_len as u64;
        let missing = size - after;
        let kept = keep(name).then(|| (name.into(), SectionBytes::with_room(missing)));
        let section = CustomSection { contents, end: contents + size as u64, missing, kept };
        Head::Read(section, 1 + size_len + after)
    }

    /// Takes what belongs to the section from the start of `data`; returns how much that is.
    pub fn push(&mut self, data: &[u8]) -> usize {
        let n = data.len().min(self.missing);
        if let Some((_, kept)) = &mut self.kept {
            kept.append(&data[..n]);
        }
        self.missing -= n;
        n
    }
}
