//! The WebAssembly Web API's contract, point by point. Names begin with the numbers of the checklist that this was
//! written from; numbers that are missing are about JavaScript values, or are tested over HTTP in `web_http.rs` (20,
//! 28, 29, 36), or by the process's resources in `web_leaks.rs` (12, 112, 114) or on many streams in `web_streams.rs`
//! (111, 113).

mod web_common;

use headwater::web::{
    self, Body, Chunk, Error, LimitExceeded, Mime, Options, Response, ResponseType, TypeError, compile_streaming,
    compile_streaming_with, function_name, instantiate_streaming,
};
use headwater::{
    CompileErrorKind, Engine, Linker, Memory, MemoryType, Module, Store, StreamingCompiler, Trap, UnknownImportError,
};
use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;
use web_common::*;

/// The `TypeError` of a response that is rejected.
fn refused(response: Response) -> TypeError {
    let fresh = !response.body_used();
    let result = block_on(compile_streaming(&engine(0), response.clone()));
    let Err(Error::Type(error)) = result else { panic!("{result:?} instead of a TypeError") };
    assert!(!fresh || !response.body_used(), "the body was touched");
    assert!(!response.body_locked());
    error
}

fn with_type(value: impl AsRef<[u8]>) -> Response {
    Response::from_bytes(EMPTY).with_header("content-TYPE", value)
}

fn is_compile_error<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Compile(fault)) if fault.error().kind() == CompileErrorKind::Invalid)
}

#[test]
fn n00_checks_run_in_the_order_of_the_specification() {
    let wrong = || Response::from_bytes(EMPTY).with_status(404).with_type(ResponseType::Opaque);
    let typed = || wrong().with_header("Content-Type", "application/wasm");
    let used = |response: Response| {
        block_on(response.bytes()).unwrap();
        response
    };
    assert_eq!(refused(used(wrong())), TypeError::NoMimeType);
    let text = used(wrong().with_header("Content-Type", "text/plain"));
    assert_eq!(refused(text), TypeError::MimeType("text/plain".into()));
    assert_eq!(refused(used(typed())), TypeError::Origin(ResponseType::Opaque));
    assert_eq!(refused(used(typed().with_type(ResponseType::Basic))), TypeError::Status(404));
    assert_eq!(refused(used(typed().with_type(ResponseType::Cors).with_status(206))), TypeError::BodyUsed);
    // A source that fails comes before all of it, an engine that does not fit before the source.
    let source = async { Err::<Response, _>(Mine("no")) };
    assert!(matches!(block_on(compile_streaming(&engine(0), source)), Err(Error::Source(_))));
    let mut store = Store::new(&engine(0), ());
    let linker = Linker::new(&engine(0));
    let source = async { Err::<Response, _>(Mine("no")) };
    let result = block_on(instantiate_streaming(&mut store, &linker, source));
    assert!(matches!(result, Err(Error::Type(TypeError::DifferentEngines))));
}

#[test]
fn n03_a_source_that_fails_gives_its_own_error() {
    let source = async { Err::<Response, _>(Mine("my own")) };
    let Err(Error::Source(error)) = block_on(compile_streaming(&engine(0), source)) else { panic!() };
    assert_eq!(error.downcast_ref(), Some(&Mine("my own")));
    // Also one that was boxed before.
    let source = async { Err::<Response, headwater::Error>(Mine("in anyhow").into()) };
    let error = block_on(compile_streaming(&engine(0), source)).unwrap_err();
    assert_eq!(error.to_string(), "in anyhow");
    let Error::Source(error) = error else { panic!() };
    assert_eq!(error.downcast_ref(), Some(&Mine("in anyhow")));
}

#[test]
fn n04_values_and_futures_are_sources() {
    let engine = engine(0);
    block_on(compile_streaming(&engine, response(EMPTY))).unwrap();
    block_on(compile_streaming(&engine, async { Ok::<_, Mine>(response(EMPTY)) })).unwrap();
    block_on(compile_streaming(&engine, ready(Ok::<_, Mine>(response(EMPTY))))).unwrap();
    let boxed: std::pin::Pin<Box<dyn Future<Output = Result<Response, Mine>>>> =
        Box::pin(async { Ok(response(EMPTY)) });
    block_on(compile_streaming(&engine, boxed)).unwrap();
}

#[test]
fn n05_n11_nothing_happens_before_the_future_is_polled() {
    let engine = engine(0);
    let response = response(EMPTY);
    let polled = Arc::new(AtomicBool::new(false));
    let (seen, given) = (polled.clone(), response.clone());
    let future = compile_streaming(&engine, async move {
        seen.store(true, Ordering::SeqCst);
        Ok::<_, Mine>(given)
    });
    assert!(!polled.load(Ordering::SeqCst) && !response.body_locked());
    // Who reads meanwhile wins.
    assert_eq!(block_on(response.bytes()).unwrap(), EMPTY);
    assert!(matches!(block_on(future), Err(Error::Type(TypeError::BodyUsed))));
}

#[test]
fn n06_a_body_that_was_read_is_refused() {
    let response = response(EMPTY);
    block_on(response.bytes()).unwrap();
    assert_eq!(refused(response), TypeError::BodyUsed);
}

#[test]
fn n07_a_locked_body_is_refused_until_its_reader_is_released() {
    let response = response(EMPTY);
    let reader = response.reader().unwrap();
    assert!(response.body_locked() && !response.body_used());
    let result = block_on(compile_streaming(&engine(0), response.clone()));
    assert!(matches!(result, Err(Error::Type(TypeError::BodyLocked))));
    drop(reader);
    block_on(compile_streaming(&engine(0), response)).unwrap();
}

#[test]
fn n08_after_success_the_body_is_used() {
    let response = response(EMPTY);
    block_on(compile_streaming(&engine(0), response.clone())).unwrap();
    assert!(response.body_used() && !response.body_locked());
    let error = block_on(response.bytes()).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&TypeError::BodyUsed));
}

#[test]
fn n09_a_body_that_was_refused_is_still_there() {
    for response in [
        Response::from_bytes(EMPTY),
        with_type("text/html"),
        response(EMPTY).with_type(ResponseType::Opaque),
        response(EMPTY).with_status(500),
    ] {
        refused(response.clone());
        assert_eq!(block_on(response.bytes()).unwrap(), EMPTY);
    }
}

#[test]
fn n10_the_first_of_two_gets_the_body() {
    let engine = engine(0);
    let response = response(EMPTY);
    let first = compile_streaming(&engine, response.clone());
    let second = compile_streaming(&engine, response);
    // Not in the order of the calls, but in that of reaching the body.
    block_on(second).unwrap();
    assert!(matches!(block_on(first), Err(Error::Type(TypeError::BodyUsed))));
}

#[test]
fn n12_the_future_can_be_sent_and_needs_no_executor() {
    fn assert_send<T: Send>(future: T) -> T {
        future
    }
    let engine = engine(2);
    let bytes = large(1000);
    let source = async { Ok::<_, Mine>(response(&bytes)) };
    let future = assert_send(compile_streaming(&engine, source));
    // A thread that parks is an executor.
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    let module = loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(module) => break module.unwrap(),
            Poll::Pending => std::thread::park_timeout(Duration::from_secs(20)),
        }
    };
    assert_eq!(module.exports().len(), 1001);
    let (mut store, linker) = (Store::new(&engine, ()), Linker::<()>::new(&engine));
    drop(assert_send(instantiate_streaming(&mut store, &linker, response(EMPTY))));
}

#[test]
fn n13_a_mime_type_is_needed() {
    assert_eq!(refused(Response::from_bytes(EMPTY)), TypeError::NoMimeType);
    assert_eq!(refused(with_type("")), TypeError::MimeType(String::new()));
}

#[test]
fn n14_case_and_tabs_and_spaces_around_do_not_matter() {
    for value in ["application/wasm", "APPLICATION/WASM ", "\tApplication/Wasm\t", " \t application/wasm \t "] {
        block_on(compile_streaming(&engine(0), with_type(value))).unwrap();
    }
}

#[test]
fn n15_nothing_else_is_a_mime_type_of_modules() {
    for value in [
        "application/wasm;",
        "application/wasm;x",
        "application/wasm ;charset=UTF-8",
        "\"application/wasm\"",
        "application/wasm,",
        "application/octet-stream",
        "application/javascript",
        "text/wasm",
        "application/was",
        "application/wasmx",
        "application / wasm",
        "\x0capplication/wasm",
        "application/wasm\x0c",
    ] {
        assert_eq!(refused(with_type(value)), TypeError::MimeType(value.into()), "{value:?}");
    }
}

#[test]
fn n16_several_headers_are_joined() {
    let response = with_type("application/wasm").with_header("Content-Type", "application/wasm");
    assert_eq!(refused(response), TypeError::MimeType("application/wasm, application/wasm".into()));
}

#[test]
fn n17_other_white_space_is_not_removed() {
    for value in ["\rapplication/wasm", "application/wasm\n", "\x0bapplication/wasm", "application/wasm\u{a0}"] {
        assert!(matches!(refused(with_type(value)), TypeError::MimeType(_)), "{value:?}");
    }
    assert!(matches!(refused(with_type(b"application/wasm\xa0")), TypeError::MimeType(_)));
}

#[test]
fn n18_leniency_is_chosen_before() {
    let compile =
        |response, mime| block_on(compile_streaming_with(&engine(0), response, Options::new().mime(mime))).map(drop);
    for (value, essence) in [
        ("application/wasm; charset=utf-8", true),
        ("Application/WASM ;", true),
        ("application/wasmx;", false),
        ("text/plain; application/wasm", false),
        ("", false),
    ] {
        assert_eq!(compile(with_type(value), Mime::Essence).is_ok(), essence, "{value:?}");
        assert!(compile(with_type(value), Mime::Exact).is_err(), "{value:?}");
        assert!(compile(with_type(value), Mime::Any).is_ok(), "{value:?}");
    }
    assert!(compile(Response::from_bytes(EMPTY), Mime::Essence).is_err());
    assert!(compile(Response::from_bytes(EMPTY), Mime::Any).is_ok());
    // The other checks stay.
    assert!(compile(Response::from_bytes(EMPTY).with_status(404), Mime::Any).is_err());
}

#[test]
fn n19_opaque_responses_are_refused_whatever_their_headers() {
    for kind in [ResponseType::Opaque, ResponseType::OpaqueRedirect, ResponseType::Error] {
        assert_eq!(refused(response(EMPTY).with_type(kind)), TypeError::Origin(kind));
    }
    for kind in [ResponseType::Basic, ResponseType::Cors, ResponseType::Default] {
        block_on(compile_streaming(&engine(0), response(EMPTY).with_type(kind))).unwrap();
    }
}

#[test]
fn n21_a_network_error_is_refused() {
    assert_eq!(refused(Response::error()), TypeError::NoMimeType);
    assert_eq!(refused(of_wasm(Response::error())), TypeError::Origin(ResponseType::Error));
}

#[test]
fn n22_only_statuses_from_200_to_299_are_ok() {
    for status in [0, 100, 199, 300, 304, 400, 404, 500, 600, 700, 999] {
        assert_eq!(refused(response(EMPTY).with_status(status)), TypeError::Status(status));
    }
    for status in [200, 204, 206, 299] {
        block_on(compile_streaming(&engine(0), response(EMPTY).with_status(status))).unwrap();
    }
}

#[test]
fn n23_no_bytes_are_no_module() {
    for engine in engines() {
        for response in [Response::empty(), Response::from_bytes(b""), Response::from_chunks([]).with_status(204)] {
            assert!(is_compile_error(&block_on(compile_streaming(&engine, of_wasm(response)))));
        }
        // A null body is never used, so that it can be tried again.
        let null = of_wasm(Response::empty());
        block_on(compile_streaming(&engine, null.clone())).unwrap_err();
        assert!(!null.body_used());
        assert!(is_compile_error(&block_on(compile_streaming(&engine, null))));
    }
}

#[test]
fn n24_empty_chunks_are_nothing() {
    for engine in engines() {
        let mut events = vec![Event::Chunk(Vec::new()); 3];
        for event in chunks(EMPTY, 1) {
            events.extend([event, Event::Chunk(Vec::new())]);
        }
        block_on(compile_streaming(&engine, scripted(events).0)).unwrap();
    }
}

#[test]
fn n25_every_split_gives_the_same_module() {
    let bytes =
        wat(r#"(module $m (import "a" "b" (func)) (memory 1) (func (export "f") (call 0)) (data (i32.const 1) "x"))"#);
    for engine in engines() {
        let whole = describe(&Module::new(&engine, &bytes).unwrap(), true);
        for at in 0..=bytes.len() {
            let events = [Event::Chunk(bytes[..at].to_vec()), Event::Pending, Event::Chunk(bytes[at..].to_vec())];
            let module = block_on(compile_streaming(&engine, scripted(events).0)).unwrap();
            assert_eq!(describe(&module, true), whole, "split at {at}");
        }
    }
}

#[test]
fn n26_every_kind_of_body_works() {
    let engine = engine(0);
    let compile = |response| block_on(compile_streaming(&engine, of_wasm(response))).unwrap();
    compile(Response::from_bytes(EMPTY));
    compile(Response::from_bytes(EMPTY.to_vec()));
    compile(Response::from_chunks(EMPTY.chunks(3).map(Chunk::from)));
    compile(Response::from_reader(EMPTY));
    compile(Response::from_async_read(EMPTY));
    compile(Response::from_tokio(EMPTY));
    let stream = futures_util::stream::iter(EMPTY.chunks(3).map(|c| Ok::<_, Mine>(bytes::Bytes::from_static(c))));
    compile(Response::from_stream(stream));
    compile(http::Response::new(http_body_util::Full::new(bytes::Bytes::from_static(EMPTY))).into());
    // Whatever converts is a source by itself.
    let mut response = http::Response::new(String::from("not a module"));
    response.headers_mut().insert("content-type", "application/wasm".parse().unwrap());
    assert!(is_compile_error(&block_on(compile_streaming(&engine, async { Ok::<_, Mine>(response) }))));
}

#[test]
fn n27_a_signal_aborts_with_its_reason() {
    for engine in engines() {
        let compile = |response, options| block_on(compile_streaming_with(&engine, response, options));
        // Already aborted: before anything else, so that the body is untouched.
        let response = response(EMPTY);
        let result = compile(response.clone(), Options::new().abort_when(async { Mine("no") }));
        let Err(Error::Aborted(reason)) = result else { panic!("{result:?}") };
        assert_eq!(reason.downcast_ref(), Some(&Mine("no")));
        assert!(!response.body_used());
        // While the source is waited for.
        let source = pending::<Result<Response, Mine>>();
        let later = async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            headwater::Error::from(Mine("later"))
        };
        let result = block_on(compile_streaming_with(&engine, source, Options::new().abort_when(later)));
        let Err(Error::Aborted(reason)) = result else { panic!("{result:?}") };
        assert_eq!(reason.downcast_ref(), Some(&Mine("later")));
        // In the body.
        let (response, fate) = scripted([Event::Chunk(EMPTY.to_vec()), Event::Stall]);
        let later = async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            "later"
        };
        assert!(matches!(compile(response, Options::new().abort_when(later)), Err(Error::Aborted(_))));
        assert!(fate.dropped(), "the body must be cancelled");
        // Never.
        compile(web_common::response(EMPTY), Options::new().abort_when(pending::<Mine>())).unwrap();
    }
}

#[test]
fn n28_a_body_that_fails_gives_its_own_error() {
    let bytes = large(1500);
    for engine in engines() {
        for at in [0, 1, 8, 1000, 20_000, bytes.len() / 2, bytes.len() - 1, bytes.len()] {
            let mut events = chunks(&bytes[..at], 10_000);
            events.push(Event::Error("broken"));
            let (response, fate) = scripted(events);
            let result = block_on(compile_streaming(&engine, response));
            let Err(Error::Body(error)) = result else { panic!("after {at} bytes: {result:?}") };
            assert_eq!(error.downcast_ref(), Some(&Mine("broken")));
            assert!(fate.dropped());
        }
    }
}

#[test]
fn n30_n31_bytes_that_prove_a_fault_come_before_the_bodys_error_and_cancel_it() {
    let (bytes, end) = with_bad_last_body(large(1500));
    let (first, _) = with_bad_last_body(large(1));
    for engine in engines() {
        for (bytes, end) in [(&b"\0asm\x01\0\0\0\x0e\x01"[..], 10), (&first[..], first.len()), (&bytes[..], end)] {
            let expected = Module::new(&engine, bytes).unwrap_err();
            for size in [100, 4096, usize::MAX] {
                let mut events = chunks(&bytes[..end], size);
                // An error, silence, or an endless stream: neither is waited for.
                for last in [Event::Error("broken"), Event::Stall] {
                    let (response, fate) = scripted(events.iter().cloned().chain([last.clone()]));
                    let result = block_on(compile_streaming(&engine, response));
                    let Err(Error::Compile(fault)) = &result else { panic!("{end}, {size}, {last:?}: {result:?}") };
                    assert_eq!(fault.error().to_string(), expected.to_string());
                    assert!(fate.dropped(), "the body must be cancelled");
                }
                events.extend(std::iter::repeat_n(Event::Chunk(vec![0; 1000]), 100_000));
                let (response, fate) = scripted(events);
                assert!(is_compile_error(&block_on(compile_streaming(&engine, response))));
                assert!(fate.dropped() && fate.polls() < 50_000, "{} polls", fate.polls());
            }
        }
    }
}

#[test]
fn n32_errors_do_not_depend_on_the_split() {
    let good = wat(
        r#"(module (memory 1) (func (export "f") (result i32) (i32.load (i32.const 0))) (data (i32.const 1) "x"))"#,
    );
    for engine in engines() {
        for at in 0..good.len() {
            let mut bytes = good.clone();
            bytes[at] ^= 0x15;
            for bytes in [&bytes[..], &good[..at]] {
                let whole = Module::from_binary(&engine, bytes);
                let whole = whole.map(drop).map_err(|e| (e.kind(), e.to_string(), e.func_index()));
                for size in [1, 7, 1000] {
                    let streamed = block_on(compile_streaming(&engine, scripted(chunks(bytes, size)).0));
                    let streamed = streamed.map(drop).map_err(|e| match e {
                        Error::Compile(f) => (f.error().kind(), f.error().to_string(), f.error().func_index()),
                        other => panic!("{other}"),
                    });
                    assert_eq!(streamed, whole, "byte {at}, chunks of {size}");
                }
            }
        }
    }
}

#[test]
fn n33_there_is_no_module_before_the_end() {
    for engine in engines() {
        for bytes in [EMPTY.to_vec(), large(1500)] {
            let (response, _) = scripted([Event::Chunk(bytes), Event::Stall]);
            let result = block_on(async {
                tokio::time::timeout(Duration::from_millis(300), compile_streaming(&engine, response)).await
            });
            assert!(result.is_err(), "{result:?} though more bytes may come");
        }
    }
}

#[test]
fn n34_trailing_bytes_count() {
    for engine in engines() {
        let compile = |tail: &[u8]| {
            let events = [Event::Chunk(EMPTY.to_vec()), Event::Pending, Event::Chunk(tail.to_vec())];
            block_on(compile_streaming(&engine, scripted(events).0))
        };
        assert!(is_compile_error(&compile(&[0, 0])));
        assert!(is_compile_error(&compile(&[0xca, 0xfe])));
        assert!(is_compile_error(&compile(b"\0\x05\x04som")));
        compile(b"\0\x05\x04some").unwrap();
    }
}

#[test]
fn n35_the_header_alone_is_a_module() {
    for engine in engines() {
        let module = block_on(compile_streaming(&engine, response(EMPTY))).unwrap();
        assert_eq!((module.imports().len(), module.exports().len()), (0, 0));
    }
}

/// Bytes that are different each time they are looked at.
struct Restless(AtomicUsize, Vec<u8>);

impl AsRef<[u8]> for Restless {
    fn as_ref(&self) -> &[u8] {
        let n = self.0.fetch_add(1, Ordering::SeqCst);
        if n.is_multiple_of(2) { &self.1 } else { &[] }
    }
}

#[test]
fn n37_chunks_that_change_do_no_harm() {
    for engine in engines() {
        let chunk = || Chunk::new(Restless(AtomicUsize::new(0), large(1000)));
        // Which module it is, if any, is the producer's fault; it must be an outcome and not a panic.
        let _ = block_on(compile_streaming(&engine, of_wasm(Response::from_chunks([chunk(), chunk()]))));
    }
}

#[test]
fn n38_nobody_is_called_back_from_within_a_read() {
    // The future is ready only in its own poll, so that this is by construction; what can be seen is that a compiler's
    // thread never polls the body.
    struct Here(std::thread::ThreadId, usize);
    impl Body for Here {
        fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Chunk, web::BoxError>>> {
            assert_eq!(std::thread::current().id(), self.0);
            self.1 += 1;
            let zeros = if self.1 == 1 { EMPTY.to_vec() } else { b"\0\x03\x02ab".repeat(10_000) };
            Poll::Ready((self.1 < 50).then(|| Ok(zeros.into())))
        }
    }
    let body = Here(std::thread::current().id(), 0);
    block_on(compile_streaming(&engine(2), of_wasm(Response::new(body)))).unwrap();
}

#[test]
fn n63_n64_imports_are_looked_up_once_the_module_is_compiled() {
    let engine = engine(0);
    let mut store = Store::new(&engine, ());
    let linker = Linker::new(&engine);
    let result = block_on(instantiate_streaming(&mut store, &linker, response(b"\0asm\x01\0\0\0\x0e")));
    assert!(is_compile_error(&result));
    let (bad, _) = with_bad_last_body(wat(r#"(module (import "a" "b" (func)) (func))"#));
    let result = block_on(instantiate_streaming(&mut store, &linker, response(&bad)));
    assert!(is_compile_error(&result), "a compile error beats a missing import: {result:?}");
}

#[test]
fn n65_n66_a_missing_import_is_a_link_error() {
    let engine = engine(0);
    let mut store = Store::new(&engine, ());
    let linker = Linker::new(&engine);
    block_on(instantiate_streaming(&mut store, &linker, response(EMPTY))).unwrap();
    let bytes = wat(r#"(module (import "a" "b" (func)))"#);
    let Err(Error::Link(fault)) = block_on(instantiate_streaming(&mut store, &linker, response(&bytes))) else {
        panic!()
    };
    assert!(fault.error().downcast_ref::<UnknownImportError>().is_some());
}

#[test]
fn n67_n69_imports_that_do_not_fit_are_link_errors() {
    let engine = engine(0);
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("a", "f", |_: i32| {}).unwrap();
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    linker.define(&store, "a", "m", memory).unwrap();
    for import in [
        r#"(import "a" "f" (func))"#,
        r#"(import "a" "f" (memory 1))"#,
        r#"(import "a" "m" (memory 2))"#,
        r#"(import "a" "m" (memory 1 1))"#,
        r#"(import "a" "m" (func))"#,
    ] {
        // The start function must not run.
        let bytes = wat(&format!("(module {import} (func $s unreachable) (start $s))"));
        let result = block_on(instantiate_streaming(&mut store, &linker, response(&bytes)));
        assert!(matches!(result, Err(Error::Link(_))), "{import}: {result:?}");
    }
    let bytes = wat(r#"(module (import "a" "f" (func (param i32))) (import "a" "m" (memory 1)))"#);
    block_on(instantiate_streaming(&mut store, &linker, response(&bytes))).unwrap();
}

#[test]
fn n70_segments_out_of_bounds_are_runtime_errors_and_what_came_before_stays() {
    let engine = engine(0);
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    let memory = Memory::new(&mut store, MemoryType::new(1, None)).unwrap();
    linker.define(&store, "a", "m", memory).unwrap();
    let bytes = wat(r#"(module (import "a" "m" (memory 1)) (data (i32.const 3) "yes") (data (i32.const 65535) "no"))"#);
    let Err(Error::Runtime(fault)) = block_on(instantiate_streaming(&mut store, &linker, response(&bytes))) else {
        panic!()
    };
    assert_eq!(fault.error().downcast_ref(), Some(&Trap::MemoryOutOfBounds));
    assert_eq!(&memory.data(&store)[3..6], b"yes");
    assert_eq!(memory.data(&store)[65535], 0);
}

#[test]
fn n71_start_functions_trap_or_fail_with_their_own_error() {
    let engine = engine(0);
    let mut store = Store::new(&engine, ());
    let mut linker = Linker::new(&engine);
    linker.func_wrap("a", "f", || -> headwater::Result<()> { Err(Mine("host").into()) }).unwrap();
    for start in ["(func $s (call $f)) (start $s)", "(start $f)"] {
        let bytes = wat(&format!(r#"(module (import "a" "f" (func $f)) {start})"#));
        let result = block_on(instantiate_streaming(&mut store, &linker, response(&bytes)));
        let Err(Error::Runtime(fault)) = result else { panic!("{result:?}") };
        assert_eq!(fault.error().downcast_ref(), Some(&Mine("host")));
        assert!(fault.to_string().ends_with("host"), "{fault}");
    }
    let bytes = wat("(module (func $s (i32.div_u (i32.const 1) (i32.const 0)) drop) (start $s))");
    let result = block_on(instantiate_streaming(&mut store, &linker, response(&bytes)));
    let Err(Error::Runtime(fault)) = result else { panic!("{result:?}") };
    assert_eq!(fault.error().downcast_ref(), Some(&Trap::IntegerDivisionByZero));
}

#[test]
fn n73_n106_memory_that_cannot_be_allocated_is_a_runtime_error() {
    let mut limits = headwater::Limits::DEFAULT;
    (limits.memory_pages, limits.table_elements) = (10, 10);
    let engine = Engine::new(headwater::Config::new().compile_threads(0).limits(limits)).unwrap();
    let mut store = Store::new(&engine, ());
    let linker = Linker::new(&engine);
    for text in ["(module (memory 11))", "(module (table 11 funcref))"] {
        let result = block_on(instantiate_streaming(&mut store, &linker, response(&wat(text))));
        assert!(matches!(result, Err(Error::Runtime(_))), "{result:?}");
    }
}

#[test]
fn n108_places_are_written_as_the_specification_recommends() {
    let engine = engine(0);
    let (bad, end) = with_bad_last_body(wat(r#"(module (import "a" "b" (func)) (func) (func))"#));
    let error = block_on(compile_streaming(&engine, response(&bad))).unwrap_err();
    let place = format!("{URL}:wasm-function[2]:0x{:x}", end - 1);
    assert!(error.to_string().starts_with(&format!("{place}: ")), "{error}");
    let Error::Compile(fault) = error else { panic!() };
    let location = fault.location().unwrap();
    assert_eq!((location.url(), location.func_index(), location.offset()), (URL, Some(2), end - 1));
    // Outside functions, and without a URL.
    let nameless = response(b"\0asm\x01\0\0\0\x0e").with_url("");
    let error = block_on(compile_streaming(&engine, nameless)).unwrap_err();
    assert!(error.to_string().starts_with("compile_streaming:0x9: "), "{error}");
    // At run time.
    let bytes = wat("(module (func $s (call $t)) (func $t unreachable) (start $s))");
    let (mut store, linker) = (Store::new(&engine, ()), Linker::new(&engine));
    let error = block_on(instantiate_streaming(&mut store, &linker, response(&bytes))).unwrap_err();
    let Error::Runtime(fault) = &error else { panic!("{error}") };
    let frames = fault.frames();
    assert_eq!(frames.iter().map(|f| f.func_index()).collect::<Vec<_>>(), [Some(1), Some(0)]);
    assert_eq!(bytes[frames[0].offset()], 0x00, "the opcode of unreachable");
    assert_eq!(bytes[frames[1].offset()], 0x10, "the opcode of call");
    let expected = format!("{URL}:wasm-function[1]:0x{:x}: wasm trap: ", frames[0].offset());
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[test]
fn n109_functions_are_called_by_their_names() {
    let engine = engine(0);
    let names = |text| {
        let module = Module::new(&engine, wat(text)).unwrap();
        [0, 1].map(|i| function_name(&module, i))
    };
    assert_eq!(names("(module $m (func $f) (func))"), ["m.f", "m.wasm-function[1]"]);
    assert_eq!(names("(module (func $f) (func))"), ["f", "wasm-function[1]"]);
    assert_eq!(names("(module (func) (func))"), ["wasm-function[0]", "wasm-function[1]"]);
}

#[test]
fn n113_a_source_or_body_that_panics_leaves_an_engine_that_works() {
    struct Panics;
    impl std::io::Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("on purpose");
        }
    }
    for engine in engines() {
        let result = block_on(compile_streaming(&engine, of_wasm(Response::from_reader(Panics))));
        assert!(matches!(result, Err(Error::Body(_))), "{result:?}");
        block_on(compile_streaming(&engine, response(EMPTY))).unwrap();
    }
}

#[test]
fn sizes_are_limited_exactly() {
    for engine in engines() {
        for bytes in [EMPTY.to_vec(), large(1500)] {
            let size = bytes.len() as u64;
            let compile = |max| {
                let (response, fate) = scripted(chunks(&bytes, 5000));
                (block_on(compile_streaming_with(&engine, response, Options::new().max_size(max))), fate)
            };
            compile(size).0.unwrap();
            let (result, fate) = compile(size - 1);
            let Err(Error::Aborted(reason)) = result else { panic!("{result:?}") };
            assert_eq!(reason.downcast_ref(), Some(&LimitExceeded::Size(size - 1)));
            assert!(fate.dropped());
        }
    }
}

#[test]
fn silence_and_slowness_are_limited() {
    let compile = |events: Vec<Event>, options| {
        block_on(compile_streaming_with(&engine(0), scripted(events).0, options)).unwrap_err()
    };
    let time = Duration::from_millis(30);
    for events in [vec![Event::Stall], vec![Event::Chunk(EMPTY.to_vec()), Event::Stall]] {
        let Error::Aborted(reason) = compile(events.clone(), Options::new().deadline(time)) else { panic!() };
        assert_eq!(reason.downcast_ref(), Some(&LimitExceeded::Deadline(time)));
        let Error::Aborted(reason) = compile(events, Options::new().min_rate(9, time)) else { panic!() };
        assert!(matches!(reason.downcast_ref(), Some(LimitExceeded::Rate { bytes: 0 | 8, .. })), "{reason}");
    }
    // The wait for the response counts for the deadline, too.
    let source = pending::<Result<Response, Mine>>();
    let result = block_on(compile_streaming_with(&engine(0), source, Options::new().deadline(time)));
    assert!(matches!(result, Err(Error::Aborted(_))));
    // A body that is fast enough gets through, for longer than the span.
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Vec<u8>, Mine>>(1);
    let stream = futures_util::stream::unfold(receiver, |mut r| async { r.recv().await.map(|item| (item, r)) });
    let options = Options::new().min_rate(1, Duration::from_millis(250)).deadline(Duration::from_secs(60));
    let engine = engine(0);
    let compile = compile_streaming_with(&engine, of_wasm(Response::from_stream(stream)), options);
    let send = async move {
        for byte in EMPTY {
            tokio::time::sleep(Duration::from_millis(50)).await;
            sender.send(Ok(vec![*byte])).await.unwrap();
        }
    };
    block_on(async { tokio::join!(compile, send).0 }).unwrap();
}

#[test]
fn polls_are_bounded_whatever_the_body() {
    // A body that is always ready.
    let bytes = large(3000);
    for engine in engines() {
        for size in [1, 100, usize::MAX] {
            let mut future = pin!(compile_streaming(&engine, scripted(chunks(&bytes, size)).0));
            let mut polls = 0;
            block_on(poll_fn(|cx| {
                polls += 1;
                future.as_mut().poll(cx)
            }))
            .unwrap();
            let least = if engine.config().get_compile_threads() == 0 { bytes.len() / (16 << 10) } else { 2 };
            assert!(polls >= least, "{polls} polls for {} bytes in chunks of {size}", bytes.len());
        }
    }
}

#[test]
fn a_body_faster_than_the_compiler_is_not_read_ahead() {
    // The only thread of the engine is kept busy by an observer that waits.
    let engine = engine(1);
    let (release, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(Some(wait));
    let options = Options::new().on_progress(move |progress| {
        if progress.received > 16 << 10
            && let Some(wait) = wait.lock().unwrap().take()
        {
            wait.recv().unwrap();
        }
    });
    // Eight custom sections.
    let chunk = [&[0, 0x7e, 1][..], &[b'a'; 125]].concat().repeat(8);
    let events = [Event::Chunk(EMPTY.to_vec())].into_iter().chain(std::iter::repeat_n(Event::Chunk(chunk), 20_000));
    let (response, fate) = scripted(events);
    let mut future = pin!(compile_streaming_with(&engine, response, options));
    block_on(async {
        let early = tokio::time::timeout(Duration::from_millis(300), future.as_mut()).await;
        assert!(early.is_err());
        let polls = fate.polls();
        assert!((100..2000).contains(&polls), "{polls} chunks of 1 KiB were read ahead");
        release.send(()).unwrap();
        future.await.unwrap();
    });
    assert!(fate.dropped());
}

#[test]
fn progress_is_told() {
    for engine in engines() {
        let last = Arc::new(std::sync::Mutex::new(headwater::Progress::default()));
        let seen = last.clone();
        let options = Options::new().on_progress(move |p| *seen.lock().unwrap() = p);
        let bytes = large(1200);
        block_on(compile_streaming_with(&engine, response(&bytes), options)).unwrap();
        let last = *last.lock().unwrap();
        assert_eq!((last.received, last.functions), (bytes.len() as u64, 1200));
    }
}

#[test]
fn the_last_handle_of_an_engine_may_go_while_its_thread_compiles() {
    for _ in 0..20 {
        let engine = engine(1);
        let (started, start) = std::sync::mpsc::channel();
        let started = std::sync::Mutex::new(Some(started));
        let options = Options::new().on_progress(move |p| {
            if p.received > 16 << 10
                && let Some(started) = started.lock().unwrap().take()
            {
                started.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let mut future = Box::pin(compile_streaming_with(&engine, response(&large(1000)), options));
        drop(engine);
        let _ = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        start.recv().unwrap();
        // Now the compiler, on the thread, has the last handle.
        drop(future);
    }
    eventually("the threads end", || threads("headwater-comp") == 0 || cfg!(not(target_os = "linux")));
}

#[test]
fn a_compiler_is_sent_between_threads() {
    fn assert_send<T: Send>() {}
    assert_send::<StreamingCompiler>();
    assert_send::<Response>();
    assert_send::<Error>();
    fn assert_sync<T: Sync>() {}
    assert_sync::<Response>();
    assert_sync::<Error>();
}
