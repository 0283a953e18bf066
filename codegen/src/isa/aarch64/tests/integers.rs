//! Integer operations and constants.

use super::super::enc::logical_imm;
use super::{GPRS, IMMS, Machine, Random, WIDTHS, check, emitted, r, trap_code};
use crate::masm::*;
use Width::{W32, W64};

/// What the architecture says a logical immediate stands for (`DecodeBitMasks`).
fn decode_logical(field: u32) -> u64 {
    let (n, immr, imms) = (field >> 22 & 1, field >> 16 & 63, field >> 10 & 63);
    let len = 31 - (n << 6 | !imms & 63).leading_zeros();
    let size = 1u32 << len;
    let (s, r) = (imms & (size - 1), immr & (size - 1));
    let ones = (1u128 << (s + 1)) - 1;
    let element = (ones >> r | ones << (size - r)) as u64 & ((1u128 << size) - 1) as u64;
    (0..64 / size).fold(0, |all, i| all | element << (i * size))
}

/// All logical immediates.
fn logical_values() -> std::collections::HashSet<u64> {
    let mut known = std::collections::HashSet::new();
    for size in [2u32, 4, 8, 16, 32, 64] {
        for ones in 1..size {
            for rotation in 0..size {
                let run = (1u128 << ones) - 1;
                let element = (run >> rotation | run << (size - rotation)) as u64 & ((1u128 << size) - 1) as u64;
                known.insert((0..64 / size).fold(0u64, |all, i| all | element << (i * size)));
            }
        }
    }
    known
}

#[test]
fn logical_immediates_are_those_of_the_architecture() {
    let known = logical_values();
    assert_eq!(known.len(), 5334);
    for &value in &known {
        let field = logical_imm(value).unwrap_or_else(|| panic!("{value:#x} is a logical immediate"));
        assert_eq!(decode_logical(field), value);
        for near in [value ^ 1, value ^ 1 << 63, value.wrapping_add(1), value << 1, !value] {
            assert_eq!(logical_imm(near).is_some(), known.contains(&near), "{near:#x}");
        }
    }
    assert_eq!([logical_imm(0), logical_imm(u64::MAX)], [None; 2]);
}

#[test]
fn constants() {
    let mut random = Random(1);
    let edges = (0..64).flat_map(|n| [1u64 << n, (1 << n) - 1, !(1 << n), u64::MAX << n, (1u64 << n).wrapping_neg()]);
    let halves = (0..256u64).map(|n| {
        let half = |i: u64| [0, 0xffff, 0x1234, 0xfffe][(n >> (2 * i) & 3) as usize];
        half(0) | half(1) << 16 | half(2) << 32 | half(3) << 48
    });
    let logical = logical_values().into_iter().flat_map(|v| [v, v & 0xffff_ffff]);
    let values: Vec<u64> = edges.chain(halves).chain(logical).chain((0..20_000).map(|_| random.value())).collect();
    for value in values {
        let lines = emitted(|m| m.mov_imm(Gpr(9), value as i64));
        let mut machine = Machine::new();
        machine.run(&lines);
        assert_eq!(machine.x[9], value, "{lines:?}");
        let parts = |fill: u64| (0..4).filter(|i| value >> (16 * i) & 0xffff != fill).count();
        assert!(lines.len() <= parts(0).min(parts(0xffff)).max(1), "{value:#x}: {lines:?}");
        assert!(logical_imm(value).is_none() || lines.len() == 1, "{value:#x}: {lines:?}");
    }
}

const OPS: [(Alu, &str); 6] =
    [(Alu::Add, "add"), (Alu::Sub, "sub"), (Alu::And, "and"), (Alu::Or, "orr"), (Alu::Xor, "eor"), (Alu::Mul, "mul")];

fn result(op: Alu, w: Width, a: u64, b: u64) -> u64 {
    let value = match op {
        Alu::Add => a.wrapping_add(b),
        Alu::Sub => a.wrapping_sub(b),
        Alu::And => a & b,
        Alu::Or => a | b,
        Alu::Xor => a ^ b,
        Alu::Mul => a.wrapping_mul(b),
    };
    if w == W32 { value & 0xffff_ffff } else { value }
}

#[test]
fn arithmetic_with_registers() {
    for (op, name) in OPS {
        for w in WIDTHS {
            for dst in GPRS {
                for a in GPRS {
                    for b in GPRS {
                        let expected = [format!("{name} {}, {}, {}", r(w, dst), r(w, a), r(w, b))];
                        check(&expected, |m| m.alu(op, w, Gpr(dst), Loc::reg(Gpr(a)), Loc::reg(Gpr(b))));
                    }
                }
            }
            let (x, y) = (r(w, 16), r(w, 17));
            let expected = [
                format!("ldur {x}, [x29, #-0x10]"),
                format!("ldur {y}, [x29, #-0x18]"),
                format!("{name} {}, {x}, {y}", r(w, 3)),
            ];
            check(&expected, |m| m.alu(op, w, Gpr(3), Loc::frame(-16), Loc::frame(-24)));
        }
    }
}

#[test]
fn arithmetic_with_constants() {
    let mut random = Random(2);
    let logical = logical_values().into_iter().map(|v| v as i32);
    let imms: Vec<i32> = IMMS.into_iter().chain(logical).chain((0..2000).map(|_| random.value() as i32)).collect();
    for (op, _) in OPS {
        for w in WIDTHS {
            for (i, &imm) in imms.iter().enumerate() {
                let (dst, a) = (GPRS[i % 12], GPRS[i / 5 % 12]);
                let lines = emitted(|m| m.alu_imm(op, w, Gpr(dst), Loc::reg(Gpr(a)), imm));
                let mut machine = Machine::new();
                let expected = result(op, w, machine.x[usize::from(a)], imm as i64 as u64);
                machine.run(&lines);
                assert_eq!(machine.x[usize::from(dst)], expected, "{op:?} {w:?} {imm}: {lines:?}");
                let n = imm.unsigned_abs();
                if matches!(op, Alu::Add | Alu::Sub) && (n < 4096 || n < 1 << 24 && n % 4096 == 0) {
                    assert_eq!(lines.len(), 1, "{imm}: {lines:?}");
                }
            }
        }
    }
}

/// Shifts and products go into the operation that uses them up, and only if that is the very next one.
#[test]
fn shifted_operands_and_multiply_add() {
    let reg = |n| Loc::reg(Gpr(n));
    let shl = |m: &mut super::A64, w, dst| m.shift_imm(Shift::Shl, w, Gpr(dst), reg(20), 3);
    for w in WIDTHS {
        let [d, a, b, c, t] = [1, 19, 20, 21, 0].map(|n| r(w, n));
        for (op, name) in OPS.into_iter().filter(|(op, _)| *op != Alu::Mul) {
            for (shift, text) in [(Shift::Shl, "lsl"), (Shift::ShrU, "lsr"), (Shift::ShrS, "asr")] {
                for n in [1, 2, 31, if w == W32 { 30 } else { 63 }] {
                    check(&[format!("{name} {d}, {a}, {b}, {text} #{n}")], |m| {
                        m.shift_imm(shift, w, Gpr(0), reg(20), n);
                        m.alu(op, w, Gpr(1), reg(19), reg(0));
                    });
                }
            }
            if op != Alu::Sub {
                check(&[format!("{name} {d}, {a}, {b}, lsl #3")], |m| {
                    shl(m, w, 0);
                    m.alu(op, w, Gpr(1), reg(0), reg(19));
                });
            }
        }
        check(&[format!("madd {d}, {b}, {c}, {a}")], |m| {
            m.alu(Alu::Mul, w, Gpr(0), reg(20), reg(21));
            m.alu(Alu::Add, w, Gpr(1), reg(19), reg(0));
        });
        check(&[format!("msub {d}, {b}, {c}, {a}")], |m| {
            m.alu(Alu::Mul, w, Gpr(0), reg(20), reg(21));
            m.alu(Alu::Sub, w, Gpr(1), reg(19), reg(0));
        });
        // The other way round; both operands; an operation that has no such form.
        let lsl = format!("lsl {t}, {b}, #0x3");
        let mul = format!("mul {t}, {b}, {c}");
        check(&[lsl.clone(), format!("sub {d}, {t}, {a}")], |m| {
            shl(m, w, 0);
            m.alu(Alu::Sub, w, Gpr(1), reg(0), reg(19));
        });
        check(&[lsl.clone(), format!("add {d}, {t}, {t}")], |m| {
            shl(m, w, 0);
            m.alu(Alu::Add, w, Gpr(1), reg(0), reg(0));
        });
        check(&[mul, format!("and {d}, {a}, {t}")], |m| {
            m.alu(Alu::Mul, w, Gpr(0), reg(20), reg(21));
            m.alu(Alu::And, w, Gpr(1), reg(19), reg(0));
        });
        // A pinned local lives on; another width; something between; a jump that comes in between.
        check(&[format!("lsl {a}, {b}, #0x3"), format!("add {d}, {c}, {a}")], |m| {
            shl(m, w, 19);
            m.alu(Alu::Add, w, Gpr(1), reg(21), reg(19));
        });
        let other = if w == W32 { W64 } else { W32 };
        check(&[lsl.clone(), format!("add {}, {}, {}", r(other, 1), r(other, 19), r(other, 0))], |m| {
            shl(m, w, 0);
            m.alu(Alu::Add, other, Gpr(1), reg(19), reg(0));
        });
        check(&[lsl.clone(), "mov w5, #0x0".into(), format!("add {d}, {a}, {t}")], |m| {
            shl(m, w, 0);
            m.mov_imm(Gpr(5), 0);
            m.alu(Alu::Add, w, Gpr(1), reg(19), reg(0));
        });
        check(&["b $+0x8".to_string(), lsl, format!("add {d}, {a}, {t}")], |m| {
            let mut chain = crate::masm::Chain::default();
            m.jump(&mut chain);
            shl(m, w, 0);
            m.bind(chain);
            m.alu(Alu::Add, w, Gpr(1), reg(19), reg(0));
        });
    }
}

#[test]
fn shifts() {
    let ops = [(Shift::Shl, "lsl"), (Shift::ShrS, "asr"), (Shift::ShrU, "lsr"), (Shift::Rotr, "ror")];
    for w in WIDTHS {
        let bits = if w == W32 { 32 } else { 64 };
        for (i, dst) in GPRS.into_iter().enumerate() {
            let (a, count) = (GPRS[(i + 3) % 12], GPRS[(i + 7) % 12]);
            for (op, name) in ops {
                let expected = [format!("{name} {}, {}, {}", r(w, dst), r(w, a), r(w, count))];
                check(&expected, |m| m.shift(op, w, Gpr(dst), Loc::reg(Gpr(a)), Gpr(count)));
            }
            let expected = [format!("neg w15, w{count}"), format!("ror {}, {}, {}", r(w, dst), r(w, a), r(w, 15))];
            check(&expected, |m| m.shift(Shift::Rotl, w, Gpr(dst), Loc::reg(Gpr(a)), Gpr(count)));
            for n in 1..bits {
                for (op, name) in ops {
                    let expected = [format!("{name} {}, {}, #{n:#x}", r(w, dst), r(w, a))];
                    check(&expected, |m| m.shift_imm(op, w, Gpr(dst), Loc::reg(Gpr(a)), n));
                }
                let expected = [format!("ror {}, {}, #{:#x}", r(w, dst), r(w, a), bits - n)];
                check(&expected, |m| m.shift_imm(Shift::Rotl, w, Gpr(dst), Loc::reg(Gpr(a)), n));
            }
        }
    }
}

#[test]
fn divisions_check_what_the_machine_does_not() {
    for w in WIDTHS {
        let [d, a, b] = [3, 19, 20].map(|n| r(w, n));
        let x16 = r(w, 16);
        let zero = format!("cbz {b}, $+0x0");
        let overflow = [format!("cmn {b}, #0x1"), format!("ccmp {a}, #0x1, #0x0, eq"), "b.vs $+0x0".into()];
        let div = |op: Div| {
            let mut stubs = Vec::new();
            let lines = emitted(|m| {
                m.div(op, w, Gpr(3), Gpr(19), Loc::reg(Gpr(20)));
                stubs = std::mem::take(&mut m.lists().stubs);
            });
            (lines, stubs.iter().map(trap_code).collect::<Vec<_>>())
        };
        for (op, name) in [(Div::RemS, "sdiv"), (Div::RemU, "udiv")] {
            let (lines, traps) = div(op);
            let expected = vec![zero.clone(), format!("{name} {x16}, {a}, {b}"), format!("msub {d}, {x16}, {b}, {a}")];
            assert_eq!((lines, traps), (expected, vec![7]));
        }
        let (lines, traps) = div(Div::DivS);
        let mut expected = vec![zero.clone()];
        expected.extend(overflow);
        expected.push(format!("sdiv {d}, {a}, {b}"));
        assert_eq!((lines, traps), (expected, vec![7, 6]));
        let (lines, traps) = div(Div::DivU);
        assert_eq!((lines, traps), (vec![zero, format!("udiv {d}, {a}, {b}")], vec![7]));
    }
}

#[test]
fn unary_operators() {
    for w in WIDTHS {
        for (i, dst) in GPRS.into_iter().enumerate() {
            let a = GPRS[(i + 5) % 12];
            let (d, s) = (r(w, dst), r(w, a));
            check(&[format!("clz {d}, {s}")], |m| m.unary(Unary::Clz, w, Gpr(dst), Loc::reg(Gpr(a))));
            let expected = [format!("rbit {}, {s}", r(w, 15)), format!("clz {d}, {}", r(w, 15))];
            check(&expected, |m| m.unary(Unary::Ctz, w, Gpr(dst), Loc::reg(Gpr(a))));
            check(&[format!("sxtb {d}, w{a}")], |m| m.unary(Unary::Extend8, w, Gpr(dst), Loc::reg(Gpr(a))));
            check(&[format!("sxth {d}, w{a}")], |m| m.unary(Unary::Extend16, w, Gpr(dst), Loc::reg(Gpr(a))));
            check(&[format!("sxtw x{dst}, w{a}")], |m| m.unary(Unary::Extend32, W64, Gpr(dst), Loc::reg(Gpr(a))));
            let expected = [
                format!("fmov {}31, {s}", if w == W32 { 's' } else { 'd' }),
                "cnt v31.8b, v31.8b".into(),
                "addv b31, v31.8b".into(),
                format!("fmov w{dst}, s31"),
            ];
            check(&expected, |m| m.unary(Unary::Popcnt, w, Gpr(dst), Loc::reg(Gpr(a))));
            check(&[format!("mov w{dst}, w{a}")], |m| m.mov32(Gpr(dst), Gpr(a)));
            if dst != a {
                check(&[format!("mov x{dst}, x{a}")], |m| m.mov(Gpr(dst), Gpr(a)));
            }
        }
        // Of an i32 in the frame, only the lower half is read.
        check(&["ldur w16, [x29, #-0x8]", "sxtw x1, w16"], |m| m.unary(Unary::Extend32, W64, Gpr(1), Loc::frame(-8)));
    }
}

const NAMES: [(Cond, &str); 20] = [
    (Cond::Eq, "eq"),
    (Cond::Ne, "ne"),
    (Cond::LtS, "lt"),
    (Cond::GeS, "ge"),
    (Cond::LtU, "lo"),
    (Cond::GeU, "hs"),
    (Cond::GtS, "gt"),
    (Cond::LeS, "le"),
    (Cond::GtU, "hi"),
    (Cond::LeU, "ls"),
    (Cond::FEq, "eq"),
    (Cond::FNe, "ne"),
    (Cond::FLt, "mi"),
    (Cond::FNotLt, "pl"),
    (Cond::FGt, "gt"),
    (Cond::FNotGt, "le"),
    (Cond::FLe, "ls"),
    (Cond::FNotLe, "hi"),
    (Cond::FGe, "ge"),
    (Cond::FNotGe, "lt"),
];

/// N, Z, C and V as a comparison leaves them, and what holds then.
fn holds(name: &str, [n, z, c, v]: [bool; 4]) -> bool {
    match name {
        "eq" => z,
        "ne" => !z,
        "lt" => n != v,
        "ge" => n == v,
        "lo" => !c,
        "hs" => c,
        "gt" => !z && n == v,
        "le" => z || n != v,
        "hi" => c && !z,
        "ls" => !c || z,
        "mi" => n,
        _ => !n,
    }
}

#[test]
fn conditions() {
    // Less, equal, greater, unordered, as `fcmp` sets the flags.
    let flags = [
        [true, false, false, false],
        [false, true, true, false],
        [false, false, true, false],
        [false, false, true, true],
    ];
    for (cond, name) in NAMES {
        check(&[format!("b.{name} $+0x4")], |m| {
            let mut chain = crate::masm::Chain::default();
            m.jump_if(cond, &mut chain);
            m.bind(chain);
        });
        check(&[format!("cset w3, {name}")], |m| m.set_cond(cond, Gpr(3)));
        for w in WIDTHS {
            let expected = [format!("csel {}, {}, {}, {name}", r(w, 3), r(w, 19), r(w, 20))];
            check(&expected, |m| m.select(cond, w, Gpr(3), Gpr(19), Loc::reg(Gpr(20))));
        }
        check(&[format!("fcsel d3, d8, d31, {name}")], |m| m.fselect(cond, Fpr(3), Fpr(8), Fpr(31)));
        let expected = match cond {
            Cond::FEq => [false, true, false, false],
            Cond::FNe => [true, false, true, true],
            Cond::FLt => [true, false, false, false],
            Cond::FNotLt => [false, true, true, true],
            Cond::FGt => [false, false, true, false],
            Cond::FNotGt => [true, true, false, true],
            Cond::FLe => [true, true, false, false],
            Cond::FNotLe => [false, false, true, true],
            Cond::FGe => [false, true, true, false],
            Cond::FNotGe => [true, false, false, true],
            _ => continue,
        };
        assert_eq!(flags.map(|f| holds(name, f)), expected, "{cond:?}");
    }
}

#[test]
fn comparisons() {
    for w in WIDTHS {
        for a in GPRS {
            for b in GPRS {
                check(&[format!("cmp {}, {}", r(w, a), r(w, b))], |m| m.cmp(w, Gpr(a), Loc::reg(Gpr(b))));
            }
            let mut random = Random(u64::from(a));
            for imm in IMMS.into_iter().chain((0..200).map(|_| random.value() as i32)) {
                let lines = emitted(|m| m.cmp_imm(w, Loc::reg(Gpr(a)), imm));
                let mut machine = Machine::new();
                machine.run(&lines[..lines.len() - 1]);
                let last = lines.last().expect("a comparison");
                let (op, operands) = last.split_once(' ').expect("operands");
                let o: Vec<&str> = operands.split(", ").collect();
                assert_eq!(o[0], r(w, a), "{last}");
                let shift = if o.get(2).is_some() { 12 } else { 0 };
                let value = (machine.read(o[1]) << shift) as i64;
                let value = match (op, w) {
                    ("cmp", W32) => value as i32,
                    ("cmp", W64) => i32::try_from(value).expect("a sign-extended constant"),
                    ("cmn", _) => -(value as i32),
                    _ => panic!("{last}"),
                };
                assert_eq!(value, imm, "{lines:?}");
                // To add 0 or the smallest integer would set other flags than to subtract its negation does.
                assert!(op == "cmp" || imm < 0 && imm != i32::MIN, "{lines:?}");
            }
        }
    }
}
