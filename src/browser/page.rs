//! The page around the program: its address, its clock, its visibility and its console.

use chrono::{DateTime, Utc};
use convoke_core::store::{Action, Route};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::Window;

fn window() -> Option<Window> {
    web_sys::window()
}

/// The present instant.
#[must_use]
pub fn now() -> DateTime<Utc> {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since the epoch")]
    DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default()
}

/// The screen that the address names.
#[must_use]
pub fn route() -> Route {
    Route::parse(&window().and_then(|window| window.location().hash().ok()).unwrap_or_default())
}

/// Puts a screen into the address.
pub fn set_route(route: Route) {
    if let Some(window) = window() {
        // A browser refuses only in floods of changes; the screen is right all the same.
        let _ = window.location().set_hash(&route.hash());
    }
}

/// This page's address without query and hash: the default redirect URI.
#[must_use]
pub fn own_address() -> String {
    let Some(location) = window().map(|window| window.location()) else { return String::new() };
    [location.origin().unwrap_or_default(), location.pathname().unwrap_or_default()].concat()
}

/// Whether the browser says that there is no network.
#[must_use]
pub fn is_offline() -> bool {
    window().is_some_and(|window| !window.navigator().on_line())
}

/// Whether somebody can see the page; where there is no page, as in a worker, it counts as seen.
#[must_use]
pub fn is_visible() -> bool {
    let document = window().and_then(|window| window.document());
    document.is_none_or(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}

/// Waits until somebody can see the page.
pub async fn shown() {
    while !is_visible() {
        let Some(document) = window().and_then(|window| window.document()) else { return };
        let changed = js_sys::Promise::new(&mut |resolve, _| {
            let once = web_sys::AddEventListenerOptions::new();
            once.set_once(true);
            // Fails only for targets that have no listeners.
            drop(document.add_event_listener_with_callback_and_add_event_listener_options("visibilitychange", &resolve, &once));
        });
        drop(wasm_bindgen_futures::JsFuture::from(changed).await);
    }
}

/// A random id, as RFC 9562 has them.
#[must_use]
pub fn fresh_id() -> String {
    window().and_then(|window| window.crypto().ok()).map(|crypto| crypto.random_uuid()).unwrap_or_default()
}

/// Something for the developer who opens the console. Never a token.
pub fn warn(text: &str) {
    web_sys::console::warn_1(&text.into());
}

/// Lets something run beside everything else.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(work);
}

/// Says when the address, the network or the page's visibility changes, for as long as the page lives.
pub fn on_change(changed: impl Fn(Action) + Clone + 'static) {
    let Some(window) = window() else { return };
    let listen = |name: &str, on_document: bool, action: fn() -> Option<Action>| {
        let changed = changed.clone();
        let closure = Closure::<dyn FnMut()>::new(move || {
            if let Some(action) = action() {
                changed(action);
            }
        });
        let target: Option<web_sys::EventTarget> =
            if on_document { window.document().map(Into::into) } else { Some(window.clone().into()) };
        if let Some(target) = target {
            // Fails only for targets that have no listeners.
            let _ = target.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        }
        // The page itself is what ends it.
        closure.forget();
    };
    listen("hashchange", false, || Some(Action::Navigated(route())));
    listen("online", false, || Some(Action::Online(true)));
    listen("offline", false, || Some(Action::Online(false)));
    listen("visibilitychange", true, || {
        let visible = web_sys::window()?.document()?.visibility_state() == web_sys::VisibilityState::Visible;
        visible.then_some(Action::Refresh)
    });
}
