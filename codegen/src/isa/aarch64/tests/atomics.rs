//! Atomic accesses: with exclusive loads and stores, and by single instructions.

use super::{GPRS, code_for, decode, emitted};
use crate::isa::aarch64::A64;
use crate::masm::*;
use crate::target::Target;
use crate::trap::TrapCode;

const ALL: [Rmw; 6] = [Rmw::Add, Rmw::Sub, Rmw::And, Rmw::Or, Rmw::Xor, Rmw::Xchg];
/// Of the mnemonics, by the exponent of the size.
const SUFFIXES: [&str; 4] = ["b", "h", "", ""];

fn r(exponent: u8, n: u8) -> String {
    format!("{}{n}", if exponent == 3 { 'x' } else { 'w' })
}

fn at(n: u8) -> Addr {
    Addr { base: Gpr(n), index: None, disp: 0 }
}

fn with_lse(emit: impl FnOnce(&mut A64)) -> Vec<String> {
    decode(&code_for(Target::AARCH64_ALL, false, 8192, emit))
}

/// Registers for a result, an operand, a second one and an address.
fn registers() -> impl Iterator<Item = [u8; 4]> {
    (0..GPRS.len()).map(|i| [0, 3, 5, 8].map(|d| GPRS[..11][(i + d) % 11]))
}

#[test]
fn loads_and_stores_acquire_and_release() {
    for [dst, _, _, base] in registers() {
        for exponent in 0..4 {
            let (reg, suffix) = (r(exponent, dst), SUFFIXES[usize::from(exponent)]);
            let lines = emitted(|m| {
                assert_eq!(m.atomic_load(exponent, Gpr(dst), at(base)), 0);
                assert_eq!(m.atomic_store(exponent, Gpr(dst), at(base)), 4);
                m.fence();
            });
            assert_eq!(
                lines,
                [format!("ldar{suffix} {reg}, [x{base}]"), format!("stlr{suffix} {reg}, [x{base}]"), "dmb ish".into()]
            );
        }
    }
}

#[test]
fn without_lse_exclusive_stores_are_tried_until_one_succeeds() {
    for [dst, src, new, base] in registers() {
        for exponent in 0..4 {
            let suffix = SUFFIXES[usize::from(exponent)];
            for op in ALL {
                let lines = emitted(|m| {
                    assert_eq!(m.atomic_rmw(op, exponent, Gpr(dst), Gpr(src), Gpr(16), at(base)), 0);
                });
                let name = ["add", "sub", "and", "orr", "eor"].get(op as usize);
                let stored = if name.is_some() { 16 } else { src };
                let mut expected = vec![format!("ldaxr{suffix} {}, [x{base}]", r(exponent, dst))];
                expected.extend(name.map(|name| format!("{name} x16, x{dst}, x{src}")));
                let back = 4 * (expected.len() + 1);
                expected.push(format!("stlxr{suffix} w15, {}, [x{base}]", r(exponent, stored)));
                expected.push(format!("cbnz w15, $-{back:#x}"));
                assert_eq!(lines, expected);
            }
            let lines = emitted(|m| {
                assert_eq!(m.atomic_cmpxchg(exponent, Gpr(dst), Gpr(src), Gpr(new), at(base)), 0);
            });
            let compared = match exponent {
                0 => format!("cmp w{dst}, w{src}, uxtb"),
                1 => format!("cmp w{dst}, w{src}, uxth"),
                _ => format!("cmp {}, {}", r(exponent, dst), r(exponent, src)),
            };
            let expected = [
                format!("ldaxr{suffix} {}, [x{base}]", r(exponent, dst)),
                compared,
                "b.ne $+0xc".into(),
                format!("stlxr{suffix} w15, {}, [x{base}]", r(exponent, new)),
                "cbnz w15, $-0x10".into(),
            ];
            assert_eq!(lines, expected);
        }
    }
}

#[test]
fn with_lse_each_is_one_access() {
    for [dst, src, new, base] in registers() {
        for exponent in 0..4 {
            let suffix = SUFFIXES[usize::from(exponent)];
            for op in ALL {
                let lines = with_lse(|m| {
                    let position = m.atomic_rmw(op, exponent, Gpr(dst), Gpr(src), Gpr(16), at(base));
                    assert_eq!(position, if matches!(op, Rmw::Sub | Rmw::And) { 4 } else { 0 }, "the access");
                });
                let name = ["ldaddal", "ldaddal", "ldclral", "ldsetal", "ldeoral", "swpal"][op as usize];
                let prepared = match op {
                    Rmw::Sub => Some(format!("neg x16, x{src}")),
                    Rmw::And => Some(format!("mvn x16, x{src}")),
                    _ => None,
                };
                let operand = if prepared.is_some() { 16 } else { src };
                let access = format!("{name}{suffix} {}, {}, [x{base}]", r(exponent, operand), r(exponent, dst));
                assert_eq!(lines, prepared.into_iter().chain([access]).collect::<Vec<_>>());
            }
            let lines = with_lse(|m| {
                assert_eq!(m.atomic_cmpxchg(exponent, Gpr(dst), Gpr(src), Gpr(new), at(base)), 4);
            });
            let access = format!("casal{suffix} {}, {}, [x{base}]", r(exponent, dst), r(exponent, new));
            assert_eq!(lines, [format!("mov x{dst}, x{src}"), access]);
        }
    }
}

#[test]
fn addresses_become_one_register() {
    let prepared = |addr| {
        let mut result = None;
        let lines = emitted(|m| result = Some(m.prepare_atomic(addr)));
        (lines, result.expect("it was called").base.0)
    };
    let addr = |base, index: Option<u8>, disp| Addr { base: Gpr(base), index: index.map(Gpr), disp };
    assert_eq!(prepared(addr(17, None, 0)), (vec![], 17));
    assert_eq!(prepared(addr(27, Some(16), 0)), (vec!["add x17, x27, x16".into()], 17));
    assert_eq!(prepared(addr(17, Some(3), 8)), (vec!["add x17, x17, x3".into(), "add x17, x17, #0x8".into()], 17));
    assert_eq!(prepared(addr(27, None, 4095)), (vec!["add x17, x27, #0xfff".into()], 17));
}

#[test]
fn alignment_is_tested_by_what_index_and_offset_have_below_the_size() {
    for (offset, exponent, expected) in [
        (0, 1, vec!["tst w6, #0x1"]),
        (0xffff_fff8, 3, vec!["tst w6, #0x7"]),
        (5, 2, vec!["add x16, x6, #0x1", "tst w16, #0x3"]),
        (0xffff_ffff, 3, vec!["add x16, x6, #0x7", "tst w16, #0x7"]),
    ] {
        let mut lines = emitted(|m| {
            m.check_alignment(Gpr(6), offset, exponent);
            let [stub] = std::mem::take(&mut m.lists().stubs)[..] else { panic!("one trap") };
            assert_eq!(stub.kind, StubKind::Trap(TrapCode::UnalignedAtomic));
        });
        assert!(lines.pop().is_some_and(|jump| jump.starts_with("b.ne")));
        assert_eq!(lines, expected);
    }
}
