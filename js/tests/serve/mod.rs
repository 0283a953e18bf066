//! The server that `web/streaming.js` fetches from.

use std::sync::Arc;
use tiny_http::{Header, Response, Server};

/// The empty module as gzip and as Brotli.
const GZIP: [u8; 28] =
    [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 99, 72, 44, 206, 101, 100, 96, 96, 0, 0, 206, 51, 75, 28, 8, 0, 0, 0];
const BROTLI: [u8; 12] = [139, 3, 128, 0, 97, 115, 109, 1, 0, 0, 0, 3];

/// Serves what the tests fetch: `empty.wasm`, also encoded, and `text.txt`.
pub fn serve() -> (Arc<Server>, String) {
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
                "/empty.wasm.gz" | "/empty.wasm.br" | "/cut.wasm.gz" | "/unknown-encoding.wasm" => {
                    let (encoding, data) = match request.url() {
                        "/empty.wasm.gz" => ("gzip", &GZIP[..]),
                        "/empty.wasm.br" => ("br", &BROTLI[..]),
                        "/cut.wasm.gz" => ("gzip", &GZIP[..15]),
                        _ => ("x-none-such", &GZIP[..]),
                    };
                    let encoding = Header::from_bytes("Content-Encoding", encoding).expect("plain ASCII");
                    let response = Response::from_data(data).with_header(header("application/wasm"));
                    request.respond(response.with_header(encoding))
                }
                "/text.txt" => request.respond(Response::from_string("x").with_header(header("text/plain"))),
                _ => request.respond(Response::empty(404)),
            };
        }
    });
    (server, url)
}
