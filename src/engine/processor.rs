//! The optional features of processors, by the names that wasmtime has for them.

use super::Config;
use headwater_codegen::target::{Isa, Target};

impl Config {
    /// Whether machine code uses an optional feature of the processor, by the name that wasmtime's Cranelift has for it:
    /// `has_popcnt`, `has_lzcnt`, `has_bmi1`, `has_sse42`, `has_avx`, `has_avx2` or `has_fma` on x86-64, `has_lse` or
    /// `has_dotprod` on AArch64. At first it uses all that this machine has, so this narrows them, or takes that back. A
    /// feature that is switched off takes with it those that extend it: without `has_avx` there are no `has_avx2` and
    /// `has_fma`. `has_lzcnt` and `has_bmi1` are used
    /// together or not at all.
    ///
    /// Machine code is the same on all machines if the features are: to have that, switch off those that not all of them
    /// have. What programs compute does not change, except for relaxed vector operators
    /// ([`Config::relaxed_simd_deterministic`]).
    ///
    /// ```
    /// use headwater::{Config, Engine};
    /// # if cfg!(target_arch = "x86_64") {
    /// let mut config = Config::new();
    /// config.cpu_feature("has_avx", false)?.cpu_feature("has_lzcnt", false)?;
    /// let engine = Engine::new(&config)?;
    /// assert!(engine.target().features().all(|name| name != "avx" && name != "avx2"));
    /// # }
    /// # Ok::<(), headwater::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the machine does not have the feature and it is switched on, or if it is none of this instruction set.
    pub fn cpu_feature(&mut self, name: &str, enable: bool) -> crate::Result<&mut Config> {
        let host = Target::host();
        let Some(target) = self.get_target().or(host) else {
            return Err(crate::Error::msg("this processor is not supported"));
        };
        let own = match name.strip_prefix("has_") {
            Some("bmi1") if target.isa == Isa::X64 => "lzcnt",
            Some(own) => own,
            None => "",
        };
        let Some(changed) = target.with_feature(own, enable) else {
            let bmi1 = (target.isa == Isa::X64).then_some("bmi1");
            let known = target.feature_names().iter().copied().chain(bmi1);
            let known: Vec<_> = known.map(|name| format!("`has_{name}`")).collect();
            return Err(crate::Error::msg(format!("processor feature `{name}` is not one of {}", known.join(", "))));
        };
        if enable && !host.is_some_and(|host| host.covers(changed)) {
            return Err(crate::Error::msg(format!("this processor does not have the feature `{name}`")));
        }
        Ok(self.compile_for(changed))
    }
}
