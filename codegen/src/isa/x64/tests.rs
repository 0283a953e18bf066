//! The emitters' bytes, decoded by an independent decoder and compared as text, over all registers and the edges of all
//! displacements and immediates.

use super::X64;
use crate::masm::*;
use crate::target::Target;
use crate::ty::Ty;
use Width::{W32, W64};
use iced_x86::{Decoder, DecoderOptions, Formatter, IntelFormatter};

const R64: [&str; 16] =
    ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
const R32: [&str; 16] = [
    "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d",
    "r15d",
];
const R16: [&str; 16] =
    ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"];
const R8: [&str; 16] =
    ["al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"];
/// All registers that values are in: temporaries and pins.
const GPRS: [u8; 10] = [0, 1, 2, 6, 7, 8, 9, 3, 12, 13];
pub(super) const DISPS: [i32; 12] = [0, 1, -1, 8, 127, 128, -128, -129, 4096, -65536, i32::MAX, i32::MIN];
const IMMS: [i32; 10] = [0, 1, -1, 127, 128, -128, -129, 65535, i32::MAX, i32::MIN];
/// An instruction's text up to the address, or its operand's, for a register.
type Text = fn(u8) -> String;
const WIDTHS: [Width; 2] = [W32, W64];

pub(super) fn reg(w: Width, r: u8) -> &'static str {
    if w == W32 { R32[usize::from(r)] } else { R64[usize::from(r)] }
}

pub(super) fn hex(v: i64) -> String {
    if v.unsigned_abs() < 10 && v >= 0 { format!("{v}") } else { format!("0x{v:X}") }
}

/// An immediate as the formatter shows it: unsigned, of the operand's width.
fn imm(w: Width, v: i32) -> String {
    if w == W32 {
        hex(i64::from(v as u32))
    } else if v < 0 {
        format!("0x{:X}", i64::from(v))
    } else {
        hex(i64::from(v))
    }
}

pub(super) fn disp(d: i32) -> String {
    match d {
        0 => String::new(),
        d if d < 0 => format!("-{}", hex(-i64::from(d))),
        d => format!("+{}", hex(i64::from(d))),
    }
}

fn loc(w: Width, l: Loc) -> String {
    if l.is_frame() { format!("[rbp{}]", disp(l.disp())) } else { reg(w, l.register().0).to_owned() }
}

pub(super) fn addr(a: Addr) -> String {
    let index = a.index.map_or(String::new(), |i| format!("+{}", R64[usize::from(i.0)]));
    format!("[{}{index}{}]", R64[usize::from(a.base.0)], disp(a.disp))
}

fn size(s: &str, operand: &str) -> String {
    if operand.starts_with('[') { format!("{s} ptr {operand}") } else { operand.to_owned() }
}

/// What `emit` emits, as lines of text.
pub(super) fn emitted(target: Target, emit: impl FnOnce(&mut X64)) -> Vec<String> {
    let mut code = vec![0u8; 4096];
    // SAFETY: `code` outlives the emitter.
    let mut m = unsafe { X64::new(&mut code, target, (), Box::default()) }.expect("there is room");
    emit(&mut m);
    let len = m.pos() as usize;
    emitted_from(&code[..len])
}

/// Code as lines of text.
fn emitted_from(code: &[u8]) -> Vec<String> {
    let mut formatter = IntelFormatter::new();
    let o = formatter.options_mut();
    o.set_space_after_operand_separator(true);
    o.set_hex_prefix("0x");
    o.set_hex_suffix("");
    o.set_branch_leading_zeros(false);
    o.set_show_branch_size(false);
    let mut lines = Vec::new();
    for instruction in Decoder::with_ip(64, code, 0, DecoderOptions::NONE).iter() {
        let mut text = String::new();
        formatter.format(&instruction, &mut text);
        lines.push(text);
    }
    lines
}

#[track_caller]
fn check(expected: &[String], emit: impl FnOnce(&mut X64)) {
    assert_eq!(emitted(Target::X64_BASELINE, emit), expected);
}

/// The bytes that `emit` writes.
fn bytes(emit: impl FnOnce(&mut X64)) -> Vec<u8> {
    let mut code = vec![0u8; 4096];
    // SAFETY: `code` outlives the emitter.
    let mut m = unsafe { X64::new(&mut code, Target::X64_BASELINE, (), Box::default()) }.expect("there is room");
    emit(&mut m);
    let len = m.pos() as usize;
    code.truncate(len);
    code
}

/// A prefix where none is needed would be a byte for nothing in every tenth instruction.
#[test]
fn accesses_of_memory_0_are_as_short_as_others() {
    for index in [0, 7, 8, 15].map(Gpr) {
        for (reg, disp) in GPRS.into_iter().flat_map(|reg| DISPS.map(|disp| (Reg(reg), disp))) {
            let a = Addr { base: X64::MEMBASE, index: Some(index), disp };
            for kind in [Load::I32, Load::I64, Load::F32, Load::U8, Load::S16To64] {
                assert_eq!(bytes(|m| m.load_indexed(kind, reg, index, disp)), bytes(|m| m.load(kind, reg, a)), "{a:?}");
            }
            for kind in [Store::B8, Store::B16, Store::B32, Store::B64, Store::F64] {
                let short = bytes(|m| m.store(kind, reg, a));
                assert_eq!(bytes(|m| m.store_indexed(kind, reg, index, disp)), short, "{a:?}");
            }
        }
    }
    let first = [X64::MEMBASE, X64::GPR_PINS[0], X64::GPR_PINS[1], X64::GPR_ARGS[0], X64::GPR_ARGS[1]];
    assert!(first.iter().all(|reg| reg.0 < 8), "{first:?}");
}

/// All registers and frame slots.
fn locs() -> impl Iterator<Item = Loc> {
    GPRS.into_iter().map(|n| Loc::reg(Gpr(n))).chain(DISPS.into_iter().map(Loc::frame))
}

pub(super) fn addrs() -> Vec<Addr> {
    let mut all = Vec::new();
    for base in [15, 14, 10, 11, 4, 12, 13, 0, 7] {
        for index in [None, Some(0), Some(7), Some(9), Some(11), Some(12), Some(13), Some(3)] {
            for disp in DISPS {
                all.push(Addr { base: Gpr(base), index: index.map(Gpr), disp });
            }
        }
    }
    all
}

#[test]
fn two_operand_arithmetic() {
    let ops = [
        (Alu::Add, "add"),
        (Alu::Sub, "sub"),
        (Alu::And, "and"),
        (Alu::Or, "or"),
        (Alu::Xor, "xor"),
        (Alu::Mul, "imul"),
    ];
    for (op, name) in ops {
        for w in WIDTHS {
            for dst in GPRS {
                for a in locs() {
                    for b in locs() {
                        if b.is_reg(Gpr(dst)) && !a.is_reg(Gpr(dst)) {
                            continue;
                        }
                        let d = reg(w, dst);
                        let last = format!("{name} {d}, {}", loc(w, b));
                        let expected = if a.is_reg(Gpr(dst)) {
                            vec![last]
                        } else if op == Alu::Add && !a.is_frame() && !b.is_frame() {
                            // r13 as a base would need a displacement.
                            let (base, index) = if a.register().0 == 13 { (b, a) } else { (a, b) };
                            let (base, index) =
                                (R64[usize::from(base.register().0)], R64[usize::from(index.register().0)]);
                            vec![format!("lea {d}, [{base}+{index}]")]
                        } else {
                            vec![format!("mov {d}, {}", loc(w, a)), last]
                        };
                        check(&expected, |m| m.alu(op, w, Gpr(dst), a, b));
                    }
                }
            }
        }
    }
}

#[test]
fn arithmetic_with_immediates() {
    let ops = [(Alu::Add, "add"), (Alu::Sub, "sub"), (Alu::And, "and"), (Alu::Or, "or"), (Alu::Xor, "xor")];
    for w in WIDTHS {
        for dst in GPRS {
            for a in locs() {
                for i in IMMS {
                    let d = reg(w, dst);
                    for (op, name) in ops {
                        let last = format!("{name} {d}, {}", imm(w, i));
                        let by_lea = match op {
                            Alu::Add => Some(i),
                            Alu::Sub => i.checked_neg(),
                            _ => None,
                        };
                        let expected = match by_lea {
                            _ if a.is_reg(Gpr(dst)) => vec![last],
                            Some(i) if !a.is_frame() => {
                                vec![format!("lea {d}, [{}{}]", R64[usize::from(a.register().0)], disp(i))]
                            }
                            _ => vec![format!("mov {d}, {}", loc(w, a)), last],
                        };
                        check(&expected, |m| m.alu_imm(op, w, Gpr(dst), a, i));
                    }
                    let source = if a.is_reg(Gpr(dst)) { String::new() } else { format!("{}, ", loc(w, a)) };
                    check(&[format!("imul {d}, {source}{}", imm(w, i))], |m| m.alu_imm(Alu::Mul, w, Gpr(dst), a, i));
                }
            }
        }
    }
}

#[test]
fn comparisons() {
    for w in WIDTHS {
        let ptr = if w == W32 { "dword" } else { "qword" };
        for a in locs() {
            for b in GPRS {
                check(&[format!("cmp {}, {}", reg(w, b), loc(w, a))], |m| m.cmp(w, Gpr(b), a));
            }
            for i in IMMS {
                let text = if i == 0 && !a.is_frame() {
                    format!("test {0}, {0}", loc(w, a))
                } else {
                    format!("cmp {}, {}", size(ptr, &loc(w, a)), imm(w, i))
                };
                check(&[text], |m| m.cmp_imm(w, a, i));
            }
        }
    }
}

#[test]
fn moves_and_frame_slots() {
    for dst in GPRS {
        for src in GPRS {
            let expected = if dst == src { vec![] } else { vec![format!("mov {}, {}", reg(W64, dst), reg(W64, src))] };
            check(&expected, |m| m.mov(Gpr(dst), Gpr(src)));
            check(&[format!("mov {}, {}", reg(W32, dst), reg(W32, src))], |m| m.mov32(Gpr(dst), Gpr(src)));
        }
        for d in DISPS {
            let slot = loc(W64, Loc::frame(d));
            check(&[format!("mov {}, {slot}", reg(W32, dst))], |m| m.load_frame(Ty::I32, Gpr(dst), d));
            check(&[format!("mov {}, {slot}", reg(W64, dst))], |m| m.load_frame(Ty::I64, Gpr(dst), d));
            check(&[format!("mov {slot}, {}", reg(W64, dst))], |m| m.store_frame(Gpr(dst), d));
        }
        for v in [0, 1, 127, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff] {
            check(&[format!("mov {}, {}", reg(W32, dst), hex(v))], |m| m.mov_imm(Gpr(dst), v));
        }
        for v in [-1, -128, i64::from(i32::MIN)] {
            check(&[format!("mov {}, 0x{v:X}", reg(W64, dst))], |m| m.mov_imm(Gpr(dst), v));
        }
        for v in [1 << 32, i64::MAX, i64::MIN, i64::from(i32::MIN) - 1] {
            check(&[format!("mov {}, 0x{v:X}", reg(W64, dst))], |m| m.mov_imm(Gpr(dst), v));
        }
        check(&[format!("xor {0}, {0}", reg(W32, dst))], |m| m.set_imm(Gpr(dst), 0));
    }
    for x in 0..16u8 {
        for d in DISPS {
            let slot = loc(W64, Loc::frame(d));
            check(&[format!("movss xmm{x}, {slot}")], |m| m.fload_frame(W32, Fpr(x), d));
            check(&[format!("movsd xmm{x}, {slot}")], |m| m.fload_frame(W64, Fpr(x), d));
            check(&[format!("movsd {slot}, xmm{x}")], |m| m.fstore_frame(Fpr(x), d));
        }
        for y in 0..16u8 {
            let expected = if x == y { vec![] } else { vec![format!("movaps xmm{x}, xmm{y}")] };
            check(&expected, |m| m.fmov(Fpr(x), Fpr(y)));
        }
    }
}

/// Each slot, and no byte beside them.
#[test]
fn slots_are_zeroed() {
    for count in 0..=60u32 {
        for lowest in [-8 * count as i32 - 56, -600, -5000] {
            let lines = emitted(Target::X64_BASELINE, |m| m.zero_slots(lowest, count));
            let mut zeroed = vec![false; count as usize];
            let slot = |at: &str| {
                let at = at.trim_start_matches("[rbp").trim_end_matches(']');
                let at = at.replace("-0x", "-").replace("+0x", "+");
                let at = i32::from_str_radix(&at, 16).expect("it is a number");
                ((at - lowest) / 8) as usize
            };
            let (mut first, mut many) = (0, 0);
            for line in &lines {
                if let Some(at) = line.strip_prefix("movups ").and_then(|line| line.strip_suffix(", xmm15")) {
                    zeroed[slot(at)..][..2].fill(true);
                } else if let Some(at) = line.strip_prefix("mov [rbp").and_then(|line| line.strip_suffix(", r11")) {
                    zeroed[slot(at)] = true;
                } else if let Some(at) = line.strip_prefix("lea rdi, ") {
                    first = slot(at);
                } else if let Some(n) = line.strip_prefix("mov ecx, ") {
                    many = usize::from_str_radix(n.trim_start_matches("0x"), 16).expect("it is a number");
                } else if line == "rep stosq [rdi]" {
                    zeroed[first..][..many].fill(true);
                } else {
                    assert!(
                        ["xorps xmm15, xmm15", "xor r11d, r11d", "mov r11, rdi", "xor eax, eax", "mov rdi, r11"]
                            .contains(&line.as_str()),
                        "{line}"
                    );
                }
            }
            assert!(zeroed.iter().all(|zeroed| *zeroed), "{count}: {lines:?}");
            // The base of memory 0 is as before.
            let end = lines.len() - usize::from(many > 0);
            assert!(many == 0 || lines[0] == "mov r11, rdi" && lines[end] == "mov rdi, r11", "{count}: {lines:?}");
        }
    }
}

#[test]
fn loads_and_stores() {
    let loads: [(Load, Text); 12] = [
        (Load::I32, |r| format!("mov {}, ", R32[usize::from(r)])),
        (Load::I64, |r| format!("mov {}, ", R64[usize::from(r)])),
        (Load::F32, |r| format!("movss xmm{r}, ")),
        (Load::F64, |r| format!("movsd xmm{r}, ")),
        (Load::U8, |r| format!("movzx {}, byte ptr ", R32[usize::from(r)])),
        (Load::U16, |r| format!("movzx {}, word ptr ", R32[usize::from(r)])),
        (Load::U32, |r| format!("mov {}, ", R32[usize::from(r)])),
        (Load::S8To32, |r| format!("movsx {}, byte ptr ", R32[usize::from(r)])),
        (Load::S16To32, |r| format!("movsx {}, word ptr ", R32[usize::from(r)])),
        (Load::S8To64, |r| format!("movsx {}, byte ptr ", R64[usize::from(r)])),
        (Load::S16To64, |r| format!("movsx {}, word ptr ", R64[usize::from(r)])),
        (Load::S32To64, |r| format!("movsxd {}, ", R64[usize::from(r)])),
    ];
    let stores: [(Store, Text); 6] = [
        (Store::B8, |r| R8[usize::from(r)].to_owned()),
        (Store::B16, |r| R16[usize::from(r)].to_owned()),
        (Store::B32, |r| R32[usize::from(r)].to_owned()),
        (Store::B64, |r| R64[usize::from(r)].to_owned()),
        (Store::F32, |r| format!("xmm{r}")),
        (Store::F64, |r| format!("xmm{r}")),
    ];
    for a in addrs() {
        for r in GPRS {
            for (kind, text) in &loads {
                if let (X64::MEMBASE, Some(index)) = (a.base, a.index) {
                    check(&[format!("{}{}", text(r), addr(a))], |m| m.load_indexed(*kind, Reg(r), index, a.disp));
                }
                check(&[format!("{}{}", text(r), addr(a))], |m| m.load(*kind, Reg(r), a));
            }
            for (kind, text) in &stores {
                let name = match kind {
                    Store::F32 => "movss",
                    Store::F64 => "movsd",
                    _ => "mov",
                };
                if let (X64::MEMBASE, Some(index)) = (a.base, a.index) {
                    check(&[format!("{name} {}, {}", addr(a), text(r))], |m| {
                        m.store_indexed(*kind, Reg(r), index, a.disp)
                    });
                }
                check(&[format!("{name} {}, {}", addr(a), text(r))], |m| m.store(*kind, Reg(r), a));
            }
        }
        check(&[format!("cmp r9d, {}", addr(a))], |m| m.cmp_memory(W32, Gpr(9), a));
        check(&[format!("cmp rcx, {}", addr(a))], |m| m.cmp_memory(W64, Gpr(1), a));
        check(&[format!("mov byte ptr {}, 0xFE", addr(a))], |m| m.store_imm(Store::B8, -2, a));
        check(&[format!("mov word ptr {}, 0xFFFE", addr(a))], |m| m.store_imm(Store::B16, -2, a));
        check(&[format!("mov dword ptr {}, 0xFFFFFFFE", addr(a))], |m| m.store_imm(Store::B32, -2, a));
        check(&[format!("mov qword ptr {}, 0xFFFFFFFFFFFFFFFE", addr(a))], |m| m.store_imm(Store::B64, -2, a));
    }
}

#[test]
fn globals() {
    for (ty, w) in [(Ty::I32, W32), (Ty::I64, W64), (Ty::EXTERNREF, W64)] {
        for dst in GPRS {
            for d in DISPS.into_iter().filter(|&d| d != 0) {
                let place = format!("[r14{}]", disp(d));
                check(&[format!("mov {}, {place}", reg(w, dst))], |m| m.load_global(ty, Gpr(dst), d, false));
                let through = [format!("mov r10, {place}"), format!("mov {}, [r10]", reg(w, dst))];
                check(&through, |m| m.load_global(ty, Gpr(dst), d, true));
            }
        }
    }
}

#[test]
fn shifts_by_constants() {
    let ops =
        [(Shift::Shl, "shl"), (Shift::ShrS, "sar"), (Shift::ShrU, "shr"), (Shift::Rotl, "rol"), (Shift::Rotr, "ror")];
    for (op, name) in ops {
        for w in WIDTHS {
            for dst in GPRS {
                for n in 1..if w == W32 { 32 } else { 64 } {
                    check(&[format!("{name} {}, {}", reg(w, dst), hex(n))], |m| {
                        m.shift_imm(op, w, Gpr(dst), Loc::reg(Gpr(dst)), n as u8);
                    });
                }
                if dst != 1 {
                    check(&[format!("{name} {}, cl", reg(w, dst))], |m| {
                        m.shift(op, w, Gpr(dst), Loc::reg(Gpr(dst)), Gpr(1))
                    });
                }
            }
        }
    }
}

#[test]
fn unary_operators() {
    let lzcnt = Target { lzcnt: true, ..Target::X64_BASELINE };
    for w in WIDTHS {
        for dst in GPRS {
            for a in locs() {
                let (d, s) = (reg(w, dst), loc(w, a));
                let word = if a.is_frame() { size("word", &s) } else { R16[usize::from(a.register().0)].to_owned() };
                let byte = if a.is_frame() { size("byte", &s) } else { R8[usize::from(a.register().0)].to_owned() };
                check(&[format!("movsx {d}, {byte}")], |m| m.unary(Unary::Extend8, w, Gpr(dst), a));
                check(&[format!("movsx {d}, {word}")], |m| m.unary(Unary::Extend16, w, Gpr(dst), a));
                check(&[format!("popcnt {d}, {s}")], |m| m.unary(Unary::Popcnt, w, Gpr(dst), a));
                assert_eq!(emitted(lzcnt, |m| m.unary(Unary::Clz, w, Gpr(dst), a)), [format!("lzcnt {d}, {s}")]);
                assert_eq!(emitted(lzcnt, |m| m.unary(Unary::Ctz, w, Gpr(dst), a)), [format!("tzcnt {d}, {s}")]);
            }
        }
    }
}

#[test]
fn conditions() {
    let names = [
        (Cond::Eq, "e"),
        (Cond::Ne, "ne"),
        (Cond::LtS, "l"),
        (Cond::GeS, "ge"),
        (Cond::LtU, "b"),
        (Cond::GeU, "ae"),
        (Cond::GtS, "g"),
        (Cond::LeS, "le"),
        (Cond::GtU, "a"),
        (Cond::LeU, "be"),
        (Cond::FLt, "a"),
        (Cond::FNotLt, "be"),
        (Cond::FGt, "a"),
        (Cond::FNotGt, "be"),
        (Cond::FLe, "ae"),
        (Cond::FNotLe, "b"),
        (Cond::FGe, "ae"),
        (Cond::FNotGe, "b"),
    ];
    for (cond, cc) in names {
        for dst in GPRS {
            let expected = [
                format!("set{cc} {}", R8[usize::from(dst)]),
                format!("movzx {}, {}", reg(W32, dst), R8[usize::from(dst)]),
            ];
            check(&expected, |m| m.set_cond(cond, Gpr(dst)));
        }
        check(&[format!("j{cc} 6")], |m| {
            let mut chain = Chain::default();
            m.jump_if(cond, &mut chain);
            m.bind(chain);
        });
        assert_eq!(cond.negate().negate(), cond);
        for a in [0i32, 1, -1] {
            for b in [0i32, 1, -1] {
                let holds = |c: Cond| match c {
                    Cond::Eq => a == b,
                    Cond::Ne => a != b,
                    Cond::LtS => a < b,
                    Cond::GeS => a >= b,
                    Cond::GtS => a > b,
                    Cond::LeS => a <= b,
                    Cond::LtU => (a as u32) < b as u32,
                    Cond::GeU => a as u32 >= b as u32,
                    Cond::GtU => a as u32 > b as u32,
                    _ => a as u32 <= b as u32,
                };
                if (cond as u8) < Cond::FEq as u8 {
                    assert_ne!(holds(cond), holds(cond.negate()), "{cond:?} {a} {b}");
                }
            }
        }
    }
}

#[test]
fn jumps_back_are_short_where_they_can_be() {
    for distance in [0u32, 100, 125, 126, 127, 128, 1000] {
        let jump = emitted(Target::X64_BASELINE, |m| {
            for _ in 0..distance {
                m.w.put(0x90, 1);
                m.room();
            }
            m.jump_back(0);
            m.jump_back_if(Cond::Ne, 0);
        });
        assert_eq!(
            jump[distance as usize..],
            ["jmp 0x0".to_owned(), "jne 0x0".to_owned()].map(|s| s.replace("0x0", "0"))
        );
    }
}

#[test]
fn float_constants_come_from_behind_the_code() {
    for x in 0..16u8 {
        let lines = emitted(Target::X64_BASELINE, |m| {
            m.fmov_imm(W64, Fpr(x), 0x3ff8_0000_0000_0001);
            m.fmov_imm(W64, Fpr(x), 0x3ff8_0000_0000_0001);
            m.finish_pool();
        });
        // Two loads of 8 or 9 bytes; the constant, once, at the next multiple of 8.
        let load = format!("movsd xmm{x}, [{}]", if x < 8 { "0x10" } else { "0x18" });
        assert_eq!(lines[..2], [load.clone(), load]);
    }
}

#[test]
fn a_chain_of_jumps_goes_to_one_place() {
    let lines = emitted(Target::X64_BASELINE, |m| {
        let mut chain = Chain::default();
        m.w.put(0x90, 1);
        for _ in 0..3 {
            m.jump(&mut chain);
        }
        m.jump_if(Cond::Eq, &mut chain);
        m.bind(chain);
    });
    assert_eq!(lines, ["nop", "jmp 0x16", "jmp 0x16", "jmp 0x16", "je 0x16"]);
}

#[test]
fn running_out_of_room_is_noticed_and_harmless() {
    let mut code = vec![0u8; 1024];
    // SAFETY: `code` outlives the emitter.
    let mut m = unsafe { X64::new(&mut code, Target::X64_BASELINE, (), Box::default()) }.expect("there is room");
    let mut chain = Chain::default();
    for _ in 0..10_000 {
        m.room();
        m.jump(&mut chain);
    }
    m.bind(chain);
    assert!(m.overflowed());
}

/// Checks that nothing that `emit` emits changes a flag.
#[track_caller]
fn keeps_flags(emit: impl FnOnce(&mut X64)) {
    let mut code = vec![0u8; 4096];
    // SAFETY: `code` outlives the emitter.
    let mut m = unsafe { X64::new(&mut code, Target::X64_BASELINE, (), Box::default()) }.expect("there is room");
    emit(&mut m);
    let len = m.pos() as usize;
    for instruction in Decoder::with_ip(64, &code[..len], 0, DecoderOptions::NONE).iter() {
        assert_eq!(instruction.rflags_modified(), 0, "{:?}", instruction.code());
    }
}

/// `FLAGS`: what may stand between a comparison and its use.
#[test]
fn moves_and_frame_accesses_keep_the_flags() {
    for (x, y) in GPRS.into_iter().zip(GPRS.into_iter().cycle().skip(3)) {
        keeps_flags(|m| m.mov(Gpr(x), Gpr(y)));
        keeps_flags(|m| m.mov32(Gpr(x), Gpr(y)));
        for value in [0, 1, -1, 0xffff_ffff, 1 << 40] {
            keeps_flags(|m| m.mov_imm(Gpr(x), value));
        }
        for d in DISPS {
            keeps_flags(|m| m.load_frame(Ty::I32, Gpr(x), d));
            keeps_flags(|m| m.load_frame(Ty::I64, Gpr(x), d));
            keeps_flags(|m| m.store_frame(Gpr(x), d));
            for imm in IMMS {
                keeps_flags(|m| m.store_frame_imm(imm, d));
            }
        }
    }
    for x in 0..16u8 {
        keeps_flags(|m| m.fmov(Fpr(x), Fpr(15 - x)));
        for w in WIDTHS {
            for bits in [0, 1 << 63, 0x3ff8_0000_0000_0001] {
                keeps_flags(|m| m.fmov_imm(w, Fpr(x), bits));
            }
            for d in DISPS {
                keeps_flags(|m| m.fload_frame(w, Fpr(x), d));
            }
        }
        keeps_flags(|m| m.fstore_frame(Fpr(x), -8));
    }
}

/// `FIXED_FRAME`: a prologue begins with the caller's frame pointer and vmctx below it, however many registers it saves
/// after that.
#[test]
fn vmctx_is_below_the_frame_pointer() {
    for gprs in 0..=X64::GPR_PINS.len() {
        for fprs in [0, 1, X64::FPR_PINS.len()] {
            let lines = emitted(Target::X64_BASELINE, |m| {
                m.prologue(gprs, fprs, 0);
            });
            assert_eq!(lines[..3], ["push rbp", "mov rbp, rsp", "push r14"]);
            let pushed: Vec<&str> = lines[3..].iter().map_while(|line| line.strip_prefix("push ")).collect();
            let pins: Vec<&str> = X64::GPR_PINS[..gprs].iter().map(|pin| R64[usize::from(pin.0)]).collect();
            assert_eq!(pushed, pins);
            let stored: Vec<&String> = lines.iter().filter(|line| line.starts_with("movsd ")).collect();
            let expected: Vec<String> = (X64::FPR_PINS[..fprs].iter().zip(2 + gprs as i64..))
                .map(|(pin, slot)| format!("movsd [rbp-{}], xmm{}", hex(8 * slot), pin.0))
                .collect();
            assert_eq!(stored, expected.iter().collect::<Vec<_>>());
        }
    }
}

/// The size of a frame has one byte where few bytes are expected, and what is expected wrongly is set up elsewhere.
#[test]
fn frames_have_short_prologues_where_they_are_small() {
    let prologue = |locals: u32, size: u32| {
        emitted(Target::X64_BASELINE, |m| {
            let patch = m.prologue(1, 0, locals);
            m.w.put(0xc3, 1);
            m.patch_frame(patch, 1, 0, size);
        })
    };
    let (check, ret) = (["cmp rsp, [r11]", "jb", "clc"], "ret");
    // Below the return address and rbp there are vmctx, a pin, and what is needed.
    for (size, frame) in [(0, "0"), (8, "0x10"), (16, "0x10"), (104, "0x70"), (112, "0x70")] {
        let expected = [
            &["push rbp", "mov rbp, rsp", "push r14", "push rbx"][..],
            &[&format!("sub rsp, {frame}"), "mov r11, [r14]"],
        ];
        let lines = prologue(104, size);
        assert_eq!(lines[..6], expected.concat());
        let rest: Vec<&str> = lines[6..].iter().map(|line| line.strip_suffix(" 0x12").unwrap_or(line)).collect();
        assert_eq!(rest, [&check[..], &[ret]].concat(), "{size}");
    }
    for (locals, size, frame) in [(105, 105, "0x70"), (112, 112, "0x70"), (800, 801, "0x330")] {
        let lines = prologue(locals, size);
        assert_eq!(lines[4..6], [&format!("sub rsp, {frame}"), "mov r11, [r14]"]);
        assert_eq!(lines.len(), 10);
    }
    // The code has 21 bytes. A jump to behind it, and back, stands for two instructions of 7.
    for (size, frame) in [(113, "0x80"), (4096, "0x1000")] {
        let lines = prologue(0, size);
        assert_eq!(lines[4..6], ["jmp 0x15", "xchg ax, ax"]);
        let elsewhere = [&format!("sub rsp, {frame}"), "mov r11, [r14]", "jmp 0xE"];
        assert_eq!(lines[lines.len() - 3..], elsewhere, "{lines:?}");
    }
}

/// Entries of a jump table are distances, of 16 bits if that is enough for all of them.
#[test]
fn entries_of_jump_tables() {
    for (fill, size) in [(100, 2), (70_000, 4)] {
        for index in [0, 1, 8, 9] {
            let mut code = vec![0u8; fill + 4096];
            // SAFETY: `code` outlives the emitter.
            let mut m =
                unsafe { X64::new(&mut code, Target::X64_BASELINE, (), Box::default()) }.expect("there is room");
            let mut chain = Chain::default();
            m.jump(&mut chain);
            m.table_jump(Gpr(index), 2);
            m.table_entry(&mut chain);
            m.table_entry_back(5);
            m.table_entry(&mut chain);
            for _ in 0..fill {
                m.room();
                m.w.put(0x90, 1);
            }
            let label = m.pos();
            // The jump and two entries.
            m.bind(chain);
            m.w.put(0xc3, 1);
            m.finish_pool();
            let end = m.pos() as usize;
            let lines: Vec<String> = emitted_from(&code[..label as usize + 1]);
            let (r64, r32) = (R64[usize::from(index)], R32[usize::from(index)]);
            assert_eq!(lines[0], format!("jmp {}", hex(label.into())));
            assert_eq!(
                lines[1..4],
                ["mov r11d, 2".to_owned(), format!("cmp {r32}, r11d"), format!("cmova {r32}, r11d")]
            );
            let table = (label as usize + 1).next_multiple_of(2);
            assert_eq!(lines[4], format!("lea r11, [{}]", hex(table as i64)));
            let load = if size == 2 {
                format!("movzx r10d, word ptr [r11+{r64}*2]")
            } else {
                format!("mov r10d, [r11+{r64}*4]")
            };
            assert_eq!(lines[5..8], [load, "sub r11, r10".to_owned(), "jmp r11".to_owned()]);
            let entries: Vec<u64> = code[table..end]
                .chunks(size)
                .map(|entry| entry.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)))
                .collect();
            let (to_label, back) = (table as u64 - u64::from(label), table as u64 - 5);
            assert_eq!(entries, [to_label, back, to_label]);
        }
    }
}
