//! The contract that an instruction set implements.
//!
//! The pass in [`crate::func`] decides which value is where; an implementation of [`Masm`] writes the instructions.
//! It is statically dispatched, its methods are mid-level and infallible, and the machine's peculiarities
//! (which registers there are, that a shift count must be in a particular one, …) are data.
//!
//! One concept, one trait, one file here and one in each `isa/*/`:
//!
//! | trait | concept |
//! | --- | --- |
//! | [`Frame`] | prologue, epilogue, slots |
//! | [`Moves`] | moves and constants |
//! | [`Calls`] | calls, and what is passed on the stack |
//! | [`Ints`], [`Floats`] | arithmetic, comparisons, conversions |
//! | [`Vectors`] | vectors of 128 bits |
//! | [`Jumps`] | jumps to labels, through tables and to [stubs](Stub) |
//! | [`Memory`] | memories, globals, tables |
//! | [`Atomics`] | atomic accesses of memories |
//!
//! [`Masm`] is all of them, plus the machine's peculiarities.
//!
//! Operands are registers of the machine, [`Gpr`] or [`Fpr`], and [`Loc`]s: register or frame slot, of the class that
//! the method's operation has. Loads and stores of memory take a [`Reg`], whose class is that of the [`Load`] or
//! [`Store`] before it.
//!
//! # `FLAGS`
//!
//! A comparison leaves its outcome in the condition flags. Methods documented with “keeps FLAGS” may be called
//! between a comparison and what uses it. The pass keeps to them (`func/flags.rs`).
//!
//! # `ZEXT`
//!
//! An i32 in a 64-bit integer register has a zero upper half. Every method that puts an i32 in a register
//! establishes it; methods that use an i32 as an address rely on it. The upper half of an i32 in a frame
//! slot is unspecified: it is loaded with 32 bits.

mod atomic;
mod calls;
mod float;
mod frame;
mod int;
mod jump;
mod memory;
mod moves;
mod stub;
mod vector;

pub use atomic::{Atomics, Rmw};
pub(crate) use calls::pack_slots;
pub use calls::{Calls, TailCallee};
pub use float::{FAlu, FUnary, Floats};
pub use frame::Frame;
pub use int::{Alu, Cond, Div, DivRegs, Ints, Shift, Unary};
pub use jump::{Chain, Jumps, Tables};
pub use memory::{Addr, Load, Memory, Store};
pub use moves::{Constant, Moves};
pub use stub::{Stub, StubKind};
pub use vector::{VecOperand, VecPool, Vectors};

use crate::env::Checks;
pub(crate) use crate::reg::{Fpr, Gpr, Reg};
use crate::target::Target;
use crate::trap::TrapCode;
use crate::ty::{Class, Ty};

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
    pub fn reg(reg: impl Into<Reg>) -> Loc {
        Loc(u64::from(reg.into().0) << 3)
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
    pub fn register(self) -> Reg {
        debug_assert!(!self.is_frame());
        Reg((self.0 >> 3 & 31) as u8)
    }

    /// The register of an integer or reference that is not in the frame.
    #[inline(always)]
    pub fn gpr(self) -> Gpr {
        self.register().gpr()
    }

    /// The register of a float or vector that is not in the frame.
    #[inline(always)]
    pub fn fpr(self) -> Fpr {
        self.register().fpr()
    }

    /// The displacement, if it is in the frame.
    #[inline(always)]
    pub fn disp(self) -> i32 {
        debug_assert!(self.is_frame());
        (self.0 >> 32) as i32
    }

    /// Whether it is register `reg`.
    #[inline(always)]
    pub fn is_reg(self, reg: impl Into<Reg>) -> bool {
        !self.is_frame() && self.register() == reg.into()
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

/// Vectors that emitters fill, kept from one function to the next: in a box, so that they pass quickly.
#[derive(Default, Debug)]
pub struct Lists {
    /// Constants.
    pub pool: Vec<Constant>,
    /// Stubs.
    pub stubs: Vec<Stub>,
    /// Vector constants.
    pub vectors: VecPool,
    /// Jump tables.
    pub tables: Tables,
    /// Whether there is a trap in place that has no site yet (`TRAP_SITE`).
    #[cfg(debug_assertions)]
    pub trap_without_site: bool,
}

impl Lists {
    /// The jump at `site`, of the operator at this place of the body, goes to a stub of this kind.
    #[inline(always)]
    pub fn add_stub(&mut self, site: u32, operator: *const u8, kind: StubKind) {
        self.stubs.push(Stub { site, operator: operator as usize as u32, kind });
    }

    /// A trap in place was emitted.
    #[cfg(debug_assertions)]
    pub(crate) fn note_trap(&mut self) {
        self.trap_without_site = true;
    }
}

/// The `i`th of some registers, whatever their class.
#[inline(always)]
fn of<R: Copy + Into<Reg>>(regs: &[R], i: usize) -> Option<Reg> {
    regs.get(i).map(|&reg| reg.into())
}

/// The emitter of one instruction set. Positions are bytes from the start of the function.
pub trait Masm: Frame + Moves + Calls + Ints + Floats + Vectors + Jumps + Memory + Atomics {
    /// Integer registers for temporaries.
    const GPR_TEMPS: u32;
    /// Float registers for temporaries.
    const FPR_TEMPS: u32;
    /// Integer registers for locals, saved by the callee in this order; disjoint from temporaries and arguments.
    const GPR_PINS: &'static [Gpr];
    /// Float registers for locals.
    const FPR_PINS: &'static [Fpr];
    /// Integer arguments, then results; temporaries all.
    const GPR_ARGS: &'static [Gpr];
    /// Float arguments, then results; temporaries all.
    const FPR_ARGS: &'static [Fpr];
    /// Arguments of builtins ([`crate::vmctx::Builtin`]); temporaries all.
    const BUILTIN_ARGS: &'static [Gpr];
    /// The integer register that breaks cycles of moves; not a temporary.
    const SCRATCH: Gpr;
    /// The same for floats.
    const FPR_SCRATCH: Fpr;
    /// What `MEMBASE` holds in the context ([`crate::vmctx`]): the base of the heap or of memory 0.
    const MEMBASE: Gpr;
    /// Where [`Calls::load_callee`] puts the callee and [`Memory::memory_base`] a base; no temporary, survives moves of
    /// arguments.
    const SCRATCH2: Gpr;
    /// Registers for sums of [`Masm::MEMBASE`] and an index, that accesses with a displacement need; no temporaries. None
    /// where instructions form the sum themselves.
    const ADDRESS_REGS: &'static [Gpr];
    /// A register that reads as zero, for the operands of [`Ints::select`].
    const ZERO: Option<Gpr>;
    /// The register that a variable shift count must be in.
    const SHIFT_COUNT: Option<Gpr>;
    /// The registers that a division must use.
    const DIV: Option<DivRegs>;
    /// Whether a result may go to a register other than the first operand's at no cost, even to that of the second.
    /// If not, `dst` is never the register of `b` alone.
    const THREE_ADDRESS: bool;
    /// Whether an operand may be read from the frame at no cost. If not, most are brought to registers first.
    const FRAME_OPERANDS: bool;

    /// Registers for temporaries of a class.
    #[inline(always)]
    fn temps(class: Class) -> u32 {
        if class == Class::Float { Self::FPR_TEMPS } else { Self::GPR_TEMPS }
    }
    /// The register for the `i`th argument, then result, of a class, if there is one.
    #[inline(always)]
    fn arg(class: Class, i: usize) -> Option<Reg> {
        if class == Class::Float { of(Self::FPR_ARGS, i) } else { of(Self::GPR_ARGS, i) }
    }
    /// The register for the first argument or result of a class.
    #[inline(always)]
    fn first_arg(class: Class) -> Reg {
        if class == Class::Float { Self::FPR_ARGS[0].into() } else { Self::GPR_ARGS[0].into() }
    }
    /// The register for the `i`th local of a class, if there is one.
    #[inline(always)]
    fn pin(class: Class, i: usize) -> Option<Reg> {
        if class == Class::Float { of(Self::FPR_PINS, i) } else { of(Self::GPR_PINS, i) }
    }
    /// How many registers of a class can be pinned.
    #[inline(always)]
    fn pins(class: Class) -> usize {
        if class == Class::Float { Self::FPR_PINS.len() } else { Self::GPR_PINS.len() }
    }
    /// The register of a class that breaks cycles of moves.
    #[inline(always)]
    fn scratch(class: Class) -> Reg {
        if class == Class::Float { Self::FPR_SCRATCH.into() } else { Self::SCRATCH.into() }
    }

    /// Which forms jumps and calls have, on machines where they do not all reach everything.
    type Forms: Copy;
    /// The forms for a body of `body` bytes; `far_calls`: [`crate::ModuleEnv::far_calls`].
    fn first_forms(body: usize, far_calls: bool) -> Self::Forms;
    /// The forms to try next, if code in `forms` did not fit into `room` bytes for lack of reach rather than of room.
    fn next_forms(forms: Self::Forms, room: usize) -> Option<Self::Forms>;

    /// An emitter over `code`, `None` if that is too short for anything. `lists` are to be filled, and empty.
    ///
    /// # Safety
    /// `code` must outlive the emitter and not be touched by others meanwhile.
    unsafe fn new(code: &mut [u8], target: Target, forms: Self::Forms, lists: Box<Lists>) -> Option<Self>;
    /// Enables the parts of `checks` that concern the emitter; none are enabled at first.
    fn set_checks(&mut self, checks: Checks);
    /// Makes sure that there is room for one more operator (`ROOM`).
    fn room(&mut self);
    /// Whether [`Masm::room`] would find room; false forever once it did not.
    fn has_room(&self) -> bool;
    /// Whether room ever ran out: the code is then useless.
    fn overflowed(&self) -> bool;
    /// The current position.
    fn pos(&self) -> u32;
    /// What is emitted from now on belongs to the operator at this place of the body.
    fn set_operator(&mut self, operator: *const u8);
    /// The operator that is being compiled.
    fn operator(&self) -> *const u8;
    /// The lists that the emitter fills.
    fn lists(&mut self) -> &mut Lists;
    /// The same, when the emitter is done with.
    fn into_lists(self) -> Box<Lists>;
}
