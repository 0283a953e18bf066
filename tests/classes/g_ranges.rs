//! Class G: branch ranges and code size.
//!
//! tests/ranges.rs has this class: bodies of all lengths up to the limit, calls over more than their reach, 25,000
//! divisions in one function, frames of 4 KiB to over a mebibyte, jump tables with a hundred thousand entries, offsets
//! at the edges of all forms, each run and compiled for AArch64 on any machine; tests/kernels.rs has calls in both
//! forms. Here is what those do not show: that modes that make code longer stay within reach as well, and that a trap
//! in the middle of a long function is distinguished from all others in it.

use crate::harness::{MODES, Ours, V, call, engine, wasm};
use headwater::{Trap, WasmBacktrace};
use std::fmt::Write as _;
use wasmparser::{Operator, Parser, Payload};

/// Offsets of the operators of the last function for which `wanted` holds.
fn offsets(wasm: &[u8], wanted: impl Fn(&Operator<'_>) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload.expect("the module is valid") {
            found.clear();
            let mut reader = body.get_operators_reader().expect("the module is valid");
            while !reader.eof() {
                let at = reader.original_position() as usize;
                if wanted(&reader.read().expect("the module is valid")) {
                    found.push(at);
                }
            }
        }
    }
    found
}

#[test]
fn g_any_of_thousands_of_divisions_traps_at_its_own_offset() {
    const COUNT: u32 = 8000;
    let mut body = String::new();
    for i in 0..COUNT {
        // Divides by zero if the parameter is i.
        write!(
            body,
            "(local.set 1 (i32.add (local.get 1) (i32.div_s (i32.const {}) (i32.sub (local.get 0) (i32.const {i})))))",
            i + 7
        )
        .expect("strings take everything");
    }
    let bytes =
        wasm(&format!("(module (func (export \"f\") (param i32) (result i32) (local i32) {body} (local.get 1)))"));
    let divisions = offsets(&bytes, |op| matches!(op, Operator::I32DivS));
    assert_eq!(divisions.len(), COUNT as usize);
    for mode in MODES {
        let mut ours = Ours::new(&engine(mode), &[("main", bytes.clone())]);
        let f = ours.instance.get_typed_func::<i32, i32>(&mut ours.store, "f").expect("it is exported");
        for i in (0..COUNT).filter(|i| i.is_power_of_two() || i % 997 == 0 || *i == COUNT - 1) {
            let error = f.call(&mut ours.store, i as i32).expect_err("a division by zero");
            assert_eq!(error.downcast_ref(), Some(&Trap::IntegerDivisionByZero));
            let frames = error.downcast_ref::<WasmBacktrace>().expect("a trap has a backtrace").frames();
            assert_eq!(frames[0].module_offset(), Some(divisions[i as usize]), "division {i}, `{mode}`");
        }
        let sum = (0..COUNT).fold(0i32, |sum, i| sum.wrapping_add((i as i32 + 7) / (-1 - i as i32)));
        assert_eq!(f.call(&mut ours.store, -1).expect("no trap"), sum, "`{mode}`");
    }
}

/// Branches over this much code, forwards and backwards, conditional or not, from everywhere.
#[test]
fn g_branches_over_code_that_modes_make_longer() {
    const BLOCKS: u32 = 40;
    let padding = "(local.set 1 (i64.rotl (i64.mul (local.get 1) \
        (i64.load offset=4096 (i32.wrap_i64 (i64.and (local.get 1) (i64.const 7))))) (local.get 1)))";
    let mut text = "(module (memory 1) (func (export \"f\") (param i32) (result i32) (local i64 i32) ".to_string();
    text += "(loop $again (local.set 2 (i32.add (local.get 2) (i32.const 1))) (block $out ";
    text += &(0..BLOCKS).map(|i| format!("(block $b{i} ")).collect::<String>();
    let targets: String = (0..BLOCKS).rev().map(|i| format!("$b{i} ")).collect();
    write!(text, "(br_table {targets} $out (local.get 0)))").expect("strings take everything");
    for i in (0..BLOCKS).rev() {
        write!(
            text,
            "{} (br_if $again (i32.eq (local.tee 0 (i32.add (local.get 0) (i32.const 3))) (i32.const 5)))",
            padding.repeat(60)
        )
        .expect("strings take everything");
        write!(text, "(br_if $out (i32.gt_u (local.get 0) (i32.const 1000))) {}", if i == 0 { "" } else { ")" })
            .expect("strings take everything");
    }
    text += ")) (i32.add (i32.mul (local.get 2) (i32.const 10000)) (local.get 0))))";
    let model = |start: u32| {
        let (mut x, mut rounds) = (start, 0u32);
        'again: loop {
            rounds += 1;
            if x >= BLOCKS {
                break;
            }
            // As many blocks as are behind the one that was jumped to.
            for _ in 0..BLOCKS - x {
                x = x.wrapping_add(3);
                if x == 5 {
                    continue 'again;
                }
                if x > 1000 {
                    break 'again;
                }
            }
            break;
        }
        (rounds * 10000).wrapping_add(x)
    };
    let modules = [("main", wasm(&text))];
    for mode in MODES {
        let mut ours = Ours::new(&engine(mode), &modules);
        for start in (0..BLOCKS + 2).chain([990, u32::MAX]) {
            let found = ours.call(&call("f", &[V::I32(start)]));
            assert_eq!(found, Ok(vec![V::I32(model(start))]), "{start}, `{mode}`");
        }
    }
}
