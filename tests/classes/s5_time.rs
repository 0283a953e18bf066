//! Streams, class 5: slow streams and fast ones.
//!
//! tests/web.rs has the limits on time (`silence_and_slowness_are_limited`), back-pressure
//! (`a_body_faster_than_the_compiler_is_not_read_ahead`), rare polls (`polls_are_bounded_whatever_the_body`) and
//! wake-ups (`n12_…`, `n38_…`); tests/web_http.rs has servers that fall silent. Here are the layers below: waiting
//! streams hold no thread and little memory, and a fast one cannot outrun the compiler.

use crate::streams::{compile, describe, engine, large, less, no_code_is_left, thread_counts};
use headwater::StreamingCompiler;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

#[test]
fn s5_streams_that_wait_hold_no_thread_and_go_on_byte_by_byte() {
    let bytes = large(300);
    let complete = describe(&compile(&engine(0), &bytes, &[bytes.len()]), false);
    for &threads in thread_counts() {
        let engine = engine(threads);
        // All have some of their bodies; each stopped somewhere else.
        let mut waiting: Vec<(usize, StreamingCompiler)> = (0..less(60))
            .map(|i| {
                let at = bytes.len() / 4 + i * 997;
                let mut compiler = StreamingCompiler::new(&engine);
                compiler.push(&bytes[..at]).expect("nothing is wrong");
                (at, compiler)
            })
            .collect();
        // Others are not held up, however few threads there are.
        for _ in 0..3 {
            assert!(describe(&compile(&engine, &bytes, &[bytes.len() / 2, bytes.len()]), false) == complete);
        }
        // A byte a minute.
        for _ in 0..20 {
            for (at, compiler) in &mut waiting {
                compiler.push(&bytes[*at..*at + 1]).expect("nothing is wrong");
                *at += 1;
            }
        }
        for (at, mut compiler) in waiting {
            compiler.push(&bytes[at..]).expect("nothing is wrong");
            assert!(describe(&compiler.finish(), false) == complete, "{threads} threads");
        }
        no_code_is_left(&engine);
    }
}

/// What was received and not compiled stays bounded however fast the bytes arrive, since the thread that pushes helps.
#[test]
fn s5_a_fast_stream_does_not_outrun_the_compiler() {
    let bytes = large(6000);
    for threads in [1, 2] {
        let engine = engine(threads);
        let (most, last) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(None)));
        let (behind, seen) = (most.clone(), last.clone());
        let mut compiler = StreamingCompiler::new(&engine).with_observer(move |p| {
            behind.fetch_max(p.received - p.compiled, Ordering::Relaxed);
            *seen.lock().expect("nobody panics") = Some(p);
        });
        for chunk in bytes.chunks(16 << 10) {
            compiler.push(chunk).expect("nothing is wrong");
        }
        let module = compiler.finish().expect("it is complete");
        let p = last.lock().expect("nobody panics").expect("it was told");
        assert_eq!((p.received, p.functions), (bytes.len() as u64, 6000));
        assert!(bytes.len() > 4_000_000);
        let other = bytes.len() as u64 - module.compile_stats().code_section_bytes;
        let most = most.load(Ordering::Relaxed) - other;
        // About a mebibyte for each thread.
        assert!(most < (threads as u64 + 1) << 20, "{most} bytes of {} wait", bytes.len());
    }
}
