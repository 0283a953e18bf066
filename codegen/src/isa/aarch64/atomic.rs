//! Atomic accesses: single instructions where the processor has them (LSE, [`crate::Target`]'s `lse`), otherwise loops
//! of an exclusive load and an exclusive store. All of them acquire and release.

use super::enc::{B_COND, NONE, imm19, regs, rrr};
use super::{A64, X15, X16, X17, ZR, cc};
use crate::masm::*;
use crate::trap::TrapCode;

use Width::{W32, W64};

// Words for one byte; the exponent of the size is in the highest two bits.
const LDAR: u32 = 0x08df_fc00;
const STLR: u32 = 0x089f_fc00;
const LDAXR: u32 = 0x085f_fc00;
/// The register of the outcome is in the field Rm.
const STLXR: u32 = 0x0800_fc00;
/// The register of the operand is in the field Rm.
const LDADDAL: u32 = 0x38e0_0000;
const LDCLRAL: u32 = 0x38e0_1000;
const LDEORAL: u32 = 0x38e0_2000;
const LDSETAL: u32 = 0x38e0_3000;
const SWPAL: u32 = 0x38e0_8000;
/// The register of the expected and the old value is in the field Rm.
const CASAL: u32 = 0x08e0_fc00;
const DMB_ISH: u32 = 0xd503_3bbf;
/// `orn`: with the zero register, the inverse.
const ORN: u32 = 0x2a20_0000;

impl Atomics for A64 {
    const ATOMIC_OLD: Option<Gpr> = None;

    fn check_alignment(&mut self, index: Gpr, offset: u64, exponent: u8) {
        let rest = offset & ((1 << exponent) - 1);
        let tested = if rest == 0 {
            index
        } else {
            self.add_disp(X16, index, rest as i64);
            X16
        };
        // tst tested, #(2^exponent − 1)
        self.put(0x7200_0000 | (u32::from(exponent) - 1) << 10 | regs(ZR, tested, NONE));
        self.trap_cc(cc::NE, TrapCode::UnalignedAtomic);
    }

    fn prepare_atomic(&mut self, addr: Addr) -> Addr {
        let mut base = addr.base;
        if let Some(index) = addr.index {
            self.rrr(rrr::ADD, W64, X17, base, index);
            base = X17;
        }
        if addr.disp != 0 {
            self.add_disp(X17, base, i64::from(addr.disp));
            base = X17;
        }
        Addr { base, index: None, disp: 0 }
    }

    fn atomic_load(&mut self, exponent: u8, dst: Gpr, addr: Addr) -> u32 {
        let at = self.pos();
        self.exclusive(LDAR, exponent, dst, addr, NONE);
        at
    }

    fn atomic_store(&mut self, exponent: u8, src: Gpr, addr: Addr) -> u32 {
        let at = self.pos();
        self.exclusive(STLR, exponent, src, addr, NONE);
        at
    }

    fn atomic_rmw(&mut self, op: Rmw, exponent: u8, dst: Gpr, src: Gpr, temp: Gpr, addr: Addr) -> u32 {
        debug_assert!(dst != src && temp != dst && temp != src && addr.base != temp && addr.base != X15);
        if self.lse {
            return self.rmw_at_once(op, exponent, dst, src, temp, addr);
        }
        let at = self.pos();
        self.exclusive(LDAXR, exponent, dst, addr, NONE);
        let word = match op {
            Rmw::Add => Some(rrr::ADD),
            Rmw::Sub => Some(rrr::SUB),
            Rmw::And => Some(rrr::AND),
            Rmw::Or => Some(rrr::ORR),
            Rmw::Xor => Some(rrr::EOR),
            Rmw::Xchg => None,
        };
        let new = match word {
            Some(word) => {
                self.rrr(word, W64, temp, dst, src);
                temp
            }
            None => src,
        };
        self.store_or_retry(exponent, new, addr, at);
        at
    }

    fn atomic_update(&mut self, _op: Rmw, _exponent: u8, _src: Gpr, _addr: Addr) -> u32 {
        unreachable!("only where there is an ATOMIC_OLD")
    }

    fn atomic_cmpxchg(&mut self, exponent: u8, dst: Gpr, expected: Gpr, new: Gpr, addr: Addr) -> u32 {
        debug_assert!(dst != expected && dst != new && addr.base != X15);
        if self.lse {
            self.mov(dst, expected);
            let at = self.pos();
            self.exclusive(CASAL, exponent, new, addr, dst);
            return at;
        }
        let at = self.pos();
        self.exclusive(LDAXR, exponent, dst, addr, NONE);
        match exponent {
            // subs zr, dst, expected, uxtb or uxth
            0 | 1 => self.put(0x6b20_0000 | u32::from(exponent) << 13 | regs(ZR, dst, expected)),
            2 => self.rrr(rrr::SUBS, W32, ZR, dst, expected),
            _ => self.rrr(rrr::SUBS, W64, ZR, dst, expected),
        }
        // b.ne beyond the next two instructions
        self.put(B_COND | u32::from(cc::NE) | imm19(12));
        self.store_or_retry(exponent, new, addr, at);
        at
    }

    fn fence(&mut self) {
        self.put(DMB_ISH);
    }
}

impl A64 {
    /// One instruction with the address in a register.
    fn exclusive(&mut self, word: u32, exponent: u8, reg: Gpr, addr: Addr, third: impl Into<Reg>) {
        debug_assert!(addr.index.is_none() && addr.disp == 0, "prepared");
        self.put(word | u32::from(exponent) << 30 | regs(reg, addr.base, third));
    }

    /// Stores `new` if nobody else did since the load at `start`, to which it goes back otherwise. Uses x15.
    fn store_or_retry(&mut self, exponent: u8, new: Gpr, addr: Addr, start: u32) {
        self.exclusive(STLXR, exponent, new, addr, X15);
        // cbnz w15, start
        self.put(0x3500_0000 | imm19(start.wrapping_sub(self.pos())) | u32::from(X15.0));
    }

    /// Subtracts by adding the negative, and clears the bits that are not in the operand.
    fn rmw_at_once(&mut self, op: Rmw, exponent: u8, dst: Gpr, src: Gpr, temp: Gpr, addr: Addr) -> u32 {
        let (word, operand) = match op {
            Rmw::Add => (LDADDAL, src),
            Rmw::Sub => {
                self.rrr(rrr::SUB, W64, temp, ZR, src);
                (LDADDAL, temp)
            }
            Rmw::And => {
                self.rrr(ORN, W64, temp, ZR, src);
                (LDCLRAL, temp)
            }
            Rmw::Or => (LDSETAL, src),
            Rmw::Xor => (LDEORAL, src),
            Rmw::Xchg => (SWPAL, src),
        };
        let at = self.pos();
        self.exclusive(word, exponent, dst, addr, operand);
        at
    }
}
