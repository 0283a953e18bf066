//! Unsigned LEB128 numbers of 32 bits, read and written.

/// The longest of them.
pub(super) const MAX_LEN: usize = 5;

/// The unsigned LEB128 number that `bytes` begin with, and its length; `None` if it is incomplete or invalid.
#[inline]
pub(super) fn read(bytes: &[u8]) -> Option<(u32, usize)> {
    if let [byte @ ..0x80, ..] = *bytes {
        return Some((u32::from(byte), 1));
    }
    let mut value = 0u64;
    for (i, &byte) in bytes.iter().take(MAX_LEN).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((u32::try_from(value).ok()?, i + 1));
        }
    }
    None
}

/// Appends `rest` to `out`.
pub(super) fn write(mut rest: u32, out: &mut Vec<u8>) {
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_wasmparser_reads_them() {
        for bytes in [&[0x00][..], &[0x7f], &[0x80, 0x01], &[0xff, 0xff, 0xff, 0xff, 0x0f], &[0xe5, 0x8e, 0x26, 9]] {
            let mut reader = wasmparser::BinaryReader::new(bytes, 0);
            let value = reader.read_var_u32().unwrap();
            assert_eq!(read(bytes), Some((value, reader.current_position())));
        }
        for bytes in [&[][..], &[0x80], &[0xff, 0xff, 0xff, 0xff, 0x1f], &[0x80, 0x80, 0x80, 0x80, 0x80, 0x00]] {
            assert_eq!(read(bytes), None);
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for value in [0, 0x7f, 0x80, 0x3fff, 0x4000, u32::MAX] {
            let mut bytes = Vec::new();
            write(value, &mut bytes);
            assert_eq!(read(&bytes), Some((value, bytes.len())));
        }
    }
}
