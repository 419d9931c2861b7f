//! The page's `fetch`, timers and clocks. Owns one exchange over the network and telling apart why it failed; leaves tokens, repetition
//! and the meaning of answers to its callers.

use std::{future::poll_fn, pin::pin, rc::Rc, task::Poll, time::Duration};

use convoke_core::{
    Error, ErrorCode,
    auth::{Moment, Transport},
    headers::READ_HEADERS,
};
use gloo_net::http::RequestBuilder;
use http::{HeaderValue, Request, Response};
use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

pub use super::abort::Abort;

/// Limits of one exchange.
#[derive(Clone, Default)]
pub struct FetchOptions {
    /// Until the whole body has come; 0 for no limit.
    pub timeout_ms: u32,
    /// Ends it early.
    pub signal: Option<Abort>,
}

/// Sends one request: no cookies, no cache, no referrer, and a redirect is a failure, since a bearer must not follow it.
///
/// Any status is an answer. Errors: `aborted`, `timeout`, `offline` where the browser knows, else `network`, which browsers give without a
/// reason: no route, a cut connection, a redirect, or no permission to read (CORS). Dropping the future ends the exchange.
pub async fn send(request: Request<Vec<u8>>, options: &FetchOptions) -> Result<Response<Vec<u8>>, Error> {
    let controller = AbortController::new().map_err(|_| Error::new(ErrorCode::Configuration, "This browser cannot cancel requests."))?;
    let exchange = exchange(request, controller.signal());
    let _guard = Guard(controller);
    let limited = limit(exchange, options.timeout_ms);
    match &options.signal {
        Some(abort) => abort.guard(limited).await?,
        None => limited.await,
    }
}

/// The same as the transport of a sign-in, with a limit of half a minute.
#[must_use]
pub fn transport() -> Transport {
    Rc::new(|request| Box::pin(async move { send(request, &FetchOptions { timeout_ms: 30_000, signal: None }).await }))
}

/// Waits. Dropping the future clears the timer.
pub async fn sleep(duration: Duration) {
    // Browsers keep the delay in 31 bits and fire at once beyond them, so a long wait is several.
    let mut left = duration.as_micros().div_ceil(1000);
    while left > 0 {
        let step = left.min(1 << 30);
        left -= step;
        Timer::start(i32::try_from(step).unwrap_or(i32::MAX)).await;
    }
}

/// The present, by both clocks.
#[must_use]
pub fn now() -> Moment {
    Moment { wall_ms: js_sys::Date::now(), mono_ms: performance_now() }
}

/// A number in 0..1, good enough for spreading load and for ids that need not be secret.
#[must_use]
pub fn random() -> f64 {
    js_sys::Math::random()
}

async fn exchange(request: Request<Vec<u8>>, signal: AbortSignal) -> Result<Response<Vec<u8>>, Error> {
    let (parts, body) = request.into_parts();
    let mut builder = RequestBuilder::new(&parts.uri.to_string())
        .method(parts.method)
        .redirect(RequestRedirect::Error)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(&signal));
    for (name, value) in &parts.headers {
        if let Ok(value) = value.to_str() {
            builder = builder.header(name.as_str(), value);
        }
    }
    let ready = if body.is_empty() { builder.build() } else { builder.body(Uint8Array::from(body.as_slice())) };
    let ready = ready.map_err(|_| Error::new(ErrorCode::InvalidRequest, "The browser refuses the address or a header of the request."))?;
    let answer = ready.send().await.map_err(|_| unreachable())?;
    let mut response = Response::new(answer.binary().await.map_err(|_| unreachable())?);
    *response.status_mut() = http::StatusCode::from_u16(answer.status())
        .map_err(|_| Error::new(ErrorCode::InvalidResponse, "The answer has no valid status."))?;
    for name in READ_HEADERS {
        let value = answer.headers().get(name.as_str()).and_then(|value| HeaderValue::from_str(&value).ok());
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}

async fn limit<T>(work: impl Future<Output = Result<T, Error>>, timeout_ms: u32) -> Result<T, Error> {
    let mut work = pin!(work);
    let mut timer = pin!(sleep(Duration::from_millis(timeout_ms.into())));
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(done);
        }
        if timeout_ms > 0 && timer.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(Error::new(ErrorCode::Timeout, "No complete answer came in time.")));
        }
        Poll::Pending
    })
    .await
}

fn unreachable() -> Error {
    let online = web_sys::window().is_none_or(|window| window.navigator().on_line());
    if online {
        Error::new(ErrorCode::Network, "The service could not be reached, or the browser may not read its answer.")
    } else {
        Error::new(ErrorCode::Offline, "This device is offline.")
    }
}

/// Ends an exchange that nobody waits for any more. After its end this has no effect.
struct Guard(AbortController);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// One running timer.
struct Timer {
    id: JsValue,
    fired: JsFuture,
}

impl Timer {
    fn start(milliseconds: i32) -> Self {
        let mut id = JsValue::UNDEFINED;
        let promise = Promise::new(&mut |resolve, _| id = set_timeout(&resolve, milliseconds));
        Self { id, fired: JsFuture::from(promise) }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<()> {
        std::pin::Pin::new(&mut self.fired).poll(context).map(drop)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}

// Of the global object rather than of `window`, so that the npm module runs in a worker too.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}
