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
    /// x86-64: SSE4.2.
    pub sse42: bool,
    /// x86-64: AVX, that is, vector instructions with three operands.
    pub avx: bool,
    /// x86-64: AVX2; never without AVX.
    pub avx2: bool,
    /// x86-64: fused multiplication and addition; never without AVX.
    pub fma: bool,
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
            let avx = std::arch::is_x86_feature_detected!("avx");
            Some(Target {
                isa: Isa::X64,
                popcnt: std::arch::is_x86_feature_detected!("popcnt"),
                lzcnt: std::arch::is_x86_feature_detected!("lzcnt") && std::arch::is_x86_feature_detected!("bmi1"),
                sse42: std::arch::is_x86_feature_detected!("sse4.2"),
                avx,
                avx2: avx && std::arch::is_x86_feature_detected!("avx2"),
                fma: avx && std::arch::is_x86_feature_detected!("fma"),
            })
        }
        #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
        return Some(Target::AARCH64);
        #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little"))))]
        None
    }

    /// Whether a machine with these features runs code made for `other`.
    pub fn covers(self, other: Target) -> bool {
        let features = |t: Target| [t.popcnt, t.lzcnt, t.sse42, t.avx, t.avx2, t.fma];
        self.isa == other.isa && features(self).iter().zip(features(other)).all(|(&have, want)| have >= want)
    }

    /// Plain x86-64 with SSE4.1 and `popcnt`: what golden tests are written for, whatever the host has.
    pub const X64_BASELINE: Target = Target { popcnt: true, ..Target::none(Isa::X64) };

    /// x86-64 with all that the emitter has a use for.
    pub const X64_ALL: Target =
        Target { isa: Isa::X64, popcnt: true, lzcnt: true, sse42: true, avx: true, avx2: true, fma: true };

    /// AArch64 without optional features.
    pub const AARCH64: Target = Target::none(Isa::Aarch64);

    /// The same instruction set without optional features.
    #[must_use]
    pub const fn baseline(self) -> Target {
        Target::none(self.isa)
    }

    /// No optional features.
    const fn none(isa: Isa) -> Target {
        Target { isa, popcnt: false, lzcnt: false, sse42: false, avx: false, avx2: false, fma: false }
    }

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
