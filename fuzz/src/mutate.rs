//! Modules that are wrong in the ways in which modules can be wrong: bytes changed, sections whose sizes and counts
//! lie, orders that must not be, bodies that end where they should not.

use crate::choices::Choices;
use crate::engines::Ty;
use crate::module::{Case, module};
use crate::support::{PROGRAMS, leb};
use crate::{programs, smith};
use wasmparser::{Parser, Payload};

/// A module as a header and sections.
#[derive(Clone)]
struct Sections {
    header: Vec<u8>,
    sections: Vec<(u8, Vec<u8>)>,
}

impl Sections {
    /// Of a module, as far as it is well-formed: a code section may announce more than there is.
    fn of(wasm: &[u8]) -> Sections {
        let mut sections = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let Ok(payload) = payload else { break };
            if let Payload::CodeSectionEntry(_) = payload {
                continue;
            }
            if let Some((id, range)) = payload.as_section() {
                let end = wasm.len().min(range.end as usize);
                sections.push((id, wasm[range.start as usize..end].to_vec()));
            }
        }
        Sections { header: wasm[..8.min(wasm.len())].to_vec(), sections }
    }
}

/// A number that was never meant.
fn lie(c: &mut Choices<'_>, truth: u64) -> u64 {
    match c.below(8) {
        0 | 1 => truth.wrapping_add(1 + c.below(3) as u64),
        2 | 3 => truth.wrapping_sub(1 + c.below(3) as u64) & 0xffff_ffff,
        4 => 10_000_000,
        5 => 1 << 30,
        6 => 0xffff_ffff,
        _ => c.word() >> c.below(64),
    }
}

/// `value` in more bytes than it needs, or many more than are allowed.
fn padded(out: &mut Vec<u8>, value: u64, c: &mut Choices<'_>) {
    let mut bytes = Vec::new();
    leb(&mut bytes, value);
    let more = if c.one_in(8) { 8 } else { c.below(5) };
    for _ in 0..more.min(if c.one_in(8) { 8 } else { 5usize.saturating_sub(bytes.len()) }) {
        *bytes.last_mut().expect("numbers have bytes") |= 0x80;
        bytes.push(0);
    }
    out.extend(bytes);
}

/// The LEB128 number at the beginning of `bytes`, and its length.
fn read_leb(bytes: &[u8]) -> Option<(u64, usize)> {
    let (mut value, mut shift) = (0u64, 0);
    for (i, &byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some((value, i + 1));
        }
        shift += 7;
    }
    None
}

fn change_bytes(c: &mut Choices<'_>, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return bytes.push(c.word() as u8);
    }
    let at = c.below(bytes.len());
    match c.below(9) {
        0 => bytes[at] ^= 1 << c.below(8),
        1 => bytes[at] = c.word() as u8,
        2 => bytes[at] = bytes[at].wrapping_add(*c.pick(&[1, 0xff])),
        3 => drop(bytes.remove(at)),
        4 => bytes.insert(at, c.word() as u8),
        5 => bytes.truncate(at),
        6 => {
            let len = 1 + c.below(32.min(bytes.len() - at));
            let copy = bytes[at..at + len].to_vec();
            let to = c.below(bytes.len());
            bytes.splice(to..to, copy);
        }
        7 => {
            let value = lie(c, 0);
            let mut number = Vec::new();
            padded(&mut number, value, c);
            bytes.splice(at..at + 1, number);
        }
        _ => {
            let len = 1 + c.below(16.min(bytes.len() - at));
            bytes.drain(at..at + len);
        }
    }
}

/// Changes a number at the start of a section (its count), or the size of one of the bodies in the code section.
fn change_count(c: &mut Choices<'_>, id: u8, content: &mut Vec<u8>) {
    let Some((count, len)) = read_leb(content) else { return };
    let (mut at, mut value, mut width) = (0, count, len);
    if id == 10 && c.below(2) == 1 {
        at = len;
        for _ in 0..c.below(count.min(1000) as usize + 1) {
            match content.get(at..).and_then(read_leb) {
                Some((size, len)) if at + len + (size as usize) < content.len() => at += len + size as usize,
                _ => break,
            }
        }
        match content.get(at..).and_then(read_leb) {
            Some((size, len)) => (value, width) = (size, len),
            None => return,
        }
        if c.below(3) == 2 {
            // The locals: many of a type.
            let group = at + width;
            let mut locals = vec![1];
            leb(&mut locals, *c.pick(&[1, 49_999, 50_000, 50_001, 0xffff_ffff]));
            locals.push(Ty::NUMBERS[c.below(4)].byte());
            if content.get(group) == Some(&0) {
                content.splice(group..group + 1, locals);
            }
            return;
        }
    }
    let mut number = Vec::new();
    let value = if c.below(3) == 0 { value } else { lie(c, value) };
    padded(&mut number, value, c);
    content.splice(at..at + width, number);
}

fn custom(c: &mut Choices<'_>) -> (u8, Vec<u8>) {
    const NAMES: [&[u8]; 6] = [b"name", b"x", b"", b"\xff\xfe", b"producers", b"\xf0\x9f\x92\xa9"];
    let name = *c.pick(&NAMES);
    let mut content = Vec::new();
    let len = if c.one_in(4) { lie(c, name.len() as u64) } else { name.len() as u64 };
    padded(&mut content, len, c);
    content.extend(name);
    let n = c.below(200);
    content.extend(c.bytes(n));
    (0, content)
}

/// A valid module, or nearly so.
pub fn source(c: &mut Choices<'_>) -> Vec<u8> {
    match c.below(16) {
        0..=6 => {
            let config = smith::any(c);
            let n = 200 + c.below(3000);
            let bytes = c.bytes(n);
            let module = wasm_smith::Module::new(config, &mut arbitrary::Unstructured::new(&bytes));
            module.map_or_else(|_| b"\0asm\x01\0\0\0".to_vec(), |module| module.to_bytes())
        }
        7..=10 => {
            let n = 1 + c.below(4);
            let (frame, cases) = programs::cases(n, c);
            module(&frame, &cases)
        }
        11 | 12 => {
            let (_, wasm) = c.pick(PROGRAMS);
            wasm.to_vec()
        }
        13 => {
            // So large that threads compile it.
            let n = 1 + c.below(4);
            let (frame, cases) = programs::cases(n, c);
            let size: usize = cases.iter().map(|case| case.code.len() + 30).sum();
            let times = (66_000 + c.below(100_000)) / size + 1;
            let cases: Vec<Case> = (0..times).flat_map(|_| cases.iter().cloned()).collect();
            module(&frame, &cases)
        }
        14 => {
            let n = c.below(300);
            [b"\0asm\x01\0\0\0", &c.bytes(n)[..]].concat()
        }
        _ => {
            let n = c.below(100);
            c.bytes(n)
        }
    }
}

/// Changes a module, once or several times, or not at all.
pub fn mutate(c: &mut Choices<'_>, wasm: Vec<u8>) -> Vec<u8> {
    if c.below(6) == 0 {
        return wasm;
    }
    let mut module = Sections::of(&wasm);
    let mut size_lies = Vec::new();
    let mut padding = false;
    for _ in 0..1 + c.below(3) {
        let n = module.sections.len();
        if n == 0 {
            module.sections.push(custom(c));
            continue;
        }
        let at = c.below(n);
        match c.below(14) {
            0..=3 => change_bytes(c, &mut module.sections[at].1),
            4 | 5 => {
                let (id, content) = &mut module.sections[at];
                change_count(c, *id, content);
            }
            6 => size_lies.push(at),
            7 => padding = true,
            8 => {
                let copy = module.sections[at].clone();
                module.sections.insert(c.below(n + 1), copy);
            }
            9 => module.sections.swap(at, c.below(n)),
            10 => drop(module.sections.remove(at)),
            11 => module.sections[at].0 = *c.pick(&[0, 1, 10, 11, 12, 13, 14, 255]),
            12 => {
                let section = custom(c);
                module.sections.insert(c.below(n + 1), section);
            }
            _ => {
                // The code section, where most bytes are.
                if let Some((_, content)) = module.sections.iter_mut().find(|(id, _)| *id == 10) {
                    change_bytes(c, content);
                }
            }
        }
    }
    let mut bytes = module.header;
    for (i, (id, content)) in module.sections.iter().enumerate() {
        bytes.push(*id);
        let size = content.len() as u64;
        let size = if size_lies.contains(&i) { lie(c, size) } else { size };
        if padding {
            padded(&mut bytes, size, c);
        } else {
            leb(&mut bytes, size);
        }
        bytes.extend_from_slice(content);
    }
    match c.below(12) {
        9 => {
            let len = c.below(bytes.len() + 1);
            bytes.truncate(len);
        }
        10 => change_bytes(c, &mut bytes),
        11 => {
            let n = c.below(10);
            bytes.extend(c.bytes(n));
        }
        _ => {}
    }
    bytes
}

/// Chunks of `len` bytes: where each ends.
pub fn splits(c: &mut Choices<'_>, len: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    match c.below(6) {
        0 => {}
        1 if len < 5000 => ends.extend(1..len),
        2 => ends.push(c.below(len + 1)),
        3 => {
            let size = 1 + c.below(1000);
            ends.extend((size..len).step_by(size));
        }
        _ => {
            for _ in 0..c.below(40) {
                ends.push(c.below(len + 1));
            }
            ends.sort_unstable();
        }
    }
    ends.push(len);
    ends
}
