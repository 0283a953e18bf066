//! Constants: by one instruction where it has them in it, else from behind the code or, where that is too far, by way
//! of an integer register. All keep FLAGS.

use super::words::*;
use super::{A64, Fpr, Gpr};
use crate::isa::aarch64::enc::{float_imm, imm19};
use crate::masm::{Masm, Moves, VecPool, Width};

impl A64 {
    /// A constant that need not be in the pool.
    pub(super) fn vector_bits(&mut self, dst: Fpr, bits: u128) {
        if !self.vector_immediate(dst, bits) {
            let number = self.lists.vectors.intern(bits);
            self.vector_literal(dst, bits, number);
        }
    }

    /// A constant by one instruction, if there is one that has it in it.
    pub(super) fn vector_immediate(&mut self, dst: Fpr, bits: u128) -> bool {
        let (low, high) = (bits as u64, (bits >> 64) as u64);
        // The upper half is the same, or zero; or the scalar form's.
        let word = match modified_immediate(low) {
            Some(word) if high == low => word | Q,
            Some(word) if high == 0 && word & FMOV_D != FMOV_D => word,
            _ if high == 0 && low >> 32 == 0 => match float_imm(Width::W32, low) {
                Some(field) => 0x1e20_1000 | field,
                None => return false,
            },
            _ if high == 0 => match float_imm(Width::W64, low) {
                Some(field) => 0x1e60_1000 | field,
                None => return false,
            },
            _ => return false,
        };
        self.put(word | u32::from(dst.0));
        true
    }

    /// Constant `number` of the pool, whose bits are `bits`.
    pub(super) fn vector_literal(&mut self, dst: Fpr, bits: u128, number: u32) {
        if !self.far {
            // ldr dst, =bits
            let site = self.pos();
            self.lists.vectors.refer(site, number);
            return self.put(0x9c00_0000 | u32::from(dst.0));
        }
        let (low, high) = (bits as u64, (bits >> 64) as u64);
        self.mov_imm(crate::isa::aarch64::X15, low as i64);
        if low == high {
            return self.v_of_int(DUP_INT | lane(D, 0), dst, Gpr(15));
        }
        // fmov dst, x15, which clears the upper half
        self.v_of_int(0x9e67_0000, dst, Gpr(15));
        if high != 0 {
            self.mov_imm(crate::isa::aarch64::X15, high as i64);
            self.v_of_int(INS_INT | lane(D, 1), dst, Gpr(15));
        }
    }

    /// Puts the constants that instructions load behind the code, on addresses that are multiples of 16.
    #[cold]
    #[inline(never)]
    pub(in crate::isa::aarch64) fn finish_vec_pool(&mut self) {
        let mut pool: VecPool = std::mem::take(&mut self.lists.vectors);
        self.room();
        while !self.pos().is_multiple_of(16) {
            self.put(0);
        }
        pool.finish(
            self,
            |m, bits| {
                m.room();
                let at = m.pos();
                m.w.put(bits as u64, 8);
                m.w.put((bits >> 64) as u64, 8);
                at
            },
            |m, site, at| {
                if !m.overflowed() {
                    let word = m.w.read32(site);
                    m.w.patch32(site, word | imm19(at - site));
                }
            },
        );
        self.lists.vectors = pool;
    }
}

/// The fields `op` and `cmode` of `fmov d.2d, #imm`, which has no form that clears the upper half.
const FMOV_D: u32 = 0x2000_f000;

/// The instruction of the group “modified immediate” that makes both halves `half`, or with [`Q`] not set makes the
/// lower one that and clears the upper one.
fn modified_immediate(half: u64) -> Option<u32> {
    let word = |op: u32, cmode: u32, imm: u64| {
        let imm = imm as u32;
        Some(0x0f00_0400 | op << 29 | (imm >> 5) << 16 | cmode << 12 | (imm & 31) << 5)
    };
    let bytes = half.to_le_bytes();
    if bytes.iter().all(|&byte| byte == bytes[0]) && bytes[0] != 0 && bytes[0] != 0xff {
        // movi d.16b, #imm
        return word(0, 0b1110, bytes[0].into());
    }
    if bytes.iter().all(|&byte| byte == 0 || byte == 0xff) {
        // movi d.2d, #imm: a bit for each byte
        let imm = bytes.iter().rev().fold(0, |imm, &byte| imm << 1 | u64::from(byte & 1));
        return word(1, 0b1110, imm);
    }
    let single = half & 0xffff_ffff;
    if half >> 32 == single {
        let short = single & 0xffff;
        for invert in [0, 1] {
            // movi or mvni: a byte shifted by bytes, then by bytes of ones
            let flip = |value: u64, mask: u64| if invert == 1 { !value & mask } else { value };
            let (value, part) = (flip(single, 0xffff_ffff), flip(short, 0xffff));
            if single >> 16 == short {
                for shift in 0..2 {
                    if part & !(0xff << (8 * shift)) == 0 {
                        return word(invert, 0b1000 | (shift as u32) << 1, part >> (8 * shift));
                    }
                }
            }
            for shift in 0..4 {
                if value & !(0xff << (8 * shift)) == 0 {
                    return word(invert, (shift as u32) << 1, value >> (8 * shift));
                }
            }
            for shift in 1..3 {
                let ones = (1 << (8 * shift)) - 1;
                if value & ones == ones && value >> (8 * shift) < 0x100 {
                    return word(invert, 0b1100 | (shift as u32 - 1), value >> (8 * shift));
                }
            }
        }
    }
    // fmov: the same eight bits as those of the scalar form
    let (w, bits, op) = if half >> 32 == single { (Width::W32, single, 0) } else { (Width::W64, half, 1) };
    float_imm(w, bits).and_then(|field| word(op, 0b1111, u64::from(field >> 13)))
}
