//! What a signal handler reads and changes in the thread that it interrupted, for each instruction set.

use headwater_codegen::trampoline::GARBAGE;

/// The two registers that matter for a trap.
pub(super) struct Registers {
    pub pc: usize,
    pub fp: usize,
}

#[cfg(target_arch = "x86_64")]
mod isa {
    use super::{GARBAGE, Registers};
    use headwater_codegen::trap::{TrapCode, trap_of_fault};

    /// # Safety
    /// `context` must be the context of a signal, as in all of these functions.
    pub unsafe fn registers(context: *const libc::ucontext_t) -> Registers {
        // SAFETY: the caller passes the context of a signal.
        let regs = unsafe { &(*context).uc_mcontext.gregs };
        Registers { pc: regs[libc::REG_RIP as usize] as usize, fp: regs[libc::REG_RBP as usize] as usize }
    }

    /// Makes the thread continue at `pc` with this stack and frame pointer and 1 in the result register.
    ///
    /// # Safety
    /// See [`registers`].
    pub unsafe fn resume_at(context: *mut libc::ucontext_t, pc: usize, sp: usize, fp: usize) {
        // SAFETY: the caller passes the context of a signal.
        let regs = unsafe { &mut (*context).uc_mcontext.gregs };
        regs[libc::REG_RIP as usize] = pc as i64;
        regs[libc::REG_RSP as usize] = sp as i64;
        regs[libc::REG_RBP as usize] = fp as i64;
        regs[libc::REG_RAX as usize] = 1;
    }

    /// Fills all registers with garbage, except those that determine where the thread continues.
    ///
    /// # Safety
    /// See [`registers`].
    pub unsafe fn poison(context: *mut libc::ucontext_t) {
        use libc::{REG_R8, REG_R15, REG_RBX, REG_RCX, REG_RDI, REG_RDX, REG_RSI};
        // SAFETY: the caller passes the context of a signal.
        let context = unsafe { &mut (*context).uc_mcontext };
        for reg in (REG_R8..=REG_R15).chain([REG_RBX, REG_RCX, REG_RDI, REG_RDX, REG_RSI]) {
            context.gregs[reg as usize] = GARBAGE as i64;
        }
        // SAFETY: null or the state of the floating-point registers.
        if let Some(state) = unsafe { context.fpregs.as_mut() } {
            for reg in &mut state._xmm {
                reg.element = [GARBAGE as u32; 4];
            }
        }
    }

    /// Why there is a trap at `pc`, if there is one, and where its operator is looked for: at `ud2`, which has its code
    /// behind it, or at the last byte of a jump into itself.
    ///
    /// # Safety
    /// `pc` must be in compiled code, at what the processor does not take for an instruction.
    pub unsafe fn trap_instruction(pc: usize) -> Option<(TrapCode, usize)> {
        // SAFETY: the caller guarantees that `pc` is in compiled code, where trap instructions are whole and behind the
        // beginning of a function, which is longer than a jump.
        unsafe {
            let bytes = (pc as *const [u8; 2]).read_unaligned();
            if bytes == [0x0f, 0x0b] {
                return TrapCode::from_u8(*((pc + 2) as *const u8)).map(|code| (code, pc));
            }
            trap_of_fault(pc)
        }
    }
}

#[cfg(target_arch = "aarch64")]
mod isa {
    use super::{GARBAGE, Registers};
    use headwater_codegen::trap::TrapCode;

    /// # Safety
    /// `context` must be the context of a signal, as in all of these functions.
    pub unsafe fn registers(context: *const libc::ucontext_t) -> Registers {
        // SAFETY: the caller passes the context of a signal.
        let context = unsafe { &(*context).uc_mcontext };
        Registers { pc: context.pc as usize, fp: context.regs[29] as usize }
    }

    /// Makes the thread continue at `pc` with this stack and frame pointer and 1 in the result register.
    ///
    /// # Safety
    /// See [`registers`].
    pub unsafe fn resume_at(context: *mut libc::ucontext_t, pc: usize, sp: usize, fp: usize) {
        // SAFETY: the caller passes the context of a signal.
        let context = unsafe { &mut (*context).uc_mcontext };
        context.pc = pc as u64;
        context.sp = sp as u64;
        context.regs[29] = fp as u64;
        context.regs[0] = 1;
    }

    /// What follows the general registers in a signal's context, if it is `FPSIMD_MAGIC`: the first of the records that
    /// `asm/sigcontext.h` describes.
    #[repr(C, align(16))]
    struct Simd {
        magic: u32,
        size: u32,
        fpsr: u32,
        fpcr: u32,
        regs: [u128; 32],
    }

    const FPSIMD_MAGIC: u32 = 0x4650_8001;

    /// Fills all registers with garbage, except those that determine where the thread continues, and x18, which belongs
    /// to the system.
    ///
    /// # Safety
    /// See [`registers`].
    pub unsafe fn poison(context: *mut libc::ucontext_t) {
        // SAFETY: the caller passes the context of a signal, where the first record follows the state at the next
        // multiple of 16.
        let (context, simd) = unsafe {
            let context = &raw mut (*context).uc_mcontext;
            let after = (&raw mut (*context).pstate).add(1) as usize;
            (&mut *context, &mut *(after.next_multiple_of(16) as *mut Simd))
        };
        for reg in (1..18).chain(19..29).chain([30]) {
            context.regs[reg] = GARBAGE;
        }
        if simd.magic == FPSIMD_MAGIC && simd.size as usize == size_of::<Simd>() {
            simd.regs = [u128::from(GARBAGE) << 64 | u128::from(GARBAGE); 32];
        }
    }

    /// Why there is a trap at `pc`, if there is one, and where its operator is looked for: at `udf`, which has the code as
    /// its immediate.
    ///
    /// # Safety
    /// `pc` must be in compiled code.
    pub unsafe fn trap_instruction(pc: usize) -> Option<(TrapCode, usize)> {
        // SAFETY: the caller guarantees that `pc` is in compiled code, where all instructions are whole and aligned.
        let word = unsafe { *(pc as *const u32) };
        TrapCode::from_u8(u8::try_from(word).ok()?).map(|code| (code, pc))
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("faults are only understood on x86-64 and AArch64");

pub(super) use isa::{poison, registers, resume_at, trap_instruction};
