//! Functions as rows: WebAssembly operators, each followed by the machine code generated for it. `disas` prints them,
//! `explore` makes pages of them.

use crate::args::CodeArgs;
use crate::feed;
use crate::source::Source;
use crate::target;
use anyhow::{Context, Result, bail};
use headwater::{CompiledFunction, Config, Isa, Module, printable};
use headwater_codegen::op;
use headwater_codegen::trap::{TrapCode, trap_of_jump};
use iced_x86::{Decoder, DecoderOptions, Formatter, IntelFormatter, Mnemonic};
use std::ops::Range;
use yaxpeax_arch::{Decoder as _, U8Reader};

/// A compiled module, and which of its functions were asked for.
pub struct Program {
    /// Where it came from, safe for a terminal.
    pub source_name: String,
    pub bytes: Vec<u8>,
    pub module: Module,
    /// Those asked for, by index.
    pub functions: Vec<CompiledFunction>,
    isa: Isa,
    map: Vec<(usize, u32)>,
    sites: Vec<(usize, u32)>,
}

/// A row of a function's listing.
pub enum Row {
    Operator {
        offset: u32,
        depth: usize,
        text: String,
    },
    /// Where exceptions with this tag, or all, are caught.
    Landing {
        tag: Option<u32>,
    },
    /// Where its bytes are in the module's machine code, and the offset of the operator that it belongs to, if any.
    Instruction {
        code: Range<usize>,
        text: String,
        operator: Option<u32>,
    },
}

/// The text of a module's operators, by their offsets.
pub struct Lines<'a>(Vec<(u32, &'a str)>);

impl<'a> Lines<'a> {
    /// `storage` is where the text is kept.
    pub fn of(bytes: &[u8], storage: &'a mut String) -> Result<Lines<'a>> {
        let mut config = wasmprinter::Config::new();
        config.name_unnamed(false);
        let lines = config.offsets_and_lines(bytes, storage)?;
        let mut lines: Vec<_> = lines.filter_map(|(offset, line)| Some((offset? as u32, line))).collect();
        lines.sort_by_key(|(offset, _)| *offset);
        Ok(Lines(lines))
    }

    /// The operator at `offset`, and how deeply it is indented.
    fn operator(&self, offset: u32) -> Option<(usize, String)> {
        /// How operators are indented that are not in a block.
        const BODY: usize = 4;
        let next = self.0.partition_point(|(at, _)| *at <= offset);
        let (at, line) = self.0[..next].last()?;
        let text = line.trim();
        let indented = line.len() - line.trim_start().len();
        (*at == offset).then(|| match text {
            // Closes the function in the printer's folded form.
            ")" => (0, "end".to_owned()),
            text => (indented.saturating_sub(BODY) / 2, printable::message(text).to_string()),
        })
    }
}

impl Program {
    /// Compiles the module that `args` name. `change` adds to the settings.
    pub fn load(args: &CodeArgs, change: impl FnOnce(&mut Config)) -> Result<Program> {
        let target = target::target(args.target, args.cpu.as_ref())?;
        let target = target.context("code cannot be generated for this machine; name another with --target")?;
        let source = Source::open(&args.module)?;
        let source_name = source.name.clone();
        let bytes = feed::binary(source).with_context(|| source_name.clone())?;
        let engine = feed::engine(Some(0), |config| {
            config.map_operators(true).compile_for(target);
            change(config);
        })?;
        let module = Module::new(&engine, &bytes)
            .map_err(|error| feed::incomplete(error, bytes.len() as u64))
            .with_context(|| source_name.clone())?;
        let functions = functions(&module, &bytes, args.func.as_deref()).with_context(|| source_name.clone())?;
        let map = module.operator_map().collect();
        let mut sites: Vec<_> = module.sites().collect();
        sites.sort_unstable();
        Ok(Program { source_name, bytes, module, functions, isa: target.isa, map, sites })
    }

    /// Where operators of a function have their code, by address.
    pub fn operators(&self, function: &CompiledFunction) -> &[(usize, u32)] {
        let first = self.map.partition_point(|(code, _)| *code < function.code.start);
        let end = self.map.partition_point(|(code, _)| *code < function.code.end);
        &self.map[first..end]
    }

    /// The listing of a function.
    pub fn rows(&self, function: &CompiledFunction, lines: &Lines<'_>) -> Vec<Row> {
        let range = function.code.clone();
        let mut landings: Vec<_> = self.module.landings().filter(|(code, _)| range.contains(code)).collect();
        landings.sort_unstable();
        let mut rows = Vec::new();
        let mut at = range.start;
        let mut operator = None;
        for &(code, offset) in self.operators(function) {
            self.code(&mut rows, at..code, operator, &landings);
            operator = Some(offset);
            at = code.max(at);
            // The printer does not put some operators on lines of their own, such as the end of an empty function.
            let name = || op::decode(self.bytes.get(offset as usize..)?).map(|op| (0, op.name.to_string()));
            let (depth, text) = lines.operator(offset).or_else(name).unwrap_or_default();
            rows.push(Row::Operator { offset, depth, text });
        }
        let last = rows.len();
        self.code(&mut rows, at..range.end, operator, &landings);
        self.out_of_line(&mut rows[last..]);
        rows
    }

    /// Behind where the last operator returns or jumps, code belongs to the operator whose site it leads to.
    fn out_of_line(&self, rows: &mut [Row]) {
        let leaves = |row: &Row| {
            let Row::Instruction { text, .. } = row else { return false };
            matches!(text.split_whitespace().next(), Some("ret" | "jmp" | "b" | "br"))
        };
        let Some(end) = rows.iter().position(leaves) else { return };
        let mut site = None;
        for row in rows[end + 1..].iter_mut().rev() {
            if let Row::Instruction { code, operator, .. } = row {
                let next = self.sites.partition_point(|(at, _)| *at < code.start);
                let its = self.sites.get(next).filter(|(at, _)| *at < code.end).map(|(_, operator)| *operator);
                site = its.or(site);
                *operator = site;
            }
        }
    }

    /// The code of `operator` in a range, in pieces that begin at landings.
    fn code(&self, rows: &mut Vec<Row>, range: Range<usize>, operator: Option<u32>, landings: &[(usize, Option<u32>)]) {
        let before = rows.len();
        self.pieces(rows, range, landings);
        for row in &mut rows[before..] {
            if let Row::Instruction { operator: its, .. } = row {
                *its = operator;
            }
        }
    }

    fn pieces(&self, rows: &mut Vec<Row>, range: Range<usize>, landings: &[(usize, Option<u32>)]) {
        let mut at = range.start;
        let first = landings.partition_point(|(code, _)| *code < range.start);
        for &(code, tag) in landings[first..].iter().take_while(|(code, _)| *code < range.end) {
            self.piece(rows, at..code);
            at = code;
            rows.push(Row::Landing { tag });
        }
        self.piece(rows, at..range.end);
    }

    fn piece(&self, rows: &mut Vec<Row>, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let code = &self.module.machine_code()[..range.end];
        match self.isa {
            Isa::X64 => decode_x64(rows, &self.module, code, range.start),
            Isa::Aarch64 => decode_aarch64(rows, &self.module, &code[range.start..], range.start),
        }
    }
}

/// The functions that are asked for, by index: all, the one with an index, or those of a name.
fn functions(module: &Module, bytes: &[u8], wanted: Option<&str>) -> Result<Vec<CompiledFunction>> {
    let mut functions: Vec<CompiledFunction> = module.functions().collect();
    functions.sort_by_key(|f| f.index);
    let Some(wanted) = wanted else { return Ok(functions) };
    let (first, last) = match functions.as_slice() {
        [first, .., last] => (first.index, last.index),
        [only] => (only.index, only.index),
        [] => bail!("defines no functions"),
    };
    let exported = exported(bytes, wanted)?;
    let index = wanted.parse().ok();
    functions.retain(|f| {
        index.or(exported) == Some(f.index) || module.func_name(f.index).is_some_and(|name| name == wanted)
    });
    if functions.is_empty() {
        bail!("defines no function {}; its functions are {first} to {last}", printable::name(wanted));
    }
    Ok(functions)
}

/// The function that is exported as `name`, if there is one.
fn exported(bytes: &[u8], name: &str) -> Result<Option<u32>> {
    for payload in wasmparser::Parser::new(0).parse_all(bytes) {
        if let wasmparser::Payload::ExportSection(exports) = payload? {
            for export in exports {
                let export = export?;
                if export.name == name && export.kind == wasmparser::ExternalKind::Func {
                    return Ok(Some(export.index));
                }
            }
        }
    }
    Ok(None)
}

/// A note of the constant of `size` bytes at `at`, which is behind a function's code.
fn constant(module: &Module, at: usize, size: usize) -> String {
    match module.machine_code().get(at..at + size) {
        Some(bytes) if size > 0 => {
            let digits: String = bytes.iter().rev().map(|byte| format!("{byte:02x}")).collect();
            format!("    ; 0x{digits}")
        }
        _ => String::new(),
    }
}

fn decode_aarch64(rows: &mut Vec<Row>, module: &Module, code: &[u8], start: usize) {
    let decoder = yaxpeax_arm::armv8::a64::InstDecoder::default();
    for (i, word) in code.chunks(4).enumerate() {
        let at = start + 4 * i;
        let mut text = match decoder.decode(&mut U8Reader::new(word)) {
            Ok(instruction) => absolute(&instruction.to_string(), at),
            Err(_) => format!(".bytes {word:02x?}"),
        };
        match *word {
            // udf: the trap's code is its immediate.
            [code, 0, 0, 0] => text.push_str(&format!("    ; {}", trap_name(code))),
            // ldr of a vector register, from a place behind the code: 4, 8 or 16 bytes.
            [a, b, c, size @ (0x1c | 0x5c | 0x9c)] => {
                let words = u32::from_le_bytes([a, b, c, 0]) >> 5;
                text.push_str(&constant(module, at + 4 * words as usize, 4 << (size >> 6)));
            }
            _ => {}
        }
        rows.push(Row::Instruction { code: at..at + word.len(), text, operator: None });
    }
}

/// The decoder prints relative branch targets, such as `$+0x10`. Makes them addresses.
fn absolute(text: &str, at: usize) -> String {
    let Some((before, distance)) = text.split_once('$') else { return text.to_string() };
    let Some((sign, digits)) = distance.split_once("0x") else { return text.to_string() };
    match usize::from_str_radix(digits, 16) {
        Ok(n) if sign == "-" => format!("{before}{:#x}", at.wrapping_sub(n)),
        Ok(n) => format!("{before}{:#x}", at + n),
        Err(_) => text.to_string(),
    }
}

/// What `code`, which begins where all machine code does, has from `start` on.
fn decode_x64(rows: &mut Vec<Row>, module: &Module, code: &[u8], start: usize) {
    let mut formatter = IntelFormatter::new();
    formatter.options_mut().set_hex_prefix("0x");
    formatter.options_mut().set_hex_suffix("");
    formatter.options_mut().set_uppercase_hex(false);
    formatter.options_mut().set_signed_immediate_operands(true);
    formatter.options_mut().set_branch_leading_zeros(false);
    formatter.options_mut().set_space_after_operand_separator(true);
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    decoder.set_position(start).expect("it is inside the code");
    decoder.set_ip(start as u64);
    while decoder.can_decode() {
        let instruction = decoder.decode();
        let mut text = String::new();
        formatter.format(&instruction, &mut text);
        let next = decoder.position();
        if instruction.is_ip_rel_memory_operand() {
            // Of the address of a table the size is 0.
            let (at, size) = (instruction.ip_rel_memory_address() as usize, instruction.memory_size().size());
            text.push_str(&constant(module, at, size));
        }
        if let Some(jump) = code[instruction.ip() as usize..].first_chunk()
            && let Some((trap, _)) = trap_of_jump(*jump)
        {
            text.push_str(&format!("    ; {trap:?}"));
        }
        if instruction.mnemonic() == Mnemonic::Ud2 && next < code.len() {
            // A trap: the byte after it says which.
            text.push_str(&format!("    ; {}", trap_name(code[next])));
            decoder.set_position(next + 1).expect("it is inside the code");
            decoder.set_ip(instruction.next_ip() + 1);
        }
        let code = instruction.ip() as usize..decoder.position();
        rows.push(Row::Instruction { code, text, operator: None });
    }
}

fn trap_name(code: u8) -> String {
    match TrapCode::from_u8(code) {
        Some(trap) => format!("{trap:?}"),
        None => format!("trap {code}"),
    }
}
