//! The boundary between host and compiled code on AArch64.

use super::frame::{BTI_C, BTI_J};
use super::{A64, FP, Forms, LOST_FPRS, SP, X16, asm};
use crate::func::abi::{Assign, Place};
use crate::masm::*;
use crate::target::Target;
use crate::trampoline::{GARBAGE, store_to_array};
use crate::ty::Ty;
use crate::vmctx::{self, Builtin, VAL_RAW_SIZE, store};
use dynasmrt::DynasmApi;

/// Where the array of values is; no argument's register.
const X14: Gpr = Gpr(14);

fn at(base: Gpr, disp: u32) -> Addr {
    Addr { base, index: None, disp: disp as i32 }
}

impl A64 {
    fn over(out: &mut [u8]) -> Option<A64> {
        // SAFETY: `out` is borrowed for longer than the emitter lives in this file.
        unsafe { A64::new(out, Target::AARCH64, Forms { small: false, far: false, far_calls: false }, Box::default()) }
    }

    fn finish(self) -> Option<usize> {
        (!self.w.overflowed()).then(|| self.w.pos() as usize)
    }

    /// Fills registers with garbage, through x16.
    fn poison(&mut self, gprs: impl Iterator<Item = u8>, fprs: impl Iterator<Item = u8>) {
        self.mov_imm(X16, GARBAGE as i64);
        for reg in fprs {
            self.w.room();
            asm!(self; fmov D(reg), x16);
        }
        for reg in gprs {
            self.w.room();
            self.mov(Gpr(reg), X16);
        }
    }

    /// Fills what is above the `i32`s and `f32`s among `tys` in the array at `array` with garbage.
    fn poison_upper_halves(&mut self, tys: &[Ty], array: Gpr) {
        self.mov_imm(X16, i64::from(GARBAGE as u32));
        for (i, _) in tys.iter().enumerate().filter(|(_, ty)| matches!(**ty, Ty::I32 | Ty::F32)) {
            self.w.room();
            self.store(Store::B32, X16.into(), at(array, i as u32 * VAL_RAW_SIZE + 4));
        }
    }

    /// Copies `tys` from the array at `array` to their places; stack places are above `base`. `ZEXT`: an i32 is
    /// loaded with 32 bits, whatever the host left above them.
    fn load_values(&mut self, tys: &[Ty], array: Gpr, base: (Gpr, u32)) {
        let mut assign = Assign::<A64>::new();
        for (i, &ty) in tys.iter().enumerate() {
            self.w.room();
            let from = at(array, i as u32 * VAL_RAW_SIZE);
            match assign.next(ty) {
                Place::Stack(slot) => {
                    // ZEXT does not matter in a stack slot, the bits of a float do not either.
                    for half in 0..ty.slots() {
                        self.load(Load::I64, X16.into(), at(array, i as u32 * VAL_RAW_SIZE + 8 * half));
                        self.store(Store::B64, X16.into(), at(base.0, base.1 + 8 * (slot + half)));
                    }
                }
                Place::Reg(reg) => self.load(ty.load(), reg, from),
            }
        }
    }

    /// The other direction.
    fn store_values(&mut self, tys: &[Ty], array: Gpr, base: (Gpr, u32)) {
        let mut assign = Assign::<A64>::new();
        for (i, &ty) in tys.iter().enumerate() {
            self.w.room();
            let to = at(array, i as u32 * VAL_RAW_SIZE);
            match assign.next(ty) {
                Place::Stack(slot) => {
                    for half in 0..ty.slots() {
                        self.load(Load::I64, X16.into(), at(base.0, base.1 + 8 * (slot + half)));
                        self.store(Store::B64, X16.into(), at(array, i as u32 * VAL_RAW_SIZE + 8 * half));
                    }
                }
                Place::Reg(reg) => self.store(store_to_array(ty), reg, to),
            }
        }
    }
}

/// See [`crate::trampoline::entry`]. The frame:
///
/// ```text
/// x29 − 8    vmctx (FIXED_FRAME)
/// x29 − 16   args
/// x29 − 32   x19 x20  − 48 x21 x22  − 64 x23 x24  − 80 x25 x26  − 96 x27 x28
/// x29 − 112  d8 d9  − 128 d10 d11  − 144 d12 d13  − 160 d14 d15
/// sp …       stack arguments and results
/// ```
pub(crate) fn entry(poison: bool, params: &[Ty], results: &[Ty], out: &mut [u8]) -> Option<usize> {
    const { assert!(store::ENTRY_FP == store::ENTRY_SP + 8) }
    let mut m = A64::over(out)?;
    let outgoing = 8 * Assign::<A64>::slots_of(params).max(Assign::<A64>::slots_of(results));
    m.put(BTI_C);
    asm!(m
        ; stp x29, x30, [sp, -16]!
        ; mov x29, sp
        ; sub sp, sp, 160
        ; stp x2, x0, [x29, -16]
        ; stp x19, x20, [x29, -32]
        ; stp x21, x22, [x29, -48]
        ; stp x23, x24, [x29, -64]
        ; stp x25, x26, [x29, -80]
        ; stp x27, x28, [x29, -96]
        ; stp d8, d9, [x29, -112]
        ; stp d10, d11, [x29, -128]
        ; stp d12, d13, [x29, -144]
        ; stp d14, d15, [x29, -160]);
    m.lower_stack(outgoing.next_multiple_of(16));
    asm!(m
        ; mov x16, sp
        ; stp x16, x29, [x3, store::ENTRY_SP]);
    let exit_from = m.w.pos();
    asm!(m
        ; adr x16, 0
        ; str x16, [x3, store::ENTRY_PC as u32]
        ; mov x28, x0
        ; ldr x27, [x28, vmctx::MEMBASE as u32]
        ; mov x17, x1
        ; mov x14, x2);
    if poison {
        m.poison_upper_halves(params, X14);
        // x18 is the system's.
        m.poison((0..14).chain([15]).chain(19..27).chain([30]), 0..32);
    }
    m.load_values(params, X14, (SP, 0));
    asm!(m
        ; blr x17
        ; ldur x14, [x29, -16]);
    m.store_values(results, X14, (SP, 0));
    asm!(m; mov w0, 0);
    let exit = m.w.pos();
    if !m.w.overflowed() {
        // adr x16, exit: a few thousand instructions at most are between the two.
        m.w.patch32(exit_from, 0x1000_0010 | super::enc::imm19(exit - exit_from));
    }
    m.put(BTI_J);
    asm!(m
        ; ldp d14, d15, [x29, -160]
        ; ldp d12, d13, [x29, -144]
        ; ldp d10, d11, [x29, -128]
        ; ldp d8, d9, [x29, -112]
        ; ldp x27, x28, [x29, -96]
        ; ldp x25, x26, [x29, -80]
        ; ldp x23, x24, [x29, -64]
        ; ldp x21, x22, [x29, -48]
        ; ldp x19, x20, [x29, -32]
        ; mov sp, x29
        ; ldp x29, x30, [sp], 16
        ; ret);
    m.finish()
}

/// See [`crate::trampoline::host_call`]. The frame is `FIXED_FRAME` with the array of values at sp; above it are
/// d24–d27, the pinned registers that C functions do not preserve.
pub(crate) fn host_call(poison: bool, params: &[Ty], results: &[Ty], out: &mut [u8]) -> Option<usize> {
    const { assert!(store::EXIT_PC == store::EXIT_FP + 8 && store::ENTRY_FP == store::ENTRY_SP + 8) }
    const { assert!(matches!(LOST_FPRS, [Fpr(24), Fpr(25), Fpr(26), Fpr(27)]), "saved here by name") }
    let mut m = A64::over(out)?;
    let array = VAL_RAW_SIZE * params.len().max(results.len()) as u32;
    m.put(BTI_C);
    asm!(m
        ; stp x29, x30, [sp, -16]!
        ; mov x29, sp
        ; sub sp, sp, 48
        ; stur x28, [x29, -8]
        ; stp d24, d25, [x29, -32]
        ; stp d26, d27, [x29, -48]);
    m.lower_stack(array);
    // The caller's outgoing area begins above our return address.
    m.store_values(params, SP, (FP, 16));
    if poison {
        m.poison_upper_halves(params, SP);
    }
    asm!(m
        ; ldr x16, [x28, vmctx::STORE as u32]
        ; ldp x1, x17, [x29]
        ; stp x1, x17, [x16, store::EXIT_FP]
        ; ldur x1, [x1, -8]
        ; mov x0, x28
        ; mov x2, sp
        ; ldr x16, [x28, vmctx::HOST_FN as u32]
        ; blr x16);
    let failed_from = m.w.pos();
    asm!(m; cbnz w0, 0);
    if poison {
        // What C functions preserve, compiled code may be pinning locals to.
        m.poison_upper_halves(results, SP);
        m.poison((0..18).chain([27, 28, 30]), (0..8).chain(16..32));
    }
    asm!(m
        ; ldp d26, d27, [x29, -48]
        ; ldp d24, d25, [x29, -32]);
    m.load_values(results, SP, (FP, 16));
    asm!(m
        ; mov sp, x29
        ; ldp x29, x30, [sp], 16
        ; ret);
    m.w.room();
    let failed = m.w.pos();
    if !m.w.overflowed() {
        // cbnz w0, failed
        m.w.patch32(failed_from, 0x3500_0000 | super::enc::imm19(failed - failed_from));
    }
    // An exception: as if the caller threw it.
    asm!(m
        ; cmp w0, 2
        ; b.ne 36
        ; ldp d26, d27, [x29, -48]
        ; ldp d24, d25, [x29, -32]
        ; mov sp, x29
        ; ldp x29, x30, [sp], 16
        ; ldur x28, [x29, -8]
        ; ldr x16, [x28, vmctx::BUILTINS as u32]
        ; ldr x16, [x16, Builtin::ThrowPending as u32 * 8]
        ; br x16
        ; ldr x16, [x28, vmctx::STORE as u32]
        ; ldp x17, x29, [x16, store::ENTRY_SP]
        ; mov sp, x17
        ; ldr x16, [x16, store::ENTRY_PC as u32]
        ; mov w0, 1
        ; br x16);
    m.finish()
}
