//! The address bar in a sign-in: taking the answer out, going to the provider, noticing that the person came back. Leaves what an answer is
//! to `core::auth` and the program's own routes to `page`.

use convoke_core::{
    Error, ErrorCode,
    auth::answer::{self, Answer},
};
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::PageTransitionEvent;

/// Takes the provider's answer out of the address and cleans the address bar and the history entry, all before it returns.
#[must_use]
pub fn take_answer() -> Option<Answer> {
    let window = web_sys::window()?;
    let found = answer::find(&window.location().href().ok()?)?;
    let cleaned = window.history().and_then(|history| {
        let state = history.state().unwrap_or(JsValue::NULL);
        history.replace_state_with_url(&state, "", Some(&found.clean))
    });
    // A browser that refuses (a sandboxed document) must not leave a code in the address: without the cleaning there is no answer.
    found.answer.filter(|_| cleaned.is_ok())
}

/// The page's whole address.
#[must_use]
pub fn address() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// Puts back the hash that the page had when it left, unless it has one again. Without a navigation, so that nobody is told of a change.
pub fn restore_hash(page: &str) {
    let Some((_, hash)) = page.split_once('#') else { return };
    let Some(window) = web_sys::window() else { return };
    if window.location().hash().is_ok_and(|present| present.is_empty())
        && let Ok(history) = window.history()
    {
        let state = history.state().unwrap_or(JsValue::NULL);
        // The address is a help to the person; the page works without.
        let _ = history.replace_state_with_url(&state, "", Some(&["#", hash].concat()));
    }
}

/// Goes to another page. The program goes on until the browser has it.
///
/// # Errors
/// Where the browser refuses, as in a sandboxed frame.
pub fn leave(url: &str) -> Result<(), Error> {
    let refused = || Error::new(ErrorCode::Configuration, "The browser does not let this page go to the sign-in page. Is it in a frame?");
    web_sys::window().ok_or_else(refused)?.location().assign(url).map_err(|_| refused())
}

/// Waits until the page is shown again after the browser had put it aside: the person left for the sign-in page and came back by "Back".
pub async fn returned() {
    let Some(window) = web_sys::window() else { return };
    let mut listener = None;
    let shown = Promise::new(&mut |resolve, _| {
        let closure = Closure::<dyn FnMut(PageTransitionEvent)>::new(move |event: PageTransitionEvent| {
            if event.persisted() {
                // A promise's own function does not throw.
                let _ = resolve.call0(&JsValue::UNDEFINED);
            }
        });
        // The window takes any listener.
        let _ = window.add_event_listener_with_callback("pageshow", closure.as_ref().unchecked_ref());
        listener = Some(closure);
    });
    // It is never rejected.
    let _ = JsFuture::from(shown).await;
    if let Some(closure) = listener {
        let _ = window.remove_event_listener_with_callback("pageshow", closure.as_ref().unchecked_ref());
    }
}
