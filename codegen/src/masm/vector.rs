//! Vectors of 128 bits.
//!
//! Operators are named by their codes ([`crate::op::simd`]), one method for each shape: what an operator takes and
//! gives. An instruction set has a table of those that are one instruction, and sequences for the others.

use super::{Addr, Cond};
use crate::reg::{Fpr, Gpr};

/// The second operand of an operator with two.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum VecOperand {
    /// A register.
    Reg(Fpr),
    /// The frame slot at a displacement that is a multiple of 16. Only where [`Vectors::vector_memory_operand`] allows it.
    Frame(i32),
    /// Constant number so-and-so of the [`VecPool`]. Only where [`Vectors::vector_memory_operand`] allows it.
    Const(u32),
}

/// The vector constants of a function. They are known by their numbers from when they are read to when they are put
/// behind the function's code, those that were referred to.
///
/// One word, since an emitter has one and most functions have no such constants.
#[derive(Default, Debug)]
pub struct VecPool(Option<Box<VecConstants>>);

#[derive(Default, Debug)]
struct VecConstants {
    /// Number → bits.
    values: Vec<u128>,
    /// Where the code refers to which number.
    sites: Vec<(u32, u32)>,
    /// Number → position, while they are written.
    places: Vec<u32>,
}

impl VecPool {
    /// The number of all zeros.
    pub const ZERO: u32 = 0;
    /// The number of all ones.
    pub const ONES: u32 = 1;

    /// Makes it empty for a new function.
    #[inline(always)]
    pub fn clear(&mut self) {
        if let Some(constants) = &mut self.0 {
            constants.values.clear();
            constants.sites.clear();
        }
    }

    fn constants(&mut self) -> &mut VecConstants {
        self.0.get_or_insert_default()
    }

    /// The number of a constant. One that was used shortly before keeps its number.
    pub fn intern(&mut self, bits: u128) -> u32 {
        if bits == 0 || bits == u128::MAX {
            return u32::from(bits != 0);
        }
        let values = &mut self.constants().values;
        if values.is_empty() {
            values.extend([0, u128::MAX]);
        }
        let recent = values.len().saturating_sub(16);
        if let Some(i) = values[recent..].iter().position(|&value| value == bits) {
            return (recent + i) as u32;
        }
        values.push(bits);
        values.len() as u32 - 1
    }

    /// The bits of a constant, the lowest lane lowest.
    #[inline(always)]
    pub fn bits(&self, number: u32) -> u128 {
        match number {
            VecPool::ZERO => 0,
            VecPool::ONES => u128::MAX,
            _ => self.0.as_ref().expect("a number is given with a constant").values[number as usize],
        }
    }

    /// The instruction's reference at `site` is to constant `number`.
    #[inline(always)]
    pub fn refer(&mut self, site: u32, number: u32) {
        self.constants().sites.push((site, number));
    }

    /// Whether nothing was referred to.
    #[inline(always)]
    pub fn is_unused(&self) -> bool {
        self.0.as_ref().is_none_or(|constants| constants.sites.is_empty())
    }

    /// Has each constant that was referred to written once, by `write`, which gives its position, and then each
    /// reference patched to it, by `patch(site, position)`; both are passed the context `m`.
    pub fn finish<T>(&mut self, m: &mut T, write: impl Fn(&mut T, u128) -> u32, patch: impl Fn(&mut T, u32, u32)) {
        let VecConstants { values, sites, places } = self.constants();
        places.clear();
        places.resize(values.len().max(2), u32::MAX);
        for (site, number) in sites.drain(..) {
            let place = &mut places[number as usize];
            if *place == u32::MAX {
                let bits = match number {
                    VecPool::ZERO => 0,
                    VecPool::ONES => u128::MAX,
                    _ => values[number as usize],
                };
                *place = write(m, bits);
            }
            patch(m, site, *place);
        }
    }
}

/// Vectors of 128 bits.
///
/// Where a method has one `dst` and operands in registers: if [`Vectors::three_address_vectors`] holds, `dst` may be
/// any register, also that of any operand. If not, `dst` is the register of the first operand `a`, or one that is none
/// of the operands'; it is the register of a later operand only if that is the first one's too.
///
/// Everything but [`Vectors::vtest`] may change FLAGS, except `vmov`, `vload_frame`, `vstore_frame`, `vstore_arg`,
/// `vload_result` and `vconst`, which keep them.
pub trait Vectors: Sized {
    /// Whether `op`, one with two operands, takes a second operand that is not in a register.
    fn vector_memory_operand(&self, op: u32) -> bool;

    /// Whether results go to any register at no cost. A matter of the processor.
    fn three_address_vectors(&self) -> bool;
    /// The function's constants.
    fn vec_pool(&mut self) -> &mut VecPool;

    /// Register to register, 128 bits. Nothing if they are the same.
    fn vmov(&mut self, dst: Fpr, src: Fpr);
    /// Loads 128 bits from the frame; `disp` is a multiple of 8.
    fn vload_frame(&mut self, dst: Fpr, disp: i32);
    /// Stores 128 bits to the frame; `disp` is a multiple of 8.
    fn vstore_frame(&mut self, src: Fpr, disp: i32);
    /// Stores a register to outgoing stack argument `i` and the slot after it.
    fn vstore_arg(&mut self, src: Fpr, i: u32);
    /// Loads stack result `i`, and the slot after it, of the call just made.
    fn vload_result(&mut self, dst: Fpr, i: u32);
    /// Constant `number` of the pool.
    fn vconst(&mut self, dst: Fpr, number: u32);
    /// `dst = cond ? a : b`; `cond` of integers or floats, as [`super::Floats::fselect`] has it, for 128 bits. `dst` is
    /// `a`, unless [`THREE_ADDRESS`](super::Masm::THREE_ADDRESS).
    fn vselect(&mut self, cond: Cond, dst: Fpr, a: Fpr, b: Fpr);

    /// An operator with one operand.
    fn vunary(&mut self, op: u32, dst: Fpr, a: Fpr);
    /// An operator with two operands, but shuffles and shifts.
    fn vbinary(&mut self, op: u32, dst: Fpr, a: Fpr, b: VecOperand);
    /// `v128.bitselect`, and relaxed operators with three operands.
    fn vternary(&mut self, op: u32, dst: Fpr, a: Fpr, b: Fpr, c: Fpr);
    /// A shift; of `count`, an i32, the bits that matter count. `count` is kept.
    fn vshift(&mut self, op: u32, dst: Fpr, a: Fpr, count: Gpr);
    /// A shift by a constant that is less than the width of a lane.
    fn vshift_imm(&mut self, op: u32, dst: Fpr, a: Fpr, count: u32);
    /// `i8x16.shuffle`; lanes are below 32. `dst` may be any register.
    fn vshuffle(&mut self, dst: Fpr, a: Fpr, b: Fpr, lanes: [u8; 16]);
    /// A splat of an integer register.
    fn vsplat_int(&mut self, op: u32, dst: Fpr, src: Gpr);
    /// A splat of a float register.
    fn vsplat_float(&mut self, op: u32, dst: Fpr, src: Fpr);
    /// `extract_lane` to an integer register (`ZEXT`).
    fn vextract_int(&mut self, op: u32, lane: u8, dst: Gpr, src: Fpr);
    /// `extract_lane` to a float register.
    fn vextract_float(&mut self, op: u32, lane: u8, dst: Fpr, src: Fpr);
    /// `replace_lane` by an integer.
    fn vreplace_int(&mut self, op: u32, lane: u8, dst: Fpr, a: Fpr, value: Gpr);
    /// `replace_lane` by a float.
    fn vreplace_float(&mut self, op: u32, lane: u8, dst: Fpr, a: Fpr, value: Fpr);
    /// `v128.any_true`, or an `all_true`: FLAGS are such that the condition that is returned, `Eq` or `Ne`, holds if
    /// it is true.
    fn vtest(&mut self, op: u32, a: Fpr) -> Cond;
    /// A `bitmask` (`ZEXT`).
    fn vbitmask(&mut self, op: u32, dst: Gpr, a: Fpr);

    /// Makes `addr` one that the load or store `op` reaches by one instruction. Uses
    /// [`SCRATCH`](super::Masm::SCRATCH) if it must.
    fn vprepare(&mut self, op: u32, addr: Addr) -> Addr;
    /// A load that gives a vector and takes none, from a prepared address. The first instruction is the access, and no
    /// other instruction is one.
    fn vload(&mut self, op: u32, dst: Fpr, addr: Addr);
    /// `v128.store` to a prepared address: one instruction.
    fn vstore(&mut self, src: Fpr, addr: Addr);
    /// A load to lane `lane` of `reg` from a prepared address: one instruction.
    fn vload_lane(&mut self, op: u32, lane: u8, reg: Fpr, addr: Addr);
    /// A store of lane `lane` to a prepared address. One instruction is the access; others may come before it, and
    /// the position of the access is returned.
    fn vstore_lane(&mut self, op: u32, lane: u8, src: Fpr, addr: Addr) -> u32;
}
