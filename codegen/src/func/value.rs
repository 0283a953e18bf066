//! A value on the operand stack: eight bytes that say what type it has and where it is.
//!
//! ```text
//! bits  0– 2  kind
//!       3– 7  register
//!       8–31  type
//!      32–63  payload: frame displacement, or the constant
//! ```
//!
//! | kind | the value is | register | payload |
//! | --- | --- | --- | --- |
//! | `REG` | in a temporary register that it owns | yes | 0 |
//! | `PIN` | a local in its pinned register, not read yet | yes | local index |
//! | `SLOT` | in its home slot (`HOME_SLOT`) | – | displacement |
//! | `LOCAL` | a local in its frame slot, not read yet | – | displacement |
//! | `CONST` | a constant | – | its bits, see [`Val::constant`] |
//!
//! A local that is read is the very `Val` that stands for the local in `Locals`: whether a value on the stack still
//! reads a local is one comparison.

use crate::masm::Loc;
use crate::reg::{Fpr, Gpr, Reg};
use crate::ty::{Class, Ty};

/// `ZEXT`, of what is known when code is made. What is only known when it runs is checked by the hostile mode that
/// poisons upper halves.
#[inline(always)]
pub(crate) fn debug_assert_zext(ty: Ty, value: i64) {
    debug_assert!(ty != Ty::I32 || value as u64 >> 32 == 0, "ZEXT: {value:#x}");
}

/// See the module's documentation.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
#[repr(transparent)]
pub(crate) struct Val(pub(crate) u64);

const REG: u64 = 0;
const PIN: u64 = 1;
const SLOT: u64 = 2;
const LOCAL: u64 = 3;
const CONST: u64 = 4;

impl Val {
    #[inline(always)]
    const fn with(kind: u64, reg: Reg, ty: Ty, payload: u32) -> Val {
        debug_assert!(ty.0 >> 24 == 0);
        Val(kind | (reg.0 as u64) << 3 | (ty.0 as u64) << 8 | (payload as u64) << 32)
    }

    /// In temporary register `reg`.
    #[inline(always)]
    pub(crate) fn reg(ty: Ty, reg: impl Into<Reg>) -> Val {
        Val::with(REG, reg.into(), ty, 0)
    }

    /// Local `index`, pinned to `reg`.
    pub(crate) fn pin(ty: Ty, reg: impl Into<Reg>, index: u32) -> Val {
        Val::with(PIN, reg.into(), ty, index)
    }

    /// In temporary register `reg`, which it may only read: the register belongs to the cache (`CACHED`). Such a
    /// value is an operand of the running operator and is never pushed.
    #[inline(always)]
    pub(crate) const fn cached(ty: Ty, reg: Reg) -> Val {
        Val::with(PIN, reg, ty, u32::MAX)
    }

    /// Whether it is one made by [`Val::cached`].
    #[inline(always)]
    pub(crate) const fn is_cached(self) -> bool {
        self.0 & 7 == PIN && self.0 >> 32 == u32::MAX as u64
    }

    /// In the home slot at `disp`.
    #[inline(always)]
    pub(crate) const fn slot(ty: Ty, disp: i32) -> Val {
        Val::with(SLOT, Reg(0), ty, disp as u32)
    }

    /// A local in the frame slot at `disp`.
    pub(crate) const fn local(ty: Ty, disp: i32) -> Val {
        Val::with(LOCAL, Reg(0), ty, disp as u32)
    }

    /// A constant: an i32; an i64 that is `bits` sign-extended; the bits of an f32; the upper half of the bits
    /// of an f64 whose lower half is 0; or 0 for a null reference.
    #[inline(always)]
    pub(crate) const fn constant(ty: Ty, bits: u32) -> Val {
        Val::with(CONST, Reg(0), ty, bits)
    }

    /// The type.
    #[inline(always)]
    pub(crate) const fn ty(self) -> Ty {
        Ty((self.0 >> 8) as u32 & 0xff_ffff)
    }

    /// Whether values have exactly these types, one each; if not, they may still fit. For long lists: without an early
    /// exit, so that several are compared at a time.
    #[inline(never)]
    pub(crate) fn all_have(vals: &[Val], tys: &[Ty]) -> bool {
        let differences = |differences, (v, ty): (&Val, &Ty)| differences | (v.0 >> 8) ^ u64::from(ty.0);
        vals.iter().zip(tys).fold(0, differences) & 0xff_ffff == 0
    }

    /// Whether all values are in their home slots. For long lists, too.
    #[inline(never)]
    pub(crate) fn all_in_slots(vals: &[Val]) -> bool {
        vals.iter().fold(0, |differences, v| differences | v.0 ^ SLOT) & 7 == 0
    }

    /// The same place with another type.
    #[inline(always)]
    pub(crate) const fn retype(self, ty: Ty) -> Val {
        Val(self.0 & !0xffff_ff00 | (ty.0 as u64) << 8)
    }

    /// Owns a temporary register.
    #[inline(always)]
    pub(crate) const fn is_reg(self) -> bool {
        self.0 & 7 == REG
    }

    /// Is in its home slot.
    #[inline(always)]
    pub(crate) const fn is_slot(self) -> bool {
        self.0 & 7 == SLOT
    }

    /// Is a constant.
    #[inline(always)]
    pub(crate) const fn is_const(self) -> bool {
        self.0 & 4 != 0
    }

    /// Reads a pinned local.
    #[inline(always)]
    pub(crate) const fn is_pin(self) -> bool {
        self.0 & 7 == PIN
    }

    /// Reads a local that is in the frame.
    #[inline(always)]
    pub(crate) const fn is_local(self) -> bool {
        self.0 & 7 == LOCAL
    }

    /// Is in some register: a temporary or a pinned local.
    #[inline(always)]
    pub(crate) const fn in_reg(self) -> bool {
        self.0 & 6 == 0
    }

    /// Neither owns a register nor reads a local, so that it can stay below a block.
    #[inline(always)]
    pub(crate) const fn is_settled(self) -> bool {
        self.0 & 7 == SLOT || self.0 & 7 == CONST
    }

    /// The register of a value that is in one, whatever its class.
    #[inline(always)]
    pub(crate) fn register(self) -> Reg {
        debug_assert!(self.in_reg());
        Reg((self.0 >> 3 & 31) as u8)
    }

    /// The register of an integer or reference that is in one.
    #[inline(always)]
    pub(crate) fn gpr(self) -> Gpr {
        debug_assert_eq!(self.ty().class(), Class::Int);
        self.register().gpr()
    }

    /// The register of a float or vector that is in one.
    #[inline(always)]
    pub(crate) fn fpr(self) -> Fpr {
        debug_assert_eq!(self.ty().class(), Class::Float);
        self.register().fpr()
    }

    /// The bit of the temporary register that the value owns, in a mask; 0 if it owns none.
    #[inline(always)]
    pub(crate) const fn owned(self) -> u32 {
        ((self.0 & 7 == REG) as u32) << (self.0 >> 3 & 31)
    }

    /// Payload: the displacement of a value in the frame.
    #[inline(always)]
    pub(crate) const fn disp(self) -> i32 {
        (self.0 >> 32) as i32
    }

    /// Payload: the bits of a constant.
    #[inline(always)]
    pub(crate) const fn bits(self) -> i32 {
        (self.0 >> 32) as i32
    }

    /// The value of an integer or reference constant as it stands in a 64-bit register (`ZEXT`).
    #[inline(always)]
    pub(crate) fn int_const(self) -> i64 {
        let value = if self.ty() == Ty::I32 { i64::from(self.bits() as u32) } else { i64::from(self.bits()) };
        debug_assert_zext(self.ty(), value);
        value
    }

    /// Is the constant 0 of an integer or reference.
    #[inline(always)]
    pub(super) fn is_zero(self) -> bool {
        self.is_const() && self.int_const() == 0
    }

    /// All bits of a float constant.
    #[inline(always)]
    pub(crate) fn float_const(self) -> u64 {
        let bits = u64::from(self.bits() as u32);
        if self.ty() == Ty::F32 { bits } else { bits << 32 }
    }

    /// Where it is, unless it is a constant.
    #[inline(always)]
    pub(crate) fn loc(self) -> Loc {
        debug_assert!(!self.is_const());
        Loc(self.0)
    }
}
