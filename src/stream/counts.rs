//! Sections that announce more entries than they have bytes.
//!
//! wasmparser's validator allocates memory for all entries that a section announces before it reads the first: a
//! hundred and fifty megabytes for an export section of ten bytes. An entry takes at least a byte, so such a section is
//! truncated if it is not invalid for another reason; the validator is given one that announces as many entries as it
//! has bytes, and finds the same error at the same offset.

use wasmparser::{BinaryReader, Payload, RecGroup, SectionLimited, WasmFeatures};

/// The most entries that wasmparser accepts of most kinds. It checks this first.
const MOST: u64 = 1_000_000;
/// The most tables, where there may be several.
const MOST_TABLES: u64 = 100_000;

/// What a group of recursive types begins with.
const REC: u8 = 0x4e;

/// If `payload` announces more entries than it has bytes, or a group of types in it does: what to give to the validator
/// in its place, which is as invalid. `contents` are the section's, `before` is the number of such entries in earlier
/// sections, and `scratch` receives the bytes of the new section.
pub(super) fn bounded<'a>(
    payload: &Payload<'_>,
    contents: &[u8],
    before: usize,
    features: WasmFeatures,
    scratch: &'a mut Vec<u8>,
) -> Option<Payload<'a>> {
    let len = contents.len() as u32;
    let most = match payload {
        Payload::TableSection(_) if features.contains(WasmFeatures::REFERENCE_TYPES) => MOST_TABLES,
        Payload::TableSection(_) => 0,
        _ => MOST,
    };
    let overstates = |count: u32| count > len && before as u64 + u64::from(count) <= most;
    let group = matches!(payload, Payload::TypeSection(_)).then(|| overstating_group(contents, features)).flatten();
    macro_rules! bounded {
        ($($kind:ident)*) => {
            match payload {
                $(Payload::$kind(section) if overstates(section.count()) || group.is_some() => {
                    scratch.extend_from_slice(contents);
                    if overstates(section.count()) {
                        announce(scratch, len);
                    }
                    if let Some(at) = group {
                        announce(&mut scratch[at..], len);
                    }
                    let reader = BinaryReader::new_features(scratch, section.range().start, features);
                    SectionLimited::new(reader).ok().map(Payload::$kind)
                })*
                _ => None,
            }
        };
    }
    bounded!(TypeSection ImportSection FunctionSection TableSection TagSection GlobalSection ExportSection)
}

/// Offset of the count of the first group of recursive types that announces more entries than there are bytes here, if
/// everything before it is well-formed.
fn overstating_group(contents: &[u8], features: WasmFeatures) -> Option<usize> {
    // Hardly ever gets past this: groups of more than 127 types are rare, and otherwise no number follows such a byte.
    if !contents.windows(2).any(|pair| pair[0] == REC && pair[1] >= 0x80) {
        return None;
    }
    let mut reader = BinaryReader::new_features(contents, 0, features);
    reader.read_var_u32().ok()?;
    while !reader.eof() {
        let at = reader.original_position() as usize;
        if contents[at] == REC {
            let count = BinaryReader::new_features(&contents[at + 1..], 0, features).read_var_u32().ok()?;
            if count as usize > contents.len() {
                return (u64::from(count) <= MOST).then_some(at + 1);
            }
        }
        reader.read::<RecGroup>().ok()?;
    }
    None
}

/// Overwrites the number at the start of `contents` with a smaller one of the same length.
fn announce(contents: &mut [u8], mut count: u32) {
    for byte in contents {
        let last = *byte & 0x80 == 0;
        *byte = *byte & 0x80 | (count & 0x7f) as u8;
        count >>= 7;
        if last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasmparser::{Parser, Validator};

    /// A module whose only section is `id` with these contents.
    fn module(id: u8, contents: &[u8]) -> Vec<u8> {
        [b"\0asm\x01\0\0\0", &[id, contents.len() as u8][..], contents].concat()
    }

    #[test]
    fn the_fault_is_the_one_of_the_section_as_it_is() {
        let features = WasmFeatures::default();
        // Counts of 50,000 in three bytes and in five.
        for count in [&[0xd0, 0x86, 0x03][..], &[0xd0, 0x86, 0x83, 0x80, 0x00]] {
            let entries: [(u8, &[u8]); 14] = [
                (1, b""),
                (1, b"\x60\0\0"),
                (1, b"\x60\0\0\x61"),
                (1, b"\x60\0\0\x4e\xd0\x86\x03\x60\0\0"),
                (2, b"\x01a\x01b\x02\0\x01"),
                (2, b"\x01a\xff"),
                (3, b"\0\0"),
                (4, b"\x70\0\0"),
                (4, b"\x40"),
                (6, b"\x7f\0\x41\0\x0b"),
                (7, b"\x01a\x00\x00"),
                (7, b"\x01a"),
                (13, b"\0\0"),
                (13, b"\x01"),
            ];
            for (id, entry) in entries {
                let wasm = module(id, &[count, entry].concat());
                let mut found = 0;
                for payload in Parser::new(0).parse_all(&wasm) {
                    // Where functions have no bodies the parser complains behind the section.
                    let Ok(payload) = payload else { break };
                    let Some((_, range)) = payload.as_section() else { continue };
                    let contents = &wasm[range.start as usize..range.end as usize];
                    let mut scratch = Vec::new();
                    let other = bounded(&payload, contents, 0, features, &mut scratch).expect("too many are announced");
                    let fault = |payload| {
                        let mut validator = Validator::new_with_features(features);
                        let version = Payload::Version { num: 1, encoding: wasmparser::Encoding::Module, range: 0..8 };
                        validator.payload(&version).unwrap();
                        let e = validator.payload(payload).err().expect("it ends too early");
                        (e.message().to_string(), e.offset())
                    };
                    assert_eq!(fault(&other), fault(&payload), "{wasm:x?}");
                    found += 1;
                }
                assert_eq!(found, 1);
            }
        }
    }

    #[test]
    fn groups_of_types_are_bounded_in_sections_that_are_right() {
        let wasm = module(1, &[2, 0x60, 0, 0, REC, 0xd0, 0x86, 0x03, 0x60, 0, 0]);
        let payload = Parser::new(0).parse_all(&wasm).nth(1).unwrap().unwrap();
        let mut scratch = Vec::new();
        let other =
            bounded(&payload, &wasm[10..], 0, WasmFeatures::default(), &mut scratch).expect("it announces 50,000");
        let fault = |payload| {
            let mut validator = Validator::new();
            let version = Payload::Version { num: 1, encoding: wasmparser::Encoding::Module, range: 0..8 };
            validator.payload(&version).unwrap();
            let e = validator.payload(payload).err().expect("it ends too early");
            (e.message().to_string(), e.offset())
        };
        assert_eq!(fault(&other), fault(&payload));
        assert_eq!(scratch[5..8], [0x8b, 0x80, 0x00]);
    }

    #[test]
    fn sections_that_may_be_right_are_left_alone() {
        let wasm = module(3, &[2, 0, 0]);
        let payload = Parser::new(0).parse_all(&wasm).nth(1).unwrap().unwrap();
        assert!(bounded(&payload, &wasm[10..], 0, WasmFeatures::default(), &mut Vec::new()).is_none());
    }
}
