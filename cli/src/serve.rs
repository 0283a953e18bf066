//! A small HTTP server on the loopback interface that sends one module at a bounded rate.

use crate::source::Throttled;
use anyhow::{Result, anyhow};
use std::sync::Arc;
use std::thread::JoinHandle;
use tiny_http::{Header, Response, Server, StatusCode};

/// Serves until it is dropped.
pub struct LoopbackServer {
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
    url: String,
}

impl LoopbackServer {
    /// Serves `body` as `/{name}` on a free port, at most `bytes_per_second` for each response.
    pub fn start(name: &'static str, body: Vec<u8>, bytes_per_second: u64) -> Result<LoopbackServer> {
        let server = Server::http("127.0.0.1:0").map_err(|e| anyhow!("cannot open a port for the server: {e}"))?;
        let server = Arc::new(server);
        let address = server.server_addr().to_ip().ok_or_else(|| anyhow!("the server has no address"))?;
        let accepting = Arc::clone(&server);
        let path = format!("/{name}");
        let url = format!("http://{address}{path}");
        let thread = std::thread::spawn(move || {
            for request in accepting.incoming_requests() {
                let found = request.url() == path;
                // A client that hangs up is not an error.
                let _ = match found {
                    true => {
                        let reader = Throttled::new(&body[..], bytes_per_second);
                        let kind =
                            Header::from_bytes("Content-Type", "application/wasm").expect("a header of plain ASCII");
                        let response = Response::new(StatusCode(200), vec![kind], reader, Some(body.len()), None)
                            .with_chunked_threshold(usize::MAX);
                        request.respond(response)
                    }
                    false => request.respond(Response::empty(404)),
                };
            }
        });
        Ok(LoopbackServer { server, thread: Some(thread), url })
    }

    /// Where the module is.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for LoopbackServer {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            // A panic in there has been reported already.
            let _ = thread.join();
        }
    }
}
