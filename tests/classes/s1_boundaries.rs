//! Streams, class 1: chunks that end anywhere, inside magic, version, sizes, names, bodies and segments; ends anywhere.
//!
//! tests/streaming.rs splits small modules at every byte (`every_split_has_the_outcome_of_one_chunk`) and truncates
//! them there (`a_module_that_is_cut_off_fails_as_in_wasmparser`); fuzz/src/targets/stream.rs splits at random. Here is
//! a module that has everything, also with all numbers in five bytes, cut at every pair of offsets; and modules that
//! several threads compile.

use crate::harness::{chosen, percent};
use crate::streams::{
    compile, describe, engine, judged_as_by_wasmparser, large, outcome, padded, reference, rich, thread_counts,
};
use crate::support::Rng;

#[test]
fn s1_every_three_chunks_make_the_same_module() {
    let engine = engine(0);
    for (bytes, share) in [(rich(), 4), (padded(&rich()), 2)] {
        let expected = describe(&compile(&engine, &bytes, &[bytes.len()]), true);
        assert!(expected.starts_with("Some(\"имя\")"), "{expected}");
        let share = share * percent() / 100;
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                // All that are near each other, and some of the others.
                if second - first > 2 && !chosen(first * bytes.len() + second, share) {
                    continue;
                }
                let found = describe(&compile(&engine, &bytes, &[first, second, bytes.len()]), true);
                assert!(found == expected, "cut at {first} and {second}: {found}");
            }
        }
    }
}

#[test]
fn s1_an_end_at_every_byte_is_the_same_fault_however_it_came() {
    let (engine, mut rng) = (engine(0), Rng(1));
    for bytes in [rich(), padded(&rich())] {
        let mut valid = 0;
        for len in 0..=bytes.len() {
            if !chosen(len, percent() * 50 / 100) && len != bytes.len() {
                continue;
            }
            let cut = &bytes[..len];
            valid += usize::from(judged_as_by_wasmparser(&engine, cut, &mut rng, &format!("{len} bytes")).is_ok());
        }
        assert!(valid >= 1, "the whole is valid");
        assert_eq!(reference(&bytes), Ok(()));
    }
}

#[test]
fn s1_random_chunks_make_the_same_module_whoever_compiles_it() {
    let bytes = large(700);
    assert!(bytes.len() > 300_000);
    let expected = describe(&compile(&engine(0), &bytes, &[bytes.len()]), false);
    for &threads in thread_counts() {
        let (engine, mut rng) = (engine(threads), Rng(threads as u64 + 7));
        outcome(&engine, &bytes, &mut rng, threads == 0).expect("the module is valid");
        assert!(describe(&compile(&engine, &bytes, &[bytes.len()]), false) == expected, "{threads} threads");
        for cut in [bytes.len() / 3, bytes.len() - 1, bytes.len() - 300] {
            let error = outcome(&engine, &bytes[..cut], &mut rng, false).expect_err("it is not complete");
            let (message, offset) = reference(&bytes[..cut]).expect_err("it is not complete");
            assert_eq!((error.message(), error.offset()), (&*message, Some(offset)), "{threads} threads, {cut} bytes");
        }
    }
}
