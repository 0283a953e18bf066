//! Loads and stores of vectors and lanes, and the addresses they are made to reach.

use super::memory::{DISPS, SLOTS};
use super::{Machine, check, code, decode};
use crate::masm::*;
use crate::op::{self, Imm, Op, simd};
use crate::reg::{Fpr, Gpr};

/// Checks that the last of `lines` is `expected` up to its address, and that this is `address`; the lines before it are
/// those of `prepared` that make it.
#[track_caller]
fn accesses(prepared: &[String], line: &str, address: impl FnOnce(&Machine) -> u64, expected: &str) {
    let mut machine = Machine::new();
    let address = address(&machine);
    machine.run(prepared);
    let (what, at) = line.rsplit_once(", [").expect("an address");
    let at = at.strip_suffix(']').expect("no write-back").split(", ").map(|part| machine.read(part));
    let at = at.fold(0u64, u64::wrapping_add);
    // ldur is ldr with a displacement that is not scaled.
    let what = what.replacen("ldur", "ldr", 1).replacen("stur", "str", 1);
    assert_eq!((at, what.as_str()), (address, expected), "{prepared:?} {line}");
}

fn reach(m: &Machine, base: u8, index: Option<u8>, disp: i32) -> u64 {
    let index = index.map_or(0, |i| m.x[usize::from(i)]);
    m.x[usize::from(base)].wrapping_add(index).wrapping_add(disp as i64 as u64)
}

/// All loads and stores of vectors.
fn operators() -> impl Iterator<Item = &'static Op> {
    op::all().filter(|op| op.prefix == Some(op::PREFIX_FD) && op.alignment().is_some())
}

const SCALARS: [char; 5] = ['b', 'h', 's', 'd', 'q'];
const SHAPES: [&str; 5] = ["16b", "8h", "4s", "2d", ""];

#[test]
fn all_addresses_are_reached() {
    for op in operators() {
        let size = op.alignment().expect("an access") as usize;
        let (load, scalar) = (op.sig.results().next().is_some(), SCALARS[size]);
        let lane = if matches!(op.imm, Imm::MemArgLane(_)) { Some((16 >> size) - 1) } else { None };
        for (v, base, index) in [(0, 27, Some(3)), (23, 17, Some(16)), (29, 28, None), (16, 17, None), (1, 0, Some(0))]
        {
            for disp in DISPS {
                let mut prepared = 0;
                let mut access = 0;
                let bytes = code(false, 4096, |m| {
                    let addr = m.vprepare(op.code, Addr { base: Gpr(base), index: index.map(Gpr), disp });
                    prepared = m.pos();
                    access = prepared;
                    match (lane, load) {
                        (None, true) => m.vload(op.code, Fpr(v), addr),
                        (None, false) => m.vstore(Fpr(v), addr),
                        (Some(lane), true) => m.vload_lane(op.code, lane, Fpr(v), addr),
                        (Some(lane), false) => access = m.vstore_lane(op.code, lane, Fpr(v), addr),
                    }
                });
                let lines = decode(&bytes);
                let (prepare, rest) = lines.split_at(prepared as usize / 4);
                let (access, address) = (access as usize / 4, |m: &Machine| reach(m, base, index, disp));
                // A displacement that `add` makes as a whole leaves none.
                let added = (1 << 16..1 << 24).contains(&disp) && disp & 0xfff == 0 && disp & 0xffff != 0;
                let bare = index.is_none() && (disp == 0 || added);
                let name = op.name.strip_prefix("v128.").expect("a vector");
                let expected = match lane {
                    _ if name.ends_with("splat") && bare => format!("ld1r {{v{v}.{}}}", SHAPES[size]),
                    None if load => format!("ldr {scalar}{v}"),
                    None => format!("str {scalar}{v}"),
                    Some(lane) if load => format!("ld1 {{v{v}.{scalar}}}[{lane}]"),
                    Some(lane) if bare => format!("st1 {{v{v}.{scalar}}}[{lane}]"),
                    Some(_) => format!("str {scalar}31"),
                };
                accesses(prepare, &lines[access], address, &expected);
                // One access, and what is done to a register before or after it.
                let others = rest.iter().filter(|line| line.contains("[x")).count();
                assert_eq!(others, 1, "{lines:?}");
                let extends = name.contains('x');
                let splits = lane.is_some() && !load && !bare;
                let more = extends || splits || name.ends_with("splat") && !bare;
                assert_eq!(rest.len(), 1 + usize::from(more), "{} {lines:?}", op.name);
            }
        }
    }
}

#[test]
fn lanes_are_accessed_by_their_numbers() {
    for (size, scalar) in SCALARS[..4].iter().enumerate() {
        let at = Addr { base: Gpr(17), index: None, disp: 0 };
        let (load, store) = (simd::V128_LOAD8_LANE + size as u32, simd::V128_STORE8_LANE + size as u32);
        for lane in 0..16 >> size {
            check(&[format!("ld1 {{v29.{scalar}}}[{lane}], [x17]")], |m| m.vload_lane(load, lane, Fpr(29), at));
            let indexed = Addr { index: Some(Gpr(3)), ..at };
            if lane == 0 {
                // It is a scalar.
                check(&[format!("str {scalar}29, [x17]")], |m| assert_eq!(m.vstore_lane(store, 0, Fpr(29), at), 0));
                check(&[format!("str {scalar}29, [x17, x3]")], |m| {
                    assert_eq!(m.vstore_lane(store, 0, Fpr(29), indexed), 0);
                });
                continue;
            }
            check(&[format!("st1 {{v29.{scalar}}}[{lane}], [x17]")], |m| {
                assert_eq!(m.vstore_lane(store, lane, Fpr(29), at), 0);
            });
            let expected = [format!("mov {scalar}31, v29.{scalar}[{lane}]"), format!("str {scalar}31, [x17, x3]")];
            check(&expected, |m| assert_eq!(m.vstore_lane(store, lane, Fpr(29), indexed), 4));
        }
    }
}

#[test]
fn loads_extend_and_splat() {
    let (at, indexed) =
        (Addr { base: Gpr(27), index: None, disp: 0 }, Addr { base: Gpr(27), index: Some(Gpr(5)), disp: 0 });
    for (op, expected) in [
        (simd::V128_LOAD8X8_S, ["ldr d16, [x27, x5]", "sshll v16.8h, v16.8b, #0x0"]),
        (simd::V128_LOAD8X8_U, ["ldr d16, [x27, x5]", "ushll v16.8h, v16.8b, #0x0"]),
        (simd::V128_LOAD16X4_S, ["ldr d16, [x27, x5]", "sshll v16.4s, v16.4h, #0x0"]),
        (simd::V128_LOAD16X4_U, ["ldr d16, [x27, x5]", "ushll v16.4s, v16.4h, #0x0"]),
        (simd::V128_LOAD32X2_S, ["ldr d16, [x27, x5]", "sshll v16.2d, v16.2s, #0x0"]),
        (simd::V128_LOAD32X2_U, ["ldr d16, [x27, x5]", "ushll v16.2d, v16.2s, #0x0"]),
        (simd::V128_LOAD8_SPLAT, ["ldr b16, [x27, x5]", "mov v16.16b, v16.b[0]"]),
        (simd::V128_LOAD64_SPLAT, ["ldr d16, [x27, x5]", "mov v16.2d, v16.d[0]"]),
    ] {
        check(&expected, |m| m.vload(op, Fpr(16), indexed));
    }
    check(&["ldr s16, [x27, x5]"], |m| m.vload(simd::V128_LOAD32_ZERO, Fpr(16), indexed));
    check(&["ldr d16, [x27, x5]"], |m| m.vload(simd::V128_LOAD64_ZERO, Fpr(16), indexed));
    check(&["ldr q16, [x27, x5]"], |m| m.vload(simd::V128_LOAD, Fpr(16), indexed));
    check(&["str q16, [x27, x5]"], |m| m.vstore(Fpr(16), indexed));
    check(&["ld1r {v16.8h}, [x27]"], |m| m.vload(simd::V128_LOAD16_SPLAT, Fpr(16), at));
}

#[test]
fn slots_and_stack_arguments() {
    let frame = |m: &Machine, disp: i32| m.x[29].wrapping_add(disp as i64 as u64);
    for v in [0, 8, 16, 31] {
        for disp in SLOTS {
            let load = decode(&code(false, 1024, |m| m.vload_frame(Fpr(v), disp)));
            let (last, before) = load.split_last().expect("a load");
            accesses(before, last, |m| frame(m, disp), &format!("ldr q{v}"));
            let store = decode(&code(false, 1024, |m| m.vstore_frame(Fpr(v), disp)));
            let (last, before) = store.split_last().expect("a store");
            accesses(before, last, |m| frame(m, disp), &format!("str q{v}"));
        }
        for i in [0, 1, 2, 3, 31, 33, 100, 8190, 8191, 10_000, 10_001] {
            let load = decode(&code(false, 1024, |m| m.vload_result(Fpr(v), i)));
            let (last, before) = load.split_last().expect("a load");
            accesses(before, last, |m| m.sp + 8 * u64::from(i), &format!("ldr q{v}"));
            let store = decode(&code(false, 1024, |m| m.vstore_arg(Fpr(v), i)));
            let (last, before) = store.split_last().expect("a store");
            accesses(before, last, |m| m.sp + 8 * u64::from(i), &format!("str q{v}"));
        }
    }
    check(&["ldr q3, [x29, #0x10]"], |m| m.vload_frame(Fpr(3), 16));
    check(&["stur q3, [x29, #-0x18]"], |m| m.vstore_frame(Fpr(3), -24));
}
