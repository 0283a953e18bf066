//! Streams of anything: however the bytes are split and whoever compiles them, the outcome is that of one buffer, which
//! is wasmparser's verdict; an error is final; aborts leave nothing; and memory follows what was received, not what was
//! announced.

use super::{Done, Failure, note};
use crate::choices::Choices;
use crate::mutate::{mutate, source, splits};
use crate::support::{FEATURES, wasmparser_says};
use crate::{memory, settings};
use headwater::{CompileError, CompileErrorKind, Config, Engine, Module, StreamingCompiler, WasmFeatures, printable};
use std::fmt::Write as _;

thread_local! {
    /// With 0 to 2 threads. They serve many cases, as engines do.
    static ENGINES: [Engine; 3] = [0, 1, 2].map(|n| settings::engine(Config::new().wasm_features(FEATURES, true).compile_threads(n)));
}

/// Engines with 0 to 2 compile threads that do the same in all else, and the features that they have: now and then new
/// ones, with settings of all kinds, or with features switched off.
pub fn engines(c: &mut Choices<'_>) -> ([Engine; 3], WasmFeatures) {
    let features = if c.one_in(4) { settings::features(c) } else { FEATURES };
    if features == FEATURES && !c.one_in(16) {
        return (ENGINES.with(|engines| engines.clone()), features);
    }
    let mut config = if c.one_in(4) { settings::draw(c) } else { Config::new() };
    config.wasm_features(FEATURES, true).wasm_features(FEATURES.difference(features), false);
    ([0, 1, 2].map(|threads| settings::engine(config.clone().compile_threads(threads))), features)
}

/// An outcome as text; where threads share the work, without what depends on the places of functions.
pub fn describe(outcome: &Result<Module, CompileError>, exact: bool) -> String {
    let module = match outcome {
        Err(e) => return fault(e),
        Ok(module) => module,
    };
    let mut text = String::new();
    let mut line = |args: std::fmt::Arguments<'_>| writeln!(text, "{args}").expect("strings take everything");
    for import in module.imports() {
        line(format_args!("{:?} {:?} {}", import.module(), import.name(), import.ty()));
    }
    for export in module.exports() {
        line(format_args!("{:?} {}", export.name(), export.ty()));
    }
    let stats = module.compile_stats();
    line(format_args!("{:?} {} {}", module.name(), stats.wasm_bytes, stats.functions));
    let mut functions: Vec<_> = module.functions().collect();
    functions.sort_by_key(|f| f.index);
    for f in functions {
        line(format_args!("{} {} {} {:?}", f.index, f.wasm_offset, f.code.len(), module.func_name(f.index)));
        if exact {
            line(format_args!("{:x?}", &module.machine_code()[f.code]));
        }
    }
    text
}

/// All of an error.
pub fn fault(e: &CompileError) -> String {
    format!("{:?}: {} at {:?} in {:?}", e.kind(), e.message(), e.offset(), e.func_index())
}

/// Draws bytes, splits and ends.
pub fn run(c: &mut Choices<'_>) -> Result<Done, Failure> {
    let bytes = source(c);
    let bytes = mutate(c, bytes);
    note(&bytes);
    let mut done = Done::default();
    let (engines, features) = engines(c);
    let alone = &engines[0];
    let whole = Module::from_binary(alone, &bytes);
    judge(&bytes, features, &whole)?;
    let expected = [false, true].map(|exact| describe(&whole, exact));
    drop(whole);
    for threads in [0, c.below(3), c.below(3)] {
        let exact = threads == 0;
        let engine = &engines[threads];
        let ends = splits(c, bytes.len());
        let stop = if c.one_in(4) { c.below(ends.len() + 1) } else { ends.len() };
        let ((outcome, received), peak) = memory::peak_of(|| stream(engine, &bytes, &ends[..stop]));
        done.modules += 1;
        done.checks += 1;
        let fail = |kind, what: String| Err(Failure::new(kind, format!("{threads} threads, ends {ends:?}: {what}")));
        let most = (2 << 20) + 200 * received;
        if peak > most {
            return fail("memory", format!("{peak} bytes for {received} received"));
        }
        match outcome {
            Outcome::Error(e, at) => {
                if fault(&e) != expected[1] {
                    return fail("verdict", format!("{} after {at} bytes, not {}", fault(&e), expected[1]));
                }
                // Of all ways to go on the drawn one is as good as any.
                let n = c.below(40);
                let other = [&bytes[..at], &c.bytes(n)].concat();
                let again = describe(&Module::from_binary(alone, &other), true);
                if again != expected[1] {
                    return fail("error not final", format!("{} after {at} bytes, but then {again}", expected[1]));
                }
            }
            Outcome::Open(compiler, _) if stop < ends.len() && c.below(2) == 1 => drop(compiler),
            Outcome::Open(compiler, at) if stop < ends.len() => {
                // The end comes early.
                let found = describe(&compiler.finish(), exact);
                let cut = describe(&Module::from_binary(alone, &bytes[..at]), exact);
                if found != cut {
                    return fail("verdict", format!("{found} for the first {at} bytes, not {cut}"));
                }
            }
            Outcome::Open(compiler, _) => {
                let found = describe(&compiler.finish(), exact);
                if found != expected[usize::from(exact)] {
                    return fail("verdict", format!("{found}, not {}", expected[usize::from(exact)]));
                }
            }
        }
    }
    Ok(done)
}

enum Outcome {
    /// After so many bytes.
    Error(CompileError, usize),
    Open(StreamingCompiler, usize),
}

/// Pushes until something is wrong; also gives how many bytes were pushed.
fn stream(engine: &Engine, bytes: &[u8], ends: &[usize]) -> (Outcome, usize) {
    let mut compiler = StreamingCompiler::new(engine);
    let mut at = 0;
    for &end in ends {
        let pushed = compiler.push(&bytes[at..end]);
        at = end;
        if let Err(e) = pushed {
            let again = compiler.push(b"more").expect_err("an error stays");
            assert_eq!(fault(&again), fault(&e), "an error stays the same");
            let again = compiler.finish().expect_err("an error stays");
            assert_eq!(fault(&again), fault(&e), "an error stays the same");
            return (Outcome::Error(e, at), at);
        }
    }
    (Outcome::Open(compiler, at), at)
}

/// Compares the buffered outcome with that of wasmparser with the same features.
fn judge(bytes: &[u8], features: WasmFeatures, whole: &Result<Module, CompileError>) -> Result<(), Failure> {
    // Where it quotes something, messages are escaped.
    let shown = |text: String| if text.contains('`') { printable::message(&text).to_string() } else { text };
    let expected = wasmparser_says(features, bytes).map_err(|(text, at)| (shown(text), at));
    // wasmparser alone has this limit, and does not look further (`src/stream/elements.rs`).
    if matches!(&expected, Err((text, _)) if text == "element segments count exceeds limit of 100000") {
        return Ok(());
    }
    let Err(e) = whole else {
        return expected.map_err(|e| Failure::new("accepted", format!("wasmparser refuses: {e:?}")));
    };
    match e.kind() {
        // Said in a sentence of its own.
        CompileErrorKind::Unsupported { feature: "component-model" } => {
            expected.err().map(drop).ok_or_else(|| Failure::new("verdict", fault(e)))
        }
        CompileErrorKind::Invalid | CompileErrorKind::Unsupported { .. } => {
            let found = (e.message().to_string(), e.offset().unwrap_or(usize::MAX));
            // A section of unknown kind is refused without waiting for its end.
            let early = |text: &str| found.0.starts_with("malformed section id") && text == "unexpected end-of-file";
            // Nor are the bytes of a body waited for that does not fit in its section; wasmparser names the place
            // before the body's size if they are there, and the place behind it if not.
            let body = |(text, at): &(String, usize)| {
                *text == found.0 && text == "unexpected end-of-file" && (1..=5).contains(&(at.wrapping_sub(found.1)))
            };
            match expected {
                // A type of a later feature, which wasmparser has with exceptions already, and finds no fault with.
                Ok(()) if found.0.contains("other than exnref") => Ok(()),
                Err((_, at)) if found.0.contains("other than exnref") && found.1 < at => Ok(()),
                Err(expected) if found == expected || early(&expected.0) || body(&expected) => Ok(()),
                expected => Err(Failure::new("verdict", format!("{found:?}, but wasmparser: {expected:?}"))),
            }
        }
        CompileErrorKind::Limit => Ok(()),
        _ => Err(Failure::new("verdict", fault(e))),
    }
}
