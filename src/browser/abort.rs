//! Giving up: a handle that ends whatever runs under it. Owns the waking of those who wait; leaves what ends to them. All but [`Abort::of`]
//! works without a browser.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    pin::pin,
    rc::Rc,
    task::{Poll, Waker},
};

use convoke_core::{Error, ErrorCode};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::AbortSignal;

/// A handle for giving up, e.g. on a search that a newer one supersedes. Clones share it.
#[derive(Clone, Default)]
pub struct Abort(Rc<Inner>);

#[derive(Default)]
struct Inner {
    aborted: Cell<bool>,
    next: Cell<u64>,
    waiting: RefCell<Vec<(u64, Waker)>>,
    listener: RefCell<Option<Listener>>,
}

struct Listener {
    signal: AbortSignal,
    closure: Closure<dyn FnMut()>,
}

impl Abort {
    /// A handle on which nobody has given up yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A handle that follows JavaScript's own.
    #[must_use]
    pub fn of(signal: &AbortSignal) -> Self {
        let abort = Self::new();
        if signal.aborted() {
            abort.abort();
            return abort;
        }
        let weak = Rc::downgrade(&abort.0);
        let closure = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).abort();
            }
        });
        // A signal that cannot be listened to is not one of the browser's; the work then simply runs to its end.
        if signal.add_event_listener_with_callback("abort", closure.as_ref().unchecked_ref()).is_ok() {
            *abort.0.listener.borrow_mut() = Some(Listener { signal: signal.clone(), closure });
        }
        abort
    }

    /// Gives up. Again has no effect.
    pub fn abort(&self) {
        self.0.aborted.set(true);
        for (_, waker) in self.0.waiting.take() {
            waker.wake();
        }
    }

    /// Whether somebody has given up.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.0.aborted.get()
    }

    /// Runs the work unless, or until, somebody gives up: then it is dropped where it stands, with the error `aborted`.
    pub async fn guard<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let mut work = pin!(work);
        let place = Place { abort: self, id: self.0.next.replace(self.0.next.get() + 1) };
        poll_fn(|context| {
            if self.is_aborted() {
                return Poll::Ready(Err(Error::new(ErrorCode::Aborted, "Given up.")));
            }
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Ok(done));
            }
            // The work itself may have given up meanwhile.
            if self.is_aborted() {
                context.waker().wake_by_ref();
            } else {
                place.wait(context.waker());
            }
            Poll::Pending
        })
        .await
    }
}

/// Somebody's place among those who wait; left when dropped.
struct Place<'a> {
    abort: &'a Abort,
    id: u64,
}

impl Place<'_> {
    fn wait(&self, waker: &Waker) {
        let mut waiting = self.abort.0.waiting.borrow_mut();
        match waiting.iter_mut().find(|(id, _)| *id == self.id) {
            Some((_, known)) => known.clone_from(waker),
            None => waiting.push((self.id, waker.clone())),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.abort.0.waiting.borrow_mut().retain(|(id, _)| *id != self.id);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Nothing is lost where it fails: the closure upgrades a weak pointer that is dead by then.
        drop(self.signal.remove_event_listener_with_callback("abort", self.closure.as_ref().unchecked_ref()));
    }
}
