//! Golden disassembly. The machine code of each `tests/disas/x64/*.wat` for x86-64 is in comments at its end; that for
//! AArch64 is in the file of the same name in `tests/disas/aarch64`, and that with all optional
//! features in `tests/disas/avx` for those with vectors, in `tests/disas/aarch64_all` for those with atomic or relaxed operators. All of it is generated and compared on any machine.
//!
//! A change of generated code shows up in review as a change of these files. After looking at the difference,
//! `HEADWATER_BLESS=1 cargo test --test disas` writes the new code into them.

use headwater::{Config, Engine, Isa, Module, Target};
use headwater_codegen::trap::trap_of_jump;
use iced_x86::{Decoder, DecoderOptions, Formatter, IntelFormatter};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use yaxpeax_arch::Decoder as _;
use yaxpeax_arch::U8Reader;

const MARK: &str = ";; x86-64\n";
/// On a line of the input, followed by `Config::test_modes`.
const MODES: &str = ";; modes:";

/// The listing of all functions of the module.
fn listing(wat: &str, target: Target) -> Result<String, String> {
    let wasm = wat::parse_str(wat).map_err(|e| e.to_string())?;
    let modes = wat.lines().find_map(|line| line.strip_prefix(MODES)).unwrap_or_default();
    let engine =
        Engine::new(Config::new().compile_threads(0).compile_for(target).test_modes(modes)).expect("a known target");
    let module = Module::new(&engine, wasm).map_err(|e| e.to_string())?;
    let mut out = String::new();
    for function in module.functions() {
        writeln!(out, ";;\n;; function {}", function.index).expect("strings take all");
        let code = &module.machine_code()[function.code.start..];
        let mut lines = String::new();
        match target.isa {
            Isa::X64 => disassemble(code, function.code.len(), &mut lines),
            Isa::Aarch64 => disassemble_aarch64(code, function.code.len(), &mut lines),
        }
        let mut landings: Vec<_> = module.landings().filter(|(at, _)| function.code.contains(at)).collect();
        landings.sort_unstable();
        let mut landings = landings.into_iter().map(|(at, tag)| (at - function.code.start, tag)).peekable();
        for line in lines.lines() {
            let address = line.split_whitespace().nth(1).expect("each line begins with an address");
            let address = usize::from_str_radix(address, 16).expect("in hexadecimal");
            while let Some((at, tag)) = landings.next_if(|(at, _)| *at <= address) {
                assert_eq!(at, address, "landings are instructions");
                match tag {
                    Some(tag) => writeln!(out, ";; landing, tag {tag}:").expect("strings take all"),
                    None => writeln!(out, ";; landing, all:").expect("strings take all"),
                }
            }
            writeln!(out, "{line}").expect("strings take all");
        }
        assert!(landings.next().is_none(), "landings are in the function's code");
        for (at, tried) in module.handled_calls().filter(|(at, _)| function.code.contains(at)) {
            let tried: Vec<String> =
                tried.iter().map(|(landing, _)| format!("{:#x}", landing - function.code.start)).collect();
            writeln!(
                out,
                ";; a call that returns to {:#x} is handled at {}",
                at - function.code.start,
                tried.join(", ")
            )
            .expect("strings take all");
        }
        for (at, slots) in module.reference_maps().filter(|(at, _)| function.code.contains(at)) {
            let slots: Vec<String> =
                slots.iter().flat_map(|&(first, n)| (0..n as i32).map(move |i| displacement(first - 8 * i))).collect();
            writeln!(
                out,
                ";; references at the call that returns to {:#x}: {}",
                at - function.code.start,
                slots.join(", ")
            )
            .expect("strings take all");
        }
    }
    Ok(out)
}

/// A place in the frame.
fn displacement(disp: i32) -> String {
    format!("fp{}{:#x}", if disp < 0 { '-' } else { '+' }, disp.unsigned_abs())
}

/// A note of the constant of 16 bytes at `at`, behind a function's code.
fn constant(code: &[u8], at: usize) -> String {
    let bytes = code[at..at + 16].try_into().expect("sixteen bytes");
    format!("  = {:#034x}", u128::from_le_bytes(bytes))
}

/// `code` is the function's, of `len` bytes, and what follows.
fn disassemble_aarch64(code: &[u8], len: usize, out: &mut String) {
    let decoder = yaxpeax_arm::armv8::a64::InstDecoder::default();
    for (i, word) in code[..len].chunks(4).enumerate() {
        let text = match decoder.decode(&mut U8Reader::new(word)) {
            Ok(instruction) => instruction.to_string(),
            Err(e) => panic!("{word:02x?} at {:#x} is no instruction: {e}", 4 * i),
        };
        let bits = u32::from_le_bytes(word.try_into().expect("four bytes"));
        // ldr q, from a place relative to it
        let note = match bits >> 24 {
            0x9c => constant(code, 4 * i + 4 * (bits as usize >> 5 & 0x7_ffff)),
            _ => String::new(),
        };
        writeln!(out, ";; {:5x}  {}{note}", 4 * i, absolute(&text, 4 * i)).expect("strings take all");
    }
}

/// The decoder prints distances: `$+0x10`. Makes them addresses.
fn absolute(text: &str, at: usize) -> String {
    let Some((before, distance)) = text.split_once('$') else { return text.to_owned() };
    let digits = distance.trim_start_matches(['+', '-']).trim_start_matches("0x");
    let n = usize::from_str_radix(digits, 16).expect("a distance is hexadecimal");
    let to = if distance.starts_with('-') { at.wrapping_sub(n) } else { at + n };
    format!("{before}{to:#x}")
}

/// `code` is the function's, of `len` bytes, and what follows.
fn disassemble(code: &[u8], len: usize, out: &mut String) {
    let mut formatter = IntelFormatter::new();
    formatter.options_mut().set_space_after_operand_separator(true);
    formatter.options_mut().set_hex_prefix("0x");
    formatter.options_mut().set_hex_suffix("");
    formatter.options_mut().set_branch_leading_zeros(false);
    formatter.options_mut().set_show_branch_size(false);
    let mut decoder = Decoder::with_ip(64, &code[..len], 0, DecoderOptions::NONE);
    let mut text = String::new();
    while decoder.can_decode() {
        let instruction = decoder.decode();
        text.clear();
        formatter.format(&instruction, &mut text);
        let note = match instruction.is_ip_rel_memory_operand() && instruction.memory_size().size() == 16 {
            true => constant(code, instruction.ip_rel_memory_address() as usize),
            false => String::new(),
        };
        if let Some(jump) = code[instruction.ip() as usize..].first_chunk()
            && let Some((trap, _)) = trap_of_jump(*jump)
        {
            let (mnemonic, _) = text.split_once(' ').expect("a jump has a target");
            text = format!("{mnemonic} trap {}", trap as u8);
        }
        writeln!(out, ";; {:5x}  {text}{note}", instruction.ip()).expect("strings take all");
        if text == "ud2" {
            // The byte after it is the trap code.
            let at = decoder.position();
            writeln!(out, ";; {at:5x}  trap {}", code[at]).expect("strings take all");
            decoder.set_position(at + 1).expect("the code is in the function");
            decoder.set_ip(at as u64 + 1);
        }
    }
}

/// The golden text of an input: with the input before it, and where it is kept.
struct Golden {
    path: PathBuf,
    before: String,
    expected: String,
}

/// Compares, or writes; the message describes the difference.
fn check(input: &str, target: Target, golden: Golden, bless: bool) -> Result<(), String> {
    let Golden { path, before, expected } = golden;
    let actual = listing(input, target).map_err(|e| format!("{}: {e}", path.display()))?;
    if actual == expected {
        return Ok(());
    }
    if bless {
        // The other tests read it at the same time.
        let new = path.with_extension("new");
        return std::fs::write(&new, before + &actual)
            .and_then(|()| std::fs::rename(new, path))
            .map_err(|e| e.to_string());
    }
    let first = actual.lines().zip(expected.lines()).find(|(a, e)| a != e);
    let difference = match first {
        Some((actual, expected)) => format!("expected `{expected}`, got `{actual}`"),
        None => "the lengths differ".to_owned(),
    };
    Err(format!("{}: {difference}", path.display()))
}

/// Checks what each input whose name begins with `prefix` becomes on `target`; `golden` gives the golden text for the input's path and its whole text.
fn check_all(target: Target, prefix: &str, golden: impl Fn(&Path, &str) -> Golden) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/disas/x64");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("entries are readable").path())
        .filter(|path| path.extension().is_some_and(|e| e == "wat"))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix)))
        .collect();
    files.sort();
    assert!(files.len() >= 2, "golden files are missing: {} found", files.len());
    let bless = std::env::var_os("HEADWATER_BLESS").is_some();
    let failures: Vec<String> = files
        .iter()
        .filter_map(|path| {
            let text = std::fs::read_to_string(path).expect("golden files are text");
            let input = text.split(MARK).next().expect("a split has a first part");
            check(input, target, golden(path, &text), bless).err()
        })
        .collect();
    assert!(failures.is_empty(), "re-bless with HEADWATER_BLESS=1 if intended:\n{}", failures.join("\n"));
}

#[test]
fn machine_code_is_what_the_golden_files_say() {
    check_all(Target::X64_BASELINE, "", |path, text| {
        let (input, expected) = text.split_once(MARK).unwrap_or((text, ""));
        Golden {
            path: path.to_owned(),
            before: format!("{}\n\n{MARK}", input.trim_end()),
            expected: expected.to_owned(),
        }
    });
}

#[test]
fn aarch64_code_is_what_the_golden_files_say() {
    check_all(Target::AARCH64, "", |path, _| beside(path, "aarch64", "AArch64 code"));
}

#[test]
fn vector_code_with_all_features_is_what_the_golden_files_say() {
    check_all(Target::X64_ALL, "vector_", |path, _| beside(path, "avx", "x86-64 code with all optional features"));
}

#[test]
fn code_with_all_features_of_aarch64_is_what_the_golden_files_say() {
    let what = "AArch64 code with all optional features";
    for prefix in ["atomic_", "vector_relaxed"] {
        check_all(Target::AARCH64_ALL, prefix, |path, _| beside(path, "aarch64_all", what));
    }
}

/// The golden text that is in a folder of its own.
fn beside(path: &Path, folder: &str, what: &str) -> Golden {
    let folder = path.parent().expect("it is in a folder").with_file_name(folder);
    let name = path.file_name().expect("it is a file");
    let path = folder.join(name).with_extension("txt");
    let before = format!(";; {what} of ../x64/{}\n", name.display());
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = text.strip_prefix(&before).unwrap_or_default().to_owned();
    Golden { path, before, expected }
}
