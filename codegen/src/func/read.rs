//! Reading immediates. Readers take and return the read pointer; they may read past the body into the padding
//! ([`crate::PADDING`]), which the main loop notices after the operator.

/// The read pointer: the next byte of the body.
pub(crate) type Ip = *const u8;

/// Reads one byte.
///
/// # Safety
/// `ip` points into the body or less than [`crate::PADDING`] bytes after it.
#[inline(always)]
pub(crate) unsafe fn byte(ip: Ip) -> (u8, Ip) {
    // SAFETY: the caller's promise.
    unsafe { (*ip, ip.add(1)) }
}

/// How many of the low bytes of `word` belong to a number that begins in the lowest one (at most 8), and their payload,
/// seven bits of each, without gaps. The length is 9 if the number does not end there.
#[inline(always)]
fn short(word: u64) -> (u64, u32) {
    let ends = !word & 0x8080_8080_8080_8080;
    let len = ends.trailing_zeros() / 8 + 1;
    // The bits up to the one that ends the number; seven bits of each byte of them.
    let x = word & (ends ^ ends.wrapping_sub(1)) & 0x7f7f_7f7f_7f7f_7f7f;
    let x = x & 0x007f_007f_007f_007f | x >> 1 & 0x3f80_3f80_3f80_3f80;
    let x = x & 0x0000_3fff_0000_3fff | x >> 2 & 0x0fff_c000_0fff_c000;
    (x & 0x0fff_ffff | x >> 4 & 0x00ff_ffff_f000_0000, len)
}

/// Reads a `u32` in LEB128; `None` if it is longer than five bytes or has bits beyond 32.
///
/// # Safety
/// As for [`byte`], for up to eight bytes.
#[inline(always)]
pub(crate) unsafe fn leb_u32(ip: Ip) -> Option<(u32, Ip)> {
    // SAFETY: the caller's promise.
    unsafe {
        let first = *ip;
        if first < 0x80 {
            return Some((u32::from(first), ip.add(1)));
        }
        some(leb_u32_long(ip)).map(|(value, ip)| (value as u32, ip))
    }
}

/// What a reader of long numbers gives: in two registers, which an `Option` does not fit. The pointer is null if there is
/// no number.
type Long<T> = (T, Ip);

#[inline(always)]
fn some<T>((value, ip): Long<T>) -> Option<(T, Ip)> {
    if ip.is_null() { None } else { Some((value, ip)) }
}

#[inline(never)]
unsafe fn leb_u32_long(ip: Ip) -> Long<u64> {
    // SAFETY: the caller's promise.
    unsafe {
        let (first, second) = (u64::from(*ip), u64::from(*ip.add(1)));
        if second < 0x80 {
            return (first & 0x7f | second << 7, ip.add(2));
        }
        let (value, len) = short(ip.cast::<u64>().read_unaligned());
        if len <= 5 && value >> 32 == 0 { (value, ip.add(len as usize)) } else { (0, std::ptr::null()) }
    }
}

/// Reads an `i32` in signed LEB128.
///
/// # Safety
/// As for [`byte`], for up to eight bytes.
#[inline(always)]
pub(crate) unsafe fn leb_i32(ip: Ip) -> Option<(i32, Ip)> {
    // SAFETY: the caller's promise.
    unsafe {
        let first = *ip;
        if first < 0x80 {
            return Some((i32::from((first << 1) as i8) >> 1, ip.add(1)));
        }
        some(leb_i32_long(ip)).map(|(value, ip)| (value as i32, ip))
    }
}

/// Reads a `u64` in LEB128; `None` if it is longer than ten bytes or has bits beyond 64.
///
/// # Safety
/// As for [`byte`], for up to ten bytes.
#[inline(always)]
pub(crate) unsafe fn leb_u64(ip: Ip) -> Option<(u64, Ip)> {
    // SAFETY: the caller's promise.
    unsafe {
        let first = *ip;
        if first < 0x80 {
            return Some((u64::from(first), ip.add(1)));
        }
        match short(ip.cast::<u64>().read_unaligned()) {
            (value, len @ ..=8) => Some((value, ip.add(len as usize))),
            _ => leb_long(ip, 64),
        }
    }
}

/// Reads an `i33` in signed LEB128, as block types are encoded.
///
/// # Safety
/// As for [`byte`], for up to eight bytes.
pub(crate) unsafe fn leb_i33(ip: Ip) -> Option<(i64, Ip)> {
    // SAFETY: the caller's promise.
    unsafe { leb_signed_long(ip, 33) }
}

/// Reads an `i64` in signed LEB128.
///
/// # Safety
/// As for [`byte`], for up to ten bytes.
#[inline(always)]
pub(crate) unsafe fn leb_i64(ip: Ip) -> Option<(i64, Ip)> {
    // SAFETY: the caller's promise.
    unsafe {
        let first = *ip;
        if first < 0x80 {
            return Some((i64::from((first << 1) as i8) >> 1, ip.add(1)));
        }
        some(leb_i64_long(ip))
    }
}

/// The number of `len` bytes with this payload; `len` ≤ 9.
#[inline(always)]
fn signed(payload: u64, len: u32) -> i64 {
    let unused = 64 - 7 * len;
    (payload << unused) as i64 >> unused
}

#[inline(never)]
unsafe fn leb_i32_long(ip: Ip) -> Long<i64> {
    // SAFETY: the caller's promise.
    unsafe {
        let (first, second) = (u64::from(*ip), u64::from(*ip.add(1)));
        if second < 0x80 {
            return (signed(first & 0x7f | second << 7, 2), ip.add(2));
        }
        let (payload, len) = short(ip.cast::<u64>().read_unaligned());
        let value = signed(payload, len);
        if len <= 5 && i64::from(value as i32) == value { (value, ip.add(len as usize)) } else { (0, std::ptr::null()) }
    }
}

#[inline(never)]
unsafe fn leb_i64_long(ip: Ip) -> Long<i64> {
    // SAFETY: the caller's promise.
    unsafe {
        match short(ip.cast::<u64>().read_unaligned()) {
            (payload, len @ ..=8) => (signed(payload, len), ip.add(len as usize)),
            _ => leb_signed_long(ip, 64).unwrap_or((0, std::ptr::null())),
        }
    }
}

#[cold]
unsafe fn leb_long(mut ip: Ip, bits: u32) -> Option<(u64, Ip)> {
    let mut value = 0u64;
    let mut shift = 0;
    loop {
        // SAFETY: the caller's promise: at most ceil(bits / 7) bytes are read.
        let byte = unsafe { *ip };
        // SAFETY: as above.
        ip = unsafe { ip.add(1) };
        if shift + 7 > bits && (byte & 0x7f) >> (bits - shift) != 0 || shift + 7 >= bits && byte & 0x80 != 0 {
            return None;
        }
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some((value, ip));
        }
        shift += 7;
    }
}

#[cold]
unsafe fn leb_signed_long(mut ip: Ip, bits: u32) -> Option<(i64, Ip)> {
    let mut value = 0i64;
    let mut shift = 0;
    loop {
        // SAFETY: the caller's promise: at most ceil(bits / 7) bytes are read.
        let byte = unsafe { *ip };
        // SAFETY: as above.
        ip = unsafe { ip.add(1) };
        if shift + 7 >= bits {
            // The last byte: no continuation, and the bits beyond the width repeat the sign.
            let payload = ((byte << 1) as i8) >> 1;
            let rest = payload >> (bits - shift - 1);
            if byte & 0x80 != 0 || rest != 0 && rest != -1 {
                return None;
            }
        }
        value |= i64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            if shift < 64 {
                value = value << (64 - shift) >> (64 - shift);
            }
            return Some((value, ip));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pad(bytes: &[u8]) -> Vec<u8> {
        let mut v = bytes.to_vec();
        v.resize(bytes.len() + crate::PADDING, 0xff);
        v
    }

    #[test]
    fn signed_numbers_of_every_length() {
        for shift in 0..64 {
            for base in [1i64 << shift, (1i64 << shift).wrapping_neg(), (1i64 << shift).wrapping_sub(1)] {
                let mut bytes = Vec::new();
                let mut v = base;
                loop {
                    let byte = v as u8 & 0x7f;
                    v >>= 7;
                    let done = v == 0 && byte & 0x40 == 0 || v == -1 && byte & 0x40 != 0;
                    bytes.push(if done { byte } else { byte | 0x80 });
                    if done {
                        break;
                    }
                }
                let padded = pad(&bytes);
                // SAFETY: padded.
                let read =
                    unsafe { leb_i64(padded.as_ptr()) }.map(|(v, ip)| (v, ip as usize - padded.as_ptr() as usize));
                assert_eq!(read, Some((base, bytes.len())));
                // SAFETY: padded.
                let narrow = unsafe { leb_i32(padded.as_ptr()) }.map(|r| r.0);
                assert_eq!(narrow, i32::try_from(base).ok(), "{base}");
            }
        }
    }

    #[test]
    fn overlong_and_overflowing_numbers_are_refused() {
        let u32s: [(&[u8], Option<u32>); 5] = [
            (&[0x80, 0x80, 0x80, 0x80, 0x00], Some(0)),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], Some(u32::MAX)),
            (&[0xff, 0xff, 0xff, 0xff, 0x1f], None),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x00], None),
            (&[0xe5, 0x8e, 0x26], Some(624_485)),
        ];
        for (bytes, expected) in u32s {
            let padded = pad(bytes);
            // SAFETY: padded.
            assert_eq!(unsafe { leb_u32(padded.as_ptr()) }.map(|r| r.0), expected, "{bytes:x?}");
        }
        let i32s: [(&[u8], Option<i32>); 4] = [
            (&[0x80, 0x80, 0x80, 0x80, 0x78], Some(i32::MIN)),
            (&[0x80, 0x80, 0x80, 0x80, 0x70], None),
            (&[0xff, 0xff, 0xff, 0xff, 0x0f], None),
            (&[0xff, 0xff, 0xff, 0xff, 0x07], Some(i32::MAX)),
        ];
        for (bytes, expected) in i32s {
            let padded = pad(bytes);
            // SAFETY: padded.
            assert_eq!(unsafe { leb_i32(padded.as_ptr()) }.map(|r| r.0), expected, "{bytes:x?}");
        }
    }
}
