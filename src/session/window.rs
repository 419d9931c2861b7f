//! Signing in through a window. Owns what the page does while it is open (listen, notice that it looks closed, end at last), and what the
//! window does when the provider has sent it back; leaves whether its answer is ours to the core.

use super::Session;
use crate::browser::{
    channel::Channel,
    fetch, page,
    patience::within,
    popup::{self, Popup},
    storage::{self, Slot},
};
use convoke_core::{
    Error, ErrorCode,
    auth::{
        Answer,
        machine::{Event, Flow, Waiting},
    },
};
use std::{cell::Cell, rc::Rc, time::Duration};

/// A window that is shown.
pub(super) struct Showing {
    pub(super) popup: Popup,
    url: String,
    channel: Option<Channel>,
    waiting: Option<Waiting>,
}

/// What the page that awaits an answer says when it has come, so that the window can close.
const RECEIVED: &str = "received";
/// How often the window is looked at.
const GLANCE: Duration = Duration::from_millis(400);
/// After so many seconds of silence the person is asked what has become of it.
const SILENCE_S: f64 = 90.0;
/// After so many seconds its answer would not be believed any more.
const LIFE_S: f64 = 600.0;
/// How long the window waits to be told that its answer was received.
const PATIENCE: Duration = Duration::from_secs(3);

impl Showing {
    pub(super) fn new(popup: Popup) -> Self {
        Self { popup, url: String::new(), channel: None, waiting: None }
    }
}

impl Session {
    /// Opens the sign-in window once more, with the same request. Only in answer to a click or key.
    ///
    /// # Errors
    /// `popup-blocked`; `interaction-required` where no window is awaited.
    pub fn open_window_again(&self) -> Result<(), Error> {
        match &*self.0.showing.borrow() {
            Some(showing) => showing.popup.open_again(&showing.url)?,
            None => return Err(Error::new(ErrorCode::InteractionRequired, "No sign-in is under way.")),
        }
        self.window_is(Waiting::Open);
        Ok(())
    }

    /// Gives up the sign-in whose window is open. Its answer is not believed any more.
    pub fn cancel_sign_in(&self) {
        self.dispatch(Event::Stayed(Error::new(ErrorCode::UserCancelled, "You cancelled the sign-in.")));
    }

    pub(super) fn show(&self, url: String, channel: &str) -> Result<(), Error> {
        let weak = Rc::downgrade(&self.0);
        let joined = Channel::join(&channel_name(channel), move |text| {
            if let (Some(inner), Some(answer)) = (weak.upgrade(), Answer::from_window(&text)) {
                // Later, since the channel is closed with the answer, and this is the channel that speaks.
                page::spawn(async move { Session(inner).window_answered(answer) });
            }
        });
        let blocked = || Error::new(ErrorCode::PopupBlocked, "The sign-in window is gone. Try again, or sign in on this page.");
        {
            let mut showing = self.0.showing.borrow_mut();
            let showing = showing.as_mut().ok_or_else(blocked)?;
            showing.channel = Some(joined.ok_or_else(|| {
                Error::new(ErrorCode::Configuration, "This browser has no channels between windows. Sign in on this page instead.")
            })?);
            showing.popup.show(&url)?;
            showing.url = url;
        }
        self.window_is(Waiting::Open);
        let session = self.clone();
        page::spawn(async move { session.watch_over().await });
        Ok(())
    }

    fn window_answered(&self, answer: Answer) {
        if let Some(Showing { channel: Some(channel), .. }) = &*self.0.showing.borrow() {
            channel.say(RECEIVED);
        }
        self.dispatch(Event::Answered(answer, fetch::now()));
    }

    /// Looks at the window from time to time. That it looks closed proves nothing: a provider may have cut its tie to this page.
    async fn watch_over(&self) {
        let begun = fetch::now();
        let mut told = false;
        loop {
            fetch::sleep(GLANCE).await;
            let looks_closed = match &*self.0.showing.borrow() {
                Some(showing) => showing.popup.looks_closed(),
                None => return,
            };
            let seconds = fetch::now().seconds_since(begun);
            if seconds > LIFE_S {
                let message = "The sign-in window has not answered. Try again, or sign in on this page.";
                return self.dispatch(Event::Stayed(Error::new(ErrorCode::Timeout, message)));
            }
            let silent = seconds > SILENCE_S && !std::mem::replace(&mut told, seconds > SILENCE_S);
            if looks_closed || silent {
                self.window_is(Waiting::Unsure);
            }
        }
    }

    fn window_is(&self, waiting: Waiting) {
        let is_news = match &mut *self.0.showing.borrow_mut() {
            Some(showing) => showing.waiting.replace(waiting) != Some(waiting),
            None => false,
        };
        if is_news {
            self.tell_window(Some(waiting));
        }
    }

    /// Closes the window when nothing more is expected of it.
    pub(super) fn end_window(&self) {
        if matches!(self.0.state.borrow().flow(), Flow::Leaving(_)) {
            return;
        }
        let ended = self.0.showing.borrow_mut().take_if(|showing| showing.channel.is_some());
        if let Some(showing) = ended {
            showing.popup.close();
            self.tell_window(None);
        }
    }
}

/// In a window that the provider has sent back: hands the answer to the page that awaits it, then closes.
pub(super) async fn deliver(answer: &Answer) {
    let Some(name) = answer.channel() else { return };
    let received = Rc::new(Cell::new(false));
    let heard = Rc::clone(&received);
    let Some(channel) = Channel::join(&channel_name(name), move |text| heard.set(heard.get() || text == RECEIVED)) else { return };
    channel.say(&answer.to_fragment());
    let told = async {
        while !received.get() {
            fetch::sleep(Duration::from_millis(20)).await;
        }
    };
    if within(PATIENCE, told).await.is_some() {
        // A window that another page opens inherits a copy of its storage, which nobody needs here.
        for slot in [Slot::Pending, Slot::Session, Slot::Page] {
            storage::remove(slot);
        }
        popup::close_own();
    }
}

/// What such a window says where it could not close.
pub(super) fn delivered() -> Error {
    Error::new(ErrorCode::InteractionInProgress, "The sign-in goes on in the window where it began. You can close this one.")
}

fn channel_name(id: &str) -> String {
    ["convoke.", id].concat()
}
