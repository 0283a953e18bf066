//! Nothing is left of a stream that is over, however it ended (checklist, numbers 12, 112, 114). Alone in its process,
//! since it counts the process's threads and memory mappings; one test, so that nothing else runs meanwhile.

#![cfg(target_os = "linux")]

mod web_common;

use headwater::web::{Error, Options, Response, compile_streaming, compile_streaming_with};
use headwater::{Engine, Module};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};
use web_common::*;

/// Mappings of the process that code is or will be in: anonymous ones that may be executed; all mappings; bytes of
/// address space; and all threads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Resources {
    executable: usize,
    mappings: usize,
    size: usize,
    threads: usize,
}

fn resources() -> Resources {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let lines = maps.lines().filter(|l| !l.contains("[stack]") && !l.contains("[heap]"));
    let mut found = Resources { executable: 0, mappings: 0, size: 0, threads: threads("") };
    for line in lines {
        let mut words = line.split_whitespace();
        let (range, permissions) = (words.next().unwrap(), words.next().unwrap());
        let (start, end) = range.split_once('-').unwrap();
        let size = usize::from_str_radix(end, 16).unwrap() - usize::from_str_radix(start, 16).unwrap();
        found.mappings += 1;
        found.size += size;
        if permissions.contains('x') && words.nth(3).is_none() {
            found.executable += size;
        }
    }
    found
}

/// Runs `work` several times: its cost must not grow. The allocator keeps some mappings for reuse, which is what the
/// slack is for; a region of code left behind each time would be far more.
fn leaves_nothing(what: &str, times: usize, mut work: impl FnMut()) {
    work();
    work();
    let before = resources();
    for _ in 0..times {
        work();
    }
    let start = Instant::now();
    loop {
        // Threads end, and release what they hold, a little later.
        let after = resources();
        if after.executable <= before.executable
            && after.threads <= before.threads
            && after.mappings <= before.mappings + 8
            && after.size <= before.size + (8 << 20)
        {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(10), "{what}: {after:?} after {before:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Polls `future` `polls` times and drops it; whether it was over before.
fn cancel_after<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    block_on(async {
        let mut future = pin!(future);
        for _ in 0..polls {
            let mut polled = false;
            let result = poll_fn(|cx| {
                if polled {
                    return Poll::Ready(None);
                }
                polled = true;
                match future.as_mut().poll(cx) {
                    Poll::Ready(result) => Poll::Ready(Some(result)),
                    // Woken by the future; after some time in any case, since it may wait for ever.
                    Poll::Pending => Poll::Pending,
                }
            });
            if let Ok(Some(result)) = tokio::time::timeout(Duration::from_millis(20), result).await {
                return Some(result);
            }
        }
        None
    })
}

/// Cancels a stream at each of its await points.
fn cancel_everywhere(engine: &Engine, events: &[Event]) {
    for polls in 0.. {
        let (response, fate) = scripted(events.iter().cloned());
        let source = async {
            tokio::task::yield_now().await;
            Ok::<_, Mine>(response)
        };
        let over = cancel_after(compile_streaming(engine, source), polls);
        assert!(fate.dropped(), "the body must be gone with the future, after {polls} polls");
        match over {
            Some(Ok(_)) => return,
            Some(Err(e)) => panic!("{e}"),
            None => assert!(polls < 1000, "it never ends"),
        }
    }
}

#[test]
fn nothing_is_left_of_streams_that_are_over() {
    // One arena, so that the allocator's reservations for threads that come and go are not counted.
    // SAFETY: no other thread allocates yet but the test harness's, which that does not harm.
    assert_eq!(unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) }, 1);
    let bytes = large(1500);
    // Code is seen where there is some.
    let module = Module::new(&engine(0), &bytes).unwrap();
    assert!(resources().executable >= module.machine_code().len());
    drop(module);
    for threads in [0, 1, 2] {
        let engine = engine(threads);
        // All threads there will be, the timer's included.
        Module::new(&engine, &bytes).unwrap();
        let timed = Options::new().deadline(Duration::from_secs(60));
        block_on(compile_streaming_with(&engine, response(&bytes), timed)).unwrap();

        leaves_nothing("success", 10, || drop(block_on(compile_streaming(&engine, response(&bytes))).unwrap()));

        leaves_nothing("refused responses", 100, || {
            let before = web_common::threads("headwater-read");
            let untouched = Response::from_reader(std::io::repeat(0)).with_header("Content-Type", "text/html");
            assert!(matches!(block_on(compile_streaming(&engine, untouched)), Err(Error::Type(_))));
            assert_eq!(web_common::threads("headwater-read"), before, "nobody reads");
        });

        for size in [bytes.len() / 12, 20_000] {
            let mut events = Vec::new();
            for (i, chunk) in chunks(&bytes, size).into_iter().enumerate() {
                events.push(chunk);
                if i % 3 == 0 {
                    events.push(Event::Pending);
                }
            }
            leaves_nothing("cancellation at every await", 1, || cancel_everywhere(&engine, &events));

            leaves_nothing("body errors at every await", 1, || {
                for at in 0..=events.len() {
                    let broken = events[..at].iter().cloned().chain([Event::Error("broken")]);
                    let (response, fate) = scripted(broken);
                    let result = block_on(compile_streaming(&engine, response));
                    assert!(matches!(result, Err(Error::Body(_))), "after {at} events: {result:?}");
                    assert!(fate.dropped());
                }
            });
        }

        leaves_nothing("silent bodies that are dropped", 20, || {
            let stalled = chunks(&bytes[..bytes.len() / 2], 50_000).into_iter().chain([Event::Stall]);
            let (response, fate) = scripted(stalled);
            assert!(cancel_after(compile_streaming(&engine, response), 10).is_none());
            assert!(fate.dropped());
        });

        leaves_nothing("faults", 20, || {
            let (bad, _) = with_bad_last_body(bytes.clone());
            assert!(matches!(block_on(compile_streaming(&engine, response(&bad))), Err(Error::Compile(_))));
        });

        leaves_nothing("readers that are dropped", 20, || {
            let zeros = std::io::Read::chain(&b"\0asm\x01\0\0\0\0\xff\xff\xff\x7f\x01a"[..], std::io::repeat(0));
            let future = compile_streaming(&engine, of_wasm(Response::from_reader(zeros)));
            assert!(cancel_after(future, 10).is_none());
        });

        // The engine still works.
        assert_eq!(block_on(compile_streaming(&engine, response(&bytes))).unwrap().exports().len(), 1501);
    }
    // Engines go with their threads.
    eventually("the engines' threads end", || threads("headwater-comp") == 0);
}
