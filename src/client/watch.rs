//! The browser's form of a webhook: what changes is asked for every now and then. Owns when, and which of several tabs asks; leaves what a
//! change is to `convoke_core::graph::Delta`.
//!
//! Nothing is asked while the page is hidden. Of the visible tabs that watch the same one asks, which the others see in a lock that they
//! wait for, and tells the others what it heard.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use convoke_core::{
    Error, ErrorCode,
    graph::{Change, Delta, DeltaProgress, Mailbox, Watched},
    json,
};
use serde_json::{Map, Value};

use super::{Abort, Client};

/// Not more often than this, whatever is asked for.
const SHORTEST: Duration = Duration::from_secs(5);
/// How often it is looked whether the page is still visible.
const SLICE: Duration = Duration::from_secs(5);

/// What is watched, and how.
#[derive(Debug, Clone)]
pub struct WatchOptions {
    /// What.
    pub watched: Watched,
    /// How long between two questions; at least 5 seconds.
    pub interval: Duration,
    /// A checkpoint to go on from. Without one the first round is silent.
    pub resume: Option<String>,
}

/// What a watch tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// Something happened.
    Change(Change),
    /// From here the watch can go on another time.
    Checkpoint(String),
    /// A round failed; the watch goes on.
    Error(Error),
}

/// What one tab knows of a watch.
struct Known {
    delta: RefCell<Delta>,
    /// This tab asks.
    leading: Cell<bool>,
    /// When anybody asked last, by the monotonic clock, in milliseconds.
    asked: Cell<f64>,
    report: Box<dyn Fn(Report)>,
}

impl Client {
    /// Watches until somebody gives up or the client is closed. A checkpoint that is none is an error, before anything is asked.
    pub async fn watch(&self, options: WatchOptions, abort: &Abort, report: impl Fn(Report) + 'static) -> Result<(), Error> {
        let hosts = &self.inner.hosts;
        let (name, resumed) = (self.watch_name(&options.watched), options.resume.is_some());
        let delta = match &options.resume {
            Some(checkpoint) => Delta::resume(options.watched, checkpoint, hosts)?,
            None => Delta::new(options.watched),
        };
        let known = Rc::new(Known {
            delta: RefCell::new(delta),
            leading: Cell::new(false),
            asked: Cell::new(f64::NEG_INFINITY),
            report: Box::new(report),
        });
        let (listener, client) = (Rc::clone(&known), self.clone());
        let talk = (self.inner.io.talk)(&name, Box::new(move |text| client.hear(&listener, &text)));
        let say = |text: &str| {
            if let Some(talk) = &talk {
                (talk.say)(text);
            }
        };
        let quiet = self.in_background();
        let interval = options.interval.max(SHORTEST);
        let ended = self.guarded(abort, quiet.keep_watching(&known, &name, interval, resumed, &say)).await;
        match ended {
            Err(error) if error.code() != ErrorCode::Aborted => Err(error),
            _ => Ok(()),
        }
    }

    async fn keep_watching(&self, known: &Known, name: &str, interval: Duration, resumed: bool, say: &dyn Fn(&str)) -> Result<(), Error> {
        let io = &self.inner.io;
        if resumed {
            // What came since then is this tab's own affair; others may watch already and have heard it.
            (io.shown)().await;
            self.ask(known, &|_| {}).await;
        }
        let mut failures = 0_u32;
        loop {
            (io.shown)().await;
            let turn = (io.lock)(name).await;
            known.leading.set(true);
            while (io.is_shown)() {
                let pause = interval.saturating_mul(1 << failures.min(4));
                // Tabs and people that began together need not go on together.
                let pause = pause.mul_f64(0.9 + 0.2 * (io.random)());
                let left = known.asked.get() + pause.as_secs_f64() * 1000.0 - (io.now)().mono_ms;
                if left > 0.0 {
                    (io.sleep)(Duration::try_from_secs_f64(left / 1000.0).unwrap_or(SLICE).min(SLICE)).await;
                    continue;
                }
                failures = if self.ask(known, say).await { 0 } else { failures + 1 };
            }
            known.leading.set(false);
            drop(turn);
        }
    }

    /// One round; false where it failed.
    async fn ask(&self, known: &Known, say: &dyn Fn(&str)) -> bool {
        let mut anew = false;
        let outcome = loop {
            let request = known.delta.borrow().request();
            let answer = self.repeat(&request, &mut super::Progress::default()).await;
            let mut delta = known.delta.borrow_mut();
            match answer.and_then(|answer| delta.accept(answer, &self.inner.hosts)) {
                Ok(DeltaProgress::More) => {}
                Ok(DeltaProgress::Done(changes)) => break Ok(changes),
                // Once in a round: a service that forgets at once will do so again.
                Err(error) if delta.forgotten(&error, &self.inner.hosts) && !anew => anew = true,
                Err(error) => break Err(error),
            }
        };
        known.asked.set((self.inner.io.now)().mono_ms);
        let good = outcome.is_ok();
        match outcome {
            Ok(changes) => {
                let checkpoint = known.delta.borrow().checkpoint().unwrap_or_default();
                say(&told(&changes, &checkpoint));
                changes.into_iter().map(Report::Change).for_each(&known.report);
                (known.report)(Report::Checkpoint(checkpoint));
            }
            Err(error) => (known.report)(Report::Error(error)),
        }
        good
    }

    /// Takes in what the tab that asks has told.
    fn hear(&self, known: &Known, text: &str) {
        let Some((changes, checkpoint)) = read(text).filter(|_| !known.leading.get()) else { return };
        let watched = known.delta.borrow().watched().clone();
        let Ok(delta) = Delta::resume(watched, &checkpoint, &self.inner.hosts) else { return };
        known.delta.replace(delta);
        known.asked.set((self.inner.io.now)().mono_ms);
        changes.into_iter().map(Report::Change).for_each(&known.report);
        (known.report)(Report::Checkpoint(checkpoint));
    }

    fn watch_name(&self, watched: &Watched) -> String {
        let mailbox = match &self.inner.context.mailbox {
            Mailbox::Me => "me",
            Mailbox::User(id) => id,
        };
        ["convoke watch ", self.inner.tabs.realm(), " ", mailbox, " ", &watched.name()].concat()
    }
}

/// Changes as words for other tabs.
fn told(changes: &[Change], checkpoint: &str) -> String {
    let entry = |change: &Change| {
        let (kind, item) = match change {
            Change::Created(item) => ("created", item),
            Change::Updated(item) => ("updated", item),
            Change::Deleted(item) => ("deleted", item),
        };
        Value::Object(Map::from_iter([(kind.to_owned(), item.clone())]))
    };
    let said = [("changes".to_owned(), changes.iter().map(entry).collect::<Value>()), ("checkpoint".to_owned(), checkpoint.into())];
    json::write(&Value::Object(Map::from_iter(said)))
}

fn read(text: &str) -> Option<(Vec<Change>, String)> {
    let Ok(Value::Object(mut said)) = serde_json::from_str::<Value>(text) else { return None };
    let (Some(Value::Array(changes)), Some(Value::String(checkpoint))) = (said.remove("changes"), said.remove("checkpoint")) else {
        return None;
    };
    let change = |entry: Value| {
        let Value::Object(entry) = entry else { return None };
        let (kind, item) = entry.into_iter().next()?;
        Some(match kind.as_str() {
            "created" => Change::Created(item),
            "updated" => Change::Updated(item),
            "deleted" => Change::Deleted(item),
            _ => return None,
        })
    };
    Some((changes.into_iter().filter_map(change).collect(), checkpoint))
}
