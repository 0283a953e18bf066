//! `headwater::web` on many streams: the same module whatever the chunks (checklist, number 111), an outcome for each
//! future (113), and a thousand at a time.
//!
//! Random chunks come from a seed that changes from run to run and is printed if a test fails;
//! `HEADWATER_TEST_SEED` sets it.

mod support;
mod web_common;

use headwater::web::{Error, Response, compile_streaming};
use headwater::{CompileErrorKind, Engine, Module};
use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::sync::OnceLock;
use support::{PROGRAMS, Rng};
use web_common::*;

/// The outcome of compiling, as text; machine code only where one thread compiles, since otherwise functions may be
/// placed in another order, and calls differ.
fn outcome(result: Result<Module, (CompileErrorKind, String)>, exact: bool) -> String {
    match result {
        Ok(module) => describe(&module, exact),
        Err((kind, text)) => format!("{kind:?}: {text}"),
    }
}

fn buffered(engine: &Engine, bytes: &[u8], exact: bool) -> String {
    outcome(Module::new(engine, bytes).map_err(|e| (e.kind(), e.to_string())), exact)
}

fn streamed(engine: &Engine, events: Vec<Event>, exact: bool) -> String {
    let result = block_on(compile_streaming(engine, scripted(events).0));
    let result = result.map_err(|e| match e {
        Error::Compile(fault) => (fault.error().kind(), fault.error().to_string()),
        other => panic!("{other}"),
    });
    outcome(result, exact)
}

/// Chunks of random sizes, of which some come late.
fn random_chunks(bytes: &[u8], rng: &mut Rng) -> Vec<Event> {
    let (mut events, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        let bits = rng.next() % 18;
        let (chunk, tail) = rest.split_at(((rng.next() % (1 << bits)) as usize).min(rest.len()));
        events.push(Event::Chunk(chunk.to_vec()));
        if rng.next().is_multiple_of(8) {
            events.push(Event::Pending);
        }
        rest = tail;
    }
    events
}

/// The seed of this run's random chunks.
fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| match std::env::var("HEADWATER_TEST_SEED") {
        Ok(text) => text.parse().expect("HEADWATER_TEST_SEED is a number"),
        // The random state of a hasher of this process.
        Err(_) => std::hash::RandomState::new().build_hasher().finish(),
    })
}

fn same_for_all_chunks(name: &str, bytes: &[u8], sizes: &[usize]) {
    // Shown by the harness if the test fails.
    println!("{name}: HEADWATER_TEST_SEED={}", seed());
    let mut rng = Rng(seed().wrapping_add(bytes.len() as u64));
    for (engine, exact) in engines().into_iter().zip([true, false]) {
        let whole = buffered(&engine, bytes, exact);
        for &size in sizes {
            let found = streamed(&engine, chunks(bytes, size), exact);
            assert!(found == whole, "{name}, chunks of {size}: {found:.200} instead of {whole:.200}");
        }
        for _ in 0..3 {
            let found = streamed(&engine, random_chunks(bytes, &mut rng), exact);
            assert!(found == whole, "{name}, random chunks: {found:.200} instead of {whole:.200}");
        }
    }
}

#[test]
fn n111_committed_modules_and_changed_ones_are_the_same_for_all_chunks() {
    for (name, bytes) in PROGRAMS {
        same_for_all_chunks(name, bytes, &[1, 7, 1024, 65_536]);
        let mut rng = Rng(7);
        for _ in 0..4 {
            let mut bytes = bytes.to_vec();
            let at = rng.next() as usize % bytes.len();
            bytes[at] ^= 1 << (rng.next() % 8);
            same_for_all_chunks(&format!("{name} with byte {at} changed"), &bytes, &[7, 1024]);
        }
    }
    same_for_all_chunks("large", &large(3000), &[1, 7, 1024, 65_536]);
    same_for_all_chunks("faulty", &with_bad_last_body(large(3000)).0, &[7, 1024, 65_536]);
}

/// Modules from the package registries, where they have been fetched: those up to a size that checked builds compile
/// soon, unless `HEADWATER_TEST_CORPUS` is set. Those that need what is not implemented count, too: by their error.
#[test]
fn n111_the_corpus_is_the_same_for_all_chunks() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/corpus");
    let all = std::env::var_os("HEADWATER_TEST_CORPUS").is_some();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "wasm") {
            let bytes = std::fs::read(&path).unwrap();
            if all {
                same_for_all_chunks(&path.display().to_string(), &bytes, &[1, 7, 1024, 65_536]);
            } else if bytes.len() < 600_000 {
                same_for_all_chunks(&path.display().to_string(), &bytes, &[1, 1024, 65_536]);
            }
        }
    }
}

#[test]
fn a_thousand_streams_go_on_at_once() {
    let bytes = large(400);
    let (bad, _) = with_bad_last_body(bytes.clone());
    for engine in engines() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut streams = tokio::task::JoinSet::new();
            let mut senders = Vec::new();
            for i in 0..1000 {
                let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Vec<u8>, Mine>>(1);
                let body = futures_util::stream::unfold(receiver, |mut r| async { r.recv().await.map(|c| (c, r)) });
                let future = compile_streaming(&engine, of_wasm(Response::from_stream(body)));
                streams.spawn(async move { (i, future.await) });
                senders.push(sender);
            }
            // All of them are in the middle of their bodies at the same time.
            let size = bytes.len() / 4 + 1;
            for part in 0..4 {
                for (i, sender) in senders.iter().enumerate() {
                    let bytes = if i % 3 == 1 { &bad } else { &bytes };
                    match sender.send(Ok(bytes[part * size..bytes.len().min((part + 1) * size)].to_vec())).await {
                        Ok(()) => {}
                        Err(_) => assert_eq!(i % 3, 1, "only faulty bodies are cancelled"),
                    }
                }
            }
            for (i, sender) in senders.into_iter().enumerate() {
                if i % 3 == 2 {
                    sender.send(Err(Mine("broken"))).await.unwrap();
                }
            }
            let mut ended = 0;
            while let Some(stream) = streams.join_next().await {
                let (i, result) = stream.unwrap();
                ended += 1;
                match (i % 3, result) {
                    (0, Ok(module)) => assert_eq!(module.exports().len(), 401),
                    (1, Err(Error::Compile(_))) | (2, Err(Error::Body(_))) => {}
                    (_, other) => panic!("stream {i}: {other:?}"),
                }
            }
            assert_eq!(ended, 1000);
        });
        // At most what the engines of this process were told to have.
        if cfg!(target_os = "linux") {
            assert!(threads("headwater-comp") <= 64, "threads do not grow with streams");
        }
    }
}
