//! Who is told of what happens to a session. Owns the lists; leaves what there is to tell to the core and the other files here.

use super::{Change, Session, Waiting, page};
use convoke_core::Error;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

type OnChange = Rc<dyn Fn(&Change)>;
type OnWindow = Rc<dyn Fn(Option<Waiting>)>;
type OnTrouble = Rc<dyn Fn(&Error)>;

/// Everybody who wants to know something.
#[derive(Default)]
pub(super) struct Watchers {
    changes: RefCell<Vec<OnChange>>,
    window: RefCell<Option<OnWindow>>,
    trouble: RefCell<Option<OnTrouble>>,
    was_told: Cell<bool>,
}

impl Session {
    /// Tells of everything that changes: who comes, who goes, who is meant, whose session has ended.
    pub fn watch(&self, watcher: impl Fn(&Change) + 'static) {
        self.0.watchers.changes.borrow_mut().push(Rc::new(watcher));
    }

    /// Tells how an open sign-in window stands; none when there is none any more.
    pub fn watch_window(&self, watcher: impl Fn(Option<Waiting>) + 'static) {
        *self.0.watchers.window.borrow_mut() = Some(Rc::new(watcher));
    }

    /// Tells, once, that this browser keeps nothing for this page: what is signed in then lasts until the page is left. Without a watcher the
    /// console says so.
    pub fn watch_trouble(&self, watcher: impl Fn(&Error) + 'static) {
        *self.0.watchers.trouble.borrow_mut() = Some(Rc::new(watcher));
    }

    pub(super) fn tell_changes(&self, changes: &[Change]) {
        // A watcher may add another.
        let watchers = self.0.watchers.changes.borrow().clone();
        for change in changes {
            watchers.iter().for_each(|watcher| watcher(change));
        }
    }

    pub(super) fn tell_window(&self, waiting: Option<Waiting>) {
        let watcher = self.0.watchers.window.borrow().clone();
        if let Some(watcher) = watcher {
            watcher(waiting);
        }
    }

    pub(super) fn tell_not_kept(&self, error: &Error) {
        if self.0.watchers.was_told.replace(true) {
            return;
        }
        let watcher = self.0.watchers.trouble.borrow().clone();
        match watcher {
            Some(watcher) => watcher(error),
            None => page::warn(error.message()),
        }
    }
}
