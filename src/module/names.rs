//! The name section, decoded when a name is first asked for. Faults in it are not the module's: what can be read
//! before the fault counts.

use std::ops::Range;
use wasmparser::{BinaryReader, Name, NameSectionReader};

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
            // What was read before a fault stays.
            let _ = names.read(section);
        }
        names.funcs.sort_by_key(|(func, _)| *func);
        names.funcs.dedup_by_key(|(func, _)| *func);
        names
    }

    fn read(&mut self, section: &[u8]) -> wasmparser::Result<()> {
        let range = |name: &str| {
            let start = name.as_ptr() as usize - section.as_ptr() as usize;
            start..start + name.len()
        };
        for subsection in NameSectionReader::new(BinaryReader::new(section, 0)) {
            match subsection? {
                Name::Module { name, .. } => self.module = Some(range(name)),
                Name::Function(map) => {
                    for naming in map {
                        let naming = naming?;
                        self.funcs.push((naming.index, range(naming.name)));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub fn module<'a>(&self, section: &'a [u8]) -> Option<&'a str> {
        std::str::from_utf8(&section[self.module.clone()?]).ok()
    }

    pub fn func<'a>(&self, section: &'a [u8], func: u32) -> Option<&'a str> {
        let i = self.funcs.binary_search_by_key(&func, |(func, _)| *func).ok()?;
        std::str::from_utf8(&section[self.funcs[i].1.clone()]).ok()
    }
}
