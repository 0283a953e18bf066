//! Which machine code is made for: instruction set and optional processor features.

/// An instruction set.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Isa {
    /// x86-64 with SSE4.1, System V.
    X64,
    /// AArch64, little-endian, AAPCS64.
    Aarch64,
}

/// What code is made for. Copied freely.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Target {
    /// The instruction set.
    pub isa: Isa,
    /// x86-64: `popcnt` may be used.
    pub popcnt: bool,
    /// x86-64: `lzcnt` and `tzcnt` may be used.
    pub lzcnt: bool,
}

impl Target {
    /// The target that this process runs on, with the features its processor has; `None` on a processor
    /// without an emitter or without what every emitted module needs (SSE4.1 on x86-64).
    pub fn host() -> Option<Target> {
        #[cfg(target_arch = "x86_64")]
        {
            if !std::arch::is_x86_feature_detected!("sse4.1") {
                return None;
            }
            Some(Target {
                isa: Isa::X64,
                popcnt: std::arch::is_x86_feature_detected!("popcnt"),
                lzcnt: std::arch::is_x86_feature_detected!("lzcnt") && std::arch::is_x86_feature_detected!("bmi1"),
            })
        }
        #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
        return Some(Target::AARCH64);
        #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little"))))]
        None
    }

    /// Whether a machine with these features runs code made for `other`.
    pub fn covers(self, other: Target) -> bool {
        self.isa == other.isa && self.popcnt >= other.popcnt && self.lzcnt >= other.lzcnt
    }

    /// Plain x86-64 with SSE4.1 and `popcnt`: what golden tests are written for, whatever the host has.
    pub const X64_BASELINE: Target = Target { isa: Isa::X64, popcnt: true, lzcnt: false };

    /// AArch64 without optional features.
    pub const AARCH64: Target = Target { isa: Isa::Aarch64, popcnt: false, lzcnt: false };

    /// The name in reports: `x86_64` or `aarch64`.
    pub fn name(self) -> &'static str {
        match self.isa {
            Isa::X64 => "x86_64",
            Isa::Aarch64 => "aarch64",
        }
    }

    /// Makes the call at `site` (see [`crate::record::CallSite`]) go to the function whose entry is at
    /// `dest`. Both are offsets into `code`, the start of the module's code region.
    ///
    /// # Safety
    /// `code + site` must be a call site that this crate emitted, in memory that is writable.
    #[inline]
    pub unsafe fn patch_call(self, code: *mut u8, site: u32, dest: u32) {
        // SAFETY: the caller's promise is the emitter's condition.
        unsafe {
            match self.isa {
                Isa::X64 => crate::isa::x64::patch_call(code, site, dest),
                Isa::Aarch64 => crate::isa::aarch64::patch_call(code, site, dest),
            }
        }
    }
}
