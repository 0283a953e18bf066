//! One HTTP request and its response, over reqwest: the basis of `fetch.js`.
//!
//! Nothing is read ahead: each [`Exchange::read`] takes what has arrived, so that a body that is not read is stopped by
//! TCP's flow control. When the object is freed or cancelled, the connection is closed.

use super::coding::record;
use reqwest::{Client, Method, RequestBuilder, Response, redirect};
use rquickjs::class::Trace;
use rquickjs::prelude::Promised;
use rquickjs::{Array, Class, Ctx, Exception, JsLifetime, Result, TypedArray, Value};
use std::cell::{Cell, RefCell};
use std::error::Error as _;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use tokio::sync::Notify;

type JsFuture<'js> = Pin<Box<dyn Future<Output = Result<Value<'js>>> + 'js>>;

#[derive(Default)]
struct State {
    request: RefCell<Option<RequestBuilder>>,
    response: RefCell<Option<Response>>,
    cancelled: Cell<bool>,
    cancel: Notify,
}

impl State {
    /// The outcome of `future`; `None` if the exchange is cancelled before.
    async fn unless_cancelled<R>(&self, future: impl Future<Output = R>) -> Option<R> {
        if self.cancelled.get() {
            return None;
        }
        tokio::select! {
            result = future => Some(result),
            () = self.cancel.notified() => None,
        }
    }
}

/// See the module's documentation.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Exchange {
    #[qjs(skip_trace)]
    state: Inner,
}

struct Inner(Rc<State>);

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for Inner {
    type Changed<'to> = Inner;
}

/// The clients of a realm, by how they handle redirects. Created when they are needed.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct Clients {
    #[qjs(skip_trace)]
    clients: ClientsInner,
}

#[derive(Default)]
struct ClientsInner(RefCell<[Option<Client>; 2]>);

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for ClientsInner {
    type Changed<'to> = ClientsInner;
}

impl Clients {
    pub fn new() -> Clients {
        Clients { clients: ClientsInner::default() }
    }

    fn get(&self, follow: bool) -> std::result::Result<Client, reqwest::Error> {
        let mut clients = self.clients.0.borrow_mut();
        if let Some(client) = &clients[usize::from(follow)] {
            return Ok(client.clone());
        }
        // 20 redirects: Fetch, "HTTP-redirect fetch".
        let policy = if follow { redirect::Policy::limited(20) } else { redirect::Policy::none() };
        // No idle connections: a small server that has a thread for each, such as tiny_http, lets others wait until
        // they are closed.
        let client = Client::builder().redirect(policy).no_proxy().pool_max_idle_per_host(0).build()?;
        clients[usize::from(follow)] = Some(client.clone());
        Ok(client)
    }
}

/// A network error (Fetch, "network error"): a `TypeError`.
fn network_error(ctx: &Ctx<'_>, error: &reqwest::Error) -> rquickjs::Error {
    let mut text = format!("network error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    Exception::throw_type(ctx, &text)
}

#[rquickjs::methods(rename_all = "camelCase")]
impl Clients {
    /// A request, not sent yet. `headers` is `[name, value, …]`.
    fn request<'js>(
        &self,
        ctx: Ctx<'js>,
        method: String,
        url: String,
        headers: Vec<String>,
        body: Option<rquickjs::ArrayBuffer<'js>>,
        follow: bool,
    ) -> Result<Class<'js, Exchange>> {
        let client = self.get(follow).map_err(|e| network_error(&ctx, &e))?;
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| Exception::throw_type(&ctx, &format!("`{method}` is not a method")))?;
        let mut request = client.request(method, url);
        for pair in headers.chunks_exact(2) {
            // Each character of a header's value is a byte.
            let value: Vec<u8> = pair[1].chars().map(|c| c as u8).collect();
            request = request.header(&pair[0], value);
        }
        // SAFETY: no JavaScript runs while the bytes are copied.
        if let Some(bytes) = body.as_ref().and_then(|body| unsafe { body.as_bytes() }) {
            request = request.body(bytes.to_vec());
        }
        let state = State { request: RefCell::new(Some(request)), ..State::default() };
        Class::instance(ctx, Exchange { state: Inner(Rc::new(state)) })
    }
}

#[rquickjs::methods(rename_all = "camelCase")]
impl Exchange {
    /// Sends the request. The promise is for `{status, statusText, url, headers}`, or null if it is cancelled before
    /// the response begins, or was sent before.
    fn send<'js>(&self, ctx: Ctx<'js>) -> Promised<JsFuture<'js>> {
        let state = self.state.0.clone();
        Promised(Box::pin(async move {
            let Some(request) = state.request.take() else { return Ok(Value::new_null(ctx)) };
            let Some(sent) = state.unless_cancelled(request.send()).await else {
                return Ok(Value::new_null(ctx));
            };
            let response = sent.map_err(|e| network_error(&ctx, &e))?;
            let head = record(&ctx)?;
            head.set("status", response.status().as_u16())?;
            head.set("statusText", response.status().canonical_reason().unwrap_or(""))?;
            head.set("url", response.url().as_str())?;
            let headers = Array::new(ctx.clone())?.into_object();
            headers.set_prototype(None)?;
            for (i, (name, value)) in (0u32..).zip(response.headers()) {
                headers.set(2 * i, name.as_str())?;
                headers.set(2 * i + 1, value.as_bytes().iter().map(|&b| char::from(b)).collect::<String>())?;
            }
            head.set("headers", headers)?;
            *state.response.borrow_mut() = Some(response);
            Ok(head.into_value())
        }))
    }

    /// The promise is for a record of the next bytes of the body, a Uint8Array, or null at its end and when it is
    /// cancelled. Promises are always fulfilled with a record or null, since they look up `then`.
    fn read<'js>(&self, ctx: Ctx<'js>) -> Promised<JsFuture<'js>> {
        let state = self.state.0.clone();
        Promised(Box::pin(async move {
            let Some(mut response) = state.response.take() else { return Ok(Value::new_null(ctx)) };
            let Some(chunk) = state.unless_cancelled(response.chunk()).await else {
                return Ok(Value::new_null(ctx));
            };
            match chunk.map_err(|e| network_error(&ctx, &e))? {
                None => Ok(Value::new_null(ctx)),
                Some(bytes) => {
                    *state.response.borrow_mut() = Some(response);
                    let read = record(&ctx)?;
                    read.set("bytes", TypedArray::new_copy(ctx, bytes)?)?;
                    Ok(read.into_value())
                }
            }
        }))
    }

    /// Stops everything and closes the connection.
    fn cancel(&self) {
        let state = &self.state.0;
        state.cancelled.set(true);
        state.cancel.notify_one();
        state.request.take();
        state.response.take();
    }
}
