//! How much the scans over the operand stack look at. Counted in debug builds, where a test asserts that it grows no
//! faster than the input; whatever else a body costs is emitting, which shows in the size of the machine code.

#[cfg(debug_assertions)]
thread_local! {
    static SCANNED: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts one value that a scan looks at.
#[inline(always)]
pub(crate) fn scan() {
    #[cfg(debug_assertions)]
    SCANNED.with(|n| n.set(n.get() + 1));
}

/// How many values scans have looked at on this thread; 0 in release builds.
pub fn scanned() -> u64 {
    #[cfg(debug_assertions)]
    return SCANNED.with(std::cell::Cell::get);
    #[cfg(not(debug_assertions))]
    0
}
