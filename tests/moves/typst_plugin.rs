//! Plugins of typst upon Headwater; a module of its plugin host.

use super::*;

/// `double` answers with its argument twice, `fail` with an error, `count` with how often it was called, `reach` reads
/// out of bounds.
const PLUGIN: &str = r#"(module
    (import "typst_env" "wasm_minimal_protocol_send_result_to_host" (func $send (param i32 i32)))
    (import "typst_env" "wasm_minimal_protocol_write_args_to_buffer" (func $receive (param i32)))
    (memory (export "memory") 1) (data (i32.const 0) "no luck") (data (i32.const 16) "0")
    (func (export "double") (param $len i32) (result i32)
        (call $receive (i32.const 100))
        (memory.copy (i32.add (i32.const 100) (local.get $len)) (i32.const 100) (local.get $len))
        (call $send (i32.const 100) (i32.mul (local.get $len) (i32.const 2)))
        (i32.const 0))
    (func (export "fail") (result i32) (call $send (i32.const 0) (i32.const 7)) (i32.const 1))
    (func (export "count") (result i32)
        (i32.store8 (i32.const 16) (i32.add (i32.load8_u (i32.const 16)) (i32.const 1)))
        (call $send (i32.const 16) (i32.const 1))
        (i32.const 0))
    (func (export "reach") (result i32) (call $send (i32.const 65530) (i32.const 100)) (i32.const 0))
    (func (export "trap") (result i32) unreachable)
    (func (export "other") (param i64) (result i32) (i32.const 0)))"#;

fn plugin() -> Plugin {
    Plugin::new(Bytes::new(PLUGIN.as_bytes())).expect("a valid plugin")
}

#[test]
fn functions_answer_with_bytes_or_errors() {
    let plugin = plugin();
    let argument = Bytes::new(*b"abc");
    assert_eq!(plugin.call("double", vec![argument.clone()]).expect("it answers").as_slice(), b"abcabc");
    let message = |func: &str, args| plugin.call(func, args).expect_err("it does not answer").to_string();
    assert_eq!(message("fail", vec![]), "plugin errored with: no luck");
    assert!(message("reach", vec![]).contains("pointer 0xfffa is out of bounds for read of length 100"));
    assert!(message("trap", vec![]).starts_with("plugin panicked: "));
    assert!(message("double", vec![]).contains("takes 1 argument, but 0 were given"));
    assert!(message("other", vec![argument]).contains("has a parameter that is not a 32-bit integer"));
}

#[test]
fn a_transition_is_seen_by_those_after_it_and_by_nobody_else() {
    let base = plugin();
    let once = base.transition("count", vec![]).expect("it answers");
    // An instance that is new is restored from the snapshot, another one is there already.
    let _taken = once.acquire().expect("there is one");
    assert_eq!(once.call("count", vec![]).expect("it answers").as_slice(), b"2");
    assert_eq!(plugin().call("count", vec![]).expect("it answers").as_slice(), b"1");
    assert!(base != once && base == plugin());
}

#[test]
fn plugins_run_on_several_threads() {
    let plugin = plugin();
    std::thread::scope(|scope| {
        for byte in 0..8 {
            let plugin = &plugin;
            scope.spawn(move || {
                let answer = plugin.call("double", vec![Bytes::new([byte])]).expect("it answers");
                assert_eq!(answer.as_slice(), [byte, byte]);
            });
        }
    });
}

#[test]
fn what_is_no_plugin_is_an_error() {
    for (text, expected) in [("(module)", "does not export its memory"), ("(module", "failed to load")] {
        let error = Plugin::new(Bytes::new(text.as_bytes())).err().expect("it is none");
        assert!(error.contains(expected), "{error}");
    }
}
