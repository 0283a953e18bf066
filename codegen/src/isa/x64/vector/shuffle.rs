//! `i8x16.shuffle`: the cheapest form for the patterns that compilers make, and a general one.

use super::X64;
use super::enc::*;

/// A shuffle's lanes in units of several bytes, if they come in such: unit `i` of the result is unit `units[i]` of
/// both operands one after another.
fn units<const N: usize>(lanes: &[u8; 16]) -> Option<[u8; N]> {
    let size = 16 / N;
    let mut units = [0; N];
    for (unit, bytes) in units.iter_mut().zip(lanes.chunks_exact(size)) {
        let first = usize::from(bytes[0]);
        if !first.is_multiple_of(size) || (0..size).any(|k| usize::from(bytes[k]) != first + k) {
            return None;
        }
        *unit = (first / size) as u8;
    }
    Some(units)
}

/// Four numbers below 4 as the immediate of a shuffle.
fn order(units: [u8; 4]) -> u8 {
    units.iter().rev().fold(0, |bits, unit| bits << 2 | unit & 3)
}

/// The distance by which lanes follow one another without a gap, as in a shift of `modulus` bytes.
fn rotation(lanes: &[u8; 16], modulus: u8) -> Option<u8> {
    let first = lanes[0];
    (0..16u8).all(|i| lanes[usize::from(i)] == (first + i) % modulus).then_some(first)
}

/// Whether lanes alternate between both operands, from their lower or upper halves, in units of `size` bytes.
fn is_unpack(lanes: &[u8; 16], size: u8, upper: bool) -> bool {
    (0..16u8).all(|i| {
        let (unit, byte) = (i / size, i % size);
        let source = unit / 2 * size + byte + if upper { 8 } else { 0 };
        lanes[usize::from(i)] == source + unit % 2 * 16
    })
}

fn swapped(lanes: &[u8; 16]) -> [u8; 16] {
    lanes.map(|lane| lane ^ 16)
}

impl X64 {
    pub(super) fn shuffle(&mut self, dst: u8, a: u8, b: u8, lanes: [u8; 16]) {
        if a == b || lanes.iter().all(|&lane| lane < 16) {
            return self.shuffle_one(dst, a, lanes.map(|lane| lane & 15));
        }
        if lanes.iter().all(|&lane| lane >= 16) {
            return self.shuffle_one(dst, b, lanes.map(|lane| lane & 15));
        }
        if self.shuffle_two(dst, a, b, &lanes) || self.shuffle_two(dst, b, a, &swapped(&lanes)) {
            return;
        }
        // What an operand does not give is 0 by an index with the highest bit set.
        let of = |first: u8| lanes.map(|lane| if lane & 16 == first { lane & 15 } else { 0x80 });
        let (from_a, from_b) = (u128::from_le_bytes(of(0)), u128::from_le_bytes(of(16)));
        let (from_a, from_b) = (self.lists.vectors.intern(from_a), self.lists.vectors.intern(from_b));
        self.op3(M38, T0, a, Rm::Pool(from_a));
        self.op3(M38, T1, b, Rm::Pool(from_b));
        self.op3(INT | 0xeb, dst, T0, Rm::Reg(T1));
    }

    /// Of one operand; lanes are below 16.
    fn shuffle_one(&mut self, dst: u8, a: u8, lanes: [u8; 16]) {
        if let Some(units) = units::<4>(&lanes) {
            return match units {
                [0, 1, 2, 3] => self.movaps(dst, a),
                units => self.pshufd(dst, a, order(units)),
            };
        }
        if let Some([lower @ .., 4, 5, 6, 7]) = units::<8>(&lanes)
            && lower.iter().all(|&unit| unit < 4)
        {
            return self.op2_imm(M0F | PF2 | 0x70, dst, Rm::Reg(a), order(lower));
        }
        if let Some([0, 1, 2, 3, upper @ ..]) = units::<8>(&lanes)
            && upper.iter().all(|&unit| unit >= 4)
        {
            return self.op2_imm(M0F | PF3 | 0x70, dst, Rm::Reg(a), order(upper));
        }
        if let Some(distance) = rotation(&lanes, 16) {
            return self.op3_imm(M3A | 0x0f, dst, a, Rm::Reg(a), distance);
        }
        if lanes == [0; 16] && self.target.avx2 {
            return self.op2(M38 | 0x78, dst, Rm::Reg(a));
        }
        let order = self.lists.vectors.intern(u128::from_le_bytes(lanes));
        self.op3(M38, dst, a, Rm::Pool(order));
    }

    /// Of two operands, if one instruction does it.
    fn shuffle_two(&mut self, dst: u8, a: u8, b: u8, lanes: &[u8; 16]) -> bool {
        for (size, opcode) in [(1, 0x60), (2, 0x61), (4, 0x62), (8, 0x6c)] {
            let upper = if size == 8 { 0x6d } else { opcode + 8 };
            for (opcode, is_upper) in [(opcode, false), (upper, true)] {
                if is_unpack(lanes, size, is_upper) {
                    self.op3(INT | opcode, dst, a, Rm::Reg(b));
                    return true;
                }
            }
        }
        if let Some(units) = units::<8>(lanes) {
            let stays = |i: usize| usize::from(units[i]) & 7 == i;
            if (0..8).all(stays) {
                let mask = units.iter().rev().fold(0, |mask, unit| mask << 1 | unit >> 3);
                self.op3_imm(M3A | 0x0e, dst, a, Rm::Reg(b), mask);
                return true;
            }
        }
        if let Some(units) = units::<4>(lanes)
            && units[..2].iter().all(|&unit| unit < 4)
            && units[2..].iter().all(|&unit| unit >= 4)
        {
            self.op3_imm(M0F | 0xc6, dst, a, Rm::Reg(b), order(units));
            return true;
        }
        if let Some(distance) = rotation(lanes, 32)
            && distance < 16
        {
            // The operand whose bytes come first is the instruction's second one.
            self.op3_imm(M3A | 0x0f, dst, b, Rm::Reg(a), distance);
            return true;
        }
        false
    }
}
