//! `headwater js`: runs scripts in a realm with WebAssembly and `fetch`, and serves the folder that they are in.

use crate::Outcome;
use crate::args::JsArgs;
use anyhow::{Context, Result, anyhow, ensure};
use headwater::{Config, Engine, printable};
use headwater_js::shell::{self, Program};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use tiny_http::{Header, Method, Request, Response, Server};

/// How many requests are answered at a time.
const THREADS: usize = 4;

pub fn run(args: &JsArgs) -> Outcome {
    let mut config = Config::new();
    let stack = usize::try_from(args.stack).unwrap_or(usize::MAX);
    ensure!(stack <= shell::MAX_WASM_STACK, "--stack can be at most 256M");
    config.max_wasm_stack(stack);
    if let Some(threads) = args.threads {
        config.compile_threads(threads);
    }
    let engine = Engine::new(&config)?;
    let is_url = |base: &&String| base.starts_with("http://") || base.starts_with("https://");
    let (server, base) = match args.base.as_ref().filter(is_url) {
        Some(url) => (None, url.clone()),
        None => {
            let folder = args
                .base
                .as_ref()
                .map(PathBuf::from)
                .or_else(|| Path::new(&args.words[0]).parent().map(Path::to_path_buf));
            let folder = folder.filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| PathBuf::from("."));
            let folder =
                folder.canonicalize().with_context(|| printable::name(&folder.to_string_lossy()).to_string())?;
            let server = FolderServer::start(folder)?;
            let base = server.url.clone();
            (Some(server), base)
        }
    };
    let folder = server.as_ref().map(|server| server.folder.clone());
    let (files, script_args) = args.split();
    let program = Program { files, args: script_args, module: args.module, base, folder };
    let succeeded = shell::run(&engine, &program)?;
    Ok(if succeeded { 0 } else { 1 })
}

/// Serves the files of a folder on a free port of the loopback interface, until it is dropped.
struct FolderServer {
    server: Arc<Server>,
    threads: Vec<JoinHandle<()>>,
    url: String,
    folder: PathBuf,
}

impl FolderServer {
    fn start(folder: PathBuf) -> Result<FolderServer> {
        let server = Server::http("127.0.0.1:0").map_err(|e| anyhow!("cannot open a port for the server: {e}"))?;
        let server = Arc::new(server);
        let address = server.server_addr().to_ip().ok_or_else(|| anyhow!("the server has no address"))?;
        let serve = |_| {
            let (accepting, folder) = (Arc::clone(&server), folder.clone());
            std::thread::spawn(move || {
                for request in accepting.incoming_requests() {
                    // A client that hangs up is not an error.
                    let _ = answer(request, &folder);
                }
            })
        };
        let threads = (0..THREADS).map(serve).collect();
        Ok(FolderServer { server, threads, url: format!("http://{address}/"), folder })
    }
}

impl Drop for FolderServer {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.server.unblock();
        }
        for thread in self.threads.drain(..) {
            // A panic in there has been reported already.
            let _ = thread.join();
        }
    }
}

fn answer(request: Request, folder: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(Response::empty(405));
    }
    let opened = path_of(request.url()).and_then(|path| {
        let path = folder.join(path);
        let file = File::open(&path).ok().filter(|f| f.metadata().is_ok_and(|m| m.is_file()))?;
        Some((file, mime_type(&path)))
    });
    match opened {
        Some((file, kind)) => {
            let header = Header::from_bytes("Content-Type", kind).expect("a header of plain ASCII");
            request.respond(Response::from_file(file).with_header(header))
        }
        None => request.respond(Response::empty(404)),
    }
}

/// The file that a URL's path refers to, unless it leads out of the folder.
fn path_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    let path = PathBuf::from(String::from_utf8(bytes).ok()?.trim_start_matches('/').to_string());
    path.components().all(|c| matches!(c, Component::Normal(_))).then_some(path)
}

fn mime_type(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "wasm" => "application/wasm",
        "js" | "mjs" => "text/javascript",
        "json" | "map" => "application/json",
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "txt" | "md" => "text/plain; charset=utf-8",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_leads_out_of_the_folder() {
        assert_eq!(path_of("/a/b%20c.wasm?x#y"), Some(PathBuf::from("a/b c.wasm")));
        for url in ["/../etc/passwd", "/a/../../b", "/%2e%2e/b", "/%2F/../b", "/%zz", "/%"] {
            assert_eq!(path_of(url), None, "{url}");
        }
        assert_eq!(path_of("//etc/passwd"), Some(PathBuf::from("etc/passwd")));
    }
}
