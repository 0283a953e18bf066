//! The memory that a large module's code is written to, handed out in slabs as threads ask for them.
//!
//! Slabs become smaller towards the end of the code section, and huge pages are used as long as enough is to come: so
//! little memory is left over, and nothing waits for a large page to be cleared when the last bytes have arrived.

use crate::code::region::{HUGE_WORTH, Pages, Region};
use crate::engine::{Config, Engine};
use crate::error::CompileError;
use headwater_codegen::target::Isa;
use std::ops::Range;

/// Bytes of machine code reserved for each byte of code section, and for each function: three to ten times what real
/// modules need, at the cost of addresses only. A module that needs more is rejected with an error.
const RESERVE_PER_BYTE: usize = 16;
const RESERVE_PER_FUNC: usize = 512;
const RESERVE_AT_LEAST: usize = 256 << 20;

/// Machine code for each byte of code section as real modules have it, rounded up.
const EXPECT_PER_BYTE: usize = 2;

/// Memory is made writable in steps of this, the size of a huge page.
const STEP: usize = 2 << 20;

const SLAB_MIN: usize = 64 << 10;
const SLAB_MAX: usize = 2 << 20;
/// For tests: so little that functions often do not fit.
const SLAB_TINY: usize = 256;

/// The space that a body of `len` bytes is given if there is that much. A body that turns out to need more is compiled
/// again, which costs little for a short one; space that is not needed costs nothing.
pub(super) fn room_for_body(len: usize) -> usize {
    const LONG: usize = 16 << 10;
    if len < LONG { 0 } else { 12 * len }
}

/// How far calls reach on AArch64, less what a function may have.
const CALL_REACH: usize = 127 << 20;

/// What is decided when the size of the code section is known.
#[derive(Copy, Clone, Debug)]
pub(super) struct Plan {
    /// How many bytes of code there may be.
    pub limit: usize,
    /// [`headwater_codegen::ModuleEnv::far_calls`]
    pub far_calls: bool,
}

impl Plan {
    /// For a code section of `code_size` bytes with `funcs` functions. `copied`: the code is not written where it will
    /// run.
    pub fn new(code_size: usize, funcs: usize, copied: bool, isa: Isa, config: &Config) -> Plan {
        let limit = config.get_limits().machine_code_for(code_size);
        if isa != Isa::Aarch64 {
            return Plan { limit, far_calls: false };
        }
        // Several times what real modules need. Only a module beyond both can be rejected because of this.
        let ample = code_size * 8 + funcs * 64;
        let far_calls = !copied && (config.forces_far_calls() || limit.min(ample) > CALL_REACH);
        Plan { limit: if far_calls { limit } else { limit.min(CALL_REACH) }, far_calls }
    }
}

/// A region that is being filled.
#[derive(Debug)]
pub(super) struct Space {
    region: Region,
    /// How much code there may be.
    limit: usize,
    landing_pads: bool,
    small_pages: bool,
    /// The least that is handed out, and the most unless more is requested.
    slabs: (usize, usize),
    writers: usize,
    /// Where the next slab begins.
    next: usize,
    /// How much is writable.
    writable: usize,
    /// Up to where memory has been populated in advance.
    populated: usize,
}

impl Space {
    /// For a code section of `code_size` bytes with `funcs` functions that `writers` threads compile to at most `limit`
    /// bytes.
    pub fn new(
        code_size: usize,
        funcs: usize,
        writers: usize,
        limit: usize,
        engine: &Engine,
    ) -> Result<Space, CompileError> {
        let expected = code_size * EXPECT_PER_BYTE;
        let want = (code_size * RESERVE_PER_BYTE + funcs * RESERVE_PER_FUNC).max(RESERVE_AT_LEAST).min(limit);
        let region = Region::reserve(want, engine.code_budget())
            // Where addresses are scarce, provide for real modules only.
            .or_else(|_| Region::reserve((2 * expected + STEP).min(limit), engine.code_budget()))
            .map_err(|e| CompileError::io("memory for machine code could not be reserved", &e))?;
        let config = engine.config();
        Ok(Space {
            limit: region.len().min(limit),
            region,
            landing_pads: config.checks().landing_pads,
            small_pages: config.uses_small_pages(),
            slabs: if config.uses_slabs() { (SLAB_TINY, SLAB_TINY) } else { (SLAB_MIN, SLAB_MAX) },
            writers,
            next: 0,
            writable: 0,
            populated: 0,
        })
    }

    pub fn base(&self) -> *mut u8 {
        self.region.base_mut()
    }

    /// A slab of at least `min` bytes, writable and exclusive; the end of the last slab handed out is the start of the
    /// next. `None` if that much is not left. `to_come`: how many bytes of the code section have not been compiled.
    pub fn take(&mut self, min: usize, to_come: usize) -> Result<Option<Range<usize>>, CompileError> {
        let left = self.limit - self.next;
        if min > left {
            return Ok(None);
        }
        let expected = to_come * EXPECT_PER_BYTE;
        let wanted = (expected / (4 * self.writers)).clamp(self.slabs.0, self.slabs.1).next_multiple_of(self.slabs.0);
        let len = wanted.max(min.next_multiple_of(self.slabs.0)).min(left) & !15;
        if len < min {
            return Ok(None);
        }
        let slab = self.next..self.next + len;
        if slab.end > self.writable {
            let end = slab.end.next_multiple_of(STEP).min(self.region.len());
            // What is left of the last step will be written to as well.
            let huge = !self.small_pages && expected.saturating_sub(self.writable - self.next) >= HUGE_WORTH;
            self.region
                .make_writable(self.writable..end, if huge { Pages::Huge } else { Pages::Small })
                .map_err(|e| CompileError::io("memory for machine code could not be allocated", &e))?;
            if huge {
                self.populated = end;
            }
            self.writable = end;
        }
        let end = slab.end.next_multiple_of(SLAB_MIN).min(self.writable);
        if self.populated < end {
            // At most what is probably needed.
            let from = self.populated.max(slab.start / SLAB_MIN * SLAB_MIN);
            let likely = (slab.start + expected).next_multiple_of(SLAB_MIN).clamp(from, end);
            self.region.populate(from..likely);
            self.populated = likely;
        }
        self.next = slab.end;
        Ok(Some(slab))
    }

    /// The region, with its first `used` bytes executable.
    pub fn seal(mut self, used: usize) -> Result<Region, CompileError> {
        self.region
            .seal(used, self.landing_pads)
            .map_err(|e| CompileError::io("machine code could not be made executable", &e))?;
        Ok(self.region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slabs_are_adjacent_and_writable_until_the_limit() {
        let mut space = Space::new(100_000, 10, 2, 1 << 20, &Engine::default()).unwrap();
        let a = space.take(1, 100_000).unwrap().unwrap();
        let b = space.take(300_000, 90_000).unwrap().unwrap();
        assert_eq!((a.start, a.end), (0, b.start));
        assert!(b.len() >= 300_000);
        // SAFETY: the slab was handed out.
        unsafe { space.base().add(b.end - 1).write(1) };
        assert_eq!(space.take(1 << 20, 50_000).unwrap(), None);
        while let Some(slab) = space.take(1, 0).unwrap() {
            assert!(slab.end <= 1 << 20);
        }
        space.seal(b.end).unwrap();
    }

    #[test]
    fn only_large_modules_on_aarch64_have_far_calls() {
        let config = Config::new();
        let plan = |size, isa| Plan::new(size, size / 500, false, isa, &config);
        for size in [0, 100_000, 12 << 20] {
            assert!(!plan(size, Isa::Aarch64).far_calls && plan(size, Isa::Aarch64).limit <= CALL_REACH);
        }
        assert!(plan(20 << 20, Isa::Aarch64).far_calls);
        assert_eq!(plan(20 << 20, Isa::Aarch64).limit, plan(20 << 20, Isa::X64).limit);
        assert!(!plan(1 << 30, Isa::X64).far_calls);
        let mut forced = Config::new();
        forced.force_far_calls(true);
        assert!(Plan::new(1, 1, false, Isa::Aarch64, &forced).far_calls);
        assert!(!Plan::new(1, 1, true, Isa::Aarch64, &forced).far_calls);
    }

    #[test]
    fn slabs_become_smaller_towards_the_end() {
        let size = 20 << 20;
        let mut space = Space::new(size, 10, 2, 1 << 30, &Engine::default()).unwrap();
        let lens: Vec<usize> =
            (0..10).map(|tenth| space.take(1, size - size / 10 * tenth).unwrap().unwrap().len()).collect();
        assert_eq!((lens[0], lens.is_sorted_by(|a, b| a >= b)), (SLAB_MAX, true));
        assert_eq!(space.take(1, 1000).unwrap().unwrap().len(), SLAB_MIN);
    }
}
