//! A module that is compiled while it is downloaded: the example of MDN's page for `WebAssembly.compileStreaming()`, in
//! Rust.
//!
//! `cargo run --example web` serves a module on loopback and prints 42; `cargo run --example web -- URL` compiles the
//! module at an `http:` URL, and reports the outcome.

use headwater::web::{self, Mime, Options};
use headwater::{Engine, Linker, Store};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const SIMPLE: &str = r#"
    (module
      (import "my_namespace" "imported_func" (func $log (param i32)))
      (func (export "exported_func") (call $log (i32.const 42))))
"#;

/// Serves one request, slowly.
async fn serve(listener: TcpListener) -> headwater::Result<()> {
    let wasm = wat::parse_str(SIMPLE)?;
    let (mut stream, _) = listener.accept().await?;
    // The content of the request does not matter.
    let _ = stream.read(&mut [0; 4096]).await?;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/wasm\r\nContent-Length: {}\r\n\r\n", wasm.len());
    stream.write_all(head.as_bytes()).await?;
    for chunk in wasm.chunks(10) {
        stream.write_all(chunk).await?;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> headwater::Result<()> {
    let engine = Engine::default();
    if let Some(url) = std::env::args().nth(1).filter(|argument| argument.contains("://")) {
        // A patient but not a trusting client: any MIME type, up to 100 MB, at least a kilobyte in ten seconds.
        let options = Options::new().mime(Mime::Any).max_size(100 << 20).min_rate(1 << 10, Duration::from_secs(10));
        let options = options.on_progress(|p| eprint!("\r{} bytes, {} functions", p.received, p.functions));
        let module = web::compile_streaming_with(&engine, reqwest::get(url), options).await?;
        eprintln!("\n{} imports, {} exports", module.imports().len(), module.exports().len());
        return Ok(());
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/simple.wasm", listener.local_addr()?);
    let server = tokio::spawn(serve(listener));

    let mut linker = Linker::new(&engine);
    linker.func_wrap("my_namespace", "imported_func", |n: i32| println!("{n}"))?;
    let mut store = Store::new(&engine, ());
    let (_, instance) = web::instantiate_streaming(&mut store, &linker, reqwest::get(url)).await?;
    instance.get_typed_func::<(), ()>(&mut store, "exported_func")?.call(&mut store, ())?;
    server.await?
}

#[test]
fn it_runs() {
    main().expect("the example works");
}
