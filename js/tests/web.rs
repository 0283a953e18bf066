//! The contract's checklist, in JavaScript: one test for each number in `tests/web/*.js`.

use headwater::{Config, Engine};
use headwater_js::shell::{self, Program};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tiny_http::{Header, Response, Server};

/// Serves what the tests fetch: `empty.wasm`, and `text.txt`.
fn serve() -> (Arc<Server>, String) {
    let server = Arc::new(Server::http("127.0.0.1:0").expect("there is a free port"));
    let url = format!("http://{}/", server.server_addr().to_ip().expect("an address"));
    let accepting = server.clone();
    std::thread::spawn(move || {
        for request in accepting.incoming_requests() {
            let header = |kind| Header::from_bytes("Content-Type", kind).expect("plain ASCII");
            let _ = match request.url() {
                "/empty.wasm" => {
                    let response = Response::from_data(*b"\0asm\x01\0\0\0").with_header(header("application/wasm"));
                    request.respond(response)
                }
                "/text.txt" => request.respond(Response::from_string("x").with_header(header("text/plain"))),
                _ => request.respond(Response::empty(404)),
            };
        }
    });
    (server, url)
}

fn passes(file: &str, threads: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web");
    let (server, base) = serve();
    let files: Vec<PathBuf> = ["harness.js", file].iter().map(|f| folder.join(f)).collect();
    let engine = Engine::new(Config::new().compile_threads(threads)).expect("supported here");
    let program = Program { files, module: false, base, folder: None };
    assert!(shell::run(&engine, &program).expect("the files are there"), "see above");
    server.unblock();
}

#[test]
fn streaming() {
    passes("streaming.js", 0);
}

#[test]
fn streaming_with_compile_threads() {
    passes("streaming.js", 2);
}

#[test]
fn objects() {
    passes("objects.js", 0);
}

#[test]
fn calls() {
    passes("calls.js", 0);
}

#[test]
fn a_failing_test_fails() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let program = |source: &str| {
        let file = folder.path().join("test.js");
        std::fs::write(&file, source).expect("the folder can be written to");
        let base = "http://127.0.0.1:1/".to_string();
        Program { files: vec![file], module: false, base, folder: None }
    };
    let engine = Engine::new(Config::new().compile_threads(0)).expect("supported here");
    for (source, succeeds) in [
        ("1", true),
        ("throw new Error('uncaught')", false),
        ("syntax error", false),
        ("Promise.reject(new Error('unhandled'))", false),
        ("Promise.reject(1).catch(() => {})", true),
        ("const p = Promise.reject(1); queueMicrotask(() => p.catch(() => {}))", true),
        ("setTimeout(() => { throw 1 }, 1); setTimeout(() => print('still running'), 5)", false),
        ("setTimeout((a) => { if (a === 7) reportError(a) }, 1, 7)", false),
    ] {
        let outcome = shell::run(&engine, &program(source)).expect("the file is there");
        assert_eq!(outcome, succeeds, "{source}");
    }
}
