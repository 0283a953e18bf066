//! Which line the machine code at an address comes from, as debuggers read it.

use super::source::Sources;
use crate::module::Module;
use gimli::write::{Address, AttributeValue, Dwarf, EndianVec, LineProgram, LineString, Sections, Unit};
use gimli::{Encoding, Format, LineEncoding, LittleEndian};
use std::collections::HashMap;

/// The sections that say which line the code at an address comes from.
pub(super) fn of(module: &Module, sources: &Sources, base: u64) -> Option<Vec<(String, Vec<u8>)>> {
    let encoding = Encoding { address_size: 8, format: Format::Dwarf32, version: 4 };
    let text = |name: &str| LineString::String(name.replace('\0', "_").into_bytes());
    let name = module.name().unwrap_or("module");
    let mut program = LineProgram::new(encoding, LineEncoding::default(), text("."), None, text(name), None);
    let directory = program.default_directory();
    let mut files = HashMap::new();
    // What is out of line has no operators, but places that fault and calls.
    let mut map: Vec<_> = module.sites().chain(module.operator_map()).collect();
    map.sort_by_key(|(code, _)| *code);
    map.dedup_by(|next, first| next.0 == first.0 && std::mem::replace(first, *next).0 == next.0);
    let mut map = map.into_iter().peekable();
    for function in module.functions() {
        let mut begun = false;
        let mut before = None;
        while let Some((code, wasm)) = map.next_if(|(code, _)| *code < function.code.end) {
            let Some((file, line)) = sources.line(wasm) else { continue };
            if before.as_ref() == Some(&(file.clone(), line)) {
                continue;
            }
            if !begun {
                program.begin_sequence(Some(Address::Constant(base + function.code.start as u64)));
                begun = true;
            }
            let file_id =
                *files.entry(file.clone()).or_insert_with_key(|file| program.add_file(text(file), directory, None));
            let row = program.row();
            row.address_offset = (code.max(function.code.start) - function.code.start) as u64;
            row.file = file_id;
            row.line = line.into();
            program.generate_row();
            before = Some((file, line));
        }
        if begun {
            program.end_sequence(function.code.len() as u64);
        }
    }
    let mut dwarf = Dwarf::new();
    let unit = dwarf.units.add(Unit::new(encoding, program));
    let unit = dwarf.units.get_mut(unit);
    let root = unit.root();
    let root = unit.get_mut(root);
    let value = AttributeValue::String(name.replace('\0', "_").into_bytes());
    root.set(gimli::DW_AT_name, value);
    root.set(gimli::DW_AT_low_pc, AttributeValue::Address(Address::Constant(base)));
    let len = AttributeValue::Udata(module.machine_code().len() as u64);
    root.set(gimli::DW_AT_high_pc, len);
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    dwarf.write(&mut sections).ok()?;
    let mut written = Vec::new();
    sections
        .for_each(|id, data| -> gimli::write::Result<()> {
            if !data.slice().is_empty() {
                written.push((id.name().to_owned(), data.slice().to_vec()));
            }
            Ok(())
        })
        .ok()?;
    Some(written)
}
