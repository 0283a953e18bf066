//! `headwater disas`: WebAssembly operators, each followed by the machine code generated for it.

use crate::Outcome;
use crate::args::DisasArgs;
use crate::listing::{Lines, Program, Row};
use headwater::{CompiledFunction, printable};
use std::io::{BufWriter, Write};

pub fn run(args: &DisasArgs) -> Outcome {
    let program = Program::load(&args.code, |_| {})?;
    let mut storage = String::new();
    let lines = Lines::of(&program.bytes, &mut storage)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for function in &program.functions {
        print_function(&mut out, &program, function, &lines, args.bytes)?;
    }
    out.flush()?;
    Ok(0)
}

/// Prints a function, with the bytes of each instruction if they are asked for.
fn print_function(
    out: &mut impl Write,
    program: &Program,
    function: &CompiledFunction,
    lines: &Lines<'_>,
    bytes: bool,
) -> std::io::Result<()> {
    let name = program.module.func_name(function.index);
    let name = name.map(|name| format!(" <{}>", printable::name(name))).unwrap_or_default();
    writeln!(
        out,
        "func {}{name}: at {:#x} in the module, {} bytes of code",
        function.index,
        function.wasm_offset,
        function.code.len()
    )?;
    for row in program.rows(function, lines) {
        match row {
            Row::Operator { offset, text, .. } => writeln!(out, "  {offset:#08x}  {text}")?,
            Row::Landing { tag: Some(tag) } => writeln!(out, "              ; landing: exceptions with tag {tag}")?,
            Row::Landing { tag: None } => writeln!(out, "              ; landing: all exceptions")?,
            Row::Instruction { code, text, .. } => {
                let column = if bytes { column(&program.module.machine_code()[code.clone()]) } else { String::new() };
                writeln!(out, "      {:6x}    {column}{text}", code.start)?;
            }
        }
    }
    writeln!(out)
}

/// The bytes of an instruction, in a column of their own.
fn column(bytes: &[u8]) -> String {
    // The longest instruction of x86-64 has 15 bytes; most have fewer than 9.
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits:<18}  ")
}
