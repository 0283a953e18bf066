//! The contract, fulfilled for AArch64.

use super::{A64, MEMBASE, V31, X16, X17};
use crate::env::Checks;
use crate::masm::*;
use crate::target::Target;

impl Masm for A64 {
    const GPR_TEMPS: u32 = 0x3fff;
    const FPR_TEMPS: u32 = 0x00ff_00ff;
    const GPR_PINS: &'static [u8] = &[19, 20, 21, 22, 23, 24, 25, 26];
    const FPR_PINS: &'static [u8] = &[8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27];
    const GPR_ARGS: &'static [u8] = &[0, 1, 2, 3, 4, 5, 6, 7];
    const FPR_ARGS: &'static [u8] = &[0, 1, 2, 3, 4, 5, 6, 7];
    const BUILTIN_ARGS: &'static [u8] = &[1, 2, 3, 4, 5];
    const SCRATCH: u8 = X16;
    const FPR_SCRATCH: u8 = V31;
    const MEMBASE: u8 = MEMBASE;
    const SCRATCH2: u8 = X17;
    const SHIFT_COUNT: Option<u8> = None;
    const DIV: Option<DivRegs> = None;
    const THREE_ADDRESS: bool = true;
    const FRAME_OPERANDS: bool = false;

    unsafe fn new(code: &mut [u8], _target: Target, lists: Lists) -> Option<Self> {
        // SAFETY: the caller's promise is the same.
        unsafe { A64::with_forms(code, lists, true, true) }
    }

    fn set_checks(&mut self, checks: Checks) {
        self.mask = checks.mask_indices;
        self.pads = checks.landing_pads;
    }

    #[inline(always)]
    fn room(&mut self) {
        self.w.room();
    }

    #[inline(always)]
    fn has_room(&self) -> bool {
        self.w.has_room()
    }

    #[inline(always)]
    fn overflowed(&self) -> bool {
        self.w.overflowed()
    }

    #[inline(always)]
    fn pos(&self) -> u32 {
        self.w.pos()
    }

    #[inline(always)]
    fn stubs(&self) -> &Stubs {
        &self.stubs
    }

    #[inline(always)]
    fn stubs_mut(&mut self) -> &mut Stubs {
        &mut self.stubs
    }
}
