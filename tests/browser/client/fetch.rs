//! The page's fetch and timers: what leaves, and telling apart why nothing came back. The network is a function put in the place of
//! `fetch`, so that what the browser was asked for can be looked at.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use convoke::browser::fetch::{Abort, FetchOptions, now, random, send, sleep};
use convoke_core::ErrorCode;
use http::{Request, Response};
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AbortController, AbortSignal};

/// Puts a function `(request) => Promise<Response>` in the place of `fetch` until dropped. It leaves the request in `globalThis.lastRequest`.
struct Fetch(JsValue);

impl Fetch {
    fn becomes(body: &str) -> Self {
        let global = js_sys::global();
        let before = Reflect::get(&global, &"fetch".into()).unwrap();
        let function = Function::new_with_args("request", &["globalThis.lastRequest = request; ", body].concat());
        Reflect::set(&global, &"fetch".into(), &function).unwrap();
        Self(before)
    }

    fn request() -> web_sys::Request {
        Reflect::get(&js_sys::global(), &"lastRequest".into()).unwrap().unchecked_into()
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"fetch".into(), &self.0).unwrap();
    }
}

/// Never answers, and rejects as browsers do when aborted.
const HANG: &str = "return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))";

fn get() -> Request<Vec<u8>> {
    Request::builder().uri("https://graph.example/v1.0/me").header("authorization", "Bearer x").body(Vec::new()).unwrap()
}

async fn code(request: Request<Vec<u8>>, options: &FetchOptions) -> Option<ErrorCode> {
    send(request, options).await.err().map(|error| error.code())
}

#[wasm_bindgen_test]
async fn a_request_leaves_without_cookies_cache_referrer_and_redirects() {
    let _fetch = Fetch::becomes("return Promise.resolve(new Response('{}'))");
    send(get(), &FetchOptions::default()).await.unwrap();
    let sent = Fetch::request();
    let said = |name: &str| Reflect::get(&sent, &name.into()).unwrap().as_string().unwrap();
    assert_eq!(
        ["redirect", "credentials", "cache", "referrerPolicy", "method"].map(said),
        ["error", "omit", "no-store", "no-referrer", "GET"]
    );
    assert_eq!(sent.headers().get("authorization").unwrap().as_deref(), Some("Bearer x"));
    assert_eq!(sent.url(), "https://graph.example/v1.0/me");
}

#[wasm_bindgen_test]
async fn body_status_and_headers_come_back() {
    let _fetch = Fetch::becomes(
        "return request.text().then(text => new Response('got ' + text, {status: 429, headers: {'Retry-After': '7', 'ETag': 'W/\"1\"'}}))",
    );
    let request = Request::builder().method("PATCH").uri("https://graph.example/x?a=b%20c&d='e'").body(b"{\"a\":1}".to_vec()).unwrap();
    let answer: Response<Vec<u8>> = send(request, &FetchOptions::default()).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (429, b"got {\"a\":1}".as_slice()));
    assert_eq!((&answer.headers()["retry-after"], &answer.headers()["etag"]), (&"7".parse().unwrap(), &"W/\"1\"".parse().unwrap()));
    assert_eq!(Fetch::request().method(), "PATCH");
}

#[wasm_bindgen_test]
async fn the_ways_to_fail_are_told_apart() {
    let _fetch = Fetch::becomes("return Promise.reject(new TypeError('Failed to fetch'))");
    assert_eq!(code(get(), &FetchOptions::default()).await, Some(ErrorCode::Network));
    // A connection that is cut in the middle of the body.
    let _fetch = Fetch::becomes(
        "return Promise.resolve(new Response(new ReadableStream({start(c) { c.enqueue(new Uint8Array([123])); c.error(new TypeError('network error')); }})))",
    );
    assert_eq!(code(get(), &FetchOptions::default()).await, Some(ErrorCode::Network));
    let _fetch = Fetch::becomes(HANG);
    assert_eq!(code(get(), &FetchOptions { timeout_ms: 20, signal: None }).await, Some(ErrorCode::Timeout));
    assert!(Fetch::request().signal().aborted());
}

#[wasm_bindgen_test]
async fn a_body_that_never_ends_times_out_too() {
    let _fetch = Fetch::becomes("return Promise.resolve(new Response(new ReadableStream({})))");
    assert_eq!(code(get(), &FetchOptions { timeout_ms: 20, signal: None }).await, Some(ErrorCode::Timeout));
}

#[wasm_bindgen_test]
async fn offline_is_known() {
    let _fetch = Fetch::becomes("return Promise.reject(new TypeError('Failed to fetch'))");
    let navigator: JsValue = web_sys::window().unwrap().navigator().into();
    let define =
        Function::new_with_args("navigator, value", "Object.defineProperty(navigator, 'onLine', {configurable: true, get: () => value})");
    define.call2(&JsValue::NULL, &navigator, &false.into()).unwrap();
    let offline = code(get(), &FetchOptions::default()).await;
    Reflect::delete_property(navigator.unchecked_ref::<js_sys::Object>(), &"onLine".into()).unwrap();
    assert_eq!(offline, Some(ErrorCode::Offline));
}

#[wasm_bindgen_test]
async fn giving_up_ends_the_exchange() {
    let _fetch = Fetch::becomes(HANG);
    let abort = Abort::new();
    let later = abort.clone();
    wasm_bindgen_futures::spawn_local(async move {
        sleep(Duration::from_millis(20)).await;
        later.abort();
    });
    assert_eq!(code(get(), &FetchOptions { timeout_ms: 5000, signal: Some(abort.clone()) }).await, Some(ErrorCode::Aborted));
    assert!(Fetch::request().signal().aborted());
    assert_eq!(code(get(), &FetchOptions { timeout_ms: 0, signal: Some(abort) }).await, Some(ErrorCode::Aborted));
}

#[wasm_bindgen_test]
async fn javascript_s_own_signal_is_followed() {
    let controller = AbortController::new().unwrap();
    let abort = Abort::of(&controller.signal());
    assert!(!abort.is_aborted());
    controller.abort();
    assert!(abort.is_aborted());
    assert!(Abort::of(&AbortSignal::abort()).is_aborted());
}

#[wasm_bindgen_test]
async fn timers_wait_and_clocks_go_on() {
    let before = now();
    sleep(Duration::from_millis(30)).await;
    sleep(Duration::ZERO).await;
    assert!(now().mono_ms - before.mono_ms >= 29.0 && now().wall_ms >= before.wall_ms);
    assert!((0.0..1.0).contains(&random()));
}

#[wasm_bindgen_test]
async fn a_wait_of_weeks_does_not_fire_at_once() {
    let abort = Abort::new();
    let later = abort.clone();
    wasm_bindgen_futures::spawn_local(async move {
        sleep(Duration::from_millis(30)).await;
        later.abort();
    });
    let outcome = abort.guard(sleep(Duration::from_secs(90 * 24 * 3600))).await;
    assert_eq!(outcome.unwrap_err().code(), ErrorCode::Aborted);
}
