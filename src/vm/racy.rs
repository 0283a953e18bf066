//! Copies to, from and between memories that other threads write meanwhile: byte by byte, or eight at a time, by atomic
//! accesses without an order, so that races are the guest's and none of ours. Which bytes of a race are seen is as
//! undetermined as the specification says.

use std::ptr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

const WORD: usize = size_of::<u64>();

/// # Safety
/// `at` must be valid for atomic reads.
unsafe fn load(at: *const u8) -> u8 {
    // SAFETY: guaranteed by the caller.
    unsafe { AtomicU8::from_ptr(at.cast_mut()) }.load(Relaxed)
}

/// # Safety
/// `at` must be valid for atomic writes.
unsafe fn store(at: *mut u8, value: u8) {
    // SAFETY: guaranteed by the caller.
    unsafe { AtomicU8::from_ptr(at) }.store(value, Relaxed);
}

/// How many bytes before the first multiple of 8 from `at` on, of `len`.
fn before_words(at: *const u8, len: usize) -> usize {
    (at.addr().wrapping_neg() % WORD).min(len)
}

/// Copies `len` bytes from `src` to `dst`, which may overlap.
///
/// # Safety
/// Both must be valid for so many bytes, and not be accessed otherwise than by atomics or by WebAssembly code.
pub(crate) unsafe fn copy(dst: *mut u8, src: *const u8, len: usize) {
    let backwards = dst.cast_const() > src && dst.addr() - src.addr() < len;
    // Words, where both sides have them at the same places; if they overlap, so many bytes apart that none is read after
    // it was written.
    let words = dst.addr() % WORD == src.addr() % WORD;
    // SAFETY: all accesses are inside both ranges, and words are aligned.
    unsafe {
        let byte = |i: usize| store(dst.add(i), load(src.add(i)));
        let word = |i: usize| {
            let value = AtomicU64::from_ptr(src.add(i).cast_mut().cast()).load(Relaxed);
            AtomicU64::from_ptr(dst.add(i).cast()).store(value, Relaxed);
        };
        if !words {
            if backwards {
                (0..len).rev().for_each(byte)
            } else {
                (0..len).for_each(byte)
            }
            return;
        }
        let first = before_words(dst, len);
        let last = len - (len - first) % WORD;
        if backwards {
            (last..len).rev().for_each(&byte);
            (first..last).step_by(WORD).rev().for_each(word);
            (0..first).rev().for_each(&byte);
        } else {
            (0..first).for_each(&byte);
            (first..last).step_by(WORD).for_each(word);
            (last..len).for_each(&byte);
        }
    }
}

/// Makes `len` bytes at `dst` be `value`.
///
/// # Safety
/// As for [`copy`].
pub(crate) unsafe fn fill(dst: *mut u8, value: u8, len: usize) {
    let first = before_words(dst, len);
    let last = len - (len - first) % WORD;
    let pattern = u64::from_ne_bytes([value; WORD]);
    // SAFETY: all accesses are inside the range, and words are aligned.
    unsafe {
        (0..first).for_each(|i| store(dst.add(i), value));
        (first..last).step_by(WORD).for_each(|i| AtomicU64::from_ptr(dst.add(i).cast()).store(pattern, Relaxed));
        (last..len).for_each(|i| store(dst.add(i), value));
    }
}

/// Copies `data`, which no other thread writes, to `dst`.
///
/// # Safety
/// `dst` as for [`copy`].
pub(crate) unsafe fn write(dst: *mut u8, data: &[u8]) {
    let first = before_words(dst, data.len());
    let (head, rest) = data.split_at(first);
    let (words, tail) = rest.as_chunks::<WORD>();
    // SAFETY: all accesses are inside the range, and words are aligned.
    unsafe {
        head.iter().enumerate().for_each(|(i, &b)| store(dst.add(i), b));
        for (i, word) in words.iter().enumerate() {
            AtomicU64::from_ptr(dst.add(first + i * WORD).cast()).store(u64::from_ne_bytes(*word), Relaxed);
        }
        let last = first + words.len() * WORD;
        tail.iter().enumerate().for_each(|(i, &b)| store(dst.add(last + i), b));
    }
}

/// Copies bytes from `src` to `buffer`, which no other thread uses.
///
/// # Safety
/// `src` as for [`copy`].
pub(crate) unsafe fn read(src: *const u8, buffer: &mut [u8]) {
    let (len, at) = (buffer.len(), buffer.as_mut_ptr());
    let first = before_words(src, len);
    let last = len - (len - first) % WORD;
    // SAFETY: all accesses are inside both ranges, and words of `src` are aligned.
    unsafe {
        (0..first).for_each(|i| *at.add(i) = load(src.add(i)));
        for i in (first..last).step_by(WORD) {
            let value = AtomicU64::from_ptr(src.add(i).cast_mut().cast()).load(Relaxed);
            ptr::copy_nonoverlapping(value.to_ne_bytes().as_ptr(), at.add(i), WORD);
        }
        (last..len).for_each(|i| *at.add(i) = load(src.add(i)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(n: usize) -> Vec<u8> {
        (0..n).map(|i| (i * i + 3 * i) as u8).collect()
    }

    #[test]
    fn copies_are_those_of_plain_slices_at_all_alignments_and_overlaps() {
        for (from, to, len) in (0..20).flat_map(|a| (0..40).flat_map(move |b| [0, 1, 7, 8, 9, 31].map(|n| (a, b, n)))) {
            let mut expected = bytes(80);
            expected.copy_within(from..from + len, to);
            let mut actual = bytes(80);
            let at = actual.as_mut_ptr();
            // SAFETY: all is inside the vector, which nothing else uses.
            unsafe { copy(at.add(to), at.add(from), len) };
            assert_eq!(actual, expected, "{len} bytes from {from} to {to}");
        }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_around_it() {
        for (at, len) in (0..10).flat_map(|at| (0..30).map(move |len| (at, len))) {
            let mut memory = vec![0xaa; 48];
            let data = bytes(len);
            let mut back = vec![0; len];
            // SAFETY: all is inside the vector, which nothing else uses.
            unsafe {
                write(memory.as_mut_ptr().add(at), &data);
                read(memory.as_ptr().add(at), &mut back);
            }
            assert_eq!(back, data);
            assert!(memory[..at].iter().chain(&memory[at + len..]).all(|&b| b == 0xaa));
            // SAFETY: as above.
            unsafe { fill(memory.as_mut_ptr().add(at), 7, len) };
            assert!(memory[at..at + len].iter().all(|&b| b == 7));
            assert!(memory[..at].iter().chain(&memory[at + len..]).all(|&b| b == 0xaa));
        }
    }
}
