//! Noticing that this page is looked at again, or runs again after the browser had put it aside. Leaves what follows to the callers.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::EventTarget;

/// What tells of it: another tab was in front, the page was in the history, the page was frozen.
const EVENTS: [(&str, bool); 3] = [("visibilitychange", true), ("pageshow", false), ("resume", true)];

/// Listens until it is dropped.
pub struct Wake {
    targets: Vec<(EventTarget, &'static str)>,
    listener: Closure<dyn FnMut()>,
}

impl Wake {
    /// Calls whenever the page wakes.
    #[must_use]
    pub fn new(woken: impl Fn() + 'static) -> Self {
        let listener = Closure::<dyn FnMut()>::new(move || {
            let document = web_sys::window().and_then(|window| window.document());
            if document.is_some_and(|document| !document.hidden()) {
                woken();
            }
        });
        let mut targets = Vec::new();
        if let Some(window) = web_sys::window()
            && let Some(document) = window.document()
        {
            for (name, on_document) in EVENTS {
                let target: EventTarget = if on_document { document.clone().into() } else { window.clone().into() };
                if target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()).is_ok() {
                    targets.push((target, name));
                }
            }
        }
        Self { targets, listener }
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        for (target, name) in &self.targets {
            // Fails only for targets that have no listeners.
            let _ = target.remove_event_listener_with_callback(name, self.listener.as_ref().unchecked_ref());
        }
    }
}
