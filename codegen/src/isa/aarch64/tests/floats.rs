//! Float operations and constants.

use super::super::enc::float_imm;
use super::{FPRS, Random, WIDTHS, check, code, decode, emitted, f, r, trap_code};
use crate::masm::*;
use Width::{W32, W64};

#[test]
fn arithmetic() {
    let ops = [(FAlu::Add, "fadd"), (FAlu::Sub, "fsub"), (FAlu::Mul, "fmul"), (FAlu::Div, "fdiv")];
    let unary = [
        (FUnary::Abs, "fabs"),
        (FUnary::Neg, "fneg"),
        (FUnary::Sqrt, "fsqrt"),
        (FUnary::Ceil, "frintp"),
        (FUnary::Floor, "frintm"),
        (FUnary::Trunc, "frintz"),
        (FUnary::Nearest, "frintn"),
    ];
    for w in WIDTHS {
        for d in FPRS {
            for a in FPRS {
                for b in FPRS {
                    for (op, name) in ops {
                        let expected = [format!("{name} {}, {}, {}", f(w, d), f(w, a), f(w, b))];
                        check(&expected, |m| m.falu(op, w, Fpr(d), Fpr(a), Loc::reg(Fpr(b))));
                    }
                    let minmax = |name| [format!("{name} {}, {}, {}", f(w, d), f(w, a), f(w, b))];
                    check(&minmax("fmin"), |m| m.fminmax(false, w, Fpr(d), Fpr(a), Fpr(b)));
                    check(&minmax("fmax"), |m| m.fminmax(true, w, Fpr(d), Fpr(a), Fpr(b)));
                }
                for (op, name) in unary {
                    check(&[format!("{name} {}, {}", f(w, d), f(w, a))], |m| m.funary(op, w, Fpr(d), Fpr(a)));
                }
                check(&[format!("fcmp {}, {}", f(w, d), f(w, a))], |m| {
                    assert_eq!(m.fcmp(Cond::FLt, w, Fpr(d), Fpr(a)), Cond::FLt);
                });
                let to = if w == W32 { W64 } else { W32 };
                check(&[format!("fcvt {}, {}", f(to, d), f(w, a))], |m| m.fconvert(w, Fpr(d), Fpr(a)));
                if d != a {
                    check(&[format!("fmov d{d}, d{a}")], |m| m.fmov(Fpr(d), Fpr(a)));
                }
            }
        }
        check(&[format!("ldur {}, [x29, #-0x10]", f(w, 31)), format!("fadd {0}, {0}, {1}", f(w, 1), f(w, 31))], |m| {
            m.falu(FAlu::Add, w, Fpr(1), Fpr(1), Loc::frame(-16));
        });
    }
}

#[test]
fn conversions() {
    for float in WIDTHS {
        for int in WIDTHS {
            for (i, fr) in FPRS.into_iter().enumerate() {
                let ir = super::GPRS[i];
                for (signed, to, from) in [(true, "scvtf", "fcvtzs"), (false, "ucvtf", "fcvtzu")] {
                    let expected = [format!("{to} {}, {}", f(float, fr), r(int, ir))];
                    check(&expected, |m| m.int_to_float(int, signed, float, Fpr(fr), Gpr(ir)));
                    let expected = [format!("{from} {}, {}", r(int, ir), f(float, fr))];
                    check(&expected, |m| m.float_to_int_sat(float, int, signed, Gpr(ir), Fpr(fr)));
                }
            }
        }
        for (i, fr) in FPRS.into_iter().enumerate() {
            let ir = super::GPRS[i];
            check(&[format!("fmov {}, {}", r(float, ir), f(float, fr))], |m| m.float_bits(float, Gpr(ir), Fpr(fr)));
            check(&[format!("fmov {}, {}", f(float, fr), r(float, ir))], |m| {
                m.float_from_bits(float, Fpr(fr), Gpr(ir))
            });
        }
    }
}

/// The sign goes where it should whichever registers are the same.
#[test]
fn copysign() {
    for w in WIDTHS {
        let mask: &[&str] =
            if w == W32 { &["movi v31.2s, #0x80, lsl #24"] } else { &["movi d31, #0x0", "fneg d31, d31"] };
        let expected = |rest: &[&str]| mask.iter().chain(rest).map(|s| s.to_string()).collect::<Vec<_>>();
        check(&expected(&["bit v1.8b, v2.8b, v31.8b"]), |m| m.fcopysign(w, Fpr(1), Fpr(1), Fpr(2)));
        check(&expected(&["fmov d3, d1", "bit v3.8b, v2.8b, v31.8b"]), |m| m.fcopysign(w, Fpr(3), Fpr(1), Fpr(2)));
        check(&expected(&["bif v2.8b, v1.8b, v31.8b"]), |m| m.fcopysign(w, Fpr(2), Fpr(1), Fpr(2)));
        check(&expected(&["bit v1.8b, v1.8b, v31.8b"]), |m| m.fcopysign(w, Fpr(1), Fpr(1), Fpr(1)));
    }
}

#[test]
fn conversions_that_trap_say_why() {
    let trunc = |float: Width, int: Width, signed: bool| {
        let mut stubs = Vec::new();
        let lines = emitted(|m| {
            m.set_operator(std::ptr::without_provenance(9));
            m.float_to_int(float, int, signed, Gpr(3), Fpr(8));
            stubs = std::mem::take(&mut m.lists().stubs);
        });
        assert!(stubs.iter().all(|stub| stub.operator == 9));
        (lines, stubs.iter().map(|stub| (stub.site / 4, trap_code(stub))).collect::<Vec<_>>())
    };
    for float in WIDTHS {
        let src = f(float, 8);
        let nan = [format!("fcmp {src}, {src}"), "b.vs $+0x0".to_string()];
        for (signed, compare) in [(true, "cmp x16, w16, sxtw"), (false, "cmp x16, w16")] {
            let (lines, traps) = trunc(float, W32, signed);
            let rest = [format!("fcvtzs x16, {src}"), compare.to_string(), "b.ne $+0x0".into(), "mov w3, w16".into()];
            assert_eq!(lines, [&nan[..], &rest].concat());
            assert_eq!(traps, [(1, 8), (4, 6)]);
        }
        let (constant, limit) = if float == W32 {
            ("mov w15, #0x5f000000", "fmov s30, w15")
        } else {
            ("mov x15, #0x43e0000000000000", "fmov d30, x15")
        };
        let x = f(float, 30);
        let (lines, traps) = trunc(float, W64, true);
        let rest = [
            constant.to_string(),
            limit.to_string(),
            format!("fcmp {src}, {x}"),
            "b.ge $+0x0".into(),
            format!("fneg {x}, {x}"),
            format!("fcmp {src}, {x}"),
            "b.mi $+0x0".into(),
            format!("fcvtzs x3, {src}"),
        ];
        assert_eq!(lines, [&nan[..], &rest].concat());
        assert_eq!(traps, [(1, 8), (5, 6), (8, 6)]);
        let (lines, traps) = trunc(float, W64, false);
        let constant = if float == W32 { "mov w15, #0x5f800000" } else { "mov x15, #0x43f0000000000000" };
        let rest = [
            constant.to_string(),
            limit.to_string(),
            format!("fcmp {src}, {x}"),
            "b.ge $+0x0".into(),
            format!("fmov {x}, #-1.0"),
            format!("fcmp {src}, {x}"),
            "b.ls $+0x0".into(),
            format!("fcvtzu x3, {src}"),
        ];
        assert_eq!(lines, [&nan[..], &rest].concat());
        assert_eq!(traps, [(1, 8), (5, 6), (8, 6)]);
    }
}

/// What the architecture says a float immediate stands for (`VFPExpandImm`).
fn expand(w: Width, imm8: u64) -> u64 {
    let (sign, b, cd, fraction) = (imm8 >> 7, imm8 >> 6 & 1, imm8 >> 4 & 3, imm8 & 15);
    match w {
        W32 => sign << 31 | (1 - b) << 30 | (b * 0x1f) << 25 | cd << 23 | fraction << 19,
        W64 => sign << 63 | (1 - b) << 62 | (b * 0xff) << 54 | cd << 52 | fraction << 48,
    }
}

#[test]
fn float_immediates_are_those_of_the_architecture() {
    for w in WIDTHS {
        let all: Vec<u64> = (0..256).map(|imm8| expand(w, imm8)).collect();
        for (imm8, &bits) in all.iter().enumerate() {
            assert_eq!(float_imm(w, bits), Some((imm8 as u32) << 13), "{bits:#x}");
            assert_eq!(float_imm(w, bits | 1), None);
        }
        let mut random = Random(3);
        for _ in 0..20_000 {
            let bits = if w == W32 { random.value() & 0xffff_ffff } else { random.value() };
            assert_eq!(float_imm(w, bits).is_some(), all.contains(&bits), "{bits:#x}");
        }
    }
    check(&["fmov d3, #-1.5"], |m| m.fmov_imm(W64, Fpr(3), (-1.5f64).to_bits()));
    check(&["fmov s31, #0.125"], |m| m.fmov_imm(W32, Fpr(31), u64::from(0.125f32.to_bits())));
}

#[test]
fn float_constants() {
    check(&["movi d9, #0x0"], |m| m.fmov_imm(W64, Fpr(9), 0));
    check(&["movi d9, #0x0"], |m| m.fmov_imm(W32, Fpr(9), 0));
    check(&["mov w15, #0x80000000", "fmov s1, w15"], |m| m.fmov_imm(W32, Fpr(1), 0x8000_0000));
    check(&["mov x15, #0x8000000000000000", "fmov d1, x15"], |m| m.fmov_imm(W64, Fpr(1), 1 << 63));
    // From the pool after the code, where each is once.
    let bits = 0.1f64.to_bits();
    for x in FPRS {
        let bytes = code(false, 4096, |m| {
            m.fmov_imm(W64, Fpr(x), bits);
            m.fmov_imm(W64, Fpr(x), bits);
            m.fmov_imm(W64, Fpr(x), bits ^ 1);
            m.finish_pool();
        });
        let expected = [format!("ldr d{x}, $+0x10"), format!("ldr d{x}, $+0xc"), format!("ldr d{x}, $+0x10")];
        assert_eq!(decode(&bytes[..12]), expected);
        assert_eq!(bytes[16..], [bits.to_le_bytes(), (bits ^ 1).to_le_bytes()].concat());
    }
}
