//! Messages between the pages of this origin. Owns the browser's BroadcastChannel; leaves what is said to the callers.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel that is listened to until it is dropped.
pub struct Channel {
    channel: BroadcastChannel,
    _listener: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Joins the channel of that name; none where there is no page or the browser has no channels. Only texts from this very origin are heard.
    #[must_use]
    pub fn join(name: &str, heard: impl Fn(String) + 'static) -> Option<Self> {
        // First: a channel that nobody closes would keep Node from ever ending.
        let own = web_sys::window()?.location().origin().ok()?;
        let channel = BroadcastChannel::new(name).ok()?;
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if event.origin() == own
                && let Some(text) = event.data().as_string()
            {
                heard(text);
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self { channel, _listener: listener })
    }

    /// Says something to all others. It is heard by who listens, and by nobody else.
    pub fn say(&self, text: &str) {
        // Fails only on a closed channel, and this one is open as long as it exists.
        let _ = self.channel.post_message(&text.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
