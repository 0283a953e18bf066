//! Memory whose size a module determines: allocated fallibly, never assumed to be available.
//!
//! Where the standard library ends the process because an allocation fails, a module could end it. Everything in the
//! runtime whose length follows from a module, or from what its code requests, is allocated here.

use anyhow::{Result, anyhow};
use std::alloc::{Layout, alloc, alloc_zeroed};
use std::hint::black_box;

/// Values for which all bytes zero is a valid representation.
///
/// # Safety
/// All bytes zero must be a valid value.
pub(crate) unsafe trait Zeroable {}

// SAFETY: numbers and booleans are valid if their bytes are zero.
unsafe impl Zeroable for u8 {}
// SAFETY: as above.
unsafe impl Zeroable for u64 {}
// SAFETY: as above.
unsafe impl Zeroable for bool {}

/// The error for `what` of `len` items of type `T`.
#[cold]
fn short<T>(what: &str, len: usize) -> anyhow::Error {
    anyhow!("no memory for {what}: {} bytes", len.saturating_mul(size_of::<T>()))
}

/// `len` zeros, which cost nothing until they are touched.
///
/// # Errors
/// If there is no memory for `what`.
#[inline]
pub(crate) fn zeroed<T: Zeroable>(what: &str, len: usize) -> Result<Vec<T>> {
    const { assert!(size_of::<T>() > 0) };
    if len == 0 {
        return Ok(Vec::new());
    }
    let layout = Layout::array::<T>(len).map_err(|_| short::<T>(what, len))?;
    // SAFETY: the layout is not empty.
    let at = unsafe { alloc_zeroed(layout) }.cast::<T>();
    if at.is_null() {
        return Err(short::<T>(what, len));
    }
    // SAFETY: allocated with the layout of that many items, which are valid as zeros.
    Ok(unsafe { Vec::from_raw_parts(at, len, len) })
}

/// [`zeroed`] as a box, which is never moved to a smaller place.
///
/// # Errors
/// If there is no memory for `what`.
#[inline]
pub(crate) fn zeroed_box<T: Zeroable>(what: &str, len: usize) -> Result<Box<[T]>> {
    if len == 0 { Ok(Box::default()) } else { Ok(zeroed(what, len)?.into()) }
}

/// `len` copies of `item`.
///
/// # Errors
/// If there is no memory for `what`.
#[inline]
pub(crate) fn filled<T: Copy>(what: &str, len: usize, item: T) -> Result<Box<[T]>> {
    if len == 0 {
        return Ok(Box::default());
    }
    let mut items = with_room(what, len)?;
    items.resize(len, item);
    Ok(items.into())
}

/// The most bytes that are overwritten with zeros.
const OVERWRITTEN: usize = 4 << 10;

/// As many zeros, or null if there is no memory for them. Few are written to memory that was in use before, which
/// allocators find faster than memory that is known to be zero.
///
/// # Safety
/// The layout must not be empty.
#[inline]
pub(crate) unsafe fn zeroed_bytes(layout: Layout) -> *mut u8 {
    // SAFETY: guaranteed by the caller; what was allocated has that many bytes.
    unsafe {
        if layout.size() > OVERWRITTEN {
            return alloc_zeroed(layout);
        }
        // Opaque, or the optimiser makes one call of both that is for memory known to be zero.
        let at = black_box(alloc(layout));
        if !at.is_null() {
            at.write_bytes(0, layout.size());
        }
        at
    }
}

/// An empty vector with room for `len` items.
///
/// # Errors
/// If there is no memory for `what`.
#[inline]
pub(crate) fn with_room<T>(what: &str, len: usize) -> Result<Vec<T>> {
    let mut items = Vec::new();
    if len == 0 {
        return Ok(items);
    }
    items.try_reserve_exact(len).map_err(|_| short::<T>(what, len))?;
    Ok(items)
}

/// Collects `items`, of which there are as many as its length says.
///
/// # Errors
/// If there is no memory for `what`.
pub(crate) fn collect<T>(what: &str, items: impl ExactSizeIterator<Item = T>) -> Result<Vec<T>> {
    let mut all = with_room(what, items.len())?;
    all.extend(items);
    Ok(all)
}

/// Makes room for `more` items in `items`.
///
/// # Errors
/// If there is no memory for `what`.
#[inline]
pub(crate) fn reserve<T>(what: &str, items: &mut Vec<T>, more: usize) -> Result<()> {
    if items.capacity() - items.len() >= more {
        return Ok(());
    }
    items.try_reserve(more).map_err(|_| short::<T>(what, more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_allocated_is_an_error() {
        assert_eq!(zeroed::<u64>("a table", 3).unwrap(), [0, 0, 0]);
        assert!(zeroed::<u64>("a table", 0).unwrap().is_empty());
        for len in [usize::MAX, usize::MAX / 8, 1 << 59] {
            assert!(zeroed::<u64>("a table", len).unwrap_err().to_string().starts_with("no memory for a table: "));
            assert!(with_room::<u64>("a table", len).is_err());
        }
        assert!(reserve("a list", &mut vec![1u64], usize::MAX).is_err());
        assert_eq!(collect("a list", [1, 2].into_iter()).unwrap(), [1, 2]);
    }
}
