//! The limits of section 12 of the checklist (numbers 104 to 106), at their values: exactly that many are accepted, one
//! more is a `CompileError`, however the bytes arrive. Lower limits, as an embedder may set them, are tested in
//! `streaming.rs`.
//!
//! Not here: subtype depth, fields and recursion groups, which need garbage-collected types.

mod web_common;

use headwater::web::{Error, Response, compile_streaming};
use headwater::{CompileErrorKind, Engine, Instance, Module, Store};
use web_common::*;

const I32: u8 = 0x7f;
const FUNCREF: u8 = 0x70;

fn leb(n: usize) -> Vec<u8> {
    let (mut bytes, mut n) = (Vec::new(), n);
    while n > 0x7f {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    [&[id][..], &leb(contents.len()), contents].concat()
}

/// A section of `count` times `item`.
fn items(id: u8, count: usize, item: &[u8]) -> Vec<u8> {
    section(id, &[leb(count), item.repeat(count)].concat())
}

fn module(sections: &[Vec<u8>]) -> Vec<u8> {
    [EMPTY, &sections.concat()].concat()
}

/// A module with one function of type `[] -> []` that has this body.
fn body(code: &[u8]) -> Vec<u8> {
    let entry = [leb(code.len()), code.to_vec()].concat();
    module(&[items(1, 1, &[0x60, 0, 0]), items(3, 1, &[0]), items(10, 1, &entry)])
}

fn function_type(params: usize, results: usize) -> Vec<u8> {
    [&[0x60][..], &leb(params), &vec![I32; params], &leb(results), &vec![I32; results]].concat()
}

fn compile(engine: &Engine, bytes: &[u8]) -> Result<Module, Error> {
    block_on(compile_streaming(engine, scripted(chunks(bytes, 65_536)).0))
}

/// Expects a module of `limit` to be accepted and one of `limit + 1` to be rejected, buffered and streamed, for the
/// same reason.
fn holds_exactly(what: &str, limit: usize, make: impl Fn(usize) -> Vec<u8>) {
    let engine = engine(0);
    if let Err(error) = compile(&engine, &make(limit)) {
        panic!("{limit} {what}: {error}");
    }
    let bytes = make(limit + 1);
    let Err(Error::Compile(streamed)) = compile(&engine, &bytes) else { panic!("{} {what}: accepted", limit + 1) };
    let buffered = Module::new(&engine, &bytes).expect_err(what);
    assert_eq!(streamed.error().to_string(), buffered.to_string(), "{what}");
}

#[test]
fn n104_types() {
    holds_exactly("types", 1_000_000, |n| module(&[items(1, n, &[0x60, 0, 0])]));
}

#[test]
fn n104_imports_and_exports() {
    let import = [0, 0, 3, I32, 0];
    let exports = |n: usize| {
        let mut section_of = leb(n);
        for i in 0..n {
            // Names of three ASCII characters.
            section_of.extend([3, i as u8 & 0x7f, (i >> 7) as u8 & 0x7f, (i >> 14) as u8 & 0x7f, 3, 0]);
        }
        section(7, &section_of)
    };
    holds_exactly("imports", 1_000_000, |n| module(&[items(2, n, &import)]));
    holds_exactly("exports", 1_000_000, |n| module(&[items(6, 1, &[I32, 0, 0x41, 0, 0x0b]), exports(n)]));
    holds_exactly("imports and as many exports", 1_000_000, |n| module(&[items(2, n, &import), exports(n)]));
    let function = function_type(1000, 1000);
    holds_exactly("imports of functions", 1_000_000, |n| module(&[items(1, 1, &function), items(2, n, &[0, 0, 0, 0])]));
    let engine = engine(0);
    for (what, bytes) in [
        ("imports", module(&[items(2, 1_000_001, &import)])),
        ("exports", module(&[items(6, 1, &[I32, 0, 0x41, 0, 0x0b]), exports(1_000_001)])),
    ] {
        let error = Module::new(&engine, &bytes).expect_err(what);
        assert_eq!(
            error.message(),
            format!("{what} count exceeds limit of 1000000"),
            "said as soon as the count is read"
        );
    }
}

#[test]
fn n104_functions() {
    holds_exactly("functions", 1_000_000, |n| {
        let imported = 400_000;
        module(&[
            items(1, 1, &[0x60, 0, 0]),
            items(2, imported, &[0, 0, 0, 0]),
            items(3, n - imported, &[0]),
            items(10, n - imported, &[2, 0, 0x0b]),
        ])
    });
}

#[test]
fn n104_globals() {
    holds_exactly("globals", 1_000_000, |n| module(&[items(6, n, &[I32, 0, 0x41, 0, 0x0b])]));
}

/// One more than the limit: `element_segments.rs`, which also has as many as quick tests can have.
#[test]
#[ignore = "takes a gigabyte of memory; run with --ignored"]
fn n104_element_segments() {
    holds_exactly("element segments", 10_000_000, |n| module(&[items(9, n, &[1, 0, 0])]));
}

#[test]
fn n104_data_segments() {
    holds_exactly("data segments", 100_000, |n| module(&[items(11, n, &[1, 0])]));
}

#[test]
fn n104_tables_and_memories() {
    holds_exactly("tables", 100_000, |n| module(&[items(4, n, &[FUNCREF, 0, 0])]));
    holds_exactly("imported and other tables", 100_000, |n| {
        module(&[items(2, 99_999, &[0, 0, 1, FUNCREF, 0, 0]), items(4, n - 99_999, &[FUNCREF, 0, 0])])
    });
    holds_exactly("memories", 100, |n| module(&[items(5, n, &[0, 0])]));
    holds_exactly("imported and other memories", 100, |n| {
        module(&[items(2, 99, &[0, 0, 2, 0, 0]), items(5, n - 99, &[0, 0])])
    });
}

#[test]
fn n104_pages() {
    holds_exactly("pages at first", 65_536, |n| module(&[items(5, 1, &[&[0][..], &leb(n)].concat())]));
    holds_exactly("pages at most", 65_536, |n| module(&[items(5, 1, &[&[1, 0][..], &leb(n)].concat())]));
}

#[test]
fn n104_entries_of_a_table_initialiser() {
    holds_exactly("entries", 10_000_000, |n| {
        // Passive, of indices of functions: eleven bytes in front of them, and each is function 0.
        let segment = [&[1, 1, 0][..], &leb(n), &vec![0; n]].concat();
        module(&[items(1, 1, &[0x60, 0, 0]), items(2, 1, &[0, 0, 0, 0]), section(9, &segment)])
    });
}

#[test]
fn n104_parameters_and_results() {
    holds_exactly("parameters", 1000, |n| module(&[items(1, 1, &function_type(n, 0))]));
    holds_exactly("results", 1000, |n| module(&[items(1, 1, &function_type(0, n))]));
}

#[test]
fn n104_locals() {
    holds_exactly("locals", 50_000, |n| body(&[&[1][..], &leb(n), &[I32, 0x0b]].concat()));
    holds_exactly("locals and parameters", 50_000, |n| {
        let code = [&[1][..], &leb(n - 10), &[I32, 0x0b]].concat();
        let entry = [leb(code.len()), code].concat();
        module(&[items(1, 1, &function_type(10, 0)), items(3, 1, &[0]), items(10, 1, &entry)])
    });
}

#[test]
fn n104_size_of_a_function() {
    holds_exactly("bytes of a body", 7_654_321, |n| {
        // Operators as long as they can be, so that there are few: i64.const of ten bytes, and drop.
        let constant = [0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1a];
        let mut code = vec![0];
        code.extend(constant.repeat((n - 2) / constant.len()));
        code.resize(n - 1, 0x01);
        code.push(0x0b);
        body(&code)
    });
}

/// 1 GiB of custom sections, of which no more than one is in memory at a time.
#[test]
fn n104_size_of_a_module() {
    const LIMIT: usize = 1 << 30;
    const SECTION: usize = 1 << 20;
    // Five bytes of size whatever it is.
    let custom = |size: usize| {
        let n = size - 6;
        let size = [n as u8 | 0x80, (n >> 7) as u8 | 0x80, (n >> 14) as u8 | 0x80, (n >> 21) as u8 | 0x80, 0];
        let mut bytes = vec![0];
        bytes.extend(size);
        bytes.resize(6 + n, 0);
        bytes
    };
    for (size, accepted) in [(LIMIT, true), (LIMIT + 1, false)] {
        let mut left = size - EMPTY.len();
        let full = custom(SECTION);
        let sections = std::iter::from_fn(move || {
            let now = if left >= 2 * SECTION { SECTION } else { left };
            left -= now;
            match now {
                0 => None,
                SECTION => Some(full.clone()),
                rest => Some(custom(rest)),
            }
        });
        let chunks = std::iter::once(EMPTY.to_vec()).chain(sections).map(Ok::<_, Mine>);
        let response = Response::from_stream(futures_util::stream::iter(chunks));
        let result = block_on(compile_streaming(&engine(0), of_wasm(response)));
        match (accepted, result) {
            (true, Ok(_)) => {}
            (false, Err(Error::Compile(fault))) => assert_eq!(fault.error().kind(), CompileErrorKind::Limit),
            (_, other) => panic!("{size} bytes: {other:?}"),
        }
    }
}

/// A table of more than 10,000,000 entries is valid, but cannot be allocated. Its maximum may be anything.
#[test]
fn n105_n106_the_size_of_a_table_is_limited_when_there_is_one() {
    let table = |limits: &[u8]| module(&[items(4, 1, &[&[FUNCREF][..], limits].concat())]);
    let engine = engine(0);
    let instantiate = |limits: &[u8]| {
        let module = compile(&engine, &table(limits)).expect("valid");
        Instance::new(&mut Store::new(&engine, ()), &module, &[])
    };
    instantiate(&[&[0][..], &leb(10_000_000)].concat()).expect("within the limit");
    instantiate(&[&[0][..], &leb(10_000_001)].concat()).expect_err("beyond the limit");
    instantiate(&[&[1, 0][..], &leb(u32::MAX as usize)].concat()).expect("the maximum is no size");
}
