//! Linear memories, globals and tables.

use super::*;

/// What a load does; the bits that are not loaded are filled as the name says.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Load {
    /// An i32
    I32,
    /// An i64 or a reference
    I64,
    /// An f32
    F32,
    /// An f64
    F64,
    /// 8 bits, zero-extended to 64
    U8,
    /// 16 bits, zero-extended to 64
    U16,
    /// Zero-extends to 64 bits, as `I32` does.
    U32,
    /// 8 bits, sign-extended to 32
    S8To32,
    /// 16 bits, sign-extended to 32
    S16To32,
    /// 8 bits, sign-extended to 64
    S8To64,
    /// 16 bits, sign-extended to 64
    S16To64,
    /// 32 bits, sign-extended to 64
    S32To64,
    /// A v128
    V128,
}

impl Load {
    /// Whether bits 32 to 63 of an integer register are zero afterwards, where it does not load them (`ZEXT`).
    pub const fn clears_upper_half(self) -> bool {
        !matches!(self, Load::S8To64 | Load::S16To64 | Load::S32To64)
    }
}

/// What a store writes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Store {
    /// The lowest 8 bits of an integer register
    B8,
    /// The lowest 16 bits
    B16,
    /// The lowest 32 bits
    B32,
    /// All 64 bits
    B64,
    /// An f32
    F32,
    /// An f64
    F64,
    /// A v128
    V128,
}

/// An address for loads and stores: `base + index + disp`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Addr {
    /// Base register.
    pub base: Gpr,
    /// Index register, if any; 64 bits of it are used (`ZEXT`).
    pub index: Option<Gpr>,
    /// Displacement.
    pub disp: i32,
}

/// Linear memories, globals and tables. A load or store of what was prepared is exactly one instruction at the
/// current position.
pub trait Memory: Sized {
    /// Whether [`Memory::store_imm`] can store the constant `value` (sign-extended).
    fn stores_imm(value: i32) -> bool;
    /// Whether a load or store of 2^`exponent` bytes reaches `disp`, not negative, from a base register.
    fn reaches(disp: i32, exponent: u8) -> bool;
    /// Makes `addr` one that a load or store of `size` bytes reaches by one instruction. Uses [`Masm::SCRATCH`] if it
    /// must.
    fn prepare(&mut self, addr: Addr, size: u32) -> Addr;
    /// The same for [`Masm::MEMBASE`]` + index + disp`, `disp` not negative: gives index and displacement.
    fn prepare_indexed(&mut self, index: Gpr, disp: i32) -> (Gpr, i32);
    /// Loads to an integer or float register, as `kind` says. Reaches what is not prepared too, by more instructions.
    fn load(&mut self, kind: Load, dst: Reg, addr: Addr);
    /// Stores an integer or float register.
    fn store(&mut self, kind: Store, src: Reg, addr: Addr);
    /// Loads from [`Masm::MEMBASE`]` + index + disp`: the hottest form.
    fn load_indexed(&mut self, kind: Load, dst: Reg, index: Gpr, disp: i32);
    /// Stores to [`Masm::MEMBASE`]` + index + disp`.
    fn store_indexed(&mut self, kind: Store, src: Reg, index: Gpr, disp: i32);
    /// Compares an integer with one at an address that was prepared, which the first instruction reads. Overwrites
    /// [`Masm::SCRATCH`] if it must, which may be the base.
    fn cmp_memory(&mut self, w: Width, a: Gpr, addr: Addr);
    /// Stores the lowest bytes of a constant (sign-extended) for which [`Memory::stores_imm`] holds.
    fn store_imm(&mut self, kind: Store, value: i32, addr: Addr);
    /// Puts base `[vmctx + memory]→base` in [`Masm::SCRATCH2`].
    fn memory_base(&mut self, memory: i32);
    /// `SCRATCH = index + offset` with 64 bits.
    fn add_offset(&mut self, index: Gpr, offset: u64);
    /// Traps unless `index + end` (which must not wrap) is at most the length in bytes of `[vmctx + memory]`;
    /// overwrites SCRATCH.
    fn check_bounds(&mut self, index: Gpr, end: u64, memory: i32);
    /// [`Memory::check_bounds`] and then the address of the access, which ends at `index + end` and has `size` bytes:
    /// one that is 0 by data flow where the check fails ([`crate::env::Checks::mask_indices`]). Overwrites SCRATCH2
    /// too.
    fn masked_address(&mut self, index: Gpr, end: u64, size: u32, memory: i32) -> Addr;
    /// Traps unless `index`, 64 bits of it, is at most the length in bytes of `[vmctx + memory]`. Overwrites
    /// SCRATCH2.
    fn check_index(&mut self, index: Gpr, memory: i32);
    /// The same of `index + end`, which may wrap and traps then. Leaves the sum in SCRATCH.
    fn check_bounds_wide(&mut self, index: Gpr, end: u64, memory: i32);
    /// The address of an access of `size` bytes that ends where [`check_bounds_wide`](Memory::check_bounds_wide) just
    /// said, 0 by data flow where the check fails. Overwrites SCRATCH2.
    fn masked_checked_address(&mut self, size: u32, memory: i32) -> Addr;
    /// Length in pages of 2^`page_log2` bytes.
    fn memory_size(&mut self, dst: Gpr, memory: i32, page_log2: u8);
    /// Loads a global of an integer or reference type, which is where [`Memory::global`] says.
    #[inline(always)]
    fn load_global(&mut self, ty: Ty, dst: Gpr, offset: i32, indirect: bool) {
        let addr = self.global(offset, indirect);
        self.load(if ty == Ty::I32 { Load::I32 } else { Load::I64 }, dst.into(), addr);
    }
    /// Address of a global: [`Addr`] relative to vmctx or, if `indirect`, through a pointer there (overwrites
    /// SCRATCH2).
    fn global(&mut self, offset: i32, indirect: bool) -> Addr;
    /// Number of elements of a table.
    fn table_size(&mut self, dst: Gpr, table: i32);
    /// Checks `index` against the table's length, traps if it is out of bounds, and gives the element's address in
    /// [`Masm::SCRATCH2`] with displacement 0. Overwrites SCRATCH. `index` may be SCRATCH2 itself.
    fn table_element(&mut self, index: Gpr, table: i32) -> Addr;
}
