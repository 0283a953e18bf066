//! `i8x16.shuffle`: by one instruction that moves bytes about as the lanes say, if there is one, else by a table.

use super::words::*;
use super::{A64, Fpr, V30, V31};
use crate::masm::Vectors;

/// For each byte which one it is: of the first operand, 0 to 15, or of the second, 16 to 31.
type Lanes = [u8; 16];

impl A64 {
    pub(super) fn shuffle(&mut self, dst: Fpr, a: Fpr, b: Fpr, lanes: Lanes) {
        debug_assert!(lanes.iter().all(|&lane| lane < 32));
        let second = lanes.iter().all(|&lane| lane >= 16);
        if a == b || second || lanes.iter().all(|&lane| lane < 16) {
            let source = if second { b } else { a };
            return self.shuffle_one(dst, source, lanes.map(|lane| lane & 15));
        }
        let swapped = lanes.map(|lane| lane ^ 16);
        if let Some(word) = of_two(lanes, 31) {
            self.vvv(word, dst, a, b);
        } else if let Some(word) = of_two(swapped, 31) {
            self.vvv(word, dst, b, a);
        } else if let Some(insertion) = Insertion::find(lanes) {
            self.shuffle_insert(dst, a, b, insertion);
        } else if let Some(insertion) = Insertion::find(swapped) {
            self.shuffle_insert(dst, b, a, insertion);
        } else if (0..16).all(|i| lanes[i] & 15 == i as u8) {
            // All stay where they are: a mask says from which operand.
            self.vector_bits(V31, u128::from_le_bytes(lanes.map(|lane| if lane < 16 { 0xff } else { 0 })));
            self.bitselect(dst, a, b, V31);
        } else if b.0 == a.0 + 1 {
            self.look_up(dst, a, 2, V31, lanes);
        } else if a.0 == b.0 + 1 {
            self.look_up(dst, b, 2, V31, swapped);
        } else {
            // The numbers of the table's registers must follow each other. The operands are free then.
            self.vmov(V30, a);
            self.vmov(V31, b);
            self.look_up(dst, V30, 2, dst, lanes);
        }
    }

    /// All from one operand.
    fn shuffle_one(&mut self, dst: Fpr, a: Fpr, lanes: Lanes) {
        if (0..16).all(|i| lanes[i] == i as u8) {
            return self.vmov(dst, a);
        }
        for size in [D, S, H, B] {
            let bytes = 1 << size;
            if let Some(from) = whole_lane(size, &lanes[..bytes])
                && lanes.chunks(bytes).all(|chunk| chunk == &lanes[..bytes])
            {
                return self.vv(DUP | lane(size, from), dst, a);
            }
        }
        if let Some(word) = reversal(lanes) {
            self.vv(word, dst, a);
        } else if let Some(word) = of_two(lanes, 15) {
            self.vvv(word, dst, a, a);
        } else if let Some(insertion) = Insertion::find(lanes) {
            self.shuffle_insert(dst, a, a, insertion);
        } else {
            self.look_up(dst, a, 1, V31, lanes);
        }
    }

    fn shuffle_insert(&mut self, dst: Fpr, a: Fpr, b: Fpr, Insertion { size, to, from }: Insertion) {
        let lanes = 16 >> size;
        let value = if from < lanes { a } else { b };
        self.insert(size, dst, a, to, value, from % lanes);
    }

    /// `tbl`, with the table in `count` registers from `table` on, by way of `index`.
    fn look_up(&mut self, dst: Fpr, table: Fpr, count: u32, index: Fpr, lanes: Lanes) {
        self.vector_bits(index, u128::from_le_bytes(lanes));
        self.vvv(TBL | (count - 1) << 13, dst, table, index);
    }
}

/// The lane of `size` that these bytes are, if they are one.
fn whole_lane(size: u32, bytes: &[u8]) -> Option<u32> {
    let first = bytes[0];
    let whole = first.is_multiple_of(1 << size) && bytes.iter().zip(first..).all(|(&byte, expected)| byte == expected);
    whole.then_some(u32::from(first) >> size)
}

/// The instruction that reverses the lanes within larger ones.
fn reversal(lanes: Lanes) -> Option<u32> {
    // By the mask that tells a byte's number from the one it gets.
    let mask = lanes[0];
    if (0..16).any(|i| lanes[i] != i as u8 ^ mask) {
        return None;
    }
    Some(match mask {
        7 => misc(0, B, 0),
        6 => misc(0, H, 0),
        4 => misc(0, S, 0),
        3 => misc(U, B, 0),
        2 => misc(U, H, 0),
        1 => misc(0, B, 1),
        _ => return None,
    })
}

/// The instruction that has its bytes from two operands as `lanes` says, looking at the bits of numbers that are in
/// `mask`.
fn of_two(lanes: Lanes, mask: u8) -> Option<u32> {
    let is = |from: &dyn Fn(u8) -> u8| (0..16).all(|i| (from(i) ^ lanes[usize::from(i)]) & mask == 0);
    let first = lanes[0];
    if first & mask & 15 == first && first != 0 && is(&|i| first + i) {
        return Some(EXT | u32::from(first) << 11);
    }
    for size in [D, S, H, B] {
        let bytes = 1 << size;
        // Of byte `i`: lane, and byte in it. Of a lane of both operands, the byte.
        let (lane, rest) = (move |i: u8| i >> size, move |i: u8| i & (bytes - 1));
        let (half, odd) = (8 / bytes, move |i: u8| lane(i) & 1);
        let byte = move |lane: u8, i: u8| lane * bytes + rest(i);
        for upper in 0..2 {
            let zip = |i| byte(lane(i) / 2 + upper * half, i) + 16 * odd(i);
            let uzp = |i| byte(2 * lane(i) + upper, i);
            let trn = |i| byte(lane(i) - odd(i) + upper, i) + 16 * odd(i);
            let opcode = match () {
                () if is(&zip) => 0b011,
                () if is(&uzp) => 0b001,
                () if is(&trn) => 0b010,
                () => continue,
            };
            return Some(permute(size, opcode | u32::from(upper) << 2));
        }
    }
    None
}

/// A copy of the first operand but for one lane.
#[derive(Copy, Clone)]
struct Insertion {
    size: u32,
    to: u32,
    /// Lane of both operands.
    from: u32,
}

impl Insertion {
    fn find(lanes: Lanes) -> Option<Insertion> {
        let stays = |i: usize| usize::from(lanes[i]) == i;
        let first = (0..16).find(|&i| !stays(i))?;
        [D, S, H, B].into_iter().find_map(|size| {
            let bytes = 1 << size;
            let start = first & !(bytes - 1);
            let from = whole_lane(size, &lanes[start..start + bytes])?;
            (start + bytes..16).all(stays).then_some(Insertion { size, to: (start >> size) as u32, from })
        })
    }
}
