//! The browser around the clients of a world: each client is a tab. Locks in the order in which they were asked for, words between tabs, and
//! whether anybody looks.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, VecDeque},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
};

use super::super::{
    LocalBoxFuture,
    io::{Held, Io, Talk},
};

/// Whoever asked for a lock, in order; the first has it.
type Line = VecDeque<(u64, Option<Waker>)>;
/// Whoever listens: to which channel, in which tab.
type Ear = (String, u64, Rc<dyn Fn(String)>);

#[derive(Clone, Default)]
pub(super) struct Browser(Rc<Inner>);

#[derive(Default)]
struct Inner {
    next: Cell<u64>,
    locks: RefCell<HashMap<String, Line>>,
    ears: RefCell<Vec<Ear>>,
    hidden: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

/// A place in the line for a lock; left when dropped.
struct Place(Browser, String, u64);

/// Somebody who listens until dropped.
struct Listening(Browser, u64);

impl Browser {
    /// Gives a tab what it has of its browser.
    pub(super) fn furnish(&self, io: Io) -> Io {
        let (locking, talking, waiting, looking) = (self.clone(), self.clone(), self.clone(), self.clone());
        Io {
            lock: Rc::new(move |name| locking.lock(name)),
            talk: Rc::new(move |name, heard| Some(talking.talk(name, heard.into()))),
            shown: Rc::new(move || {
                let browser = waiting.clone();
                Box::pin(async move { browser.shown().await })
            }),
            is_shown: Rc::new(move || !looking.0.hidden.get()),
            ..io
        }
    }

    /// Hides or shows all tabs.
    pub(super) fn hide(&self, hidden: bool) {
        self.0.hidden.set(hidden);
        self.0.waiting.take().into_iter().for_each(Waker::wake);
    }

    fn id(&self) -> u64 {
        self.0.next.replace(self.0.next.get() + 1)
    }

    async fn shown(&self) {
        poll_fn(|context| {
            if !self.0.hidden.get() {
                return Poll::Ready(());
            }
            self.0.waiting.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn lock(&self, name: &str) -> LocalBoxFuture<Held> {
        let place = Place(self.clone(), name.to_owned(), self.id());
        self.0.locks.borrow_mut().entry(name.to_owned()).or_default().push_back((place.2, None));
        Box::pin(async move {
            poll_fn(|context| {
                let mut locks = place.0.0.locks.borrow_mut();
                let line = locks.get_mut(&place.1).unwrap();
                if line.front().is_some_and(|(id, _)| *id == place.2) {
                    return Poll::Ready(());
                }
                line.iter_mut().find(|(id, _)| *id == place.2).unwrap().1 = Some(context.waker().clone());
                Poll::Pending
            })
            .await;
            Box::new(place) as Held
        })
    }

    fn talk(&self, name: &str, heard: Rc<dyn Fn(String)>) -> Talk {
        let listening = Listening(self.clone(), self.id());
        self.0.ears.borrow_mut().push((name.to_owned(), listening.1, heard));
        let name = name.to_owned();
        Talk {
            say: Box::new(move |text| {
                let ears = listening.0.0.ears.borrow().clone();
                for (channel, id, heard) in ears {
                    if channel == name && id != listening.1 {
                        heard(text.to_owned());
                    }
                }
            }),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let next = {
            let mut locks = self.0.0.locks.borrow_mut();
            let line = locks.get_mut(&self.1).unwrap();
            line.retain(|(id, _)| *id != self.2);
            line.front_mut().and_then(|(_, waker)| waker.take())
        };
        if let Some(waker) = next {
            waker.wake();
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.0.ears.borrow_mut().retain(|(_, id, _)| *id != self.1);
    }
}
