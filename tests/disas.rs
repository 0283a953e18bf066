//! Golden disassembly: the machine code of each `tests/disas/x64/*.wat` stands as comments at its end.
//!
//! A change of generated code shows up in review as a change of these files. After looking at the difference,
//! `HEADWATER_BLESS=1 cargo test --test disas` writes the new code into them.

use headwater::{Config, Engine, Module, Target};
use iced_x86::{Decoder, DecoderOptions, Formatter, IntelFormatter};
use std::fmt::Write;
use std::path::Path;

const MARK: &str = ";; x86-64\n";

/// The listing of all functions of the module.
fn listing(wat: &str) -> Result<String, String> {
    let wasm = wat::parse_str(wat).map_err(|e| e.to_string())?;
    let engine = Engine::new(Config::new().compile_threads(0).target(Target::X64_BASELINE)).expect("a known target");
    let module = Module::new(&engine, wasm).map_err(|e| e.to_string())?;
    let mut out = String::from(MARK);
    for function in module.functions() {
        writeln!(out, ";;\n;; function {}", function.index).expect("strings take all");
        disassemble(&module.machine_code()[function.code], &mut out);
    }
    Ok(out)
}

fn disassemble(code: &[u8], out: &mut String) {
    let mut formatter = IntelFormatter::new();
    formatter.options_mut().set_space_after_operand_separator(true);
    formatter.options_mut().set_hex_prefix("0x");
    formatter.options_mut().set_hex_suffix("");
    formatter.options_mut().set_branch_leading_zeros(false);
    formatter.options_mut().set_show_branch_size(false);
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    let mut text = String::new();
    while decoder.can_decode() {
        let instruction = decoder.decode();
        text.clear();
        formatter.format(&instruction, &mut text);
        writeln!(out, ";; {:5x}  {text}", instruction.ip()).expect("strings take all");
        if text == "ud2" {
            // The byte after it is the trap code.
            let at = decoder.position();
            writeln!(out, ";; {at:5x}  trap {}", code[at]).expect("strings take all");
            decoder.set_position(at + 1).expect("the code is in the function");
            decoder.set_ip(at as u64 + 1);
        }
    }
}

/// Compares, or writes; the message says what differs.
fn check(path: &Path, bless: bool) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let (input, expected) = match text.find(MARK) {
        Some(at) => text.split_at(at),
        None => (text.as_str(), ""),
    };
    let actual = listing(input).map_err(|e| format!("{}: {e}", path.display()))?;
    if actual == expected {
        return Ok(());
    }
    if bless {
        let input = input.trim_end();
        return std::fs::write(path, format!("{input}\n\n{actual}")).map_err(|e| e.to_string());
    }
    let first = actual.lines().zip(expected.lines()).find(|(a, e)| a != e);
    let difference = match first {
        Some((actual, expected)) => format!("expected `{expected}`, got `{actual}`"),
        None => "the lengths differ".to_owned(),
    };
    Err(format!("{}: {difference}", path.display()))
}

#[test]
fn machine_code_is_what_the_golden_files_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/disas/x64");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("entries are readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "wat"))
        .collect();
    files.sort();
    assert!(files.len() >= 30, "golden files are missing: {} found", files.len());
    let bless = std::env::var_os("HEADWATER_BLESS").is_some();
    let failures: Vec<String> = files.iter().filter_map(|path| check(path, bless).err()).collect();
    assert!(failures.is_empty(), "re-bless with HEADWATER_BLESS=1 if intended:\n{}", failures.join("\n"));
}
