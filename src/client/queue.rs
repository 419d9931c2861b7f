//! Who may send now. Owns the order in which requests leave, how many run at once in a lane, and pauses; leaves the reasons for a pause
//! to `convoke_core::graph`.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    rc::Rc,
    task::{Poll, Waker},
    time::Duration,
};

use convoke_core::graph::Lane;

use super::io::Io;

/// The lanes of one client. The older request goes first, also when it comes back to be repeated; one that weighs more than is free at the
/// head of a lane holds up those behind it, so that it is not starved.
#[derive(Clone)]
pub(crate) struct Queue {
    lanes: Rc<RefCell<Vec<(Lane, State)>>>,
    tickets: Rc<Cell<u64>>,
    width: usize,
}

#[derive(Default)]
struct State {
    running: usize,
    /// By the monotonic clock, in milliseconds.
    paused_until: f64,
    waiting: Vec<(u64, Option<Waker>)>,
}

/// What somebody at a lane's door is told.
enum Door {
    Enter,
    /// The lane is paused until then, and this one is first.
    PausedUntil(f64),
    Wait,
}

impl Queue {
    /// Lanes in which so many may run at once.
    pub(crate) fn new(width: usize) -> Self {
        Self { lanes: Rc::default(), tickets: Rc::default(), width: width.max(1) }
    }

    /// A place in the order, kept over repetitions.
    pub(crate) fn ticket(&self) -> u64 {
        self.tickets.replace(self.tickets.get() + 1)
    }

    /// Waits for permission to send. `weight` is how many the request counts for, at most the width.
    pub(crate) async fn acquire(&self, lane: &Lane, ticket: u64, weight: usize, io: &Io) -> Permit {
        let weight = weight.clamp(1, self.width);
        let place = Place { queue: self, lane, ticket };
        self.with(lane, |state| {
            let at = state.waiting.partition_point(|(other, _)| *other < ticket);
            state.waiting.insert(at, (ticket, None));
        });
        loop {
            let paused = poll_fn(|context| match self.knock(lane, ticket, weight, (io.now)().mono_ms, context.waker()) {
                Door::Enter => Poll::Ready(None),
                Door::PausedUntil(until) => Poll::Ready(Some(until)),
                Door::Wait => Poll::Pending,
            })
            .await;
            let Some(until) = paused else { break };
            let left = (until - (io.now)().mono_ms).max(1.0);
            (io.sleep)(Duration::try_from_secs_f64(left / 1000.0).unwrap_or(Duration::MAX)).await;
        }
        let permit = Permit { queue: self.clone(), lane: lane.clone(), weight };
        drop(place);
        permit
    }

    /// Lets nobody send in this lane for so long. A shorter pause does not end a longer one.
    pub(crate) fn pause(&self, lane: &Lane, pause: Duration, io: &Io) {
        let until = (io.now)().mono_ms + pause.as_secs_f64() * 1000.0;
        self.with(lane, |state| state.paused_until = state.paused_until.max(until));
    }

    /// Whether a pause has begun.
    pub(crate) fn is_paused(&self, lane: &Lane, io: &Io) -> bool {
        let now = (io.now)().mono_ms;
        self.with(lane, |state| state.paused_until > now)
    }

    fn knock(&self, lane: &Lane, ticket: u64, weight: usize, now: f64, waker: &Waker) -> Door {
        self.with(lane, |state| {
            let first = state.waiting.first().is_some_and(|(first, _)| *first == ticket);
            if first && state.paused_until > now {
                return Door::PausedUntil(state.paused_until);
            }
            if first && state.running + weight <= self.width {
                state.running += weight;
                return Door::Enter;
            }
            if let Some((_, waiting)) = state.waiting.iter_mut().find(|(other, _)| *other == ticket) {
                *waiting = Some(waker.clone());
            }
            Door::Wait
        })
    }

    /// Wakes whoever is first now.
    fn wake(&self, lane: &Lane) {
        let waker = self.with(lane, |state| state.waiting.first_mut().and_then(|(_, waker)| waker.take()));
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn with<T>(&self, lane: &Lane, work: impl FnOnce(&mut State) -> T) -> T {
        let mut lanes = self.lanes.borrow_mut();
        let index = lanes.iter().position(|(known, _)| known == lane).unwrap_or_else(|| {
            lanes.push((lane.clone(), State::default()));
            lanes.len() - 1
        });
        work(&mut lanes[index].1)
    }
}

/// A place in the line; left when dropped, whether to send or because somebody gave up.
struct Place<'a> {
    queue: &'a Queue,
    lane: &'a Lane,
    ticket: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.queue.with(self.lane, |state| state.waiting.retain(|(ticket, _)| *ticket != self.ticket));
        self.queue.wake(self.lane);
    }
}

/// Permission to send, given back when dropped.
pub(crate) struct Permit {
    queue: Queue,
    lane: Lane,
    weight: usize,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.queue.with(&self.lane, |state| state.running = state.running.saturating_sub(self.weight));
        self.queue.wake(&self.lane);
    }
}
