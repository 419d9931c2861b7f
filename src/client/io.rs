//! What the client needs from outside: an exchange, a timer, clocks, chance. Owns the bundle; leaves the browser's own to `browser::fetch`,
//! and lets tests put a scripted service with a clock of their own in its place.

use std::{pin::Pin, rc::Rc, time::Duration};

use convoke_core::{Error, auth::Moment};
use http::{Request, Response};

use crate::browser::fetch::{self, FetchOptions};

/// A boxed future on this thread.
pub type LocalBoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

/// Sends one request, with a limit in milliseconds.
type Exchange = Rc<dyn Fn(Request<Vec<u8>>, u32) -> LocalBoxFuture<Result<Response<Vec<u8>>, Error>>>;

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
        }
    }
}
