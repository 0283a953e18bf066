//! Streams, class 2: frames that lie: sizes of sections and bodies, counts, order, and contents that are announced but
//! do not arrive.
//!
//! tests/streaming.rs changes each byte of small modules in six ways and compares the verdict with wasmparser's;
//! fuzz/tests/announced.rs counts the memory that announced entries take. Here each kind of lie is tested, and silence
//! after a gibibyte was announced.

use crate::heap::{Allocated, allocated_by};
use crate::streams::{engine, judged_as_by_wasmparser, of_sections, rich, section, sections};
use crate::support::{Rng, leb};
use headwater::{CompileErrorKind, StreamingCompiler};

/// The sections with the size of number `i` wrong by `by`.
fn resized(all: &[(u8, Vec<u8>)], i: usize, by: i64) -> Vec<u8> {
    let mut out = b"\0asm\x01\0\0\0".to_vec();
    for (j, (id, contents)) in all.iter().enumerate() {
        out.push(*id);
        let len = contents.len() as i64 + if i == j { by } else { 0 };
        leb(&mut out, len.max(0) as u64);
        out.extend_from_slice(contents);
    }
    out
}

#[test]
fn s2_sections_longer_and_shorter_than_they_say() {
    let (engine, mut rng, all) = (engine(0), Rng(2), sections(&rich()));
    for i in 0..all.len() {
        for by in [-100, -7, -2, -1, 1, 2, 7, 100, 1 << 20, (1 << 32) - 1 - all[i].1.len() as i64] {
            let bytes = resized(&all, i, by);
            let what = format!("section {} by {by}", all[i].0);
            // Shorter and longer custom sections may be valid: they have arbitrary contents.
            let verdict = judged_as_by_wasmparser(&engine, &bytes, &mut rng, &what);
            assert!(verdict.is_err() || all[i].0 == 0, "{what}");
        }
    }
}

#[test]
fn s2_sections_twice_missing_and_out_of_order() {
    let (engine, mut rng, all) = (engine(0), Rng(3), sections(&rich()));
    let encode = |all: &[(u8, Vec<u8>)]| of_sections(&all.iter().map(|(id, c)| section(*id, c)).collect::<Vec<_>>());
    for i in 0..all.len() {
        let mut without = all.clone();
        without.remove(i);
        let _ = judged_as_by_wasmparser(&engine, &encode(&without), &mut rng, &format!("without section {}", all[i].0));
        for j in 0..=all.len() {
            let mut twice = all.clone();
            twice.insert(j, all[i].clone());
            let verdict =
                judged_as_by_wasmparser(&engine, &encode(&twice), &mut rng, &format!("section {i} again at {j}"));
            assert!(verdict.is_err() || all[i].0 == 0, "section {} twice", all[i].0);
            if j < i {
                let mut swapped = all.clone();
                swapped.swap(i, j);
                let _ = judged_as_by_wasmparser(
                    &engine,
                    &encode(&swapped),
                    &mut rng,
                    &format!("sections {i} and {j} swapped"),
                );
            }
        }
    }
}

/// A type, so many functions of it, and a code section of `bodies` whose count says `count`.
fn functions(declared: usize, count: usize, bodies: &[&[u8]], between: &[Vec<u8>], after: &[Vec<u8>]) -> Vec<u8> {
    let mut all = vec![section(1, &[1, 0x60, 0, 0])];
    let mut decl = Vec::new();
    leb(&mut decl, declared as u64);
    decl.extend(vec![0; declared]);
    all.push(section(3, &decl));
    all.extend_from_slice(between);
    let mut code = Vec::new();
    leb(&mut code, count as u64);
    code.extend(bodies.concat());
    all.push(section(10, &code));
    all.extend_from_slice(after);
    of_sections(&all)
}

#[test]
fn s2_counts_and_sizes_of_functions_and_segments_that_do_not_agree() {
    let (engine, mut rng) = (engine(0), Rng(4));
    let nop: &[u8] = &[3, 0, 0x01, 0x0b];
    let (memory, data_count) = (section(5, &[1, 0, 1]), |n| section(12, &[n]));
    let data = |n: u8| section(11, &[&[n][..], &[1, 1, b'x'].repeat(n as usize)].concat());
    let mut all: Vec<(String, Vec<u8>, bool)> = Vec::new();
    for declared in 0..4 {
        for count in 0..4 {
            for bodies in 0..4 {
                let bytes = functions(declared, count, &vec![nop; bodies], &[], &[]);
                all.push((
                    format!("{declared} functions, {count} counted, {bodies} bodies"),
                    bytes,
                    declared == count && count == bodies,
                ));
            }
        }
    }
    for (what, body, valid) in [
        ("as it is", &[4, 0, 1, 1, 0x0b][..], true),
        ("without end", &[3, 0, 1, 1], false),
        ("with code behind its end", &[5, 0, 1, 0x0b, 1, 1], false),
        ("with two ends", &[4, 0, 1, 0x0b, 0x0b], false),
        ("ended early by its size", &[2, 0, 1, 1, 0x0b], false),
        ("longer than the section", &[5, 0, 1, 1, 0x0b], false),
        ("of no bytes", &[0], false),
        ("of one byte", &[1, 0], false),
        ("a size of six bytes", &[0x82, 0x80, 0x80, 0x80, 0x80, 0, 0, 0x0b], false),
        ("a size of five bytes", &[0x82, 0x80, 0x80, 0x80, 0, 0, 0x0b], true),
        ("a size beyond 32 bits", &[0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0x0b], false),
        ("locals that are cut off", &[2, 5, 1], false),
        ("more locals than 32 bits count", &[10, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 1, 0x7f, 0x0b], false),
        ("a block that goes beyond", &[5, 0, 0x02, 0x40, 0x01, 0x0b], false),
    ] {
        all.push((format!("a body {what}"), functions(1, 1, &[body], &[], &[]), valid));
        all.push((format!("the first of two bodies {what}"), functions(2, 2, &[body, nop], &[], &[]), valid));
        all.push((format!("the second of two bodies {what}"), functions(2, 2, &[nop, body], &[], &[]), valid));
    }
    let drop_data: &[u8] = &[5, 0, 0xfc, 9, 0, 0x0b];
    all.push(("data as counted".into(), functions(1, 1, &[nop], &[memory.clone(), data_count(2)], &[data(2)]), true));
    all.push((
        "more data than counted".into(),
        functions(1, 1, &[nop], &[memory.clone(), data_count(1)], &[data(2)]),
        false,
    ));
    all.push((
        "less data than counted".into(),
        functions(1, 1, &[nop], &[memory.clone(), data_count(3)], &[data(2)]),
        false,
    ));
    all.push((
        "data counted and missing".into(),
        functions(1, 1, &[nop], &[memory.clone(), data_count(1)], &[]),
        false,
    ));
    all.push(("no data counted".into(), functions(1, 1, &[nop], &[memory.clone(), data_count(0)], &[]), true));
    all.push((
        "data used without a count".into(),
        functions(1, 1, &[drop_data], std::slice::from_ref(&memory), &[data(1)]),
        false,
    ));
    all.push((
        "data used and counted".into(),
        functions(1, 1, &[drop_data], &[memory.clone(), data_count(1)], &[data(1)]),
        true,
    ));
    let declared = [section(1, &[1, 0x60, 0, 0]), section(3, &[1, 0])];
    all.push(("functions without code".into(), of_sections(&declared), false));
    all.push((
        "functions without code, and data".into(),
        of_sections(&[&declared[..], &[memory, data(1)]].concat()),
        false,
    ));
    all.push(("code without functions".into(), of_sections(&[section(10, &[&[1][..], nop].concat())]), false));
    all.push(("no code without functions".into(), of_sections(&[section(10, &[0])]), true));
    all.push(("a count of six bytes".into(), of_sections(&[section(1, &[0x80, 0x80, 0x80, 0x80, 0x80, 0])]), false));
    all.push(("a count of five bytes".into(), of_sections(&[section(1, &[0x80, 0x80, 0x80, 0x80, 0])]), true));
    all.push(("a count that is too small".into(), of_sections(&[section(1, &[0, 0x60, 0, 0])]), false));
    all.push(("a count that is too large".into(), of_sections(&[section(1, &[2, 0x60, 0, 0])]), false));
    for (what, bytes, valid) in all {
        let verdict = judged_as_by_wasmparser(&engine, &bytes, &mut rng, &what);
        assert_eq!(verdict.is_ok(), valid, "{what}: {verdict:?}");
    }
}

/// A gibibyte is announced, some bytes arrive, and then nothing, or the end. Memory is in proportion to what arrived.
#[test]
fn s2_a_gibibyte_that_is_announced_and_does_not_come() {
    const GIB: u64 = 1 << 30;
    let engine = engine(0);
    let ty = section(1, &[1, 0x60, 0, 0]);
    let before = |id: u8| match id {
        10 => [ty.clone(), section(3, &[1, 0])].concat(),
        9 => [ty.clone(), section(3, &[1, 0]), section(4, &[1, 0x70, 0, 1])].concat(),
        11 => section(5, &[1, 0, 1]),
        _ => Vec::new(),
    };
    for (what, id, start) in [
        ("custom section", 0u8, &b"\x05dwarf"[..]),
        ("name section", 0, b"\x04name\x01\xff\xff\xff\xff\x03"),
        ("types", 1, &[0xc0, 0x84, 0x3d, 0x60, 0, 0]),
        ("imports", 2, &[0xc0, 0x84, 0x3d, 1, b'a', 1, b'b', 0, 0]),
        ("an import's name", 2, &[1, 0xff, 0xff, 0xff, 0x7f, b'a']),
        ("functions", 3, &[0xc0, 0x84, 0x3d, 0, 0]),
        ("globals", 6, &[0xc0, 0x84, 0x3d, 0x7f, 0, 0x41, 0, 0x0b]),
        ("exports", 7, &[0xc0, 0x84, 0x3d, 1, b'a', 0, 0]),
        ("elements", 9, &[1, 1, 0, 0xc0, 0x84, 0x3d, 0, 0]),
        ("code, one body", 10, &[1, 0x80, 0x80, 0x80, 0x02, 0, 1, 1]),
        ("code, many bodies", 10, &[0xc0, 0x84, 0x3d, 2, 0, 0x0b]),
        ("data, one segment", 11, &[1, 0, 0x41, 0, 0x0b, 0xff, 0xff, 0xff, 0xff, 0x03, 1]),
        ("data, many segments", 11, &[0xa0, 0x8d, 0x06, 0, 0x41, 0, 0x0b, 1, 1]),
    ] {
        for chunk in [1, 7, 1000] {
            let mut bytes = of_sections(&[before(id)]);
            bytes.push(id);
            leb(&mut bytes, GIB - 1000);
            bytes.extend_from_slice(start);
            let ((), Allocated { peak, .. }) = allocated_by(|| {
                let mut compiler = StreamingCompiler::new(&engine);
                let mut error = None;
                for chunk in bytes.chunks(chunk) {
                    if let Err(e) = compiler.push(chunk) {
                        error = Some(e);
                        break;
                    }
                }
                // Silence; then either the connection ends, or it is cut.
                if chunk == 7 {
                    drop(compiler);
                } else {
                    let error = compiler.finish().map(drop).expect_err("a gibibyte is missing");
                    assert!(
                        matches!(error.kind(), CompileErrorKind::Invalid | CompileErrorKind::Limit),
                        "{what}: {error}"
                    );
                }
                drop(error);
            });
            assert!(peak < 2 << 20, "{what}: {peak} bytes for {}", bytes.len());
            assert_eq!(engine.code_memory(), 0, "{what}");
        }
        // A mebibyte of it comes in small chunks: a mebibyte and little more is held, and not copied again and again.
        let mut bytes = of_sections(&[before(id)]);
        bytes.push(id);
        leb(&mut bytes, GIB - 1000);
        bytes.extend_from_slice(start);
        bytes.extend(vec![0; 1 << 20]);
        let ((), Allocated { peak, .. }) = allocated_by(|| {
            let mut compiler = StreamingCompiler::new(&engine);
            let _ = bytes.chunks(100).try_for_each(|chunk| compiler.push(chunk));
        });
        assert!(peak < 8 << 20, "{what}: {peak} bytes for {}", bytes.len());
    }
}
