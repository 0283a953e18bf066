//! Atomic accesses of linear memories. All of them are sequentially consistent.

use super::*;

/// What a read-modify-write operator stores, of the old value and the operand.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Rmw {
    /// The sum
    Add,
    /// The difference
    Sub,
    /// Bits of both
    And,
    /// Bits of either
    Or,
    /// Bits of one
    Xor,
    /// The operand itself
    Xchg,
}

impl Rmw {
    /// Whether it is bitwise: x86-64 has no instruction that does that and gives the old value.
    pub const fn is_bitwise(self) -> bool {
        matches!(self, Rmw::And | Rmw::Or | Rmw::Xor)
    }
}

/// Atomic accesses of 1, 2, 4 or 8 bytes, by the exponent of their size. What is loaded is zero-extended to 64 bits.
///
/// Addresses are aligned, which [`Atomics::check_alignment`] makes sure of, and prepared by
/// [`Atomics::prepare_atomic`]. A method that takes one gives the position of the instruction that faults if the
/// address is out of bounds: the first one that accesses memory.
pub trait Atomics: Sized {
    /// The temporary in which a comparison finds the value that it expects and leaves the old one, and bitwise
    /// operations leave the old one; on such a machine the others leave it in the register of the operand.
    /// `None`: there are no such rules, and operands are kept.
    const ATOMIC_OLD: Option<Gpr>;

    /// Traps unless `index + offset` is a multiple of 2^`exponent`. Overwrites SCRATCH.
    fn check_alignment(&mut self, index: Gpr, offset: u64, exponent: u8);
    /// Makes `addr` one that the other methods can take. Overwrites SCRATCH2 if it must.
    fn prepare_atomic(&mut self, addr: Addr) -> Addr;
    /// `dst` = what is at `addr`.
    fn atomic_load(&mut self, exponent: u8, dst: Gpr, addr: Addr) -> u32;
    /// Stores `src`, which is overwritten if there is an [`Atomics::ATOMIC_OLD`].
    fn atomic_store(&mut self, exponent: u8, src: Gpr, addr: Addr) -> u32;
    /// `dst` = what was at `addr`, which becomes that `op src`. `dst` is what [`Atomics::ATOMIC_OLD`] says, and
    /// otherwise not `src`; `temp` is another register, overwritten.
    fn atomic_rmw(&mut self, op: Rmw, exponent: u8, dst: Gpr, src: Gpr, temp: Gpr, addr: Addr) -> u32;
    /// The same without the old value, on machines with an [`Atomics::ATOMIC_OLD`]. Not for [`Rmw::Xchg`].
    fn atomic_update(&mut self, op: Rmw, exponent: u8, src: Gpr, addr: Addr) -> u32;
    /// `dst` = what was at `addr`, which becomes `new` if that was `expected`, of which only the lowest bytes matter.
    /// `dst` is none of the others; but with [`Atomics::ATOMIC_OLD`] it and `expected` are that.
    fn atomic_cmpxchg(&mut self, exponent: u8, dst: Gpr, expected: Gpr, new: Gpr, addr: Addr) -> u32;
    /// `atomic.fence`
    fn fence(&mut self);
}
