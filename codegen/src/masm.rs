//! The contract that an instruction set fulfils.
//!
//! The pass in [`crate::func`] decides which value is where; an implementation of [`Masm`] writes the instructions.
//! It is statically dispatched, its methods are mid-level and infallible, and what the machine is particular about
//! (which registers there are, that a shift count must be in one of them, …) is data.
//!
//! Operands are register numbers of the machine (`u8`, 0 to 31; the class follows from the method) and [`Loc`]s: register or frame slot.
//!
//! # `FLAGS`
//!
//! A comparison leaves its outcome in the condition flags. Methods documented with “keeps FLAGS” may be called
//! between a comparison and what uses it.
//!
//! # `ZEXT`
//!
//! An i32 in a 64-bit integer register has a zero upper half. Every method that puts an i32 in a register
//! establishes it; methods that use an i32 as an address rely on it. The upper half of an i32 in a frame
//! slot is unspecified: it is loaded with 32 bits.

use crate::env::Checks;
use crate::target::Target;
use crate::ty::Ty;

/// Where a value is: in a register, or in the frame at a displacement from the frame pointer.
///
/// The bits are those of a value on the operand stack (`func::value::Val`), so that one becomes the other for free:
/// bits 0–2 kind (bit 1: in the frame), 3–7 register, 32–63 displacement.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Loc(pub u64);

impl Loc {
    /// In register `reg`.
    #[inline(always)]
    pub fn reg(reg: u8) -> Loc {
        Loc(u64::from(reg) << 3)
    }

    /// In the frame, `disp` bytes from the frame pointer.
    #[inline(always)]
    pub fn frame(disp: i32) -> Loc {
        Loc(2 | u64::from(disp as u32) << 32)
    }

    /// Whether it is in the frame.
    #[inline(always)]
    pub fn is_frame(self) -> bool {
        self.0 & 2 != 0
    }

    /// The register, if it is not in the frame.
    #[inline(always)]
    pub fn num(self) -> u8 {
        debug_assert!(!self.is_frame());
        (self.0 >> 3 & 31) as u8
    }

    /// The displacement, if it is in the frame.
    #[inline(always)]
    pub fn disp(self) -> i32 {
        debug_assert!(self.is_frame());
        (self.0 >> 32) as i32
    }

    /// Whether it is register `reg`.
    #[inline(always)]
    pub fn is_reg(self, reg: u8) -> bool {
        !self.is_frame() && self.num() == reg
    }
}

/// Width of an integer or float operation.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Width {
    /// 32 bits
    W32 = 0,
    /// 64 bits
    W64 = 1,
}

/// Two-operand integer operations that set nothing but their result.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Alu {
    /// Addition
    Add,
    /// Subtraction
    Sub,
    /// Bitwise and
    And,
    /// Bitwise or
    Or,
    /// Bitwise exclusive or
    Xor,
    /// Multiplication
    Mul,
}

impl Alu {
    /// All of them, by discriminant.
    pub const ALL: [Alu; 6] = [Alu::Add, Alu::Sub, Alu::And, Alu::Or, Alu::Xor, Alu::Mul];

    /// Whether the operands may be swapped.
    #[inline(always)]
    pub fn commutes(self) -> bool {
        !matches!(self, Alu::Sub)
    }
}

/// Shifts and rotates; counts are taken modulo the width.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Shift {
    /// Left
    Shl,
    /// Right, sign-filled
    ShrS,
    /// Right, zero-filled
    ShrU,
    /// Rotate left
    Rotl,
    /// Rotate right
    Rotr,
}

/// Divisions.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Div {
    /// Signed quotient
    DivS,
    /// Unsigned quotient
    DivU,
    /// Signed remainder
    RemS,
    /// Unsigned remainder
    RemU,
}

/// One-operand integer operations.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Unary {
    /// Leading zeros
    Clz,
    /// Trailing zeros
    Ctz,
    /// Ones
    Popcnt,
    /// Sign-extend the lowest 8 bits
    Extend8,
    /// Sign-extend the lowest 16 bits
    Extend16,
    /// Sign-extend the lowest 32 bits (only 64 bits wide)
    Extend32,
}

/// Conditions after an integer or float comparison.
///
/// The `F…` ones follow [`Masm::fcmp`]; all but `FNe` are false when an operand is a NaN, and the inverse of each is
/// its exact negation.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Cond {
    Eq,
    Ne,
    LtS,
    GeS,
    LtU,
    GeU,
    GtS,
    LeS,
    GtU,
    LeU,
    FEq,
    FNe,
    FLt,
    FNotLt,
    FGt,
    FNotGt,
    FLe,
    FNotLe,
    FGe,
    FNotGe,
}

impl Cond {
    /// The negation.
    #[inline(always)]
    pub fn negate(self) -> Cond {
        const ALL: [Cond; 20] = [
            Cond::Eq,
            Cond::Ne,
            Cond::LtS,
            Cond::GeS,
            Cond::LtU,
            Cond::GeU,
            Cond::GtS,
            Cond::LeS,
            Cond::GtU,
            Cond::LeU,
            Cond::FEq,
            Cond::FNe,
            Cond::FLt,
            Cond::FNotLt,
            Cond::FGt,
            Cond::FNotGt,
            Cond::FLe,
            Cond::FNotLe,
            Cond::FGe,
            Cond::FNotGe,
        ];
        ALL[self as usize ^ 1]
    }

    /// The condition that holds for (b, a) when this holds for (a, b).
    #[inline(always)]
    pub fn swap(self) -> Cond {
        match self {
            Cond::LtS => Cond::GtS,
            Cond::GtS => Cond::LtS,
            Cond::LeS => Cond::GeS,
            Cond::GeS => Cond::LeS,
            Cond::LtU => Cond::GtU,
            Cond::GtU => Cond::LtU,
            Cond::LeU => Cond::GeU,
            Cond::GeU => Cond::LeU,
            other => other,
        }
    }
}

/// Two-operand float arithmetic.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum FAlu {
    Add,
    Sub,
    Mul,
    Div,
}

/// One-operand float operations.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum FUnary {
    Abs,
    Neg,
    Sqrt,
    Ceil,
    Floor,
    Trunc,
    Nearest,
}

/// What a load does; the bits that are not loaded are filled as the name says.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Load {
    I32,
    I64,
    F32,
    F64,
    U8,
    U16,
    /// Zero-extends to 64 bits, as `I32` does.
    U32,
    S8To32,
    S16To32,
    S8To64,
    S16To64,
    S32To64,
}

/// What a store writes.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Store {
    B8,
    B16,
    B32,
    B64,
    F32,
    F64,
}

/// An address for loads and stores: `base + index + disp`.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Addr {
    /// Base register.
    pub base: u8,
    /// Index register, if any; 64 bits of it are used (`ZEXT`).
    pub index: Option<u8>,
    /// Displacement.
    pub disp: i32,
}

/// Registers that an integer division wants: quotient and dividend in `quotient`, the remainder in `remainder`;
/// both are overwritten.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub struct DivRegs {
    pub quotient: u8,
    pub remainder: u8,
}

/// A place in the code that is not known yet, as the last of the jumps to it: the jumps form a chain through
/// their own displacement fields. 0: no jump yet.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Chain(pub u32);

/// Jumps to traps, collected while a function is compiled and given their stubs at its end.
#[derive(Copy, Clone, Debug)]
pub struct TrapJump {
    /// Where the jump is (one site, not a chain).
    pub site: u32,
    /// Offset of the operator in the module.
    pub wasm: u32,
    /// Code carried by the trap instruction.
    pub code: u8,
}

impl TrapJump {
    /// In `code`: the jump goes to a call of [`crate::vmctx::Builtin::Check`], from which control comes back.
    pub const CHECK: u8 = 0xff;
}

/// A float constant that an instruction loads from behind the function's code.
#[derive(Copy, Clone, Debug)]
pub struct Constant {
    /// Where the instruction's reference to it is.
    pub site: u32,
    /// Its bits.
    pub bits: u64,
}

/// The emitter of one instruction set. Positions are bytes from the start of the function.
#[allow(clippy::too_many_arguments)]
pub trait Masm: Sized {
    /// Integer registers for temporaries.
    const GPR_TEMPS: u32;
    /// Float registers for temporaries.
    const FPR_TEMPS: u32;
    /// Integer registers for locals, saved by the callee in this order; disjoint from temporaries and arguments.
    const GPR_PINS: &'static [u8];
    /// Float registers for locals.
    const FPR_PINS: &'static [u8];
    /// Integer arguments, then results; temporaries all.
    const GPR_ARGS: &'static [u8];
    /// Float arguments, then results; temporaries all.
    const FPR_ARGS: &'static [u8];
    /// Arguments of builtins ([`crate::vmctx::Builtin`]); temporaries all.
    const BUILTIN_ARGS: &'static [u8];
    /// The integer register that breaks cycles of moves; no temporary.
    const SCRATCH: u8;
    /// The same for floats.
    const FPR_SCRATCH: u8;
    /// Base of memory 0.
    const MEMBASE: u8;
    /// Where [`Masm::load_callee`] puts the callee and [`Masm::memory_base`] a base; no temporary, survives moves of arguments.
    const SCRATCH2: u8;
    /// The register that a variable shift count must be in.
    const SHIFT_COUNT: Option<u8>;
    /// The registers that a division must use.
    const DIV: Option<DivRegs>;
    /// Whether a result may go to a register other than the first operand's at no cost, even to that of the second. If not,
    /// `dst` is never the register of `b` alone.
    const THREE_ADDRESS: bool;
    /// Whether an operand may be read from the frame at no cost. If not, most are brought to registers first.
    const FRAME_OPERANDS: bool;

    /// Whether [`Masm::store_imm`] can store the constant `value` (sign-extended).
    fn stores_imm(value: i32) -> bool;

    /// An emitter over `code`, `None` if that is too short for anything. `pool` is an empty vector for its constants.
    ///
    /// # Safety
    /// `code` must outlive the emitter and not be touched by others meanwhile.
    unsafe fn new(code: &mut [u8], target: Target, pool: Vec<Constant>) -> Option<Self>;

    /// Has the code do what `checks` says, as far as it is the emitter's matter; nothing of it at first.
    fn set_checks(&mut self, checks: Checks);
    /// Makes sure that there is room for one more operator (`ROOM`).
    fn room(&mut self);
    /// Whether [`Masm::room`] would find room; never again once it did not.
    fn has_room(&self) -> bool;
    /// Whether there was no room at some time: the code is useless then.
    fn overflowed(&self) -> bool;
    /// The current position.
    fn pos(&self) -> u32;

    // Frame.

    /// Emits everything up to the stack check; the frame size is patched later. Returns the position to patch.
    fn prologue(&mut self, gpr_pins: usize, fpr_pins: usize, traps: &mut Vec<TrapJump>, wasm: u32) -> u32;
    /// Sets the size of the frame below the saved registers, in bytes.
    fn patch_frame(&mut self, prologue: u32, gpr_pins: usize, fpr_pins: usize, size: u32);
    /// Restores and returns.
    fn epilogue(&mut self, gpr_pins: usize, fpr_pins: usize);
    /// Zeroes `count` 8-byte slots that begin at `disp` and go up. Overwrites temporaries if `count` is large.
    fn zero_slots(&mut self, disp: i32, count: u32);
    /// Emits the trap instruction with `code`.
    fn trap(&mut self, code: u8);
    /// Emits the constants that the function loads, after its code, and gives the vector back, empty.
    fn finish_pool(&mut self) -> Vec<Constant>;
    /// Fills up to the entry alignment with trap instructions.
    fn align_entry(&mut self);

    // Moves. All keep FLAGS.

    /// Register to register, integers, 64 bits. Nothing if they are the same.
    fn mov(&mut self, dst: u8, src: u8);
    /// Register to register, i32: establishes `ZEXT` whatever the source's upper half.
    fn mov32(&mut self, dst: u8, src: u8);
    /// A constant.
    fn mov_imm(&mut self, dst: u8, value: i64);
    /// A constant, in the shortest form; the exception here: does not keep FLAGS.
    fn set_imm(&mut self, dst: u8, value: i64);
    /// Brings an integer or reference of type `ty` to a register.
    #[inline(always)]
    fn mov_from(&mut self, ty: Ty, dst: u8, src: Loc) {
        if src.is_frame() {
            self.load_frame(ty, dst, src.disp());
        } else if ty == Ty::I32 {
            self.mov32(dst, src.num());
        } else {
            self.mov(dst, src.num());
        }
    }
    /// Loads an integer or reference of type `ty` from a frame slot.
    fn load_frame(&mut self, ty: Ty, dst: u8, disp: i32);
    /// Stores 64 bits of an integer register to a frame slot.
    fn store_frame(&mut self, src: u8, disp: i32);
    /// Stores a constant (sign-extended) to all 8 bytes of a frame slot.
    fn store_frame_imm(&mut self, value: i32, disp: i32);
    /// Register to register, floats. Nothing if they are the same.
    fn fmov(&mut self, dst: u8, src: u8);
    /// A float constant given by its bits.
    fn fmov_imm(&mut self, w: Width, dst: u8, bits: u64);
    /// Loads a float from a frame slot.
    fn fload_frame(&mut self, w: Width, dst: u8, disp: i32);
    /// Stores a float to a frame slot (8 bytes).
    fn fstore_frame(&mut self, src: u8, disp: i32);
    /// Stores 64 bits of an integer register to outgoing stack argument `i`.
    fn store_arg(&mut self, src: u8, i: u32);
    /// Stores a float register to outgoing stack argument `i`.
    fn fstore_arg(&mut self, src: u8, i: u32);
    /// Loads 64 bits of stack result `i` of the call just made.
    fn load_result(&mut self, dst: u8, i: u32);

    // Integers.

    /// `dst = a op b`. `dst` is not `b` unless it also is `a` ([`Masm::THREE_ADDRESS`]).
    fn alu(&mut self, op: Alu, w: Width, dst: u8, a: Loc, b: Loc);
    /// `dst = a op imm` (sign-extended).
    fn alu_imm(&mut self, op: Alu, w: Width, dst: u8, a: Loc, imm: i32);
    /// `dst = a shift count`, count in the [`Masm::SHIFT_COUNT`] register if there is one. `dst` is not `count`
    /// ([`Masm::THREE_ADDRESS`]).
    fn shift(&mut self, op: Shift, w: Width, dst: u8, a: Loc, count: u8);
    /// `dst = a shift count`, 0 ≤ count < width.
    fn shift_imm(&mut self, op: Shift, w: Width, dst: u8, a: Loc, count: u8);
    /// Divides; with [`Masm::DIV`] the dividend is in its register and so will be quotient or remainder, `dst` and
    /// `a` are that register; `b` is none of the two. `checked`: the divisor is known to be neither 0 nor −1.
    fn div(&mut self, op: Div, w: Width, dst: u8, a: u8, b: Loc, checked: bool, traps: &mut Vec<TrapJump>, wasm: u32);
    /// `dst = op a`.
    fn unary(&mut self, op: Unary, w: Width, dst: u8, a: Loc);

    // Comparisons: set FLAGS.

    /// Compares integers.
    fn cmp(&mut self, w: Width, a: u8, b: Loc);
    /// Compares with a constant (sign-extended).
    fn cmp_imm(&mut self, w: Width, a: Loc, imm: i32);
    /// Compares floats for `cond` (one of the `F…` conditions, not negated) and returns the condition to use.
    fn fcmp(&mut self, cond: Cond, w: Width, a: u8, b: u8) -> Cond;
    /// `dst = cond ? 1 : 0`, all 64 bits.
    fn set_cond(&mut self, cond: Cond, dst: u8);
    /// `dst = cond ? a : b`, all 64 bits; 32 bits wide it establishes `ZEXT`. `dst` is `a`, unless [`Masm::THREE_ADDRESS`].
    fn select(&mut self, cond: Cond, w: Width, dst: u8, a: u8, b: Loc);
    /// The same for floats.
    fn fselect(&mut self, cond: Cond, dst: u8, a: u8, b: u8);

    // Jumps.

    /// Jumps forward and adds the jump to the chain.
    fn jump(&mut self, to: &mut Chain);
    /// Jumps forward if `cond` holds. The FLAGS are used up.
    fn jump_if(&mut self, cond: Cond, to: &mut Chain);
    /// Jumps back.
    fn jump_back(&mut self, to: u32);
    /// Jumps back if `cond` holds.
    fn jump_back_if(&mut self, cond: Cond, to: u32);
    /// Makes all jumps of the chain go here.
    fn bind(&mut self, chain: Chain);
    /// Jumps to a trap if `cond` (no `F…`) holds.
    fn trap_if(&mut self, cond: Cond, code: u8, traps: &mut Vec<TrapJump>, wasm: u32);
    /// Makes one jump of `traps` go here.
    fn bind_trap(&mut self, site: u32);
    /// Where control goes on if the jump of `traps` at `site` is not taken.
    fn after_trap_jump(&self, site: u32) -> u32;
    /// Jumps to a check if the execution is to be interrupted. No temporary is in use.
    fn check_interrupt(&mut self, traps: &mut Vec<TrapJump>, wasm: u32);
    /// Takes an amount of fuel that is to be patched and jumps to a check if there is not so much. Returns the position to
    /// patch. No temporary is in use.
    fn charge_fuel(&mut self, traps: &mut Vec<TrapJump>, wasm: u32) -> u32;
    /// Sets the amount, less than 2³¹, that is taken at `at`.
    fn patch_fuel(&mut self, at: u32, amount: u32);
    /// Begins a jump table: jumps to entry min(`index`, `last`); `last + 1` entries must follow at once, each made by
    /// [`Masm::table_entry`] or [`Masm::table_entry_back`]. Overwrites `index`.
    fn table_jump(&mut self, index: u8, last: u32);
    /// A table entry that goes forward.
    fn table_entry(&mut self, to: &mut Chain);
    /// A table entry that goes back.
    fn table_entry_back(&mut self, to: u32);

    // Floats.

    /// `dst = a op b`. `dst` is not `b` unless it also is `a` ([`Masm::THREE_ADDRESS`]).
    fn falu(&mut self, op: FAlu, w: Width, dst: u8, a: u8, b: Loc);
    /// `dst = op a`.
    fn funary(&mut self, op: FUnary, w: Width, dst: u8, a: u8);
    /// `dst = min(a, b)` or max, as the specification has it. `dst` is `a` and not `b`, unless [`Masm::THREE_ADDRESS`].
    fn fminmax(&mut self, max: bool, w: Width, dst: u8, a: u8, b: u8);
    /// `dst = copysign(a, b)`. `dst` is `a`, unless [`Masm::THREE_ADDRESS`].
    fn fcopysign(&mut self, w: Width, dst: u8, a: u8, b: u8);
    /// Float of width `from` to the other width.
    fn fconvert(&mut self, from: Width, dst: u8, src: u8);
    /// Integer to float.
    fn int_to_float(&mut self, int: Width, signed: bool, float: Width, dst: u8, src: u8);
    /// Float to integer, traps if it does not fit.
    fn float_to_int(
        &mut self,
        float: Width,
        int: Width,
        signed: bool,
        dst: u8,
        src: u8,
        traps: &mut Vec<TrapJump>,
        wasm: u32,
    );
    /// Float to integer, saturates.
    fn float_to_int_sat(&mut self, float: Width, int: Width, signed: bool, dst: u8, src: u8);
    /// Bits of a float register to an integer register.
    fn float_bits(&mut self, w: Width, dst: u8, src: u8);
    /// Bits of an integer register to a float register.
    fn float_from_bits(&mut self, w: Width, dst: u8, src: u8);

    // Memory. A load or store of what was prepared is exactly one instruction at the current position.

    /// Makes `addr` one that a load or store of `size` bytes reaches by one instruction. Uses [`Masm::SCRATCH`] if it must.
    fn prepare(&mut self, addr: Addr, size: u32) -> Addr;
    /// The same for [`Masm::MEMBASE`]` + index + disp`, `disp` not negative: gives index and displacement.
    fn prepare_indexed(&mut self, index: u8, disp: i32) -> (u8, i32);
    /// Loads to an integer or float register, as `kind` says. Reaches what is not prepared too, by more instructions.
    fn load(&mut self, kind: Load, dst: u8, addr: Addr);
    /// Stores an integer or float register.
    fn store(&mut self, kind: Store, src: u8, addr: Addr);
    /// Loads from [`Masm::MEMBASE`]` + index + disp`: the hottest form.
    fn load_indexed(&mut self, kind: Load, dst: u8, index: u8, disp: i32);
    /// Stores to [`Masm::MEMBASE`]` + index + disp`.
    fn store_indexed(&mut self, kind: Store, src: u8, index: u8, disp: i32);
    /// Stores the lowest bytes of a constant (sign-extended) that [`Masm::stores_imm`].
    fn store_imm(&mut self, kind: Store, value: i32, addr: Addr);
    /// Puts base `[vmctx + memory]→base` in [`Masm::SCRATCH2`].
    fn memory_base(&mut self, memory: i32);
    /// `SCRATCH = index + offset` with 64 bits.
    fn add_offset(&mut self, index: u8, offset: u64);
    /// Traps unless `index + end` (which must not wrap) is at most the length in bytes of `[vmctx + memory]`; overwrites SCRATCH.
    fn check_bounds(&mut self, index: u8, end: u64, memory: i32, traps: &mut Vec<TrapJump>, wasm: u32);
    /// [`Masm::check_bounds`] and then the address of the access, which ends at `index + end` and has `size` bytes: one that is
    /// 0 by data flow where the check fails ([`crate::env::Checks::mask_indices`]). Overwrites SCRATCH2 too.
    fn masked_address(
        &mut self,
        index: u8,
        end: u64,
        size: u32,
        memory: i32,
        traps: &mut Vec<TrapJump>,
        wasm: u32,
    ) -> Addr;
    /// Length in pages.
    fn memory_size(&mut self, dst: u8, memory: i32);

    // The instance.

    /// Loads a global of an integer or reference type, which is where [`Masm::global`] says.
    #[inline(always)]
    fn load_global(&mut self, ty: Ty, dst: u8, offset: i32, indirect: bool) {
        let addr = self.global(offset, indirect);
        self.load(if ty == Ty::I32 { Load::I32 } else { Load::I64 }, dst, addr);
    }

    /// Address of a global: [`Addr`] relative to vmctx or, if `indirect`, through a pointer there (overwrites SCRATCH2).
    fn global(&mut self, offset: i32, indirect: bool) -> Addr;
    /// Number of elements of a table.
    fn table_size(&mut self, dst: u8, table: i32);
    /// Checks `index` against the table's length, traps if it is beyond, and gives the element's address in
    /// [`Masm::SCRATCH2`] with displacement 0. Overwrites SCRATCH. `index` may be SCRATCH2 itself.
    fn table_element(&mut self, index: u8, table: i32, traps: &mut Vec<TrapJump>, wasm: u32) -> Addr;

    // Calls. Each call returns the position after the call instruction.

    /// Calls a function of this module; returns the call site to patch.
    fn call_direct(&mut self) -> u32;
    /// Calls the import whose `VMFuncImport` is at `offset` in vmctx. The caller restores the context afterwards.
    fn call_import(&mut self, offset: i32);
    /// SCRATCH2 = the funcref at element `index` of the table, checked for bounds, null and type.
    fn load_callee(&mut self, index: u8, table: i32, sig: u32, traps: &mut Vec<TrapJump>, wasm: u32);
    /// Calls the funcref in SCRATCH2. The caller restores the context afterwards.
    fn call_funcref(&mut self);
    /// Brings vmctx and membase back after a call that may have gone to another instance.
    fn restore_context(&mut self);
    /// Calls a builtin; arguments are in [`Masm::BUILTIN_ARGS`], the result will be in the first of [`Masm::GPR_ARGS`].
    fn call_builtin(&mut self, builtin: u32);
}
