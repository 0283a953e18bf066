//! Code for other machines: the cargo feature `cross`, without which `scripts/test-out-of-memory` builds the library.
#![cfg(feature = "cross")]

use headwater::{Config, Engine, Isa, Module, Target};

#[test]
fn code_for_another_instruction_set_is_made() {
    let other = if cfg!(target_arch = "x86_64") { Target::AARCH64 } else { Target::X64_BASELINE };
    assert!(other.isa.is_built_in());
    let engine = Engine::new(Config::new().compile_for(other)).expect("it is built in");
    assert_eq!(engine.target(), other);
    let wasm = wat::parse_str("(module (func (export \"f\")))").expect("valid text");
    assert!(!Module::new(&engine, wasm).expect("a valid module").machine_code().is_empty());
}

#[test]
fn code_for_this_machine_is_always_built_in() {
    let engine = Engine::default();
    assert!(engine.target().isa.is_built_in());
    assert!([Isa::X64, Isa::Aarch64].into_iter().any(Isa::is_built_in));
    let wasm = wat::parse_str("(module (func (export \"f\") (result i32) i32.const 7))").expect("valid text");
    let module = Module::new(&engine, wasm).expect("a valid module");
    let mut store = headwater::Store::new(&engine, ());
    let instance = headwater::Instance::new(&mut store, &module, &[]).expect("it imports nothing");
    let f = instance.get_typed_func::<(), i32>(&mut store, "f").expect("it is exported");
    assert_eq!(f.call(&mut store, ()).expect("no trap"), 7);
}
