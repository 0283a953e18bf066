//! Machine code as debuggers see it: an object file in memory with symbols, how frames are unwound, and whatever sections
//! are given, at the addresses where the code is. gimli and object write it; [`gdb`] tells debuggers.

mod gdb;

pub(crate) use gdb::Registration;

use gimli::write::{
    Address, CallFrameInstruction, CommonInformationEntry, EhFrame, EndianVec, FrameDescriptionEntry, FrameTable,
};
use gimli::{Encoding, Format, LittleEndian, Register};
use headwater_codegen::target::Isa;
use object::elf;
use object::write::elf::{FileHeader, SectionHeader, Sym, Writer};

/// A function: address, length and name.
pub(crate) type Named = (u64, u64, String);

/// Machine code at an address.
pub(crate) struct Code {
    pub isa: Isa,
    pub address: u64,
    pub len: u64,
    /// Whether functions begin with landing pads.
    pub landing_pads: bool,
}

/// Tells debuggers about `code`, which has these functions, until the result is dropped. `sections` are names and
/// contents. `None` if that is not possible.
pub(crate) fn register(code: &Code, functions: &[Named], sections: Vec<(String, Vec<u8>)>) -> Option<Registration> {
    let frames = frames(code, functions)?;
    let sections: Vec<_> = [(".eh_frame".to_owned(), frames)].into_iter().chain(sections).collect();
    Some(Registration::new(write(code, functions, &sections)?))
}

/// The section by which frames are unwound (`FIXED_FRAME`).
fn frames(code: &Code, functions: &[Named]) -> Option<Vec<u8>> {
    let (isa, landing_pads) = (code.isa, code.landing_pads);
    let encoding = Encoding { address_size: 8, format: Format::Dwarf32, version: 1 };
    let (sp, fp, pc) = match isa {
        Isa::X64 => (gimli::X86_64::RSP, gimli::X86_64::RBP, gimli::X86_64::RA),
        Isa::Aarch64 => (gimli::AArch64::SP, gimli::AArch64::X29, gimli::AArch64::X30),
    };
    let mut entry = CommonInformationEntry::new(encoding, 1, -8, pc);
    let mut table = FrameTable::default();
    match isa {
        Isa::X64 => {
            entry.add_instruction(CallFrameInstruction::Cfa(sp, 8));
            entry.add_instruction(CallFrameInstruction::Offset(pc, -8));
        }
        Isa::Aarch64 => entry.add_instruction(CallFrameInstruction::Cfa(sp, 0)),
    }
    let entry = table.add_cie(entry);
    let before = if landing_pads { 4 } else { 0 };
    for (at, len, _) in functions {
        let mut function = FrameDescriptionEntry::new(Address::Constant(*at), *len as u32);
        let mut add = |offset: u32, what| function.add_instruction(before + offset, what);
        match isa {
            Isa::X64 => {
                // push rbp; mov rbp, rsp
                add(1, CallFrameInstruction::CfaOffset(16));
                add(1, CallFrameInstruction::Offset(fp, -16));
                add(4, CallFrameInstruction::CfaRegister(fp));
            }
            Isa::Aarch64 => in_frame(&mut add, fp, pc),
        }
        table.add_fde(entry, function);
    }
    let mut section = EhFrame(EndianVec::new(LittleEndian));
    table.write_eh_frame(&mut section).ok()?;
    Some(section.0.into_vec())
}

/// Within the frame, which a prologue of one to three instructions makes.
fn in_frame(add: &mut impl FnMut(u32, CallFrameInstruction), fp: Register, pc: Register) {
    add(12, CallFrameInstruction::Cfa(fp, 16));
    add(12, CallFrameInstruction::Offset(fp, -16));
    add(12, CallFrameInstruction::Offset(pc, -8));
}

/// The file: code that is somewhere else, a symbol for each function, and `sections`.
fn write(code: &Code, functions: &[Named], sections: &[(String, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(object::Endianness::Little, true, &mut bytes);
    let text_name = writer.add_section_name(b".text");
    let names: Vec<_> = sections.iter().map(|(name, _)| writer.add_section_name(name.as_bytes())).collect();
    let symbols: Vec<_> = functions.iter().map(|(.., name)| writer.add_string(name.as_bytes())).collect();

    writer.reserve_file_header();
    writer.reserve_null_section_index();
    let text = writer.reserve_section_index();
    let places: Vec<usize> = sections
        .iter()
        .map(|(_, data)| {
            writer.reserve_section_index();
            writer.reserve(data.len(), 8)
        })
        .collect();
    writer.reserve_null_symbol_index();
    functions.iter().for_each(|_| _ = writer.reserve_symbol_index(Some(text)));
    writer.reserve_symtab_section_index();
    writer.reserve_symtab();
    writer.reserve_strtab_section_index();
    writer.reserve_strtab();
    writer.reserve_shstrtab_section_index();
    writer.reserve_shstrtab();
    writer.reserve_section_headers();

    let e_machine = match code.isa {
        Isa::X64 => elf::EM_X86_64,
        Isa::Aarch64 => elf::EM_AARCH64,
    };
    let header = FileHeader { os_abi: 0, abi_version: 0, e_type: elf::ET_DYN, e_machine, e_entry: 0, e_flags: 0 };
    writer.write_file_header(&header).ok()?;
    for ((_, data), at) in sections.iter().zip(&places) {
        writer.pad_until(*at);
        writer.write(data);
    }
    writer.write_null_symbol();
    for ((at, len, _), name) in functions.iter().zip(symbols) {
        writer.write_symbol(&Sym {
            name: Some(name),
            section: Some(text),
            st_info: (elf::STB_GLOBAL << 4) | elf::STT_FUNC,
            st_other: 0,
            st_shndx: 0,
            st_value: *at,
            st_size: *len,
        });
    }
    writer.write_strtab();
    writer.write_shstrtab();
    writer.write_null_section_header();
    let section = SectionHeader {
        name: Some(text_name),
        sh_type: elf::SHT_NOBITS,
        sh_flags: (elf::SHF_ALLOC | elf::SHF_EXECINSTR).into(),
        sh_addr: code.address,
        sh_offset: 0,
        sh_size: code.len,
        sh_link: 0,
        sh_info: 0,
        sh_addralign: 16,
        sh_entsize: 0,
    };
    writer.write_section_header(&section);
    for (((name, data), at), name_id) in sections.iter().zip(places).zip(names) {
        // Where frames are described is looked for among what is loaded.
        let flags = if name == ".eh_frame" { elf::SHF_ALLOC.into() } else { 0 };
        writer.write_section_header(&SectionHeader {
            name: Some(name_id),
            sh_type: elf::SHT_PROGBITS,
            sh_flags: flags,
            sh_addr: 0,
            sh_offset: at as u64,
            sh_size: data.len() as u64,
            sh_addralign: 8,
            ..section.clone()
        });
    }
    writer.write_symtab_section_header(1);
    writer.write_strtab_section_header();
    writer.write_shstrtab_section_header();
    Some(bytes)
}
