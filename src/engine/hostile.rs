//! Settings for tests of this library: conditions that no embedder wants, under which the same must come out.

use super::Config;
use headwater_codegen::Target;

impl Config {
    /// Sets what is named in `modes`, separated by commas, spaces or both. For tests of this library, which run under
    /// hostile conditions:
    ///
    /// | name | |
    /// | --- | --- |
    /// | `poison` | [`Config::poison_borders`] |
    /// | `spill` | no value stays in a register between operators |
    /// | `shuffle` | temporaries are taken in an order that differs from operator to operator, in builds with debug assertions |
    /// | `checked` | memories have no guard pages: every access is checked, and they move when they grow |
    /// | `offsets` | memories have short guards, so that accesses with large offsets are checked |
    /// | `interrupts`, `fuel` | epochs and fuel are looked at, but stores have no end of them until they are given some |
    /// | `fibers` | for callers that look at it: call asynchronously |
    /// | `masks`, `pads` | [`Config::mask_indices`], [`Config::branch_protection`] |
    /// | `slabs` | even small modules get code memory of their own, handed out in the smallest pieces, and are compiled from where they were pushed |
    /// | `small_pages` | no huge pages |
    /// | `far` | [`Config::force_far_calls`] |
    /// | `baseline` | no optional features of the processor are used |
    /// | `deterministic` | [`Config::relaxed_simd_deterministic`] |
    /// | `collect` | [`Config::gc_stress`] |
    /// | `inline`, `thread`, `threads` | 0, 1 or 2 compile threads |
    ///
    /// # Panics
    /// If a name is not known.
    #[doc(hidden)]
    pub fn test_modes(&mut self, modes: &str) -> &mut Config {
        for mode in modes.split([',', ' ']).filter(|m| !m.is_empty()) {
            match mode {
                "poison" => self.poison = true,
                "spill" => self.checks.spill_everything = true,
                "shuffle" => self.checks.shuffle_registers = true,
                "checked" => self.memory_reservation = 0,
                "offsets" => self.memory_guard_size = 1 << 16,
                "interrupts" => (self.checks.interrupts, self.boundless) = (true, true),
                "fuel" => (self.checks.fuel, self.boundless) = (true, true),
                "fibers" => self.fibers = true,
                "masks" => self.checks.mask_indices = true,
                "pads" => self.checks.landing_pads = true,
                "slabs" => self.slabs = true,
                "small_pages" => self.small_pages = true,
                "far" => self.far_calls = true,
                "baseline" => self.target = Target::host().map(Target::baseline),
                "deterministic" => self.checks.deterministic_vectors = true,
                "collect" => self.collector.stress = true,
                "inline" => self.threads = 0,
                "thread" => self.threads = 1,
                "threads" => self.threads = 2,
                _ => panic!("there is no test mode `{mode}`"),
            }
        }
        self
    }

    /// Fills dead registers and the upper halves of 32-bit values with garbage wherever control passes between compiled
    /// code and the host, traps included. For tests of this library. Off by default.
    #[doc(hidden)]
    pub fn poison_borders(&mut self, enable: bool) -> &mut Config {
        self.poison = enable;
        self
    }

    /// Makes calls on AArch64 take the form that modules with more than 127 MiB of machine code need, whatever the
    /// size; but for modules so small that their code is copied. For tests of this library. Off by default.
    #[doc(hidden)]
    pub fn force_far_calls(&mut self, enable: bool) -> &mut Config {
        self.far_calls = enable;
        self
    }
}
