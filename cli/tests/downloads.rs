//! Modules from servers: encoded bodies are decoded as they arrive, and errors of a download are reported.

mod support;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;
use support::{headwater, program};

/// Serves `body` once with these header lines, the first half before `between` and the rest after it. Returns the
/// address, and the request.
fn serve(headers: String, body: Vec<u8>, between: impl FnOnce() + Send + 'static) -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on the loopback interface");
    let address = listener.local_addr().expect("a bound socket has an address");
    let (tell, request) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("the command connects");
        let mut lines = BufReader::new(stream.try_clone().expect("a socket can be shared"));
        let mut all = String::new();
        while lines.read_line(&mut all).is_ok_and(|n| n > 2) {}
        let _ = tell.send(all);
        // A client that hangs up early is what some tests want.
        let _ = stream.write_all(format!("HTTP/1.1 200 OK\r\n{headers}Connection: close\r\n\r\n").as_bytes());
        let (first, second) = body.split_at(body.len() / 2);
        let _ = stream.write_all(first);
        between();
        let _ = stream.write_all(second);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read(&mut [0]);
    });
    (format!("http://{address}/module.wasm"), request)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory does not fail")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory does not fail")
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("memory does not fail")
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 3, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).expect("memory does not fail");
    out
}

#[test]
fn encoded_bodies_are_decoded() {
    let module = std::fs::read(program("strings")).expect("the program is in the repository");
    let expected = headwater(["run", &program("strings")]).success();
    let cases: [(&str, Vec<u8>); 8] = [
        ("gzip", gzip(&module)),
        ("x-gzip", gzip(&module)),
        ("deflate", zlib(&module)),
        ("deflate", deflate(&module)),
        ("br", brotli(&module)),
        ("identity", module.clone()),
        ("GZIP , br", brotli(&gzip(&module))),
        ("", module.clone()),
    ];
    for (encoding, body) in cases {
        for length in [true, false] {
            let length = if length { format!("Content-Length: {}\r\n", body.len()) } else { String::new() };
            let header = format!("Content-Encoding: {encoding}\r\n{length}");
            let (url, request) = serve(header, body.clone(), || {});
            assert_eq!(headwater(["run", &url]).success(), expected, "{encoding}");
            let request = request.recv().expect("the server was asked").to_ascii_lowercase();
            assert!(request.contains("accept-encoding: gzip, deflate, br\r\n"), "{request}");
        }
    }
}

#[test]
fn an_encoded_body_is_compiled_while_it_arrives() {
    // Wrong near its beginning, and then long: the fault is found although the second half never comes.
    let mut module = b"\0asm\x01\0\0\0\x0e\x01\0".to_vec();
    let mut state = 1u32;
    module.extend((0..200_000).map(|_| {
        state = state.wrapping_mul(1664525).wrapping_add(1013904223);
        (state >> 24) as u8
    }));
    for (encoding, body) in [("gzip", gzip(&module)), ("deflate", zlib(&module)), ("br", brotli(&module))] {
        let header = format!("Content-Encoding: {encoding}\r\nContent-Length: {}\r\n", body.len());
        let (url, _) = serve(header, body, || std::thread::sleep(Duration::from_secs(60)));
        let started = std::time::Instant::now();
        headwater(["validate", &url]).failure();
        assert!(started.elapsed() < Duration::from_secs(30), "{encoding}");
    }
}

#[test]
fn a_body_that_is_not_whole_is_called_that() {
    let module = std::fs::read(program("strings")).expect("the program is in the repository");
    let half = &module[..module.len() / 2];
    let (url, _) = serve(format!("Content-Length: {}\r\n", module.len()), half.to_vec(), || {});
    let error = headwater(["run", &url]).failure();
    assert!(error.contains(&format!("broke off after {} of {} bytes", half.len(), module.len())), "{error}");
    let (url, _) =
        serve("Transfer-Encoding: chunked\r\n".into(), b"8\r\n\0asm\x01\0\0\0\r\n40\r\n\x01".to_vec(), || {});
    let error = headwater(["run", &url]).failure();
    assert!(error.contains("broke off after"), "{error}");
    let packed = gzip(&module);
    let (url, _) = serve("Content-Encoding: gzip\r\n".into(), packed[..packed.len() / 2].to_vec(), || {});
    let error = headwater(["run", &url]).failure();
    assert!(error.contains("http://127.0.0.1"), "{error}");
}

#[test]
fn an_encoding_that_is_not_known_is_named_without_its_escape_sequences() {
    let (url, _) = serve("Content-Encoding: zs\u{9b}td\r\n".into(), b"x".to_vec(), || {});
    let error = headwater(["run", &url]).failure();
    assert!(error.contains("the server encodes it as `zs") && !error.contains('\u{9b}'), "{error}");
}
