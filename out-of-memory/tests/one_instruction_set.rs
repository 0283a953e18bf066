//! Without the cargo feature `cross` there is code for this machine and for no other. Everything else is built with that
//! feature; see tests/cross.rs at the root.
#![cfg(headwater_allocation_failures)]

use headwater::{Config, Engine, Isa, Target};

#[test]
fn code_for_another_instruction_set_is_refused_where_that_is_not_built_in() {
    let other = if cfg!(target_arch = "x86_64") { Target::AARCH64 } else { Target::X64_BASELINE };
    assert!(!other.isa.is_built_in());
    let error = Engine::new(Config::new().compile_for(other)).expect_err("it is not built in");
    assert!(error.to_string().contains("needs the feature `cross`"), "{error}");
    assert_eq!([Isa::X64, Isa::Aarch64].into_iter().filter(|isa| isa.is_built_in()).count(), 1);
}
