//! `headwater disas`: WebAssembly operators, each followed by the machine code generated for it.

use crate::args::DisasArgs;
use crate::feed;
use crate::source::Source;
use crate::{Outcome, target};
use anyhow::{Context, bail};
use headwater::{CompiledFunction, Isa, Module, printable};
use headwater_codegen::{TrapCode, op};
use iced_x86::{Decoder, DecoderOptions, Formatter, IntelFormatter, Mnemonic};
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use yaxpeax_arch::{Decoder as _, U8Reader};

pub fn run(args: &DisasArgs) -> Outcome {
    let target = target::target(args.target, args.cpu.as_ref())?;
    let target = target.context("code cannot be generated for this machine; name another with --target")?;
    let source = Source::open(&args.module)?;
    let source_name = source.name.clone();
    let bytes = feed::binary(source).with_context(|| source_name.clone())?;
    let engine = feed::engine(Some(0), |config| {
        config.map_operators(true).compile_for(target);
    })?;
    let module = Module::new(&engine, &bytes)
        .map_err(|error| feed::incomplete(error, bytes.len() as u64))
        .with_context(|| source_name.clone())?;

    let mut functions: Vec<CompiledFunction> = module.functions().collect();
    functions.sort_by_key(|f| f.index);
    if let Some(wanted) = &args.func {
        let (first, last) = match functions.as_slice() {
            [first, .., last] => (first.index, last.index),
            [only] => (only.index, only.index),
            [] => bail!("{source_name}: defines no functions"),
        };
        let exported = exported(&bytes, wanted)?;
        let index = wanted.parse().ok();
        functions.retain(|f| {
            index.or(exported) == Some(f.index) || module.func_name(f.index).is_some_and(|name| name == wanted)
        });
        if functions.is_empty() {
            let wanted = printable::name(wanted);
            bail!("{source_name}: defines no function {wanted}; its functions are {first} to {last}");
        }
    }

    let lines = operator_lines(&bytes)?;
    let map: Vec<(usize, u32)> = module.operator_map().collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for function in &functions {
        print_function(
            &mut out,
            Style { isa: target.isa, bytes: args.bytes },
            &module,
            function,
            &map,
            &bytes,
            &lines,
        )?;
    }
    out.flush()?;
    Ok(0)
}

/// The function that is exported as `name`, if there is one.
fn exported(bytes: &[u8], name: &str) -> anyhow::Result<Option<u32>> {
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

/// How code is printed.
#[derive(Copy, Clone)]
struct Style {
    isa: Isa,
    /// With the bytes of each instruction.
    bytes: bool,
}

impl Style {
    /// The bytes of an instruction, in a column of their own.
    fn column(self, bytes: &[u8]) -> String {
        if !self.bytes {
            return String::new();
        }
        // The longest instruction of x86-64 has 15 bytes; most have fewer than 9.
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{digits:<18}  ")
    }
}

/// The text of each operator, by its offset in the module.
fn operator_lines(bytes: &[u8]) -> anyhow::Result<HashMap<u32, String>> {
    let mut storage = String::new();
    let mut config = wasmprinter::Config::new();
    config.name_unnamed(false);
    let lines = config.offsets_and_lines(bytes, &mut storage)?;
    let operator = |line: &str| match line.trim() {
        // Closes the function in the printer's folded form.
        ")" => "end".to_string(),
        text => printable::message(text).to_string(),
    };
    Ok(lines.filter_map(|(offset, line)| Some((offset? as u32, operator(line)))).collect())
}

fn print_function(
    out: &mut impl Write,
    style: Style,
    module: &Module,
    function: &CompiledFunction,
    map: &[(usize, u32)],
    bytes: &[u8],
    lines: &HashMap<u32, String>,
) -> std::io::Result<()> {
    let name = module.func_name(function.index).map(|name| format!(" <{}>", printable::name(name))).unwrap_or_default();
    let range = function.code.clone();
    writeln!(
        out,
        "func {}{name}: at {:#x} in the module, {} bytes of code",
        function.index,
        function.wasm_offset,
        range.len()
    )?;

    // The operators of this function: all entries at its addresses.
    let first = map.partition_point(|(code, _)| *code < range.start);
    let end = map.partition_point(|(code, _)| *code < range.end);
    let mut landings: Vec<_> = module.landings().filter(|(code, _)| range.contains(code)).collect();
    landings.sort_unstable();
    let mut at = range.start;
    for &(code, wasm) in &map[first..end] {
        print_code(out, style, module, at..code, &landings)?;
        at = code.max(at);
        // The printer does not put some operators on lines of their own, such as the end of an empty function.
        let name = || op::decode(bytes.get(wasm as usize..)?).map(|op| op.name);
        let text = lines.get(&wasm).map(String::as_str).or_else(name).unwrap_or_default();
        writeln!(out, "  {wasm:#08x}  {text}")?;
    }
    print_code(out, style, module, at..range.end, &landings)?;
    writeln!(out)
}

/// Prints the code, in pieces that begin at landings, each with a line that says of what.
fn print_code(
    out: &mut impl Write,
    style: Style,
    module: &Module,
    range: std::ops::Range<usize>,
    landings: &[(usize, Option<u32>)],
) -> std::io::Result<()> {
    let mut at = range.start;
    let first = landings.partition_point(|(code, _)| *code < range.start);
    for &(code, tag) in landings[first..].iter().take_while(|(code, _)| *code < range.end) {
        print_piece(out, style, module, at..code)?;
        at = code;
        match tag {
            Some(tag) => writeln!(out, "              ; landing: exceptions with tag {tag}")?,
            None => writeln!(out, "              ; landing: all exceptions")?,
        }
    }
    print_piece(out, style, module, at..range.end)
}

fn print_piece(
    out: &mut impl Write,
    style: Style,
    module: &Module,
    range: std::ops::Range<usize>,
) -> std::io::Result<()> {
    if range.is_empty() {
        return Ok(());
    }
    let code = &module.machine_code()[..range.end];
    match style.isa {
        Isa::X64 => print_x64(out, style, module, code, range.start),
        Isa::Aarch64 => print_aarch64(out, style, module, &code[range.start..], range.start),
    }
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

fn print_aarch64(
    out: &mut impl Write,
    style: Style,
    module: &Module,
    code: &[u8],
    start: usize,
) -> std::io::Result<()> {
    let decoder = yaxpeax_arm::armv8::a64::InstDecoder::default();
    for (i, word) in code.chunks(4).enumerate() {
        let at = start + 4 * i;
        let text = match decoder.decode(&mut U8Reader::new(word)) {
            Ok(instruction) => absolute(&instruction.to_string(), at),
            Err(_) => format!(".bytes {word:02x?}"),
        };
        write!(out, "      {at:6x}    {}{text}", style.column(word))?;
        match *word {
            // udf: the trap's code is its immediate.
            [code, 0, 0, 0] => writeln!(out, "    ; {}", trap_name(code))?,
            // ldr of a vector register, from a place behind the code: 4, 8 or 16 bytes.
            [a, b, c, size @ (0x1c | 0x5c | 0x9c)] => {
                let words = u32::from_le_bytes([a, b, c, 0]) >> 5;
                writeln!(out, "{}", constant(module, at + 4 * words as usize, 4 << (size >> 6)))?;
            }
            _ => writeln!(out)?,
        }
    }
    Ok(())
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

/// Prints what `code`, which begins where all machine code does, has from `start` on.
fn print_x64(out: &mut impl Write, style: Style, module: &Module, code: &[u8], start: usize) -> std::io::Result<()> {
    let mut formatter = IntelFormatter::new();
    formatter.options_mut().set_hex_prefix("0x");
    formatter.options_mut().set_hex_suffix("");
    formatter.options_mut().set_uppercase_hex(false);
    formatter.options_mut().set_signed_immediate_operands(true);
    formatter.options_mut().set_branch_leading_zeros(false);
    formatter.options_mut().set_space_after_operand_separator(true);
    let mut text = String::new();
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    decoder.set_position(start).expect("it is inside the code");
    decoder.set_ip(start as u64);
    while decoder.can_decode() {
        let instruction = decoder.decode();
        text.clear();
        formatter.format(&instruction, &mut text);
        let next = decoder.position();
        if instruction.is_ip_rel_memory_operand() {
            // Of the address of a table the size is 0.
            let (at, size) = (instruction.ip_rel_memory_address() as usize, instruction.memory_size().size());
            text.push_str(&constant(module, at, size));
        }
        if instruction.mnemonic() == Mnemonic::Ud2 && next < code.len() {
            // A trap: the byte after it says which.
            text.push_str(&format!("    ; {}", trap_name(code[next])));
            decoder.set_position(next + 1).expect("it is inside the code");
            decoder.set_ip(instruction.next_ip() + 1);
        }
        let bytes = &code[instruction.ip() as usize..decoder.position()];
        writeln!(out, "      {:6x}    {}{text}", instruction.ip(), style.column(bytes))?;
    }
    Ok(())
}

fn trap_name(code: u8) -> String {
    match TrapCode::from_u8(code) {
        Some(trap) => format!("{trap:?}"),
        None => format!("trap {code}"),
    }
}
