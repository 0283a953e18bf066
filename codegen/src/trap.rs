//! Why compiled code stops: the codes carried by trap instructions, and by the jumps of x86-64 that are traps themselves.

/// A reason to trap (specification section 4.4, "trap"), as compiled code and builtins encode it.
///
/// On x86-64 a trap is `ud2` followed by the code as one byte, or a conditional jump into itself ([`TRAP_JUMP`]); on
/// AArch64 `udf` with the code as its immediate.
/// Builtins that fail do not return to compiled code.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum TrapCode {
    /// `unreachable` was executed.
    Unreachable = 1,
    /// A linear memory was accessed out of its bounds.
    MemoryOutOfBounds = 2,
    /// A table was accessed out of its bounds.
    TableOutOfBounds = 3,
    /// `call_indirect` found a null reference.
    IndirectCallToNull = 4,
    /// `call_indirect` found a function of a different type.
    BadSignature = 5,
    /// An integer division overflowed.
    IntegerOverflow = 6,
    /// An integer was divided by zero.
    IntegerDivisionByZero = 7,
    /// A float was converted to an integer that cannot hold it.
    BadConversionToInteger = 8,
    /// The stack is exhausted.
    StackOverflow = 9,
    /// The embedder interrupted the execution.
    Interrupt = 10,
    /// A null reference was dereferenced.
    NullReference = 11,
    /// The fuel is exhausted.
    OutOfFuel = 12,
    /// The address of an atomic access is not a multiple of its size.
    UnalignedAtomic = 13,
    /// A wait for a notification at a memory that is not shared.
    WaitNotShared = 14,
    /// An array was accessed out of its bounds.
    ArrayOutOfBounds = 15,
    /// A reference is not of the type that it was cast to.
    CastFailure = 16,
}

impl TrapCode {
    /// The trap that `code` stands for, if any.
    pub const fn from_u8(code: u8) -> Option<TrapCode> {
        Some(match code {
            1 => TrapCode::Unreachable,
            2 => TrapCode::MemoryOutOfBounds,
            3 => TrapCode::TableOutOfBounds,
            4 => TrapCode::IndirectCallToNull,
            5 => TrapCode::BadSignature,
            6 => TrapCode::IntegerOverflow,
            7 => TrapCode::IntegerDivisionByZero,
            8 => TrapCode::BadConversionToInteger,
            9 => TrapCode::StackOverflow,
            10 => TrapCode::Interrupt,
            11 => TrapCode::NullReference,
            12 => TrapCode::OutOfFuel,
            13 => TrapCode::UnalignedAtomic,
            14 => TrapCode::WaitNotShared,
            15 => TrapCode::ArrayOutOfBounds,
            16 => TrapCode::CastFailure,
            _ => return None,
        })
    }
}

/// The length of a conditional jump of x86-64, in bytes: `0f`, 80 plus the condition code, a displacement of 32 bits.
///
/// One that traps needs nothing out of line. It jumps into its own displacement, `fd ff ff ff` or the like: `ff ff` is no
/// instruction, so that the processor faults there, in the jump itself. What the trap is follows from the condition and
/// the displacement: the jump goes back by 3 or 2 bytes from its end, or by 4, to `fc`, which is `cld` and
/// changes nothing.
pub const TRAP_JUMP: usize = 6;

/// Condition codes as a set.
const fn ccs(all: &[u8]) -> u16 {
    let mut set = 0;
    let mut i = 0;
    while i < all.len() {
        set |= 1 << all[i];
        i += 1;
    }
    set
}

/// Which conditional jumps stand for which traps: by how much they go back, and for which condition codes.
const TRAP_JUMPS: [(TrapCode, i8, u16); 12] = {
    const O: u8 = 0;
    const B: u8 = 2;
    const AE: u8 = 3;
    const E: u8 = 4;
    const NE: u8 = 5;
    const BE: u8 = 6;
    const A: u8 = 7;
    const S: u8 = 8;
    const P: u8 = 10;
    [
        (TrapCode::MemoryOutOfBounds, -3, ccs(&[A, B])),
        (TrapCode::UnalignedAtomic, -3, ccs(&[NE])),
        (TrapCode::IntegerDivisionByZero, -3, ccs(&[E])),
        (TrapCode::BadConversionToInteger, -3, ccs(&[P])),
        (TrapCode::IntegerOverflow, -3, ccs(&[AE])),
        (TrapCode::IntegerOverflow, -2, ccs(&[O, B, BE, S])),
        (TrapCode::CastFailure, -2, ccs(&[E, NE])),
        (TrapCode::ArrayOutOfBounds, -2, ccs(&[AE])),
        (TrapCode::StackOverflow, -4, ccs(&[B])),
        (TrapCode::TableOutOfBounds, -4, ccs(&[AE])),
        (TrapCode::BadSignature, -4, ccs(&[NE])),
        (TrapCode::NullReference, -4, ccs(&[E])),
    ]
};

/// The displacement of a jump of x86-64 on condition code `cc` that traps with `code`; 0 if there is none.
#[inline(always)]
pub(crate) fn trap_jump(cc: u8, code: TrapCode) -> i8 {
    const CODES: usize = TrapCode::CastFailure as usize + 1;
    static BY_CODE: [[i8; 16]; CODES] = {
        let mut all = [[0; 16]; CODES];
        let mut i = 0;
        while i < TRAP_JUMPS.len() {
            let (code, disp, ccs) = TRAP_JUMPS[i];
            let mut cc = 0;
            while cc < 16 {
                if ccs >> cc & 1 != 0 {
                    assert!(all[code as usize][cc] == 0, "two displacements");
                    all[code as usize][cc] = disp;
                }
                cc += 1;
            }
            i += 1;
        }
        all
    };
    BY_CODE[code as usize][usize::from(cc & 15)]
}

/// What an instruction of x86-64 traps with if it is a jump into itself ([`TRAP_JUMP`]).
pub fn trap_of_jump(instruction: [u8; TRAP_JUMP]) -> Option<TrapCode> {
    let [0x0f, op @ 0x80..=0x8f, disp, 0xff, 0xff, 0xff] = instruction else { return None };
    let of = |&&(_, back, ccs): &&(TrapCode, i8, u16)| back == disp as i8 && ccs >> (op & 15) & 1 != 0;
    TRAP_JUMPS.iter().find(of).map(|&(code, ..)| code)
}

/// What the jump of x86-64 that faulted at `pc` traps with, and where its last byte is, which its operator is looked for
/// from (`TRAP_SITE`); `None` if there is no such jump.
///
/// # Safety
/// The 6 bytes before `pc` and the 3 bytes from there on must be readable.
pub unsafe fn trap_of_fault(pc: usize) -> Option<(TrapCode, usize)> {
    // A jump that ended 3 bytes on, or else 2.
    [3, 2].into_iter().find_map(|rest| {
        let end = pc + rest;
        // SAFETY: it lies within 6 bytes before `pc` and 3 bytes after it.
        let instruction = unsafe { ((end - TRAP_JUMP) as *const [u8; TRAP_JUMP]).read_unaligned() };
        let disp = instruction[2] as i8;
        // `cld` was executed.
        let fault = end as isize + isize::from(disp.max(-3));
        trap_of_jump(instruction).filter(|_| fault == pc as isize).map(|code| (code, end - 1))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_say_what_they_trap_with() {
        let mut jumps = 0;
        for code in (0..=u8::MAX).filter_map(TrapCode::from_u8) {
            for cc in 0..16 {
                let disp = trap_jump(cc, code);
                if disp == 0 {
                    continue;
                }
                jumps += 1;
                // Another jump that traps on either side, so that nothing else is taken for this one.
                let jump = [0x0f, 0x80 | cc, disp as u8, 0xff, 0xff, 0xff];
                let bytes = [jump, jump, jump].concat();
                assert_eq!(trap_of_jump(jump), Some(code), "{code:?}, {cc}");
                let end = bytes.as_ptr() as usize + 2 * TRAP_JUMP;
                let fault = end - if disp == -2 { 2 } else { 3 };
                // SAFETY: there is a jump before it and one after it.
                assert_eq!(unsafe { trap_of_fault(fault) }, Some((code, end - 1)), "{code:?}, {cc}");
                for other in [fault - 1, fault + 1] {
                    // SAFETY: as above.
                    assert_eq!(unsafe { trap_of_fault(other) }, None, "{code:?}, {cc}");
                }
            }
        }
        assert!(jumps >= TRAP_JUMPS.len());
        for none in [
            [0x0f, 0x87, 0xff, 0xff, 0xff, 0xff],
            [0x0f, 0x87, 0xfd, 0xff, 0xff, 0],
            [0x0f, 0x77, 0xfd, 0xff, 0xff, 0xff],
        ] {
            assert_eq!(trap_of_jump(none), None);
        }
    }
}
