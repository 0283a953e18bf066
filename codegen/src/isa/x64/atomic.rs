//! Atomic accesses. Loads are atomic by themselves, and ordered, if every store is a locked instruction, as `xchg` is.

use super::enc::{Ext, OP_0F, OP_66, OP_BYTE};
use super::{R11, RAX, X64, asm, cc};
use crate::masm::*;
use crate::trap::TrapCode;
use dynasmrt::DynasmApi;

use Width::{W32, W64};

/// Width and opcode of the instruction for 2^`exponent` bytes, given that for one byte; the others have the next one.
fn sized(exponent: u8, op: u32) -> (Width, u32) {
    match exponent {
        0 => (W32, op | OP_BYTE),
        1 => (W32, (op + 1) | OP_66),
        2 => (W32, op + 1),
        _ => (W64, op + 1),
    }
}

/// `xchg`
const XCHG: u32 = 0x86;
/// `xadd`
const XADD: u32 = 0xc0 | OP_0F;
/// `cmpxchg`
const CMPXCHG: u32 = 0xb0 | OP_0F;

/// Of `op [addr], reg`, and from register to register, with bit 0 set.
fn alu(op: Rmw) -> u32 {
    match op {
        Rmw::Add => 0x00,
        Rmw::Or => 0x08,
        Rmw::And => 0x20,
        Rmw::Sub => 0x28,
        Rmw::Xor => 0x30,
        Rmw::Xchg => XCHG,
    }
}

impl Atomics for X64 {
    const ATOMIC_OLD: Option<Gpr> = Some(RAX);

    fn check_alignment(&mut self, index: Gpr, offset: u64, exponent: u8) {
        let mask = (1 << exponent) - 1;
        let rest = offset as i32 & mask;
        if rest == 0 {
            asm!(self; test Rd(index.0), mask);
        } else {
            self.lea(W32, R11, index, rest);
            asm!(self; test r11d, mask);
        }
        self.trap_cc(cc::NE, TrapCode::UnalignedAtomic);
    }

    fn prepare_atomic(&mut self, addr: Addr) -> Addr {
        addr
    }

    fn atomic_load(&mut self, exponent: u8, dst: Gpr, addr: Addr) -> u32 {
        const LOADS: [Load; 4] = [Load::U8, Load::U16, Load::U32, Load::I64];
        let at = self.pos();
        self.load(LOADS[usize::from(exponent)], dst.into(), addr);
        at
    }

    fn atomic_store(&mut self, exponent: u8, src: Gpr, addr: Addr) -> u32 {
        let at = self.pos();
        let (w, op) = sized(exponent, XCHG);
        self.op_addr(w, op, src, addr);
        at
    }

    fn atomic_rmw(&mut self, op: Rmw, exponent: u8, dst: Gpr, src: Gpr, temp: Gpr, addr: Addr) -> u32 {
        if op.is_bitwise() {
            return self.bitwise(op, exponent, src, temp, addr);
        }
        debug_assert_eq!(dst, src);
        if op == Rmw::Sub {
            // neg
            self.op_loc(W64, 0xf7, Ext(3), Loc::reg(src));
        }
        let at = self.pos();
        if op == Rmw::Xchg {
            self.atomic_store(exponent, src, addr);
        } else {
            self.locked(exponent, XADD, src, addr);
        }
        self.zero_extend(exponent, dst);
        at
    }

    fn atomic_update(&mut self, op: Rmw, exponent: u8, src: Gpr, addr: Addr) -> u32 {
        let at = self.pos();
        self.locked(exponent, alu(op), src, addr);
        at
    }

    fn atomic_cmpxchg(&mut self, exponent: u8, dst: Gpr, expected: Gpr, new: Gpr, addr: Addr) -> u32 {
        debug_assert!(dst == RAX && expected == RAX && new != RAX);
        let at = self.pos();
        self.locked(exponent, CMPXCHG, new, addr);
        if exponent == 2 {
            // The upper half is that of the expected value where that was found.
            self.op_loc(W32, 0x8b, RAX, Loc::reg(RAX));
        } else {
            self.zero_extend(exponent, RAX);
        }
        at
    }

    fn fence(&mut self) {
        asm!(self; mfence);
    }
}

impl X64 {
    /// `lock op [addr], src`
    fn locked(&mut self, exponent: u8, op: u32, src: Gpr, addr: Addr) {
        let (w, op) = sized(exponent, op);
        self.w.put(0xf0, 1);
        self.op_addr(w, op, src, addr);
    }

    /// A register of which 8 or 16 bits were written.
    fn zero_extend(&mut self, exponent: u8, reg: Gpr) {
        match exponent {
            0 => asm!(self; movzx Rd(reg.0), Rb(reg.0)),
            1 => self.op0f_loc(W32, 0xb7, reg, Loc::reg(reg)),
            _ => {}
        }
    }

    /// Tries until nobody else wrote between load and store. rax is zero-extended: `cmpxchg` replaces what it compares.
    fn bitwise(&mut self, op: Rmw, exponent: u8, src: Gpr, temp: Gpr, addr: Addr) -> u32 {
        debug_assert!(src != RAX && temp != RAX && temp != src);
        let w = if exponent == 3 { W64 } else { W32 };
        let at = self.atomic_load(exponent, RAX, addr);
        let again = self.pos();
        self.mov_loc(w, temp, Loc::reg(RAX));
        self.op_loc(w, alu(op) as u8 | 3, temp, Loc::reg(src));
        self.locked(exponent, CMPXCHG, temp, addr);
        self.jcc_back(cc::NE, again);
        at
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{addr, addrs, emitted};
    use super::*;
    use crate::target::Target;

    const R: [[&str; 8]; 4] = [
        ["al", "cl", "dl", "sil", "dil", "r8b", "r12b", "bl"],
        ["ax", "cx", "dx", "si", "di", "r8w", "r12w", "bx"],
        ["eax", "ecx", "edx", "esi", "edi", "r8d", "r12d", "ebx"],
        ["rax", "rcx", "rdx", "rsi", "rdi", "r8", "r12", "rbx"],
    ];
    const GPRS: [Gpr; 8] = [Gpr(0), Gpr(1), Gpr(2), Gpr(6), Gpr(7), Gpr(8), Gpr(12), Gpr(3)];
    const ALL: [Rmw; 6] = [Rmw::Add, Rmw::Sub, Rmw::And, Rmw::Or, Rmw::Xor, Rmw::Xchg];

    #[track_caller]
    fn check(expected: &[String], emit: impl FnOnce(&mut X64)) {
        assert_eq!(emitted(Target::X64_BASELINE, emit), expected);
    }

    fn extension(exponent: usize, i: usize) -> Option<String> {
        (exponent < 2).then(|| format!("movzx {}, {}", R[2][i], R[exponent][i]))
    }

    #[test]
    fn locked_instructions_of_all_sizes_registers_and_addresses() {
        for a in addrs() {
            for (exponent, i) in (0..4).flat_map(|e| (0..8).map(move |i| (e, i))) {
                let (reg, text, size) = (GPRS[i], R[exponent][i], exponent as u8);
                let at = addr(a);
                check(&[format!("xchg {at}, {text}")], |m| assert_eq!(m.atomic_store(size, reg, a), 0));
                for op in ALL {
                    let name = format!("{op:?}").to_lowercase();
                    if op != Rmw::Xchg {
                        let line = format!("lock {name} {at}, {text}");
                        check(&[line], |m| assert_eq!(m.atomic_update(op, size, reg, a), 0));
                    }
                    if op.is_bitwise() {
                        continue;
                    }
                    let negated = (op == Rmw::Sub).then(|| format!("neg {}", R[3][i]));
                    let access = match op {
                        Rmw::Xchg => format!("xchg {at}, {text}"),
                        _ => format!("lock xadd {at}, {text}"),
                    };
                    let lines: Vec<_> = negated.into_iter().chain([access]).chain(extension(exponent, i)).collect();
                    check(&lines, |m| {
                        let position = m.atomic_rmw(op, size, reg, reg, reg, a);
                        assert_eq!(position, if op == Rmw::Sub { 3 } else { 0 }, "where the access is");
                    });
                }
                if reg != RAX {
                    let extended = if exponent == 2 { Some("mov eax, eax".into()) } else { extension(exponent, 0) };
                    let lines: Vec<_> = [format!("lock cmpxchg {at}, {text}")].into_iter().chain(extended).collect();
                    check(&lines, |m| assert_eq!(m.atomic_cmpxchg(size, RAX, RAX, reg, a), 0));
                }
            }
        }
    }

    #[test]
    fn bitwise_operations_are_loops_around_a_comparison() {
        let a = Addr { base: Gpr(15), index: Some(Gpr(6)), disp: 8 };
        let loads = ["movzx eax, byte ptr", "movzx eax, word ptr", "mov eax,", "mov rax,"];
        for (exponent, op) in (0..4).flat_map(|e| [Rmw::And, Rmw::Or, Rmw::Xor].map(|op| (e, op))) {
            let name = format!("{op:?}").to_lowercase();
            let wide = exponent.max(2);
            let lines = emitted(Target::X64_BASELINE, |m| {
                assert_eq!(m.atomic_rmw(op, exponent as u8, RAX, Gpr(8), Gpr(7), a), 0);
            });
            assert_eq!(lines[0], format!("{} [r15+rsi+8]", loads[exponent]));
            assert_eq!(lines[1], format!("mov {}, {}", R[wide][4], R[wide][0]));
            assert_eq!(lines[2], format!("{name} {}, {}", R[wide][4], R[wide][5]));
            assert_eq!(lines[3], format!("lock cmpxchg [r15+rsi+8], {}", R[exponent][4]));
            let first = emitted(Target::X64_BASELINE, |m| {
                m.atomic_load(exponent as u8, RAX, a);
            });
            assert_eq!((lines.len(), first.len()), (5, 1));
            assert!(lines[4].starts_with("jne 0x") || lines[4].starts_with("jne "), "{}", lines[4]);
        }
    }

    #[test]
    fn alignment_is_tested_by_what_index_and_offset_have_below_the_size() {
        for (offset, exponent, expected) in [
            (0, 1, vec!["test esi, 1"]),
            (8, 3, vec!["test esi, 7"]),
            (0xffff_fff8, 3, vec!["test esi, 7"]),
            (5, 2, vec!["lea r11d, [rsi+1]", "test r11d, 3"]),
            (0xffff_ffff, 3, vec!["lea r11d, [rsi+7]", "test r11d, 7"]),
        ] {
            let mut lines = emitted(Target::X64_BASELINE, |m| {
                m.check_alignment(Gpr(6), offset, exponent);
                assert!(m.lists().stubs.is_empty(), "the jump traps in place");
            });
            // The trap: what follows the jump, and the jump.
            assert!(lines.pop().is_some_and(|next| next.starts_with("js")));
            assert!(lines.pop().is_some_and(|jump| jump.starts_with("jne")));
            assert_eq!(lines, expected);
        }
        check(&["mfence".into()], |m| m.fence());
    }
}
