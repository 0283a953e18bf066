//! The contract, implemented for AArch64.

use super::{A64, FAR_CODE, Forms, Last, MEMBASE, NEAR_BODY, NEAR_CODE, SMALL_BODY, V31, X16, X17, ZR};
use crate::buf::CodeWriter;
use crate::env::Checks;
use crate::masm::*;
use crate::target::Target;

impl Masm for A64 {
    const GPR_TEMPS: u32 = 0x1fff;
    const FPR_TEMPS: u32 = 0x00ff_00ff;
    const GPR_PINS: &'static [Gpr] = &Gpr::list([19, 20, 21, 22, 23, 24, 25, 26]);
    const FPR_PINS: &'static [Fpr] = &Fpr::list([8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27]);
    const GPR_ARGS: &'static [Gpr] = &Gpr::list([0, 1, 2, 3, 4, 5, 6, 7]);
    const FPR_ARGS: &'static [Fpr] = &Fpr::list([0, 1, 2, 3, 4, 5, 6, 7]);
    const BUILTIN_ARGS: &'static [Gpr] = &Gpr::list([1, 2, 3, 4, 5]);
    const SCRATCH: Gpr = X16;
    const FPR_SCRATCH: Fpr = V31;
    const MEMBASE: Gpr = MEMBASE;
    const SCRATCH2: Gpr = X17;
    const ADDRESS_REGS: &'static [Gpr] = &Gpr::list([14, 13]);
    const ZERO: Option<Gpr> = Some(ZR);
    const SHIFT_COUNT: Option<Gpr> = None;
    const DIV: Option<DivRegs> = None;
    const THREE_ADDRESS: bool = true;
    const FRAME_OPERANDS: bool = false;

    type Forms = Forms;

    fn first_forms(body: usize, far_calls: bool) -> Forms {
        Forms { small: body <= SMALL_BODY, far: body > NEAR_BODY, far_calls }
    }

    fn next_forms(forms: Forms, room: usize) -> Option<Forms> {
        if forms.small {
            return Some(Forms { small: false, ..forms });
        }
        (!forms.far && room >= NEAR_CODE).then_some(Forms { far: true, ..forms })
    }

    #[inline(always)]
    unsafe fn new(code: &mut [u8], target: Target, forms: Forms, lists: Box<Lists>) -> Option<Self> {
        // No position is as high as what marks entries of tables.
        let len = code.len().min(if forms.far { FAR_CODE } else { NEAR_CODE - 4 });
        // SAFETY: the caller's promise is the writer's.
        let w = unsafe { CodeWriter::new(&mut code[..len]) }?;
        Some(A64 {
            w,
            lists,
            operator: std::ptr::null(),
            far: forms.far,
            small: forms.small,
            far_calls: forms.far_calls,
            lse: target.lse,
            dotprod: target.dotprod,
            zero_test: 0,
            tested: ZR,
            tested_width: Width::W32,
            last: Last::NONE,
            table_in_code: false,
            mask: false,
            pads: false,
        })
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
