//! Loads and stores of vectors and lanes.
//!
//! Whole registers, of 8 to 128 bits, have the addresses that other loads and stores have. Those to one lane and to all
//! lanes have a base register only.

use super::words::*;
use super::{A64, Addr, Fpr, V31, op};
use crate::isa::aarch64::memory::{Access, VECTOR_LOADS, VECTOR_STORES};
use crate::masm::Masm;
use crate::reg::Gpr;

/// The index of 128 bits in [`VECTOR_LOADS`] and [`VECTOR_STORES`].
const WHOLE: usize = 4;

/// `ld1r`: to all lanes.
const LD1R: u32 = 0x4d40_c000;
/// `st1` of one lane.
const ST1: u32 = 0x0d00_0000;
/// `ld1` to one lane.
const LD1: u32 = 0x0d40_0000;

/// The logarithm of how many bytes are accessed.
fn scale(op: u32) -> u32 {
    match op {
        op::V128_LOAD8_SPLAT | op::V128_LOAD8_LANE | op::V128_STORE8_LANE => 0,
        op::V128_LOAD16_SPLAT | op::V128_LOAD16_LANE | op::V128_STORE16_LANE => 1,
        op::V128_LOAD32_SPLAT | op::V128_LOAD32_LANE | op::V128_STORE32_LANE | op::V128_LOAD32_ZERO => 2,
        op::V128_LOAD | op::V128_STORE => 4,
        _ => 3,
    }
}

/// The fields of lane `lane` of `size` in loads and stores of one lane.
fn lane_fields(size: u32, lane: u32) -> u32 {
    // Q:S:size is the lane's number in bytes but, for 64 bits, a 1 that the number has no need of.
    let at = lane << size | u32::from(size == D);
    let opcode = if size == D { 0b100 } else { size << 1 };
    (at >> 3) << 30 | (at >> 2 & 1) << 12 | (at & 3) << 10 | opcode << 13
}

/// The address is in a register as it is.
fn is_bare(addr: Addr) -> bool {
    addr.index.is_none() && addr.disp == 0
}

impl A64 {
    pub(super) fn prepare_vector(&mut self, op: u32, addr: Addr) -> Addr {
        match op {
            op::V128_LOAD8_LANE | op::V128_LOAD16_LANE | op::V128_LOAD32_LANE | op::V128_LOAD64_LANE => {
                self.bare_address(addr)
            }
            _ => self.prepare_addr(addr, 1 << scale(op)),
        }
    }

    /// Brings the address to x16, unless it is in a register.
    fn bare_address(&mut self, addr: Addr) -> Addr {
        if is_bare(addr) {
            return addr;
        }
        let x16 = super::super::X16;
        let mut base = addr.base;
        if let Some(index) = addr.index {
            self.rrr(crate::isa::aarch64::enc::rrr::ADD, crate::masm::Width::W64, x16, base, index);
            base = x16;
        }
        if addr.disp != 0 {
            self.add_disp(x16, base, addr.disp.into());
        }
        Addr { base: x16, index: None, disp: 0 }
    }

    pub(super) fn load_vector(&mut self, op: u32, dst: Fpr, addr: Addr) {
        let size = scale(op);
        let splat =
            matches!(op, op::V128_LOAD8_SPLAT | op::V128_LOAD16_SPLAT | op::V128_LOAD32_SPLAT | op::V128_LOAD64_SPLAT);
        if splat && is_bare(addr) {
            return self.at_base(LD1R | size << 10, dst, addr);
        }
        self.vector_access(&VECTOR_LOADS[size as usize], dst, addr);
        let then = match op {
            op::V128_LOAD8X8_S => extend(0, B),
            op::V128_LOAD8X8_U => extend(U, B),
            op::V128_LOAD16X4_S => extend(0, H),
            op::V128_LOAD16X4_U => extend(U, H),
            op::V128_LOAD32X2_S => extend(0, S),
            op::V128_LOAD32X2_U => extend(U, S),
            _ if splat => DUP | lane(size, 0),
            // What is shorter clears the rest.
            _ => return,
        };
        self.vv(then, dst, dst);
    }

    pub(super) fn store_vector(&mut self, src: Fpr, addr: Addr) {
        self.vector_access(&VECTOR_STORES[WHOLE], src, addr);
    }

    pub(super) fn load_lane(&mut self, op: u32, lane: u32, reg: Fpr, addr: Addr) {
        self.at_base(LD1 | lane_fields(scale(op), lane), reg, addr);
    }

    pub(super) fn store_lane(&mut self, op: u32, lane: u32, src: Fpr, addr: Addr) -> u32 {
        let size = scale(op);
        let mut scalar = src;
        if lane != 0 {
            if is_bare(addr) {
                let at = self.pos();
                self.at_base(ST1 | lane_fields(size, lane), src, addr);
                return at;
            }
            self.vv(DUP_SCALAR | super::words::lane(size, lane), V31, src);
            scalar = V31;
        }
        let at = self.pos();
        self.vector_access(&VECTOR_STORES[size as usize], scalar, addr);
        at
    }

    /// Loads or stores at what is in the base register.
    fn at_base(&mut self, word: u32, reg: Fpr, addr: Addr) {
        debug_assert!(is_bare(addr), "prepared");
        self.put(word | crate::isa::aarch64::enc::regs(reg, addr.base, Gpr(0)));
    }

    fn vector_access(&mut self, access: &Access, reg: Fpr, addr: Addr) {
        self.access_addr(*access, reg.into(), addr);
    }

    pub(super) fn vector_frame(&mut self, load: bool, reg: Fpr, disp: i32) {
        self.frame(if load { VECTOR_LOADS[WHOLE] } else { VECTOR_STORES[WHOLE] }, reg, disp);
    }

    pub(super) fn vector_outgoing(&mut self, load: bool, reg: Fpr, i: u32) {
        self.outgoing(if load { VECTOR_LOADS[WHOLE] } else { VECTOR_STORES[WHOLE] }, reg, i);
    }
}
