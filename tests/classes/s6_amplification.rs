//! Streams, class 6: a few bytes that cause much work or take much memory.
//!
//! tests/growth.rs counts the cost of modules that are designed to be expensive, at one size and four times that:
//! 50,000 locals in tiny functions, jump tables with millions of targets, deep nesting, blocks with a thousand results,
//! calls that pass a thousand values, dead code, types, names, segments byte by byte, and the cap on the ratio of
//! machine code. tests/web_limits.rs has the limits at their values; tests/web_http.rs the output of content codings
//! (`n36_…`). Here are the entries that those leave out, up to their limits.

use crate::heap::{Allocated, allocated_by};
use crate::streams::{engine, of_sections, section};
use crate::support::leb;
use headwater::{Module, StreamingCompiler};
use std::time::Instant;

/// A section of `n` entries.
fn entries(id: u8, n: usize, entry: impl Fn(usize) -> Vec<u8>) -> Vec<u8> {
    let mut contents = Vec::new();
    leb(&mut contents, n as u64);
    (0..n).for_each(|i| contents.extend(entry(i)));
    section(id, &contents)
}

fn name(i: usize) -> Vec<u8> {
    let text = format!("{i:x}");
    [&[text.len() as u8], text.as_bytes()].concat()
}

/// Modules of `n` entries of some kind.
type Make = fn(usize) -> Vec<u8>;

#[test]
fn s6_very_many_entries_of_any_kind_take_memory_and_time_in_proportion() {
    let all: [(&str, usize, Make); 12] = [
        ("types, all different", 200_000, |n| {
            // Twenty parameters spell the number.
            let params = |i: usize| (0..20).map(|bit| if i >> bit & 1 == 0 { 0x7f } else { 0x7e }).collect::<Vec<u8>>();
            of_sections(&[entries(1, n, |i| [&[0x60, 20][..], &params(i), &[0]].concat())])
        }),
        ("types, all the same", 200_000, |n| of_sections(&[entries(1, n, |_| vec![0x60, 0, 0])])),
        ("imports of functions", 200_000, |n| {
            of_sections(&[
                section(1, &[1, 0x60, 0, 0]),
                entries(2, n, |i| [&[1, b'm'][..], &name(i), &[0, 0]].concat()),
            ])
        }),
        ("imports of globals", 200_000, |n| of_sections(&[entries(2, n, |_| vec![0, 0, 3, 0x7f, 0])])),
        ("functions", 200_000, |n| {
            of_sections(&[
                section(1, &[1, 0x60, 0, 0]),
                entries(3, n, |_| vec![0]),
                entries(10, n, |_| vec![2, 0, 0x0b]),
            ])
        }),
        ("globals", 200_000, |n| of_sections(&[entries(6, n, |_| vec![0x7f, 0, 0x41, 0, 0x0b])])),
        ("exports", 200_000, |n| {
            of_sections(&[
                section(6, &[1, 0x7f, 0, 0x41, 0, 0x0b]),
                entries(7, n, |i| [&name(i)[..], &[3, 0]].concat()),
            ])
        }),
        ("element segments", 100_000, |n| {
            let ty = section(1, &[1, 0x60, 0, 0]);
            of_sections(&[ty, section(3, &[1, 0]), entries(9, n, |_| vec![1, 0, 1, 0]), section(10, &[1, 2, 0, 0x0b])])
        }),
        ("expressions in an element segment", 200_000, |n| {
            let mut contents = vec![1, 5, 0x70];
            leb(&mut contents, n as u64);
            contents.extend([0xd0, 0x70, 0x0b].repeat(n));
            of_sections(&[section(9, &contents)])
        }),
        ("data segments", 100_000, |n| of_sections(&[section(5, &[1, 0, 1]), entries(11, n, |_| vec![1, 1, b'x'])])),
        ("operators in a constant expression", 200_000, |n| {
            let mut contents = vec![1, 0x7f, 0, 0x41, 0];
            contents.extend([0x41, 1, 0x6a].repeat(n));
            contents.push(0x0b);
            of_sections(&[section(6, &contents)])
        }),
        ("custom sections", 200_000, |n| of_sections(&vec![section(0, b"\x01a"); n])),
    ];
    let engine = engine(0);
    let few = crate::harness::percent() < 100;
    for (what, n, make) in all {
        let n = if few { n / 5 } else { n };
        let measure = |n: usize| {
            let bytes = make(n);
            let start = Instant::now();
            let (module, Allocated { peak, .. }) = allocated_by(|| {
                let mut compiler = StreamingCompiler::new(&engine);
                bytes.chunks(1 << 16).try_for_each(|chunk| compiler.push(chunk)).and_then(|()| compiler.finish())
            });
            let time = start.elapsed();
            let kept: Module = module.unwrap_or_else(|e| panic!("{n} {what}: {e}"));
            drop(kept);
            (bytes.len(), peak, time)
        };
        let (small, large) = (measure(n / 4), measure(n));
        assert!(large.1 <= 5 * small.1 + (2 << 20), "{what}: {small:?}, {large:?}");
        assert!(large.1 <= 120 * large.0 + (1 << 20), "{what}: {small:?}, {large:?}");
        // Quadratic cost would be sixteen times as much.
        assert!(large.2 <= 10 * small.2 + std::time::Duration::from_secs(1), "{what}: {small:?}, {large:?}");
    }
}
