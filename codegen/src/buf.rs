//! The writer over a borrowed range of memory: dynasm's traits and unchecked wide stores.
//!
//! # `ROOM`
//!
//! Every emitting function has called [`CodeWriter::room`] at most [`SLACK`] bytes ago; stores are not checked one by
//! one. When the range is exhausted, `room` records that ([`CodeWriter::overflowed`]) and rewinds to the start, so that
//! the function can be finished harmlessly; its code is then thrown away and nothing is patched any more.

use dynasmrt::{AssemblyOffset, DynasmApi};

/// How many bytes may be emitted between two calls of [`CodeWriter::room`].
pub const SLACK: usize = 512;

/// Writes machine code to a borrowed range of memory.
#[derive(Debug)]
pub struct CodeWriter {
    start: *mut u8,
    cur: *mut u8,
    /// `SLACK` bytes before the end of the range.
    limit: *mut u8,
    overflowed: bool,
}

impl CodeWriter {
    /// A writer over `code`; `None` if that is shorter than two times [`SLACK`].
    ///
    /// # Safety
    /// `code` must stay valid and unaliased for as long as the writer is used.
    pub unsafe fn new(code: &mut [u8]) -> Option<CodeWriter> {
        if code.len() < 2 * SLACK {
            return None;
        }
        let range = code.as_mut_ptr_range();
        // SAFETY: the range is longer than SLACK.
        let limit = unsafe { range.end.sub(SLACK) };
        Some(CodeWriter { start: range.start, cur: range.start, limit, overflowed: false })
    }

    /// Makes sure that `SLACK` more bytes can be written (`ROOM`).
    #[inline(always)]
    pub fn room(&mut self) {
        if self.cur > self.limit {
            self.overflow();
        }
    }

    /// Whether the next [`CodeWriter::room`] will not overflow. False ever after an overflow.
    #[inline(always)]
    pub fn has_room(&self) -> bool {
        self.cur <= self.limit
    }

    /// Gives up: what was written is of no use.
    #[cold]
    pub fn overflow(&mut self) {
        self.overflowed = true;
        self.cur = self.start;
        self.limit = self.start.wrapping_sub(1);
    }

    /// Whether the range was too short at any time.
    #[inline(always)]
    pub fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// Bytes written so far.
    #[inline(always)]
    pub fn pos(&self) -> u32 {
        // The lower halves of the addresses do, also across a multiple of 4 GiB, since ranges are shorter than that.
        (self.cur as usize as u32).wrapping_sub(self.start as usize as u32)
    }

    /// `ROOM`
    #[inline(always)]
    fn debug_assert_room(&self, n: usize) {
        debug_assert!(
            self.overflowed || self.cur as usize + n <= self.limit as usize + SLACK,
            "ROOM: {n} bytes past the borrowed range"
        );
    }

    /// Writes the `len` lowest bytes of `bits`, little-endian. `len` ≤ 8.
    #[inline(always)]
    pub fn put(&mut self, bits: u64, len: usize) {
        debug_assert!(len <= 8);
        self.debug_assert_room(8);
        // SAFETY: ROOM; eight bytes are written, `len` of them are kept.
        unsafe {
            self.cur.cast::<u64>().write_unaligned(bits);
            self.cur = self.cur.add(len);
        }
    }

    /// Writes the `len` lowest bytes of `bits`, then the `disp_len` lowest bytes of `disp`.
    #[inline(always)]
    pub fn put_disp(&mut self, bits: u64, len: usize, disp: i32, disp_len: usize) {
        debug_assert!(len <= 8 && disp_len <= 4);
        self.debug_assert_room(12);
        // SAFETY: ROOM; twelve bytes at most are written, those asked for are kept.
        unsafe {
            self.cur.cast::<u64>().write_unaligned(bits);
            let after = self.cur.add(len);
            after.cast::<i32>().write_unaligned(disp);
            self.cur = after.add(disp_len);
        }
    }

    /// Writes four bytes, little-endian.
    #[inline(always)]
    pub fn put32(&mut self, bits: u32) {
        self.debug_assert_room(4);
        // SAFETY: ROOM.
        unsafe {
            self.cur.cast::<u32>().write_unaligned(bits);
            self.cur = self.cur.add(4);
        }
    }

    /// Writes how far each of `places` is before here, divided by 2^`shift`, in `size` bytes, 2 or 4. Calls
    /// [`CodeWriter::room`].
    pub fn put_distances(&mut self, places: &[u32], shift: u32, size: usize) {
        let start = self.pos();
        for part in places.chunks(64) {
            self.room();
            debug_assert!(size == 2 || size == 4);
            self.debug_assert_room(part.len() * size);
            // SAFETY: ROOM.
            let code = unsafe { std::slice::from_raw_parts_mut(self.cur, part.len() * size) };
            let distance = |place: u32| (start - place) >> shift;
            if size == 2 {
                for (at, &place) in code.chunks_exact_mut(2).zip(part) {
                    at.copy_from_slice(&(distance(place) as u16).to_le_bytes());
                }
            } else {
                for (at, &place) in code.chunks_exact_mut(4).zip(part) {
                    at.copy_from_slice(&distance(place).to_le_bytes());
                }
            }
            // SAFETY: as above.
            self.cur = unsafe { self.cur.add(part.len() * size) };
        }
    }

    /// Reads the four bytes at `pos`.
    #[inline(always)]
    pub fn read32(&self, pos: u32) -> u32 {
        debug_assert!(pos + 4 <= self.pos() || self.overflowed);
        // SAFETY: everything before `cur` was written; positions come from `pos()`.
        unsafe { self.start.add(pos as usize).cast::<u32>().read_unaligned() }
    }

    /// Overwrites the four bytes at `pos`.
    #[inline(always)]
    pub fn patch32(&mut self, pos: u32, bits: u32) {
        if self.overflowed {
            return;
        }
        debug_assert!(pos + 4 <= self.pos());
        // SAFETY: everything before `cur` was written; positions come from `pos()`.
        unsafe { self.start.add(pos as usize).cast::<u32>().write_unaligned(bits) }
    }

    /// Overwrites the byte at `pos`.
    #[inline(always)]
    pub fn patch8(&mut self, pos: u32, byte: u8) {
        if self.overflowed {
            return;
        }
        debug_assert!(pos < self.pos());
        // SAFETY: everything before `cur` was written; positions come from `pos()`.
        unsafe { self.start.add(pos as usize).write(byte) }
    }

    /// Goes back to `pos`, forgetting what was written after it.
    pub fn rewind(&mut self, pos: u32) {
        if self.overflowed {
            return;
        }
        debug_assert!(pos <= self.pos());
        // SAFETY: positions come from `pos()`.
        self.cur = unsafe { self.start.add(pos as usize) };
    }
}

impl Extend<u8> for CodeWriter {
    #[inline(always)]
    fn extend<T: IntoIterator<Item = u8>>(&mut self, iter: T) {
        for byte in iter {
            self.push(byte);
        }
    }
}

impl<'a> Extend<&'a u8> for CodeWriter {
    #[inline(always)]
    fn extend<T: IntoIterator<Item = &'a u8>>(&mut self, iter: T) {
        for byte in iter {
            self.push(*byte);
        }
    }
}

impl DynasmApi for CodeWriter {
    fn offset(&self) -> AssemblyOffset {
        AssemblyOffset(self.pos() as usize)
    }

    #[inline(always)]
    fn push(&mut self, byte: u8) {
        self.debug_assert_room(1);
        // SAFETY: ROOM.
        unsafe {
            self.cur.write(byte);
            self.cur = self.cur.add(1);
        }
    }

    fn align(&mut self, alignment: usize, with: u8) {
        while !(self.pos() as usize).is_multiple_of(alignment) {
            self.push(with);
        }
    }

    #[inline(always)]
    fn push_i16(&mut self, value: i16) {
        self.put(value as u16 as u64, 2);
    }

    #[inline(always)]
    fn push_u16(&mut self, value: u16) {
        self.put(u64::from(value), 2);
    }

    #[inline(always)]
    fn push_i32(&mut self, value: i32) {
        self.put32(value as u32);
    }

    #[inline(always)]
    fn push_u32(&mut self, value: u32) {
        self.put32(value);
    }

    #[inline(always)]
    fn push_i64(&mut self, value: i64) {
        self.put(value as u64, 8);
    }

    #[inline(always)]
    fn push_u64(&mut self, value: u64) {
        self.put(value, 8);
    }
}
