//! A server that answers each request with a program, in a store of its own, with limits.
//!
//! `cargo run --example hyper_server` serves on loopback, asks itself for `/hello`, and prints the answer;
//! `cargo run --example hyper_server -- 127.0.0.1:8000` goes on serving.

use bytes::Bytes;
use headwater::{Config, Engine, InstancePre, Linker, Module, Store, StoreLimits, StoreLimitsBuilder};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::time::Duration;
use tokio::net::TcpListener;

/// Turns the path into upper case, in its own memory.
const PROGRAM: &str = r#"(module
    (memory (export "memory") 1)
    (func (export "handle") (param $len i32)
        (local $i i32) (local $byte i32)
        (block $done
            (loop $bytes
                (br_if $done (i32.ge_u (local.get $i) (local.get $len)))
                (local.set $byte (i32.load8_u (local.get $i)))
                (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 97)) (i32.const 26))
                    (then (i32.store8 (local.get $i) (i32.sub (local.get $byte) (i32.const 32)))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $bytes)))))"#;

/// One request: a new instance, which is gone afterwards.
async fn answer(program: &InstancePre<StoreLimits>, path: &str) -> headwater::Result<Vec<u8>> {
    let limits = StoreLimitsBuilder::new().memory_size(1 << 20).build();
    let mut store = Store::new(program.module().engine(), limits);
    store.limiter(|limits| limits);
    // Other requests get their turn at each epoch.
    store.epoch_deadline_async_yield_and_update(1);
    store.set_epoch_deadline(1);
    let instance = program.instantiate_async(&mut store).await?;
    let memory = instance.get_memory(&mut store, "memory").expect("the program exports it");
    memory.write(&mut store, 0, path.as_bytes())?;
    let handle = instance.get_typed_func::<i32, ()>(&mut store, "handle")?;
    // And no request takes more than a second.
    tokio::time::timeout(Duration::from_secs(1), handle.call_async(&mut store, path.len() as i32)).await??;
    Ok(memory.data(&store)[..path.len()].to_vec())
}

async fn respond(
    program: InstancePre<StoreLimits>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let (status, body) = match answer(&program, request.uri().path()).await {
        Ok(body) => (200, body),
        Err(error) => (500, format!("{error:#}").into_bytes()),
    };
    let mut response = hyper::Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = hyper::StatusCode::from_u16(status).expect("a status of HTTP");
    Ok(response)
}

async fn serve(listener: TcpListener, program: InstancePre<StoreLimits>) -> headwater::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let program = program.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| respond(program.clone(), request));
            if let Err(error) =
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
            {
                eprintln!("{error}");
            }
        });
    }
}

#[tokio::main]
async fn main() -> headwater::Result<()> {
    let engine = Engine::new(Config::new().epoch_interruption(true))?;
    let timer = engine.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            timer.increment_epoch();
        }
    });
    // Everything that can be done once is done once.
    let module = Module::new(&engine, wat::parse_str(PROGRAM)?)?;
    let program = Linker::new(&engine).instantiate_pre(&module)?;

    let address = std::env::args().nth(1).filter(|argument| argument.contains(':'));
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:0")).await?;
    let url = format!("http://{}/hello", listener.local_addr()?);
    let server = tokio::spawn(serve(listener, program));
    if address.is_some() {
        return server.await?;
    }
    let answer = reqwest::get(url).await?.text().await?;
    println!("{answer}");
    assert_eq!(answer, "/HELLO");
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("the example works");
}
