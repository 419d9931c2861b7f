//! Words between the tabs of an origin (`BroadcastChannel`). Owns sending and hearing texts; leaves what they say to those who talk.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel that is open until dropped. Nobody hears their own words.
pub struct Channel {
    inner: BroadcastChannel,
    _heard: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens the channel of this name. None where the browser has none; then there is nobody to talk to.
    #[must_use]
    pub fn open(name: &str, heard: impl Fn(String) + 'static) -> Option<Self> {
        let inner = BroadcastChannel::new(name).ok()?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard(text);
            }
        });
        inner.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        Some(Self { inner, _heard: heard })
    }

    /// Says this to all other tabs.
    pub fn say(&self, text: &str) {
        // Fails only on a channel that was closed, which a drop alone does.
        drop(self.inner.post_message(&text.into()));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}
