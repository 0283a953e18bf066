//! Why compiled code stops: the codes carried by trap instructions, and by the jumps of x86-64 that are traps themselves.

/// A reason to trap (specification section 4.4, "trap"), as compiled code and builtins encode it.
///
/// On x86-64 a trap is `ud2` followed by the code as one byte, or a conditional jump into itself ([`trap_of_jump`]); on
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

/// The most bytes that a trap in place has on x86-64: see [`trap_of_jump`].
const TRAP_JUMP: usize = 4;

/// `clc`
const CLC: u8 = 0xf8;
/// `stc`
const STC: u8 = 0xf9;
/// `js` to what follows.
const JS: u8 = 0x78;
/// `jns` to what follows.
const JNS: u8 = 0x79;
/// `jp` to what follows.
const JP: u8 = 0x7a;

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

/// Which conditional jumps stand for which traps: what follows them, and for which condition codes.
const TRAP_JUMPS: [(TrapCode, u8, u16); 13] = {
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
        (TrapCode::StackOverflow, CLC, ccs(&[B])),
        (TrapCode::TableOutOfBounds, CLC, ccs(&[AE])),
        (TrapCode::NullReference, CLC, ccs(&[E])),
        (TrapCode::BadSignature, CLC, ccs(&[NE])),
        (TrapCode::MemoryOutOfBounds, CLC, ccs(&[A])),
        (TrapCode::BadConversionToInteger, CLC, ccs(&[P])),
        (TrapCode::IntegerOverflow, CLC, ccs(&[O, BE, S])),
        (TrapCode::MemoryOutOfBounds, STC, ccs(&[B])),
        (TrapCode::ArrayOutOfBounds, STC, ccs(&[AE])),
        (TrapCode::CastFailure, STC, ccs(&[E, NE])),
        (TrapCode::IntegerOverflow, JS, ccs(&[B, AE])),
        (TrapCode::IntegerDivisionByZero, JS, ccs(&[E])),
        (TrapCode::UnalignedAtomic, JS, ccs(&[NE])),
    ]
};

/// The same for jumps after which FLAGS are as before, also where the processor only guesses that they are not taken:
/// what masks an index looks at them once more.
const TRAP_JUMPS_KEEPING_FLAGS: [(TrapCode, u8, u16); 3] = {
    const AE: u8 = 3;
    const A: u8 = 7;
    [
        (TrapCode::TableOutOfBounds, JNS, ccs(&[AE])),
        (TrapCode::MemoryOutOfBounds, JNS, ccs(&[A])),
        (TrapCode::ArrayOutOfBounds, JP, ccs(&[AE])),
    ]
};

/// The bytes of a jump of x86-64 on condition code `cc` that traps with `code`, and how many they are; 0 if there is none.
/// It may change the carry, unless `masks` says that what is out of bounds is masked besides.
#[inline(always)]
pub(crate) fn trap_jump(cc: u8, code: TrapCode, masks: bool) -> (u32, usize) {
    const CODES: usize = TrapCode::CastFailure as usize + 1;
    const fn by_code<const N: usize>(jumps: [(TrapCode, u8, u16); N]) -> [[u8; 16]; CODES] {
        let mut all = [[0; 16]; CODES];
        let mut i = 0;
        while i < N {
            let (code, next, ccs) = jumps[i];
            // No instruction, with `ff` before it.
            assert!(next >> 3 & 7 == 7);
            let mut cc = 0;
            while cc < 16 {
                if ccs >> cc & 1 != 0 {
                    assert!(all[code as usize][cc] == 0, "two jumps");
                    all[code as usize][cc] = next;
                }
                cc += 1;
            }
            i += 1;
        }
        all
    }
    static BY_CODE: [[u8; 16]; CODES] = by_code(TRAP_JUMPS);
    static KEEPING_FLAGS: [[u8; 16]; CODES] = by_code(TRAP_JUMPS_KEEPING_FLAGS);
    let of = |table: &[[u8; 16]; CODES]| table[code as usize][usize::from(cc & 15)];
    let next = match of(&KEEPING_FLAGS) {
        keeping if masks && keeping != 0 => keeping,
        _ => of(&BY_CODE),
    };
    let len = if next == 0 { 0 } else { trap_len(next) };
    (0xff70 | u32::from(cc) | u32::from(next) << 16, len)
}

/// How many bytes a trap in place has, by what follows the jump.
const fn trap_len(next: u8) -> usize {
    if next >= CLC { TRAP_JUMP - 1 } else { TRAP_JUMP }
}

/// What an instruction of x86-64 and the byte after it trap with, and how many bytes belong to the trap: if it is a jump
/// to its own last byte.
///
/// A conditional jump that traps needs nothing out of line. It has two bytes, 70 plus the condition code and a
/// displacement of −1, so it jumps to its own last byte, `ff`. With the byte that follows, of which the middle three bits
/// are ones, that is no instruction, and the processor faults there. What follows is itself an instruction without
/// effect, and says together with the condition which trap it is: `clc` or `stc`, which only change the carry, or, for
/// what is rare or must keep FLAGS, a jump on another condition to where code goes on anyway.
pub fn trap_of_jump(jump: [u8; 3]) -> Option<(TrapCode, usize)> {
    let [op @ 0x70..=0x7f, 0xff, next] = jump else { return None };
    let of = |&&(_, after, ccs): &&(TrapCode, u8, u16)| after == next && ccs >> (op & 15) & 1 != 0;
    let (code, ..) = TRAP_JUMPS.iter().chain(&TRAP_JUMPS_KEEPING_FLAGS).find(of)?;
    Some((*code, trap_len(next)))
}

/// What the jump of x86-64 that faulted at `pc` traps with, and where the trap's last byte is, which its operator is
/// looked for from (`TRAP_SITE`); `None` if there is no such jump.
///
/// # Safety
/// The byte before `pc` and two from there on must be readable.
pub unsafe fn trap_of_fault(pc: usize) -> Option<(TrapCode, usize)> {
    // SAFETY: the caller's duty.
    let jump = unsafe { ((pc - 1) as *const [u8; 3]).read_unaligned() };
    trap_of_jump(jump).map(|(code, len)| (code, pc - 1 + len - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_say_what_they_trap_with() {
        let mut jumps = 0;
        for code in (0..=u8::MAX).filter_map(TrapCode::from_u8) {
            for (cc, masks) in (0..16).flat_map(|cc| [(cc, false), (cc, true)]) {
                let (bytes, len) = trap_jump(cc, code, masks);
                if len == 0 {
                    continue;
                }
                jumps += 1;
                let jump = &bytes.to_le_bytes()[..len];
                let out_of_bounds = matches!(
                    code,
                    TrapCode::TableOutOfBounds | TrapCode::MemoryOutOfBounds | TrapCode::ArrayOutOfBounds
                );
                // Masks look at FLAGS after these; after a carry they do not.
                let keeps = masks && out_of_bounds && cc != 2;
                assert!(!keeps || !matches!(jump[2], CLC | STC), "{code:?}, {cc}");
                assert_eq!(jump[0] - 0x70, cc);
                assert_eq!(trap_of_jump(*jump.first_chunk().unwrap()), Some((code, len)), "{code:?}, {cc}");
                // Another jump that traps on either side, so that nothing else is taken for this one.
                let bytes = [jump, jump, jump].concat();
                let start = bytes.as_ptr() as usize + len;
                for at in 0..len {
                    let expected = (at == 1).then_some((code, start + len - 1));
                    // SAFETY: there is a jump before it and one after it.
                    assert_eq!(unsafe { trap_of_fault(start + at) }, expected, "{code:?}, {cc}, {at}");
                }
            }
        }
        assert!(jumps >= TRAP_JUMPS.len() + TRAP_JUMPS_KEEPING_FLAGS.len());
        for none in [[0x77, 0xfe, 0xf8], [0x77, 0xff, 0x90], [0x87, 0xff, 0xf8], [0x70, 0xff, 0xf9]] {
            assert_eq!(trap_of_jump(none), None);
        }
    }
}
