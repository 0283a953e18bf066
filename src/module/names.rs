//! The name section, decoded when a name is first asked for. Errors in it are not the module's: an entry that cannot be
//! used is passed over, and so is the rest of a subsection that cannot be followed any further.

use std::ops::Range;
use wasmparser::BinaryReader;

/// Subsections (specification, appendix "Name Section").
const MODULE: u8 = 0;
const FUNCTIONS: u8 = 1;

/// Where the names are in the section's bytes.
#[derive(Debug, Default)]
pub(super) struct Names {
    module: Option<Range<usize>>,
    /// Sorted by function index.
    funcs: Vec<(u32, Range<usize>)>,
}

impl Names {
    pub fn decode(section: Option<&[u8]>) -> Names {
        let mut names = Names::default();
        if let Some(section) = section {
            names.read(section);
        }
        names.funcs.sort_by_key(|(func, _)| *func);
        names.funcs.dedup_by_key(|(func, _)| *func);
        names
    }

    /// Not with wasmparser's reader of name maps, which ends with the first name that is not UTF-8.
    fn read(&mut self, section: &[u8]) {
        let mut reader = BinaryReader::new(section, 0);
        while let (Ok(id), Ok(size)) = (reader.read_u8(), reader.read_var_u32()) {
            let size = (size as usize).min(reader.bytes_remaining());
            let Ok(contents) = reader.read_bytes(size) else { return };
            let start = position(section, contents).start;
            let mut contents = BinaryReader::new(contents, start as u64);
            match id {
                MODULE => self.module = self.module.take().or_else(|| name(section, &mut contents).flatten()),
                FUNCTIONS => self.read_functions(section, &mut contents),
                _ => {}
            }
        }
    }

    fn read_functions(&mut self, section: &[u8], contents: &mut BinaryReader<'_>) {
        let count = contents.read_var_u32().unwrap_or(0);
        for _ in 0..count {
            let Ok(func) = contents.read_var_u32() else { return };
            match name(section, contents) {
                Some(Some(name)) => self.funcs.push((func, name)),
                Some(None) => {}
                None => return,
            }
        }
    }

    pub fn module<'a>(&self, section: &'a [u8]) -> Option<&'a str> {
        std::str::from_utf8(&section[self.module.clone()?]).ok()
    }

    pub fn func<'a>(&self, section: &'a [u8], func: u32) -> Option<&'a str> {
        let i = self.funcs.binary_search_by_key(&func, |(func, _)| *func).ok()?;
        std::str::from_utf8(&section[self.funcs[i].1.clone()]).ok()
    }
}

/// Where `part` is in `whole`, of which it is a part.
fn position(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

/// The next name, `Some(None)` if it is not UTF-8, `None` if it goes beyond the end.
fn name(section: &[u8], reader: &mut BinaryReader<'_>) -> Option<Option<Range<usize>>> {
    let length = reader.read_var_u32().ok()?;
    let bytes = reader.read_bytes(length as usize).ok()?;
    Some(std::str::from_utf8(bytes).is_ok().then(|| position(section, bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subsection(id: u8, contents: &[u8]) -> Vec<u8> {
        [&[id, contents.len() as u8], contents].concat()
    }

    fn entry(func: u8, name: &[u8]) -> Vec<u8> {
        [&[func, name.len() as u8], name].concat()
    }

    fn functions(section: &[u8]) -> Vec<Option<&str>> {
        let names = Names::decode(Some(section));
        (0..4).map(|func| names.func(section, func)).collect()
    }

    #[test]
    fn a_bad_name_costs_no_other() {
        let map = [&[4][..], &entry(0, b"a"), &entry(1, b"\xff\xfe"), &entry(2, b"c"), &entry(3, b"d")].concat();
        let section = [subsection(0, b"\x02\xc3\x28"), subsection(1, &map), subsection(0, b"\x01m")].concat();
        assert_eq!(functions(&section), [Some("a"), None, Some("c"), Some("d")]);
        assert_eq!(Names::decode(Some(&section)).module(&section), Some("m"));
    }

    #[test]
    fn a_subsection_that_cannot_be_followed_costs_no_other() {
        // A name that goes beyond its subsection, and an index that is no number.
        for bad in [&b"\x03\x00\x01a\x01\x7fb"[..], b"\x02\x00\x01a\xff\xff\xff\xff\xff\xff\x01b"] {
            let good = [&[1][..], &entry(2, b"c")].concat();
            let section = [subsection(1, bad), subsection(7, b"??"), subsection(1, &good)].concat();
            assert_eq!(functions(&section), [Some("a"), None, Some("c"), None], "{bad:x?}");
        }
    }

    #[test]
    fn names_in_any_order_are_found_and_the_first_of_two_counts() {
        let map = [&[3][..], &entry(3, b"d"), &entry(0, b"first"), &entry(0, b"second")].concat();
        assert_eq!(functions(&subsection(1, &map)), [Some("first"), None, None, Some("d")]);
    }

    #[test]
    fn a_section_that_ends_early_gives_what_it_has() {
        let map = [&[9][..], &entry(0, b"a"), &entry(1, b"b")].concat();
        let mut section = subsection(1, &map);
        section[1] = 100;
        assert_eq!(functions(&section), [Some("a"), Some("b"), None, None]);
        for end in 0..section.len() {
            functions(&section[..end]);
        }
    }
}
