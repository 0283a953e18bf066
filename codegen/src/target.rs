//! Which machine code is made for: instruction set and optional processor features.

use std::fmt;

/// An instruction set.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub enum Isa {
    /// x86-64 with SSE4.1, System V.
    X64,
    /// AArch64, little-endian, AAPCS64.
    Aarch64,
}

impl Isa {
    /// Whether code can be made for it: for this machine's always, for others with the feature `cross`.
    pub const fn is_built_in(self) -> bool {
        cfg!(feature = "cross")
            || match self {
                Isa::X64 => cfg!(target_arch = "x86_64"),
                Isa::Aarch64 => cfg!(target_arch = "aarch64"),
            }
    }
}

/// Chooses what is done for an instruction set, which is built in ([`Isa::is_built_in`]).
macro_rules! for_isa {
    ($isa:expr, x64: $x64:expr, aarch64: $aarch64:expr $(,)?) => {
        match $isa {
            #[cfg(any(feature = "cross", target_arch = "x86_64"))]
            $crate::target::Isa::X64 => $x64,
            #[cfg(any(feature = "cross", target_arch = "aarch64"))]
            $crate::target::Isa::Aarch64 => $aarch64,
            #[cfg(not(feature = "cross"))]
            other => unreachable!("{other:?} is not built in"),
        }
    };
}
pub(crate) use for_isa;

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
    /// AArch64: LSE, single atomic instructions.
    pub lse: bool,
    /// AArch64: sums of products of four bytes.
    pub dotprod: bool,
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
                ..Target::none(Isa::X64)
            })
        }
        #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
        return Some(Target {
            lse: std::arch::is_aarch64_feature_detected!("lse"),
            dotprod: std::arch::is_aarch64_feature_detected!("dotprod"),
            ..Target::AARCH64
        });
        #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little"))))]
        None
    }

    /// Whether a machine with these features runs code made for `other`.
    pub fn covers(self, other: Target) -> bool {
        let wanted = other.values().into_iter().zip(self.values());
        self.isa == other.isa && wanted.into_iter().all(|(want, have)| have >= want)
    }

    /// The names of the optional features of this instruction set, whether they are used or not.
    pub fn feature_names(self) -> &'static [&'static str] {
        match self.isa {
            Isa::X64 => &["popcnt", "lzcnt", "sse42", "avx", "avx2", "fma"],
            Isa::Aarch64 => &["lse", "dotprod"],
        }
    }

    /// The names of the optional features that are used.
    pub fn features(self) -> impl Iterator<Item = &'static str> {
        self.feature_names().iter().zip(self.values()).filter(|(_, used)| *used).map(|(&name, _)| name)
    }

    /// The same with an optional feature used or not. One that is used takes with it what it is an extension of, and
    /// one that is not used what extends it. `None` if the instruction set has none of this name.
    #[must_use]
    pub fn with_feature(self, name: &str, used: bool) -> Option<Target> {
        /// Features by their numbers, each with the one that it extends.
        const EXTENDS: [(usize, usize); 3] = [(AVX, SSE42), (AVX2, AVX), (FMA, AVX)];
        const SSE42: usize = 2;
        const AVX: usize = 3;
        const AVX2: usize = 4;
        const FMA: usize = 5;
        let mut values = self.values();
        values[self.feature_names().iter().position(|&known| known == name)?] = used;
        if self.isa == Isa::Aarch64 {
            let [lse, dotprod, ..] = values;
            return Some(Target { lse, dotprod, ..self });
        }
        if used {
            EXTENDS.iter().rev().for_each(|&(feature, base)| values[base] |= values[feature]);
        } else {
            EXTENDS.iter().for_each(|&(feature, base)| values[feature] &= values[base]);
        }
        let [popcnt, lzcnt, sse42, avx, avx2, fma] = values;
        Some(Target { popcnt, lzcnt, sse42, avx, avx2, fma, ..self })
    }

    /// Which optional features are used, in the order of their names.
    fn values(self) -> [bool; 6] {
        match self.isa {
            Isa::X64 => [self.popcnt, self.lzcnt, self.sse42, self.avx, self.avx2, self.fma],
            Isa::Aarch64 => [self.lse, self.dotprod, false, false, false, false],
        }
    }

    /// Plain x86-64 with SSE4.1 and `popcnt`: what golden tests are written for, whatever the host has.
    pub const X64_BASELINE: Target = Target { popcnt: true, ..Target::none(Isa::X64) };

    /// x86-64 with all that the emitter has a use for.
    pub const X64_ALL: Target =
        Target { popcnt: true, lzcnt: true, sse42: true, avx: true, avx2: true, fma: true, ..Target::none(Isa::X64) };

    /// AArch64 without optional features.
    pub const AARCH64: Target = Target::none(Isa::Aarch64);

    /// AArch64 with all that the emitter has a use for.
    pub const AARCH64_ALL: Target = Target { lse: true, dotprod: true, ..Target::AARCH64 };

    /// The same instruction set without optional features.
    #[must_use]
    pub const fn baseline(self) -> Target {
        Target::none(self.isa)
    }

    /// No optional features.
    const fn none(isa: Isa) -> Target {
        Target {
            isa,
            popcnt: false,
            lzcnt: false,
            sse42: false,
            avx: false,
            avx2: false,
            fma: false,
            lse: false,
            dotprod: false,
        }
    }

    /// The name of the instruction set in reports: `x86_64` or `aarch64`.
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
            for_isa!(
                self.isa,
                x64: crate::isa::x64::patch_call(code, site, dest),
                aarch64: crate::isa::aarch64::patch_call(code, site, dest),
            )
        }
    }
}

/// The instruction set and the optional features that are used: `x86_64+sse42+avx`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.features().try_for_each(|feature| write!(f, "+{feature}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_come_and_go_with_what_they_extend() {
        let with = |target: Target, name, used| target.with_feature(name, used).expect("a feature").to_string();
        assert_eq!(with(Target::X64_BASELINE.baseline(), "fma", true), "x86_64+sse42+avx+fma");
        assert_eq!(with(Target::X64_BASELINE, "avx2", true), "x86_64+popcnt+sse42+avx+avx2");
        assert_eq!(with(Target::X64_ALL, "sse42", false), "x86_64+popcnt+lzcnt");
        assert_eq!(with(Target::X64_ALL, "avx", false), "x86_64+popcnt+lzcnt+sse42");
        assert_eq!(with(Target::X64_ALL, "fma", false), "x86_64+popcnt+lzcnt+sse42+avx+avx2");
        assert_eq!(with(Target::X64_ALL, "lzcnt", false), "x86_64+popcnt+sse42+avx+avx2+fma");
        assert_eq!(Target::X64_ALL.with_feature("sse41", false), None);
        assert_eq!(Target::AARCH64.with_feature("avx", false), None);
        assert_eq!(Target::AARCH64.to_string(), "aarch64");
        assert_eq!(with(Target::AARCH64, "lse", true), "aarch64+lse");
        assert_eq!(with(Target::AARCH64_ALL, "lse", false), "aarch64+dotprod");
        assert_eq!(with(Target::AARCH64_ALL, "dotprod", false), "aarch64+lse");
        assert_eq!(Target::X64_ALL.with_feature("lse", true), None);
    }

    #[test]
    fn a_machine_covers_what_uses_no_more_than_it_has() {
        for name in Target::X64_ALL.feature_names() {
            let fewer = Target::X64_ALL.with_feature(name, false).expect("a feature");
            assert!(Target::X64_ALL.covers(fewer) && !fewer.covers(Target::X64_ALL), "{name}");
            assert!(fewer.covers(fewer.baseline()));
        }
        assert!(Target::AARCH64_ALL.covers(Target::AARCH64) && !Target::AARCH64.covers(Target::AARCH64_ALL));
        assert!(!Target::X64_ALL.covers(Target::AARCH64) && !Target::AARCH64.covers(Target::X64_BASELINE));
    }
}
