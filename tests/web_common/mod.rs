//! Shared by the tests of `headwater::web`: engines, modules, and bodies that do what a script says.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use headwater::web::{Body, BoxError, Chunk, Response};
use headwater::{Config, Engine, Module};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// The smallest module.
pub const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

pub const URL: &str = "http://a.example/m.wasm";

pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // Nothing here takes so long.
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(120), future).await.expect("a future hangs") })
}

pub fn engine(threads: usize) -> Engine {
    Engine::new(Config::new().compile_threads(threads)).unwrap()
}

/// One engine that compiles where it is polled, and one that has threads.
pub fn engines() -> [Engine; 2] {
    [engine(0), engine(2)]
}

/// With the right MIME type and a URL.
pub fn of_wasm(response: Response) -> Response {
    response.with_header("Content-Type", "application/wasm").with_url(URL)
}

/// A response with the right MIME type.
pub fn response(bytes: &[u8]) -> Response {
    of_wasm(Response::from_bytes(bytes.to_vec()))
}

pub fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// A module of `functions` functions that is compiled by threads if there are some: from 1,000 functions on its code
/// section has more than 64 KiB.
pub fn large(functions: usize) -> Vec<u8> {
    let mut text = String::from("(module (memory (export \"m\") 1) (data (i32.const 0) \"bytes\")");
    for i in 0..functions {
        text.push_str(&format!("(func (export \"f{i}\") (param i32) (result i32)"));
        for k in 0..16 {
            text.push_str(&format!("(i32.store (i32.const {}) (i32.add (local.get 0) (i32.const {})))", 4 * k, i * k));
        }
        text.push_str(&format!("(i32.add (local.get 0) (i32.const {i})))"));
    }
    text.push(')');
    wat(&text)
}

/// `bytes` with the last function body made invalid: its `end` replaced by an opcode that does not exist.
pub fn with_bad_last_body(mut bytes: Vec<u8>) -> (Vec<u8>, usize) {
    let mut end = 0;
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        if let wasmparser::Payload::CodeSectionEntry(body) = payload.unwrap() {
            end = body.range().end as usize;
        }
    }
    bytes[end - 1] = 0x27;
    (bytes, end)
}

/// Chunks of `size` bytes.
pub fn chunks(bytes: &[u8], size: usize) -> Vec<Event> {
    bytes.chunks(size).map(|c| Event::Chunk(c.to_vec())).collect()
}

/// What a body does when it is polled.
#[derive(Clone, Debug)]
pub enum Event {
    Chunk(Vec<u8>),
    /// Pending, with a wake-up at once.
    Pending,
    /// Pending forever.
    Stall,
    Error(&'static str),
}

/// An error that only the tests make.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Mine(pub &'static str);

/// The fate of a scripted body.
#[derive(Debug, Default)]
pub struct Fate {
    pub polls: AtomicUsize,
    pub drops: AtomicUsize,
}

impl Fate {
    pub fn polls(&self) -> usize {
        self.polls.load(Ordering::SeqCst)
    }

    pub fn dropped(&self) -> bool {
        self.drops.load(Ordering::SeqCst) == 1
    }
}

pub struct Scripted {
    events: VecDeque<Event>,
    fate: Arc<Fate>,
}

impl Scripted {
    pub fn new(events: impl IntoIterator<Item = Event>) -> (Scripted, Arc<Fate>) {
        let fate = Arc::new(Fate::default());
        (Scripted { events: events.into_iter().collect(), fate: fate.clone() }, fate)
    }
}

impl Body for Scripted {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Chunk, BoxError>>> {
        self.fate.polls.fetch_add(1, Ordering::SeqCst);
        match self.events.pop_front() {
            None => Poll::Ready(None),
            Some(Event::Chunk(bytes)) => Poll::Ready(Some(Ok(bytes.into()))),
            Some(Event::Error(text)) => Poll::Ready(Some(Err(Mine(text).into()))),
            Some(Event::Pending) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Event::Stall) => {
                self.events.push_front(Event::Stall);
                Poll::Pending
            }
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.fate.drops.fetch_add(1, Ordering::SeqCst);
    }
}

/// A response whose body follows a script.
pub fn scripted(events: impl IntoIterator<Item = Event>) -> (Response, Arc<Fate>) {
    let (body, fate) = Scripted::new(events);
    (of_wasm(Response::new(body)), fate)
}

/// All that can be seen of a module: sizes, imports, exports, and the machine code of each function by index, which
/// does not depend on where functions are if `exact` is false.
pub fn describe(module: &Module, exact: bool) -> String {
    let imports: Vec<String> = module.imports().map(|i| format!("{}::{} {}", i.module(), i.name(), i.ty())).collect();
    let exports: Vec<String> = module.exports().map(|e| format!("{} {}", e.name(), e.ty())).collect();
    let mut functions: Vec<_> = module.functions().collect();
    functions.sort_by_key(|f| f.index);
    let code: Vec<_> = functions.iter().map(|f| (f.index, f.code.len(), f.wasm_offset)).collect();
    let mut text = format!("{imports:?} {exports:?} {code:?} {} bytes", module.compile_stats().wasm_bytes);
    if exact {
        for f in functions {
            text.push_str(&format!(" {:x?}", &module.machine_code()[f.code]));
        }
    }
    text
}

/// How many threads of this process have a name that begins with `prefix`.
pub fn threads(prefix: &str) -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names = tasks.filter_map(|t| std::fs::read_to_string(t.ok()?.path().join("comm")).ok());
    names.filter(|name| name.starts_with(prefix)).count()
}

/// Waits until `done`, which other threads cause.
pub fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "not so: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
