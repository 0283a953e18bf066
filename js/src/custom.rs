//! Keeps the custom sections of a module as its bytes arrive, for `WebAssembly.Module.customSections`. The rest is not
//! kept.
//!
//! It reports no errors, which are left to the compiler. Where the framing of sections is malformed, it stops.

/// A custom section: its name and what follows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CustomSection {
    pub name: Box<[u8]>,
    pub payload: Box<[u8]>,
}

enum State {
    /// This many bytes of the module's header are missing.
    Header(u8),
    Id,
    /// The size of a section, custom or not: what is read of it, and by how much the next byte is shifted.
    Size {
        custom: bool,
        value: u64,
        shift: u32,
    },
    /// Bytes to skip.
    Skip(u64),
    /// A custom section of which this many bytes are missing.
    Keep(u64),
    Stopped,
}

/// Takes the bytes of a module in pieces of any size.
pub(crate) struct CustomSections {
    state: State,
    buffer: Vec<u8>,
    sections: Vec<CustomSection>,
}

impl CustomSections {
    pub fn new() -> CustomSections {
        CustomSections { state: State::Header(8), buffer: Vec::new(), sections: Vec::new() }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, mut bytes: &[u8]) {
        while let Some((&first, rest)) = bytes.split_first() {
            match &mut self.state {
                State::Header(left) => {
                    let n = bytes.len().min(usize::from(*left));
                    *left -= n as u8;
                    bytes = &bytes[n..];
                    if *left == 0 {
                        self.state = State::Id;
                    }
                }
                State::Id => {
                    self.state = State::Size { custom: first == 0, value: 0, shift: 0 };
                    bytes = rest;
                }
                State::Size { custom, value, shift } => {
                    if *shift > 28 {
                        self.state = State::Stopped;
                        return;
                    }
                    *value |= u64::from(first & 0x7f) << *shift;
                    *shift += 7;
                    bytes = rest;
                    if first & 0x80 == 0 {
                        self.state = match (*custom, *value) {
                            (true, 0) => State::Stopped,
                            (_, 0) => State::Id,
                            (true, size) => State::Keep(size),
                            (false, size) => State::Skip(size),
                        };
                    }
                }
                State::Skip(left) => {
                    let n = (bytes.len() as u64).min(*left);
                    *left -= n;
                    bytes = &bytes[n as usize..];
                    if *left == 0 {
                        self.state = State::Id;
                    }
                }
                State::Keep(left) => {
                    let n = (bytes.len() as u64).min(*left);
                    *left -= n;
                    self.buffer.extend_from_slice(&bytes[..n as usize]);
                    bytes = &bytes[n as usize..];
                    if *left == 0 {
                        self.sections.extend(split(std::mem::take(&mut self.buffer)));
                        self.state = State::Id;
                    }
                }
                State::Stopped => return,
            }
        }
    }

    /// The sections, in order.
    pub fn finish(self) -> Box<[CustomSection]> {
        self.sections.into()
    }
}

/// The name, which its length precedes, and the rest.
fn split(mut section: Vec<u8>) -> Option<CustomSection> {
    let (mut len, mut at) = (0u64, 0);
    loop {
        let byte = *section.get(at)?;
        if at > 4 {
            return None;
        }
        len |= u64::from(byte & 0x7f) << (7 * at);
        at += 1;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let end = at.checked_add(usize::try_from(len).ok()?)?;
    let name = section.get(at..end)?.into();
    // Not copied: they can be large.
    section.drain(..end);
    Some(CustomSection { name, payload: section.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_however_the_bytes_are_split() {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend([0, 4, 1, b'a', 1, 2]);
        wasm.extend([1, 0x84, 0, 1, 0x60, 0, 0]);
        wasm.extend([0, 1, 0]);
        wasm.extend([0, 2, 1, b'a']);
        let section = |name: &[u8], payload: &[u8]| CustomSection { name: name.into(), payload: payload.into() };
        let expected = [section(b"a", &[1, 2]), section(b"", &[]), section(b"a", &[])];
        for size in 1..=wasm.len() {
            let mut sections = CustomSections::new();
            wasm.chunks(size).for_each(|chunk| sections.push(chunk));
            assert_eq!(*sections.finish(), expected, "in chunks of {size}");
        }
    }

    #[test]
    fn bad_framing_is_left_to_the_compiler() {
        for tail in [&[0u8, 0][..], &[0, 0xff, 0xff, 0xff, 0xff, 0xff, 1], &[0, 2, 5, b'a'], &[0, 9, 1]] {
            let mut sections = CustomSections::new();
            sections.push(b"\0asm\x01\0\0\0");
            sections.push(tail);
            assert!(sections.finish().is_empty());
        }
    }
}
