//! Loads, stores, and the addresses they are made to reach.

use super::{GPRS, Machine, code, decode, emitted};
use crate::masm::*;
use crate::ty::Ty;
use Width::{W32, W64};

/// Edges of all displacement forms and of the frames that functions may have.
pub(super) const DISPS: [i32; 42] = [
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    15,
    16,
    248,
    252,
    255,
    256,
    257,
    260,
    264,
    504,
    512,
    4088,
    4095,
    4096,
    4100,
    8190,
    8192,
    16380,
    16384,
    32760,
    32761,
    32768,
    65535,
    65536,
    0xfff000,
    0xff_ffff,
    0x100_0000,
    i32::MAX,
    -1,
    -8,
    -256,
    -257,
    -264,
    -65536,
    i32::MIN,
];

/// Displacements of frame slots.
pub(super) const SLOTS: [i32; 20] = [
    -8,
    -16,
    -248,
    -256,
    -264,
    -504,
    -4096,
    -4104,
    -32768,
    -32776,
    -65536,
    -65544,
    -(1 << 20),
    -(1 << 20) - 8,
    -(32 << 20),
    16,
    24,
    4096,
    32760,
    32768,
];

const LOADS: [(Load, &str, u32); 12] = [
    (Load::I32, "ldr w", 4),
    (Load::I64, "ldr x", 8),
    (Load::F32, "ldr s", 4),
    (Load::F64, "ldr d", 8),
    (Load::U8, "ldrb w", 1),
    (Load::U16, "ldrh w", 2),
    (Load::U32, "ldr w", 4),
    (Load::S8To32, "ldrsb w", 1),
    (Load::S16To32, "ldrsh w", 2),
    (Load::S8To64, "ldrsb x", 1),
    (Load::S16To64, "ldrsh x", 2),
    (Load::S32To64, "ldrsw x", 4),
];

const STORES: [(Store, &str, u32); 6] = [
    (Store::B8, "strb w", 1),
    (Store::B16, "strh w", 2),
    (Store::B32, "str w", 4),
    (Store::B64, "str x", 8),
    (Store::F32, "str s", 4),
    (Store::F64, "str d", 8),
];

/// Checks that `lines` access `address`, as `expected` says up to the scaled form's name.
#[track_caller]
fn accesses(lines: &[String], address: impl FnOnce(&Machine) -> u64, expected: &str) {
    let mut machine = Machine::new();
    let address = address(&machine);
    machine.run(lines);
    let [(at, what)] = &machine.accesses[..] else { panic!("one access is expected: {lines:?}") };
    // ldur is ldr with a displacement that is not scaled.
    let what = what.replacen("ldur", "ldr", 1).replacen("stur", "str", 1);
    assert_eq!((*at, what.as_str()), (address, expected), "{lines:?}");
}

fn reach(m: &Machine, a: Addr) -> u64 {
    let index = a.index.map_or(0, |i| m.x[usize::from(i.0)]);
    m.x[usize::from(a.base.0)].wrapping_add(index).wrapping_add(a.disp as i64 as u64)
}

#[test]
fn all_addresses_are_reached() {
    for base in [27, 28, 17, 16] {
        for index in [None, Some(0), Some(13), Some(19), Some(26), Some(16)] {
            for (i, disp) in DISPS.into_iter().enumerate() {
                let a = Addr { base: Gpr(base), index: index.map(Gpr), disp };
                let reg = GPRS[i % 11];
                for (kind, name, size) in LOADS {
                    accesses(&emitted(|m| m.load(kind, Reg(reg), a)), |m| reach(m, a), &format!("{name}{reg}"));
                    prepared(a, size, |m, a| m.load(kind, Reg(reg), a), &format!("{name}{reg}"));
                }
                for (kind, name, size) in STORES {
                    accesses(&emitted(|m| m.store(kind, Reg(reg), a)), |m| reach(m, a), &format!("{name}{reg}"));
                    prepared(a, size, |m, a| m.store(kind, Reg(reg), a), &format!("{name}{reg}"));
                    let zero = match kind {
                        Store::F32 => "str wzr".to_string(),
                        Store::F64 => "str xzr".to_string(),
                        _ => format!("{name}zr"),
                    };
                    prepared(a, size, |m, a| m.store_imm(kind, 0, a), &zero);
                }
            }
        }
    }
}

/// The access of a prepared address is exactly the last instruction.
fn prepared(a: Addr, size: u32, access: impl Fn(&mut super::A64, Addr), expected: &str) {
    if a.base == Gpr(16) {
        // The scratch register is what addresses are prepared in.
        return;
    }
    let mut site = 0;
    let lines = emitted(|m| {
        let a = m.prepare(a, size);
        site = m.pos();
        access(m, a);
    });
    assert_eq!(site as usize / 4 + 1, lines.len(), "{a:?}: {lines:?}");
    accesses(&lines, |m| reach(m, a), expected);
}

#[test]
fn indexed_accesses_are_one_instruction_behind_their_preparation() {
    for disp in DISPS.into_iter().filter(|&d| d >= 0) {
        for index in [0, 13, 19, 26] {
            let a = Addr { base: Gpr(27), index: Some(Gpr(index)), disp };
            for (kind, name, _) in LOADS {
                let mut site = 0;
                let lines = emitted(|m| {
                    let (index, disp) = m.prepare_indexed(Gpr(index), disp);
                    site = m.pos();
                    m.load_indexed(kind, Reg(3), index, disp);
                });
                assert_eq!(site as usize / 4 + 1, lines.len());
                accesses(&lines, |m| reach(m, a), &format!("{name}3"));
            }
            for (kind, name, _) in STORES {
                let mut site = 0;
                let lines = emitted(|m| {
                    let (index, disp) = m.prepare_indexed(Gpr(index), disp);
                    site = m.pos();
                    m.store_indexed(kind, Reg(3), index, disp);
                });
                assert_eq!(site as usize / 4 + 1, lines.len());
                accesses(&lines, |m| reach(m, a), &format!("{name}3"));
            }
        }
    }
}

#[test]
fn frame_slots_however_far_are_reached() {
    let at = |disp: i32| move |m: &Machine| m.x[29].wrapping_add(disp as i64 as u64);
    for disp in SLOTS {
        // The scratch register may hold what is stored.
        for reg in [0, 13, 19, 16, 17] {
            accesses(&emitted(|m| m.load_frame(Ty::I32, Gpr(reg), disp)), at(disp), &format!("ldr w{reg}"));
            accesses(&emitted(|m| m.load_frame(Ty::I64, Gpr(reg), disp)), at(disp), &format!("ldr x{reg}"));
            accesses(&emitted(|m| m.load_frame(Ty::FUNCREF, Gpr(reg), disp)), at(disp), &format!("ldr x{reg}"));
            accesses(&emitted(|m| m.store_frame(Gpr(reg), disp)), at(disp), &format!("str x{reg}"));
            accesses(&emitted(|m| m.fload_frame(W32, Fpr(reg), disp)), at(disp), &format!("ldr s{reg}"));
            accesses(&emitted(|m| m.fload_frame(W64, Fpr(reg), disp)), at(disp), &format!("ldr d{reg}"));
            accesses(&emitted(|m| m.fstore_frame(Fpr(reg), disp)), at(disp), &format!("str d{reg}"));
        }
        accesses(&emitted(|m| m.store_frame_imm(0, disp)), at(disp), "str xzr");
        for imm in super::IMMS.into_iter().filter(|&imm| imm != 0) {
            let lines = emitted(|m| m.store_frame_imm(imm, disp));
            accesses(&lines, at(disp), "str x16");
            let mut machine = Machine::new();
            machine.run(&lines);
            assert_eq!(machine.x[16], imm as i64 as u64, "{lines:?}");
        }
        let lines = emitted(|m| m.cmp(W64, Gpr(3), Loc::frame(disp)));
        accesses(&lines[..lines.len() - 1], at(disp), "ldr x17");
    }
}

#[test]
fn stack_arguments_however_many_are_reached() {
    for i in [0u32, 1, 31, 32, 63, 64, 511, 4094, 4095, 4096, 5000, 100_000] {
        let at = |m: &Machine| m.sp + 8 * u64::from(i);
        for reg in [0, 16, 19] {
            accesses(&emitted(|m| m.store_arg(Gpr(reg), i)), at, &format!("str x{reg}"));
            accesses(&emitted(|m| m.fstore_arg(Fpr(reg), i)), at, &format!("str d{reg}"));
            accesses(&emitted(|m| m.load_result(Gpr(reg), i)), at, &format!("ldr x{reg}"));
        }
    }
}

#[test]
fn offsets_are_added_with_64_bits() {
    for offset in DISPS.into_iter().filter(|&d| d >= 0).map(|d| d as u64).chain([
        1 << 31,
        0xffff_ffff,
        0x1_0000_0000,
        0x1_0000_000f,
    ]) {
        for index in [0, 19, 16, 17] {
            let mut machine = Machine::new();
            let expected = machine.x[index as usize].wrapping_add(offset);
            let lines = emitted(|m| m.add_offset(Gpr(index), offset));
            machine.run(&lines);
            assert_eq!(machine.x[16], expected, "{lines:?}");
        }
    }
}

/// Runs the loop that zeroes many slots too.
#[test]
fn slots_are_zeroed() {
    for count in 0..40u32 {
        for disp in [-8 * count as i32 - 64, -600, -5000, -(1 << 20)] {
            let lines = emitted(|m| m.zero_slots(disp, count));
            let mut zeroed = Vec::new();
            let mut machine = Machine::new();
            let (base, mut i) = (machine.x[29], 0);
            while i < lines.len() {
                let line = lines[i].as_str();
                let pair = line.strip_prefix("stp xzr, xzr, ");
                if line == "stp xzr, xzr, [x16], #0x10" {
                    zeroed.extend([machine.x[16], machine.x[16] + 8]);
                    machine.x[16] += 16;
                } else if let Some(address) = pair {
                    machine.accesses.clear();
                    machine.step(&format!("str xzr, {address}"));
                    let at = machine.accesses[0].0;
                    zeroed.extend([at, at + 8]);
                } else if let Some(target) = line.strip_prefix("cbnz x15, ") {
                    assert_eq!(target, "$-0x8");
                    if machine.x[15] != 0 {
                        i -= 2;
                        continue;
                    }
                } else {
                    machine.accesses.clear();
                    machine.step(line);
                    for (at, what) in &machine.accesses {
                        assert!(what == "str xzr" || what == "stur xzr", "{what}");
                        zeroed.push(*at);
                    }
                }
                i += 1;
            }
            let expected: Vec<u64> =
                (0..count).map(|i| base.wrapping_add((disp + 8 * i as i32) as i64 as u64)).collect();
            assert_eq!(zeroed, expected, "{count} at {disp}: {lines:?}");
        }
    }
}

/// The frame that a prologue makes, and the slots of saved registers, in the order of the contract.
#[test]
fn frames_of_all_sizes() {
    for size in [
        0u32,
        8,
        16,
        4000,
        4072,
        4080,
        4088,
        4096,
        32_760,
        32_768,
        65_536,
        1 << 20,
        (1 << 24) - 16,
        1 << 24,
        33_000_000,
    ] {
        for (gprs, fprs) in [(0, 0), (1, 0), (0, 1), (2, 3), (5, 4), (8, 12), (7, 11)] {
            let mut stubs = Vec::new();
            let bytes = code(false, 4096, |m| {
                let prologue = m.prologue(gprs, fprs, 0);
                stubs = std::mem::take(&mut m.lists().stubs);
                m.epilogue(gprs, fprs);
                m.patch_frame(prologue, gprs, fprs, size);
            });
            let lines = decode(&bytes);
            let mut machine = Machine::new();
            let entry = machine.sp;
            assert_eq!(lines[..3], ["stp x19, x28, [sp, #-0x20]!", "stp x29, x30, [sp, #0x10]", "add x29, sp, #0x10"]);
            (machine.sp, machine.x[29]) = (entry - 32, entry - 16);
            if let Some(distance) = lines[3].strip_prefix("b $+0x") {
                let at = 3 + usize::from_str_radix(distance, 16).expect("a distance") / 4;
                machine.run(&lines[at..lines.len() - 1]);
                let back = lines.last().expect("a branch back");
                assert_eq!(*back, format!("b $-{:#x}", 4 * (lines.len() - 1 - 4)));
            } else {
                machine.step(&lines[3]);
            }
            assert_eq!(lines[4..8], ["ldr x16, [x28]", "ldr x16, [x16]", "cmp sp, x16", "b.lo $+0x0"]);
            assert_eq!(stubs[0].site, 28);
            let saved = 8 * (1 + gprs + fprs) as u64;
            let frame = machine.x[29] - machine.sp;
            assert!(frame >= saved + u64::from(size) && frame < saved + u64::from(size) + 32, "{frame} for {size}");
            assert_eq!(machine.sp % 16, 0);
            // Saved and restored where the contract says; x19 and x28 were stored first.
            let end = lines.iter().position(|l| l == "mov sp, x29").expect("an epilogue");
            let mut slots = slots_of(&lines[8..end], "stp", "stur");
            let restored = slots_of(&lines[8..end], "ldp", "ldur");
            if gprs != 0 {
                slots.push(("x19".into(), -16));
            }
            slots.sort();
            let pins = super::A64::GPR_PINS[..gprs].iter().map(|n| format!("x{}", n.0));
            let pins = pins.chain(super::A64::FPR_PINS[..fprs].iter().map(|n| format!("d{}", n.0)));
            let mut expected: Vec<(String, i64)> = pins.zip((0..).map(|i| -16 - 8 * i)).collect();
            expected.sort();
            assert_eq!(slots, expected, "{lines:?}");
            assert_eq!(restored, expected, "{lines:?}");
        }
    }
}

/// Registers and displacements from x29 of pairs and single accesses, sorted.
fn slots_of(lines: &[String], pair: &str, single: &str) -> Vec<(String, i64)> {
    let mut slots = Vec::new();
    for line in lines {
        let Some((op, rest)) = line.split_once(' ') else { continue };
        if op != pair && op != single {
            continue;
        }
        let (regs, address) = rest.split_once(", [x29, #").expect("in the frame");
        let disp = super::number(address.trim_end_matches(']')) as i64;
        slots.extend(regs.split(", ").zip([disp, disp + 8]).map(|(reg, disp)| (reg.to_string(), disp)));
    }
    slots.sort();
    slots
}

/// Checks that nothing that `emit` emits changes a flag.
#[track_caller]
fn keeps_flags(emit: impl FnOnce(&mut super::A64)) {
    for line in emitted(emit) {
        let op = line.split(' ').next().expect("a mnemonic");
        let sets =
            ["cmp", "cmn", "tst", "adds", "subs", "ands", "bics", "negs", "adcs", "sbcs", "ccmp", "ccmn", "fcmp"];
        assert!(!sets.contains(&op), "{line}");
    }
}

/// `FLAGS`: what may stand between a comparison and its use.
#[test]
fn moves_and_frame_accesses_keep_the_flags() {
    for (x, y) in GPRS.into_iter().zip(GPRS.into_iter().cycle().skip(3)) {
        keeps_flags(|m| m.mov(Gpr(x), Gpr(y)));
        keeps_flags(|m| m.mov32(Gpr(x), Gpr(y)));
        keeps_flags(|m| m.fmov(Fpr(x), Fpr(y)));
        for value in [0, 1, -1, 0xffff_ffff, 0x1234_5678, 1 << 40, 0x1234_5678_9abc_def0] {
            keeps_flags(|m| m.mov_imm(Gpr(x), value));
            keeps_flags(|m| m.fmov_imm(W32, Fpr(x), value as u64 & 0xffff_ffff));
        }
        for bits in [0, 1 << 63, 1.5f64.to_bits(), 0.1f64.to_bits()] {
            // The near form is a load from the pool, which cannot be decoded before its place is known.
            let far = code(true, 4096, |m| m.fmov_imm(W64, Fpr(x), bits));
            assert!(decode(&far).iter().all(|line| line.starts_with("mov") || line.starts_with("fmov")));
        }
        for disp in SLOTS {
            keeps_flags(|m| m.load_frame(Ty::I32, Gpr(x), disp));
            keeps_flags(|m| m.load_frame(Ty::I64, Gpr(x), disp));
            keeps_flags(|m| m.store_frame(Gpr(x), disp));
            keeps_flags(|m| m.fload_frame(W64, Fpr(x), disp));
            keeps_flags(|m| m.fstore_frame(Fpr(x), disp));
            for imm in super::IMMS {
                keeps_flags(|m| m.store_frame_imm(imm, disp));
            }
        }
    }
}
