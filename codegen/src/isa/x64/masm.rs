//! The contract, implemented for x86-64.

use super::{R8, R9, R10, R11, RAX, RCX, RDI, RDX, X64, XMM15};
use crate::buf::CodeWriter;
use crate::env::Checks;
use crate::masm::*;
use crate::target::Target;

impl Masm for X64 {
    const GPR_TEMPS: u32 = 0b11_0000_0111;
    const FPR_TEMPS: u32 = 0x1f;
    const GPR_PINS: &'static [Gpr] = &Gpr::list([3, 6, 15, 13, 12]);
    const FPR_PINS: &'static [Fpr] = &Fpr::list([5, 6, 7, 8, 9, 10, 11, 12, 13]);
    const GPR_ARGS: &'static [Gpr] = &[RAX, RCX, RDX, R8, R9];
    const FPR_ARGS: &'static [Fpr] = &Fpr::list([0, 1, 2, 3, 4]);
    const BUILTIN_ARGS: &'static [Gpr] = &[RAX, RDX, RCX, R8, R9];
    const SCRATCH: Gpr = R11;
    const FPR_SCRATCH: Fpr = XMM15;
    const MEMBASE: Gpr = RDI;
    const SCRATCH2: Gpr = R10;
    const ADDRESS_REGS: &'static [Gpr] = &[];
    const ZERO: Option<Gpr> = None;
    const SHIFT_COUNT: Option<Gpr> = Some(RCX);
    const DIV: Option<DivRegs> = Some(DivRegs { quotient: RAX, remainder: RDX });
    const THREE_ADDRESS: bool = false;
    const FRAME_OPERANDS: bool = true;

    type Forms = ();

    fn first_forms(_body: usize, _far_calls: bool) {}

    fn next_forms(_forms: (), _room: usize) -> Option<()> {
        None
    }

    #[inline(always)]
    unsafe fn new(code: &mut [u8], target: Target, _forms: (), lists: Box<Lists>) -> Option<Self> {
        // SAFETY: the caller's promise is the writer's.
        let w = unsafe { CodeWriter::new(code) }?;
        Some(X64 { w, target, lists, operator: std::ptr::null(), mask: false, pads: false })
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
    fn set_operator(&mut self, operator: *const u8) {
        self.operator = operator;
    }

    #[inline(always)]
    fn operator(&self) -> *const u8 {
        self.operator
    }

    #[inline(always)]
    fn lists(&mut self) -> &mut Lists {
        &mut self.lists
    }

    #[inline(always)]
    fn into_lists(self) -> Box<Lists> {
        self.lists
    }
}
