//! The frame of a function: where everything in it is. The rest of the pass asks here and computes no displacement
//! itself.
//!
//! ```text
//!    fp + 16 + 8·i    stack argument i, and stack result i after the call   stack_arg(i)
//!    fp + 8           return address
//!    fp               caller's fp
//!    fp − 8           vmctx
//!    fp − 16 …        saved pins, integers and then floats                  saved_bytes()
//!    …                slots of the locals that are not pinned               add_local(ty, n)
//!    slot(0)          home slot of depth 0
//!    slot(1) …        the others, as many as were ever used                 use_slots(n)
//!    …                outgoing stack arguments and results                  use_outgoing(n)
//!    sp
//! ```
//!
//! # Values of 16 bytes
//!
//! A local takes as many slots as its type says ([`Ty::slots`]), and so does an argument on the stack. Home slots of
//! the operand stack are different: where one is must follow from its depth alone (`HOME_SLOT`), whatever types the
//! values below it have. There are two ways. A value of 16 bytes could be two entries of the operand stack; then
//! arities and depths would no longer be the same numbers, in every branch, block and call. Or home slots are 16
//! bytes apart, in functions that need it: that is the way taken here. The distance is a matter of the function, and no line
//! outside this file knows of it. Whether a function has vectors is known for sure only when the first one is met: a
//! body that declares no local of such a type and turns out to have one is begun anew
//! ([`Compiler`](super::Compiler) guesses from what it met before, so that this is rare). Functions without vectors
//! have the narrow frame, whatever module they are in, and the machine code of a function depends on nothing but the
//! function and its module.
//!
//! Vectors in the frame are at multiples of 16, but for those among stack arguments.

use crate::ty::{Class, PerClass, Ty};

/// Bytes of a slot.
const SLOT: i32 = 8;

/// See the module's documentation.
#[derive(Copy, Clone, Debug)]
pub(super) struct Layout {
    /// How many registers are pinned.
    pub(super) pins: PerClass<usize>,
    /// How many of them are parameters.
    pub(super) param_pins: PerClass<usize>,
    /// The distance of home slots, as the exponent of a power of two.
    home_log2: u32,
    /// Displacement of the next slot to be given out.
    next: i32,
    /// Displacement of home slot 0, when all locals have their slots.
    home: i32,
    /// How many home slots were ever used.
    slots: u32,
    /// How many slots outgoing arguments or results took at most.
    outgoing: u32,
}

impl Layout {
    /// Nothing is pinned, no local has a slot. `vectors`: whether values of 16 bytes may be on the operand stack.
    #[inline(always)]
    pub(super) fn new(vectors: bool) -> Layout {
        Layout {
            pins: PerClass([0; 2]),
            param_pins: PerClass([0; 2]),
            home_log2: if vectors { 4 } else { 3 },
            next: 0,
            home: 0,
            slots: 0,
            outgoing: 0,
        }
    }

    /// Whether values of 16 bytes may be on the operand stack.
    #[inline(always)]
    pub(super) fn has_vectors(&self) -> bool {
        self.home_log2 == 4
    }

    /// There will be values of 16 bytes. Before home slots are given out.
    pub(super) fn allow_vectors(&mut self) {
        self.home_log2 = 4;
    }

    /// What is pinned is known: slots are given out below the saved registers from now on.
    #[inline(always)]
    pub(super) fn begin_locals(&mut self, pins: PerClass<usize>) {
        self.pins = pins;
        self.next = -(self.saved_bytes() as i32) - SLOT;
    }

    /// Gives slots to `n` locals of type `ty`, and the displacement of the first; the others follow downwards,
    /// [`Layout::local_bytes`] apart.
    #[inline(always)]
    pub(super) fn add_locals(&mut self, ty: Ty, n: u32) -> i32 {
        let bytes = Layout::local_bytes(ty);
        if ty == Ty::V128 {
            self.next = ((self.next - SLOT) & !15) + SLOT;
        }
        // The lowest byte of the first local.
        let first = self.next - (bytes - SLOT);
        self.next -= bytes * n as i32;
        first
    }

    /// All locals have their slots: home slots are given out from now on.
    #[inline(always)]
    pub(super) fn end_locals(&mut self) {
        self.home = self.next;
        if self.has_vectors() {
            self.home = (self.next - SLOT) & !15;
        }
    }

    /// The displacement of another 16 bytes, between the locals and the home slots: nobody zeroes them. After
    /// [`Layout::end_locals`], where there may be vectors.
    pub(super) fn add_vector_slot(&mut self) -> i32 {
        debug_assert!(self.has_vectors());
        let disp = self.home;
        self.home -= 2 * SLOT;
        disp
    }

    /// Bytes of the slots of a local.
    #[inline(always)]
    pub(super) fn local_bytes(ty: Ty) -> i32 {
        SLOT * ty.slots() as i32
    }

    /// The lowest displacement of all locals, and how many slots of 8 bytes there are from there up to and with the
    /// local of type `ty` at `disp`.
    #[inline(always)]
    pub(super) fn locals_up_to(&self, ty: Ty, disp: i32) -> (i32, u32) {
        let lowest = self.next + SLOT;
        (lowest, ((disp + Layout::local_bytes(ty) - lowest) / SLOT) as u32)
    }

    /// Where stack argument or result `slot` is, on the callee's side.
    #[inline(always)]
    pub(super) fn stack_arg(slot: u32) -> i32 {
        2 * SLOT + SLOT * slot as i32
    }

    /// Bytes of vmctx and the saved registers (`FIXED_FRAME`).
    #[inline(always)]
    pub(super) fn saved_bytes(&self) -> u32 {
        SLOT as u32 * (1 + self.pins[Class::Int] + self.pins[Class::Float]) as u32
    }

    /// `FIXED_FRAME`: what the pass writes to at `disp` is a stack argument or lies below the saved registers. Only the
    /// prologue writes what is between.
    #[inline(always)]
    pub(super) fn debug_assert_fixed_frame(&self, disp: i32) {
        let slots = -(self.saved_bytes() as i32);
        debug_assert!(
            disp >= Layout::stack_arg(0) || disp < slots,
            "FIXED_FRAME: a slot at {disp}, saved down to {slots}"
        );
    }

    /// The home slot of depth `depth` (`HOME_SLOT`).
    #[inline(always)]
    pub(super) fn slot(&self, depth: u32) -> i32 {
        self.home - ((depth << self.home_log2) as i32)
    }

    /// How many bytes the home slot of a depth is below that of the depth before.
    #[inline(always)]
    pub(super) fn slot_distance(&self) -> u32 {
        1 << self.home_log2
    }

    /// Home slots of all depths below `n` are used.
    #[inline(always)]
    pub(super) fn use_slots(&mut self, n: u32) {
        self.slots = self.slots.max(n);
    }

    /// How many home slots were ever used.
    #[inline(always)]
    pub(super) fn slots(&self) -> u32 {
        self.slots
    }

    /// The first `n` slots of the outgoing area are used.
    #[inline(always)]
    pub(super) fn use_outgoing(&mut self, n: u32) {
        self.outgoing = self.outgoing.max(n);
    }

    /// Bytes of the frame below the saved registers: local slots, home slots, outgoing area.
    #[inline(always)]
    pub(super) fn size(&self) -> u32 {
        let below = (self.slots << self.home_log2) as i32 - (1 << self.home_log2) - self.home;
        below as u32 - self.saved_bytes() + SLOT as u32 * self.outgoing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(vectors: bool) -> Layout {
        let mut layout = Layout::new(vectors);
        layout.begin_locals(PerClass([2, 1]));
        layout
    }

    #[test]
    fn slots_follow_the_saved_registers_downwards() {
        let mut frame = layout(false);
        assert_eq!(frame.saved_bytes(), 32);
        assert_eq!(frame.add_locals(Ty::I32, 1), -40);
        assert_eq!(frame.add_locals(Ty::F64, 3), -48);
        assert_eq!(frame.locals_up_to(Ty::I32, -40), (-64, 4));
        frame.end_locals();
        assert_eq!((frame.slot(0), frame.slot(2)), (-72, -88));
        frame.use_slots(3);
        frame.use_slots(1);
        frame.use_outgoing(2);
        assert_eq!(frame.size(), 8 * (4 + 3 + 2));
        assert_eq!(Layout::stack_arg(3), 40);
        for disp in [-40, -48, frame.slot(2), Layout::stack_arg(0), 40] {
            frame.debug_assert_fixed_frame(disp);
        }
    }

    /// vmctx, a saved register, the caller's frame pointer, the return address.
    #[test]
    #[cfg(debug_assertions)]
    fn what_the_prologue_saves_is_no_slot() {
        for disp in [-8, -32, 0, 8] {
            let check = move || layout(false).debug_assert_fixed_frame(disp);
            assert!(std::panic::catch_unwind(check).is_err(), "{disp}");
        }
    }

    #[test]
    fn values_of_sixteen_bytes_have_a_place() {
        let mut frame = layout(true);
        assert_eq!(frame.add_locals(Ty::I32, 1), -40);
        // Each from its lowest byte on, a multiple of 16: −64 to −49, −80 to −65. −48 is left over.
        assert_eq!(frame.add_locals(Ty::V128, 2), -64);
        assert_eq!(frame.add_locals(Ty::I64, 1), -88);
        assert_eq!(frame.locals_up_to(Ty::V128, -64), (-88, 5));
        frame.end_locals();
        assert_eq!(frame.add_vector_slot(), -112);
        assert_eq!(frame.locals_up_to(Ty::V128, -64), (-88, 5), "it is no local");
        frame.use_slots(2);
        assert_eq!((frame.slot(0), frame.slot(1)), (-128, -144));
        // From −32 down to −144.
        assert_eq!(frame.size(), 112);
    }
}
