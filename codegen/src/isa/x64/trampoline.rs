//! The boundary between host and compiled code on x86-64.

use super::{LOST_FPRS, LOST_GPRS, R11, RBP, RBX, RSP, X64, asm, cc};
use crate::buf::CodeWriter;
use crate::func::abi::{Assign, Place};
use crate::masm::*;
use crate::target::Target;
use crate::trampoline::{GARBAGE, store_to_array};
use crate::ty::Ty;
use crate::vmctx::{self, Builtin, VAL_RAW_SIZE, store};
use dynasmrt::DynasmApi;

fn at(base: Gpr, disp: u32) -> Addr {
    Addr { base, index: None, disp: disp as i32 }
}

impl X64 {
    fn over(out: &mut [u8]) -> Option<X64> {
        // SAFETY: `out` is borrowed for longer than the emitter lives in this file.
        let w = unsafe { CodeWriter::new(out) }?;
        let (lists, operator) = (Box::default(), std::ptr::null());
        Some(X64 { w, target: Target::X64_BASELINE, lists, operator, mask: false, pads: true })
    }

    fn finish(self) -> Option<usize> {
        (!self.w.overflowed()).then(|| self.w.pos() as usize)
    }

    /// Fills registers with garbage, through r11.
    fn poison(&mut self, gprs: &[Gpr], fprs: impl Iterator<Item = u8>) {
        self.mov_imm(R11, GARBAGE as i64);
        for reg in fprs {
            self.w.room();
            asm!(self; movq Rx(reg), r11);
        }
        for &reg in gprs {
            self.w.room();
            self.mov(reg, R11);
        }
    }

    /// Calls the host function whose context is in r14 as a C function, which may change all float registers.
    fn call_host_fn(&mut self, poison: bool) {
        self.w.room();
        asm!(self; call QWORD [r14 + vmctx::HOST_FN]);
        if poison {
            self.poison(&[], 0..16);
        }
        self.w.room();
    }

    /// Fills what is above the `i32`s and `f32`s among `tys` in the array at `array` with garbage.
    fn poison_upper_halves(&mut self, tys: &[Ty], array: Gpr) {
        for (i, _) in tys.iter().enumerate().filter(|(_, ty)| matches!(**ty, Ty::I32 | Ty::F32)) {
            self.w.room();
            asm!(self; mov DWORD [Rq(array.0) + (i as u32 * VAL_RAW_SIZE + 4) as i32], GARBAGE as i32);
        }
    }

    /// Copies `tys` from the array at `array` to their places; stack places are `stack` bytes above `base`, through
    /// `via`.
    fn load_values(&mut self, tys: &[Ty], array: (Gpr, u32), base: (Gpr, u32), via: Gpr) {
        // Stack values first: `via` may be a register argument's place afterwards.
        for on_stack in [true, false] {
            let mut assign = Assign::<X64>::new();
            for (i, &ty) in tys.iter().enumerate() {
                self.w.room();
                let from = at(array.0, array.1 + i as u32 * VAL_RAW_SIZE);
                match assign.next(ty) {
                    Place::Stack(slot) if on_stack => {
                        // ZEXT does not matter in a stack slot, the bits of a float do not either.
                        for half in 0..ty.slots() {
                            self.load(Load::I64, via.into(), at(array.0, array.1 + i as u32 * VAL_RAW_SIZE + 8 * half));
                            self.store(Store::B64, via.into(), at(base.0, base.1 + 8 * (slot + half)));
                        }
                    }
                    Place::Reg(reg) if !on_stack => self.load(ty.load(), reg, from),
                    _ => {}
                }
            }
        }
    }

    /// The other direction.
    fn store_values(&mut self, tys: &[Ty], array: (Gpr, u32), base: (Gpr, u32), via: Gpr) {
        let mut assign = Assign::<X64>::new();
        for (i, &ty) in tys.iter().enumerate() {
            self.w.room();
            let to = at(array.0, array.1 + i as u32 * VAL_RAW_SIZE);
            match assign.next(ty) {
                Place::Stack(slot) => {
                    for half in 0..ty.slots() {
                        self.load(Load::I64, via.into(), at(base.0, base.1 + 8 * (slot + half)));
                        self.store(Store::B64, via.into(), at(array.0, array.1 + i as u32 * VAL_RAW_SIZE + 8 * half));
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
/// rbp − 8   vmctx (FIXED_FRAME)
/// rbp − 16  rbx
/// rbp − 24  args
/// rsp …     stack arguments and results
/// ```
///
/// `ENTRY_SAVES`: vmctx comes in r14, callee in r10, args in r11 and the store's context in rcx, where they are needed; of
/// what C functions preserve, rbx and rbp are preserved only.
pub(crate) fn entry(poison: bool, params: &[Ty], results: &[Ty], out: &mut [u8]) -> Option<usize> {
    let mut m = X64::over(out)?;
    let outgoing = 8 * Assign::<X64>::slots_of(params).max(Assign::<X64>::slots_of(results));
    // Three pushes after rbp leave rsp 8 bytes off.
    let frame = outgoing.next_multiple_of(16) + 8;
    m.landing_pad();
    asm!(m
        ; push rbp
        ; mov rbp, rsp
        ; push r14
        ; push rbx
        ; push r11
        ; sub rsp, frame as i32
        ; mov [rcx + store::ENTRY_SP], rsp
        ; mov [rcx + store::ENTRY_FP], rbp
        ; lea rax, [rip + 0]);
    let exit_from = m.w.pos();
    asm!(m
        ; mov [rcx + store::ENTRY_PC], rax
        ; mov rdi, [r14 + vmctx::MEMBASE]);
    if poison {
        m.poison_upper_halves(params, R11);
        m.poison(&Gpr::list([0, 1, 2, 3, 6, 8, 9, 12, 13, 15]), 0..16);
        asm!(m; mov r11, [rbp - 24]);
    }
    m.load_values(params, (R11, 0), (RSP, 0), RBX);
    asm!(m
        ; call r10
        ; mov r11, [rbp - 24]);
    m.store_values(results, (R11, 0), (RSP, 0), RBX);
    asm!(m; xor eax, eax);
    let exit = m.w.pos();
    m.w.patch32(exit_from - 4, exit - exit_from);
    m.landing_pad();
    asm!(m
        ; mov rbx, [rbp - 16]
        ; leave
        ; ret);
    m.finish()
}

/// See [`crate::trampoline::host_call`]. The frame is `FIXED_FRAME` with the array of values at rsp and above it the
/// pinned registers that C functions do not preserve; the floats among them only if `FLOAT_PINS` does not say that none
/// is in use.
pub(crate) fn host_call(poison: bool, params: &[Ty], results: &[Ty], out: &mut [u8]) -> Option<usize> {
    let mut m = X64::over(out)?;
    let array = VAL_RAW_SIZE * params.len().max(results.len()) as u32;
    // Two pushes leave rsp 8 bytes off.
    let frame = (array + 8 * (LOST_GPRS.len() + LOST_FPRS.len()) as u32).next_multiple_of(16) + 8;
    m.landing_pad();
    asm!(m
        ; push rbp
        ; mov rbp, rsp
        ; push r14
        ; sub rsp, frame as i32);
    for (reg, slot) in LOST_GPRS.into_iter().zip(0..) {
        m.store(Store::B64, reg.into(), at(RSP, array + 8 * slot));
    }
    // The caller's outgoing area begins above our return address.
    m.store_values(params, (RSP, 0), (RBP, 16), R11);
    if poison {
        m.poison_upper_halves(params, RSP);
    }
    asm!(m
        ; mov r11, [r14 + vmctx::STORE]
        ; mov rsi, [rbp]
        ; mov rax, [rbp + 8]
        ; mov [r11 + store::EXIT_FP], rsi
        ; mov [r11 + store::EXIT_PC], rax
        ; mov rsi, [rsi - 8]
        ; mov rdi, r14
        ; mov rdx, rsp
        ; cmp QWORD [r11 + store::FLOAT_PINS], BYTE 0);
    let (mut pinned, mut failed) = (Chain::default(), Chain::default());
    m.jump_if(Cond::Ne, &mut pinned);
    m.call_host_fn(poison);
    let returned = m.w.pos();
    asm!(m; test eax, eax);
    m.jump_if(Cond::Ne, &mut failed);
    if poison {
        // What C functions preserve, compiled code may be pinning locals to; float pins are back already.
        m.poison_upper_halves(results, RSP);
        m.poison(&Gpr::list([0, 1, 2, 6, 7, 8, 9, 10, 14]), 0..0);
    }
    for (reg, slot) in LOST_GPRS.into_iter().zip(0..) {
        m.load(Load::I64, reg.into(), at(RSP, array + 8 * slot));
    }
    m.load_values(results, (RSP, 0), (RBP, 16), R11);
    asm!(m
        ; leave
        ; ret);
    m.w.room();
    m.bind(pinned);
    for (reg, slot) in LOST_FPRS.into_iter().zip(LOST_GPRS.len() as u32..) {
        m.store(Store::F64, reg.into(), at(RSP, array + 8 * slot));
    }
    m.call_host_fn(poison);
    for (reg, slot) in LOST_FPRS.into_iter().zip(LOST_GPRS.len() as u32..) {
        m.load(Load::F64, reg.into(), at(RSP, array + 8 * slot));
    }
    m.jump_back(returned);
    m.w.room();
    m.bind(failed);
    // An exception: as if the caller threw it.
    asm!(m; cmp eax, BYTE 2);
    let unwind = m.jcc8(cc::NE);
    for (reg, slot) in LOST_GPRS.into_iter().zip(0..) {
        m.load(Load::I64, reg.into(), at(RSP, array + 8 * slot));
    }
    asm!(m
        ; leave
        ; mov r14, [rbp - 8]
        ; mov r11, [r14 + vmctx::BUILTINS]
        ; jmp QWORD [r11 + Builtin::ThrowPending as i32 * 8]);
    m.w.room();
    m.here8(unwind);
    asm!(m
        ; mov r11, [r14 + vmctx::STORE]
        ; mov rsp, [r11 + store::ENTRY_SP]
        ; mov rbp, [r11 + store::ENTRY_FP]
        ; mov eax, 1
        ; jmp QWORD [r11 + store::ENTRY_PC]);
    m.finish()
}
