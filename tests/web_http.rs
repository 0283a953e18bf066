//! `headwater::web` over real HTTP on loopback: hyper as server and client, reqwest as client (checklist, numbers 20,
//! 28, 29, 36).

mod web_common;

use bytes::Bytes;
use headwater::web::{
    self, Error, LimitExceeded, Options, Response, ResponseType, TypeError, compile_streaming, compile_streaming_with,
};
use headwater::{Engine, Linker, Module, Store};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::io::Write as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use web_common::*;

type Body = UnsyncBoxBody<Bytes, web::BoxError>;

/// A body that is sent as it comes out of a channel.
fn channel_body(
    chunks: impl Future<Output = ()> + Send + 'static,
    receiver: mpsc::Receiver<Result<Bytes, web::BoxError>>,
) -> Body {
    tokio::spawn(chunks);
    let stream =
        futures_util::stream::unfold(receiver, |mut r| async { r.recv().await.map(|c| (c.map(Frame::data), r)) });
    BodyExt::boxed_unsync(StreamBody::new(stream))
}

/// Chunks with a pause after each.
fn slow_body(bytes: Vec<u8>, size: usize, pause: Duration, stall: bool) -> Body {
    let (sender, receiver) = mpsc::channel(1);
    let send = async move {
        for chunk in bytes.chunks(size) {
            if sender.send(Ok(Bytes::copy_from_slice(chunk))).await.is_err() {
                return;
            }
            tokio::time::sleep(pause).await;
        }
        if stall {
            sender.closed().await;
        }
    };
    channel_body(send, receiver)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    brotli::BrotliCompress(
        &mut &*bytes,
        &mut encoded,
        &brotli::enc::BrotliEncoderParams { quality: 3, ..Default::default() },
    )
    .unwrap();
    encoded
}

/// What is served under which path.
fn serve(request: &http::Request<Incoming>) -> http::Response<Body> {
    let full =
        |bytes: Vec<u8>| BodyExt::boxed_unsync(Full::new(Bytes::from(bytes)).map_err(|e: Infallible| match e {}));
    let module = || large(1500);
    let ms = Duration::from_millis;
    let mut response = http::Response::builder().header("Content-Type", "application/wasm");
    let body = match request.uri().path() {
        "/whole" => full(module()),
        "/chunked" => slow_body(module(), 20_000, Duration::ZERO, false),
        "/slow" => slow_body(module(), module().len() / 10, ms(10), false),
        "/stalled" => slow_body(module()[..50_000].to_vec(), 10_000, ms(1), true),
        // Over HTTP/2 the stream is reset, over HTTP/1.1 the connection ends.
        "/reset" => {
            let (sender, receiver) = mpsc::channel(1);
            let send = async move {
                for chunk in module()[..50_000].chunks(10_000) {
                    let _ = sender.send(Ok(Bytes::copy_from_slice(chunk))).await;
                    tokio::time::sleep(ms(2)).await;
                }
                let _ = sender.send(Err("the server has changed its mind".into())).await;
            };
            channel_body(send, receiver)
        }
        "/truncated" => full(module()[..50_000].to_vec()),
        "/faulty" => slow_body(with_bad_last_body(module()).0, 10_000, ms(1), true),
        "/gzip" => {
            response = response.header("Content-Encoding", "gzip");
            full(gzip(&module()))
        }
        "/brotli" => {
            response = response.header("Content-Encoding", "br");
            full(brotli(&module()))
        }
        "/redirect" => {
            response = response.status(302).header("Location", "/whole");
            full(Vec::new())
        }
        "/no-content" => {
            response = response.status(204);
            full(Vec::new())
        }
        "/html" => return http::Response::builder().header("Content-Type", "text/html").body(full(module())).unwrap(),
        _ => {
            response = response.status(404);
            full(module())
        }
    };
    response.body(body).unwrap()
}

/// A server of HTTP/1.1 or HTTP/2.
async fn server(http2: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let service = service_fn(|request| async move { Ok::<_, Infallible>(serve(&request)) });
            tokio::spawn(async move {
                // Connections end when clients go away, also in the middle.
                let _ = if http2 {
                    let builder = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                    builder.serve_connection(TokioIo::new(stream), service).await
                } else {
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
                };
            });
        }
    });
    address
}

/// A server that reads a request and answers with these bytes, and then ends or resets the connection, or does nothing
/// more.
async fn raw_server(parts: Vec<Vec<u8>>, end: End) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await.unwrap();
        for part in parts {
            stream.write_all(&part).await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        match end {
            End::Close => drop(stream),
            // With unread data in the socket, or no lingering, closing is a reset.
            End::Reset => {
                let stream = stream.into_std().unwrap();
                let no_linger = libc::linger { l_onoff: 1, l_linger: 0 };
                use std::os::fd::AsRawFd;
                // SAFETY: the descriptor is open, and the option is a `linger`.
                let result = unsafe {
                    libc::setsockopt(
                        stream.as_raw_fd(),
                        libc::SOL_SOCKET,
                        libc::SO_LINGER,
                        (&raw const no_linger).cast(),
                        size_of::<libc::linger>() as u32,
                    )
                };
                assert_eq!(result, 0);
            }
        }
    });
    address
}

#[derive(Copy, Clone, Debug)]
enum End {
    Close,
    Reset,
}

/// A request with hyper alone.
async fn fetch(address: SocketAddr, path: &str, http2: bool) -> Result<http::Response<Incoming>, hyper::Error> {
    let io = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let request = http::Request::get(format!("http://{address}{path}")).header("Host", address.to_string());
    let request = request.body(Empty::<Bytes>::new()).unwrap();
    if http2 {
        let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await?;
        tokio::spawn(connection);
        sender.send_request(request).await
    } else {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
        tokio::spawn(connection);
        sender.send_request(request).await
    }
}

async fn is_the_module(engine: &Engine, result: Result<Module, Error>) {
    let module = result.unwrap();
    assert_eq!(module.compile_stats().wasm_bytes, large(1500).len() as u64);
    assert_eq!(describe(&module, false), describe(&Module::new(engine, large(1500)).unwrap(), false));
}

#[test]
fn hyper_over_http_1_and_2_with_a_length_and_without() {
    for engine in engines() {
        for http2 in [false, true] {
            block_on(async {
                let address = server(http2).await;
                for path in ["/whole", "/chunked", "/slow"] {
                    // The future of the request is the source.
                    is_the_module(&engine, compile_streaming(&engine, fetch(address, path, http2)).await).await;
                }
                let response: Response = fetch(address, "/html", http2).await.unwrap().into();
                assert_eq!(response.response_type(), ResponseType::Basic);
                let result = compile_streaming(&engine, response.clone()).await;
                assert!(matches!(result, Err(Error::Type(TypeError::MimeType(_)))));
                assert_eq!(response.bytes().await.unwrap(), large(1500), "the body is still there");
                let result = compile_streaming(&engine, fetch(address, "/missing", http2)).await;
                assert!(matches!(result, Err(Error::Type(TypeError::Status(404)))));
                let result = compile_streaming(&engine, fetch(address, "/redirect", http2)).await;
                assert!(matches!(result, Err(Error::Type(TypeError::Status(302)))));
                for path in ["/no-content", "/truncated", "/faulty"] {
                    let result = compile_streaming(&engine, fetch(address, path, http2)).await;
                    assert!(matches!(result, Err(Error::Compile(_))), "{path}: {result:?}");
                }
            });
        }
    }
}

#[test]
fn an_instance_straight_from_the_network() {
    block_on(async {
        let address = server(false).await;
        let engine = engine(1);
        let (mut store, linker) = (Store::new(&engine, ()), Linker::new(&engine));
        let source = fetch(address, "/chunked", false);
        let (_, instance) = web::instantiate_streaming(&mut store, &linker, source).await.unwrap();
        let f = instance.get_typed_func::<i32, i32>(&mut store, "f7").unwrap();
        assert_eq!(f.call(&mut store, 35).unwrap(), 42);
    });
}

#[test]
fn n36_reqwest_undoes_encodings_and_limits_count_what_comes_out() {
    for engine in engines() {
        block_on(async {
            let address = server(false).await;
            let size = large(1500).len() as u64;
            assert!(gzip(&large(1500)).len() < size as usize / 2);
            for path in ["/whole", "/gzip", "/brotli", "/redirect", "/chunked"] {
                let get = || reqwest::get(format!("http://{address}{path}"));
                let result = compile_streaming_with(&engine, get(), Options::new().max_size(size)).await;
                is_the_module(&engine, result).await;
                let result = compile_streaming_with(&engine, get(), Options::new().max_size(size - 1)).await;
                let Err(Error::Aborted(reason)) = result else { panic!("{path}: {result:?}") };
                assert_eq!(reason.downcast_ref(), Some(&LimitExceeded::Size(size - 1)));
            }
            let response = Response::from(reqwest::get(format!("http://{address}/redirect")).await.unwrap());
            assert_eq!(response.url(), format!("http://{address}/whole"), "after the redirect");
        });
    }
}

#[test]
fn an_encoding_that_nobody_undoes_is_no_module() {
    block_on(async {
        let address = server(false).await;
        let result = compile_streaming(&engine(0), fetch(address, "/gzip", false)).await;
        assert!(matches!(result, Err(Error::Compile(_))), "{result:?}");
    });
}

#[test]
fn n03_nobody_listens() {
    block_on(async {
        let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let result = compile_streaming(&engine(0), reqwest::get(format!("http://{unused}/"))).await;
        let Err(Error::Source(error)) = result else { panic!("{result:?}") };
        assert!(error.downcast_ref::<reqwest::Error>().unwrap().is_connect());
    });
}

#[test]
fn silent_servers_are_left_after_a_while_and_hold_no_thread() {
    block_on(async {
        let address = server(false).await;
        let engine = engine(1);
        let mut silent = Vec::new();
        for _ in 0..20 {
            let future = compile_streaming_with(
                &engine,
                fetch(address, "/stalled", false),
                Options::new().min_rate(1, Duration::from_millis(700)),
            );
            silent.push(tokio::spawn(future));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        // The only thread is free.
        is_the_module(&engine, compile_streaming(&engine, fetch(address, "/slow", false)).await).await;
        for stream in silent {
            let Err(Error::Aborted(reason)) = stream.await.unwrap() else { panic!() };
            assert!(matches!(reason.downcast_ref(), Some(LimitExceeded::Rate { bytes: 0, .. })), "{reason}");
        }
    });
}

/// The head of a response that says what length it has, or that it is chunked.
fn head(length: Option<usize>) -> Vec<u8> {
    let length = match length {
        Some(n) => format!("Content-Length: {n}"),
        None => "Transfer-Encoding: chunked".to_string(),
    };
    format!("HTTP/1.1 200 OK\r\nContent-Type: application/wasm\r\n{length}\r\n\r\n").into_bytes()
}

#[test]
fn n28_connections_that_break_are_errors_of_the_body() {
    let module = large(1500);
    let half = module[..module.len() / 2].to_vec();
    let chunk = [format!("{:x}\r\n", half.len()).as_bytes(), &half, b"\r\n"].concat();
    for engine in engines() {
        for end in [End::Close, End::Reset] {
            for parts in [
                // Truncated.
                vec![head(Some(module.len())), half.clone()],
                vec![head(None), chunk.clone()],
                // A length that is too long, with all of a module before the end.
                vec![head(Some(module.len() + 1)), module.clone()],
                // Not even a byte.
                vec![head(Some(module.len()))],
                // No chunk.
                vec![head(None), b"xyz\r\n".to_vec()],
            ] {
                block_on(async {
                    let address = raw_server(parts.clone(), end).await;
                    let result = compile_streaming(&engine, fetch(address, "/", false)).await;
                    let Err(Error::Body(error)) = result else { panic!("{end:?}: {result:?}") };
                    assert!(error.is::<hyper::Error>());
                    let address = raw_server(parts.clone(), end).await;
                    let result = compile_streaming(&engine, reqwest::get(format!("http://{address}/"))).await;
                    let Err(Error::Body(error)) = result else { panic!("{end:?}: {result:?}") };
                    assert!(error.is::<reqwest::Error>());
                });
            }
        }
    }
}

#[test]
fn n28_streams_that_are_reset_are_errors_of_the_body() {
    for engine in engines() {
        for http2 in [false, true] {
            block_on(async {
                let address = server(http2).await;
                let result = compile_streaming(&engine, fetch(address, "/reset", http2)).await;
                let Err(Error::Body(error)) = result else { panic!("{result:?}") };
                assert!(error.is::<hyper::Error>());
            });
        }
    }
}

#[test]
fn n29_the_bytes_that_arrived_decide_if_the_end_is_clean() {
    let module = large(1500);
    for engine in engines() {
        block_on(async {
            // A length that is too short: HTTP ends the body there, cleanly.
            let address = raw_server(vec![head(Some(module.len() - 1)), module.clone()], End::Close).await;
            let result = compile_streaming(&engine, fetch(address, "/", false)).await;
            assert!(matches!(result, Err(Error::Compile(_))), "{result:?}");
            // None at all: up to the end of the connection.
            let bare = b"HTTP/1.1 200 OK\r\nContent-Type: application/wasm\r\n\r\n".to_vec();
            let address = raw_server(vec![bare, module.clone()], End::Close).await;
            is_the_module(&engine, compile_streaming(&engine, fetch(address, "/", false)).await).await;
            // One that is far too long is not trusted before the bytes arrive.
            let address = raw_server(vec![head(Some(1 << 40)), b"\0asm\x02\0\0\0".to_vec()], End::Close).await;
            let options = Options::new().max_size(1 << 20);
            let result = compile_streaming_with(&engine, fetch(address, "/", false), options).await;
            assert!(matches!(result, Err(Error::Compile(_))), "{result:?}");
        });
    }
}
