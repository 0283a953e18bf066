//! What threads hand to each other while a stream is compiled: batches, slabs, links between functions that are
//! complete, faults, borrowed buffers, and the end; and what a promise and its reader hand to the threads.
#![cfg(headwater_model)]

use headwater::web::{self, Body, BoxError, Chunk, Response};
use headwater::{CompileError, Config, Engine, Module, StreamingCompiler};
use headwater_model::explore;
use shuttle::rand::{Rng, thread_rng};
use shuttle::sync::{Arc, Mutex};
use shuttle::thread;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::future::{Future, poll_fn};
use std::ops::Range;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Poll, Waker};

/// How many functions there are, and which of them are faulty in [`FAULTY`].
const FUNCS: usize = 60;
const FAULTS: [usize; 3] = [21, 22, 47];

/// Functions of many lengths that call each other back and forth.
fn module(faults: &[usize]) -> Vec<u8> {
    let mut text = String::from("(module (memory 1)");
    for i in 0..FUNCS {
        write!(text, "(func $f{i} (param $x i32) (result i32) (local $y i64)").expect("strings take everything");
        for k in 0..(i * 13) % 37 {
            let (constant, to) = (i * 1000 + k, (i * 7 + k * 11) % FUNCS);
            write!(
                text,
                "(local.set $x (i32.add (i32.mul (local.get $x) (i32.const {constant})) \
                    (i32.load offset={k} (local.get $x))))
                (if (i32.lt_u (local.get $x) (i32.const {k})) (then (local.set $x (call $f{to} (local.get $x)))))
                (local.set $y (i64.xor (local.get $y) (i64.extend_i32_u (local.get $x))))"
            )
            .expect("strings take everything");
        }
        let result = if faults.contains(&i) { "(local.get $y)" } else { "(i32.wrap_i64 (local.get $y))" };
        write!(text, "{result})").expect("strings take everything");
    }
    text.push_str("(export \"last\" (func 59)))");
    wat::parse_str(&text).expect("the text is right, whatever the types are")
}

static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| module(&[]));
static FAULTY: LazyLock<Vec<u8>> = LazyLock::new(|| module(&FAULTS));

/// Slabs of a few hundred bytes, however small the module is, so that threads often need new ones.
fn engine(threads: usize) -> Engine {
    Engine::new(Config::new().test_modes("slabs").compile_threads(threads)).expect("the machine is supported")
}

/// What one thread makes of [`BYTES`], in byte order.
struct Expected {
    code: Vec<u8>,
    functions: Vec<Range<usize>>,
}

fn functions(module: &Module) -> Vec<Range<usize>> {
    let mut functions: Vec<_> = module.functions().collect();
    functions.sort_by_key(|f| f.index);
    assert!(functions.iter().enumerate().all(|(i, f)| f.index as usize == i), "each function once");
    functions.into_iter().map(|f| f.code).collect()
}

fn expected() -> Expected {
    let module = Module::new(&engine(0), &*BYTES).expect("the module is valid");
    Expected { code: module.machine_code().to_vec(), functions: functions(&module) }
}

/// Where the call goes whose displacement begins at `at`, if there is one.
fn callee(code: &[u8], at: usize) -> Option<usize> {
    let word = i32::from_le_bytes(code.get(at..at + 4)?.try_into().expect("four bytes"));
    if cfg!(target_arch = "x86_64") {
        (code[at - 1] == 0xe8).then(|| (at + 4).wrapping_add_signed(word as isize))
    } else {
        (word as u32 >> 26 == 0b10_0101).then(|| at.wrapping_add_signed((word << 6 >> 4) as isize))
    }
}

/// The machine code is that of one thread, except for the addresses of functions.
fn assert_same(module: &Module, expected: &Expected) {
    let (code, found) = (module.machine_code(), functions(module));
    let index = |functions: &[Range<usize>], at| functions.iter().position(|f| f.start == at);
    for (f, (range, wanted)) in found.iter().zip(&expected.functions).enumerate() {
        assert_eq!(range.len(), wanted.len(), "the length of function {f}");
        let mut i = 0;
        while i < range.len() {
            if code[range.start + i] == expected.code[wanted.start + i] {
                i += 1;
                continue;
            }
            // The difference must lie in the displacement (whose first bytes may be equal) of a call to the same
            // function.
            let calls_the_same = |&i: &usize| {
                let to = callee(code, range.start + i).and_then(|at| index(&found, at));
                let wanted_to = callee(&expected.code, wanted.start + i).and_then(|at| index(&expected.functions, at));
                to.is_some() && to == wanted_to
            };
            let displacement = (i.saturating_sub(3)..=i).rev().find(calls_the_same);
            i = 4 + displacement.unwrap_or_else(|| panic!("function {f} differs at {i}"));
        }
    }
}

fn fault(e: &CompileError) -> String {
    format!("{:?}: {} at {:?} in {:?}", e.kind(), e.message(), e.offset(), e.func_index())
}

/// Pushes `bytes` in pieces of any size, each from memory that is overwritten at once. `None` if `stop` is reached.
fn push(mut compiler: StreamingCompiler, bytes: &[u8], stop: usize) -> Option<Result<Module, CompileError>> {
    let mut at = 0;
    while at < bytes.len() {
        if at >= stop {
            return None;
        }
        let most = [40, 2000, bytes.len()][thread_rng().gen_range(0..3)];
        let end = bytes.len().min(at + thread_rng().gen_range(1..=most));
        let mut piece = bytes[at..end].to_vec();
        let pushed = compiler.push(&piece);
        piece.fill(0xff);
        if let Err(e) = pushed {
            return Some(Err(e));
        }
        at = end;
    }
    Some(compiler.finish())
}

/// Waits until all code memory is freed; forever, which the model reports, if any is kept.
fn wait_until_empty(engine: &Engine) {
    while engine.code_memory() > 0 {
        thread::yield_now();
    }
}

#[test]
fn the_machine_code_is_the_same_in_every_order() {
    explore(|| {
        let expected = expected();
        for threads in [1, 2] {
            let engine = engine(threads);
            let module = push(StreamingCompiler::new(&engine), &BYTES, usize::MAX).expect("not stopped");
            let module = module.expect("the module is valid");
            assert_same(&module, &expected);
            drop(module);
            wait_until_empty(&engine);
        }
    });
}

#[test]
fn the_first_fault_in_the_order_of_the_bytes_is_found_in_every_order() {
    explore(|| {
        let first = fault(&Module::new(&engine(0), &*FAULTY).expect_err("there are faults"));
        let engine = engine(2);
        let found = push(StreamingCompiler::new(&engine), &FAULTY, usize::MAX).expect("not stopped");
        assert_eq!(fault(&found.expect_err("there are faults")), first);
        wait_until_empty(&engine);
    });
}

#[test]
fn a_stream_can_be_dropped_at_any_time() {
    explore(|| {
        let engine = engine(2);
        let stop = thread_rng().gen_range(0..BYTES.len());
        let bytes = if thread_rng().gen_range(0..3) == 0 { &FAULTY } else { &BYTES };
        drop(push(StreamingCompiler::new(&engine), bytes, stop));
        if thread_rng().gen_range(0..2) == 0 {
            wait_until_empty(&engine);
        }
    });
}

#[test]
fn streams_share_the_threads_of_an_engine() {
    explore(|| {
        let expected = Arc::new(expected());
        let engine = engine(thread_rng().gen_range(1..3));
        let others: Vec<_> = [&BYTES, &FAULTY]
            .into_iter()
            .map(|bytes| {
                let (compiler, expected) = (StreamingCompiler::new(&engine), expected.clone());
                let stop = if thread_rng().gen_range(0..2) == 0 { usize::MAX } else { bytes.len() / 2 };
                thread::spawn(move || match push(compiler, bytes, stop) {
                    Some(Ok(module)) => assert_same(&module, &expected),
                    Some(Err(_)) => assert!(std::ptr::eq(bytes, &FAULTY)),
                    None => {}
                })
            })
            .collect();
        let module = push(StreamingCompiler::new(&engine), &BYTES, usize::MAX).expect("not stopped");
        assert_same(&module.expect("the module is valid"), &expected);
        others.into_iter().for_each(|thread| thread.join().expect("checked above"));
        wait_until_empty(&engine);
    });
}

/// A body whose chunks another thread sends.
#[derive(Clone, Default)]
struct Sent(Arc<Mutex<Queue>>);

#[derive(Default)]
struct Queue {
    /// `None` is the end, which may be an error.
    chunks: VecDeque<Option<Result<Vec<u8>, &'static str>>>,
    waker: Option<Waker>,
}

impl Sent {
    fn send(&self, chunk: Option<Result<Vec<u8>, &'static str>>) {
        let mut state = self.0.lock().expect("nobody panics");
        state.chunks.push_back(chunk);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Body for Sent {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        let mut state = self.0.lock().expect("nobody panics");
        match state.chunks.pop_front() {
            Some(chunk) => Poll::Ready(chunk.map(|read| read.map(Chunk::from).map_err(BoxError::from))),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// Polls `future` at most this often.
async fn at_most<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polled = 0;
    poll_fn(|cx| {
        polled += 1;
        if polled > polls { Poll::Ready(None) } else { future.as_mut().poll(cx).map(Some) }
    })
    .await
}

/// The response that a thread sends, or that a thread reads.
fn response(bytes: &'static [u8]) -> (Response, Option<thread::JoinHandle<()>>) {
    let piece = thread_rng().gen_range(500..bytes.len());
    let mime = ("content-type", "application/wasm");
    if thread_rng().gen_range(0..3) == 0 {
        return (Response::from_reader(bytes).with_header(mime.0, mime.1), None);
    }
    let body = Sent::default();
    let response = Response::new(body.clone()).with_header(mime.0, mime.1);
    let sender = thread::spawn(move || {
        bytes.chunks(piece).for_each(|chunk| body.send(Some(Ok(chunk.to_vec()))));
        body.send(None);
    });
    (response, Some(sender))
}

#[test]
fn promises_are_kept_in_every_order() {
    explore(|| {
        let faulty = thread_rng().gen_range(0..4) == 0;
        let bytes: &'static [u8] = if faulty { &FAULTY } else { &BYTES };
        let engine = engine(thread_rng().gen_range(1..3));
        let (response, sender) = response(bytes);
        let found = shuttle::future::block_on(web::compile_streaming(&engine, response));
        match found {
            Ok(module) => assert_same(&module, &expected()),
            Err(e) => assert!(faulty, "{e}"),
        }
        if let Some(sender) = sender {
            sender.join().expect("sends all");
        }
        wait_until_empty(&engine);
    });
}

#[test]
fn promises_can_be_dropped_at_any_time() {
    explore(|| {
        let engine = engine(thread_rng().gen_range(1..3));
        let (response, sender) = response(&BYTES);
        let polls = thread_rng().gen_range(0..12);
        let promise = web::compile_streaming(&engine, response);
        // The last handle may be dropped on one of the engine's own threads.
        drop(engine);
        drop(shuttle::future::block_on(at_most(polls, promise)));
        if let Some(sender) = sender {
            sender.join().expect("sends all");
        }
    });
}

/// Faulty bytes are reported however their body ends; a body that fails before them is reported as a failure of the
/// body.
#[test]
fn bodies_that_fail_are_judged_first_in_every_order() {
    explore(|| {
        let bytes: &'static [u8] = if thread_rng().gen_range(0..4) == 0 { &BYTES } else { &FAULTY };
        let cut = thread_rng().gen_range(1..bytes.len());
        let expected = StreamingCompiler::new(&engine(0)).push(&bytes[..cut]).map_err(|e| fault(&e));
        let engine = engine(thread_rng().gen_range(1..3));
        let body = Sent::default();
        let response = Response::new(body.clone()).with_header("content-type", "application/wasm");
        let piece = thread_rng().gen_range(500..bytes.len());
        let sender = thread::spawn(move || {
            bytes[..cut].chunks(piece).for_each(|chunk| body.send(Some(Ok(chunk.to_vec()))));
            body.send(Some(Err("broken")));
        });
        match shuttle::future::block_on(web::compile_streaming(&engine, response)) {
            Err(web::Error::Body(e)) => {
                assert_eq!((e.to_string().as_str(), expected), ("broken", Ok(())), "the first {cut} bytes");
            }
            Err(web::Error::Compile(e)) => assert_eq!(Err(fault(e.error())), expected, "the first {cut} bytes"),
            other => panic!("{other:?}"),
        }
        sender.join().expect("sends all");
        wait_until_empty(&engine);
    });
}
