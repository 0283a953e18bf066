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
