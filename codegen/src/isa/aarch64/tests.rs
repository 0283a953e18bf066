//! The emitters' words, decoded by an independent decoder and compared as text, over all registers and the edges of all
//! displacements and immediates.

use super::enc::logical_imm;

/// What the architecture says a logical immediate stands for (`DecodeBitMasks`).
fn decode_logical(field: u32) -> u64 {
    let (n, immr, imms) = (field >> 22 & 1, field >> 16 & 63, field >> 10 & 63);
    let len = 31 - (n << 6 | !imms & 63).leading_zeros();
    let size = 1u32 << len;
    let (s, r) = (imms & (size - 1), immr & (size - 1));
    let ones = (1u128 << (s + 1)) - 1;
    let element = (ones >> r | ones << (size - r)) as u64 & ((1u128 << size) - 1) as u64;
    (0..64 / size).fold(0, |all, i| all | element << (i * size))
}

#[test]
fn logical_immediates_are_those_of_the_architecture() {
    let mut known = std::collections::HashSet::new();
    for size in [2u32, 4, 8, 16, 32, 64] {
        for ones in 1..size {
            for rotation in 0..size {
                let run = (1u128 << ones) - 1;
                let element = (run >> rotation | run << (size - rotation)) as u64 & ((1u128 << size) - 1) as u64;
                let value = (0..64 / size).fold(0u64, |all, i| all | element << (i * size));
                let field = logical_imm(value).unwrap_or_else(|| panic!("{value:#x} is a logical immediate"));
                assert_eq!(decode_logical(field), value);
                known.insert(value);
            }
        }
    }
    assert_eq!(known.len(), 5334);
    for &value in &known {
        for near in [value ^ 1, value ^ 1 << 63, value + 1, value << 1, !value] {
            assert_eq!(logical_imm(near).is_some(), known.contains(&near), "{near:#x}");
        }
    }
    assert_eq!([logical_imm(0), logical_imm(u64::MAX)], [None; 2]);
}
