//! What the client needs from outside: an exchange, a timer, clocks, chance, the page and the other tabs. Owns the bundle; leaves the browser's
//! own to `browser`, and lets tests put a scripted service with a clock of their own in its place.

use std::{any::Any, pin::Pin, rc::Rc, time::Duration};

use convoke_core::{Error, auth::Moment};
use http::{Request, Response};

use crate::browser::{
    channel::Channel,
    fetch::{self, FetchOptions},
    lock, page,
};

/// A boxed future on this thread.
pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Sends one request, with a limit in milliseconds.
type Exchange = Rc<dyn Fn(Request<Vec<u8>>, u32) -> LocalBoxFuture<Result<Response<Vec<u8>>, Error>>>;

/// Waits for a lock by its name.
type Locking = Rc<dyn Fn(&str) -> LocalBoxFuture<Held>>;

/// Opens a channel by its name, with an ear for it.
type Talking = Rc<dyn Fn(&str, Box<dyn Fn(String)>) -> Option<Talk>>;

/// Something that is given back when dropped.
pub(crate) type Held = Box<dyn Any>;

/// A way to talk to the other tabs; open until dropped.
pub(crate) struct Talk {
    /// Says this to all others.
    pub(crate) say: Box<dyn Fn(&str)>,
}

/// The outside world.
#[derive(Clone)]
pub(crate) struct Io {
    /// One exchange.
    pub(crate) send: Exchange,
    /// A timer.
    pub(crate) sleep: Rc<dyn Fn(Duration) -> LocalBoxFuture<()>>,
    /// The present.
    pub(crate) now: Rc<dyn Fn() -> Moment>,
    /// A number in 0..1.
    pub(crate) random: Rc<dyn Fn() -> f64>,
    /// Waits for the lock of this name, over all tabs; whoever asked first has it first.
    pub(crate) lock: Locking,
    /// Opens the channel of this name; what the others say is handed over. None where there are no others.
    pub(crate) talk: Talking,
    /// Waits until somebody can see the page.
    pub(crate) shown: Rc<dyn Fn() -> LocalBoxFuture<()>>,
    /// Whether somebody can see the page.
    pub(crate) is_shown: Rc<dyn Fn() -> bool>,
}

impl Io {
    /// The browser's.
    pub(crate) fn browser() -> Self {
        Self {
            send: Rc::new(|request, timeout_ms| {
                Box::pin(async move { fetch::send(request, &FetchOptions { timeout_ms, signal: None }).await })
            }),
            sleep: Rc::new(|duration| Box::pin(fetch::sleep(duration))),
            now: Rc::new(fetch::now),
            random: Rc::new(fetch::random),
            lock: Rc::new(|name| {
                let name = name.to_owned();
                // A browser without locks limits each tab by itself.
                Box::pin(async move { Box::new(lock::lock(&name).await) as Held })
            }),
            talk: Rc::new(|name, heard| {
                let channel = Channel::join(name, heard)?;
                Some(Talk { say: Box::new(move |text| channel.say(text)) })
            }),
            shown: Rc::new(|| Box::pin(page::shown())),
            is_shown: Rc::new(page::is_visible),
        }
    }
}
