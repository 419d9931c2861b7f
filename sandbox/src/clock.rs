//! What time it is in the sandbox. Owns the offset that a test may set; everything else asks here and never the system.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// The system's time plus an offset that `POST /sandbox/clock` moves.
#[derive(Debug, Default)]
pub struct Clock {
    offset_milliseconds: AtomicI64,
}

impl Clock {
    /// A clock that shows `start` now and runs from there.
    #[must_use]
    pub fn starting_at(start: DateTime<Utc>) -> Self {
        let clock = Self::default();
        clock.set(start);
        clock
    }

    /// The present instant, in UTC.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::milliseconds(self.offset_milliseconds.load(Ordering::Relaxed))
    }

    /// Lets the clock show `instant` from now on.
    pub fn set(&self, instant: DateTime<Utc>) {
        self.offset_milliseconds.store((instant - Utc::now()).num_milliseconds(), Ordering::Relaxed);
    }

    /// Puts the clock forward, or back for a negative span.
    pub fn advance(&self, span: TimeDelta) {
        self.offset_milliseconds.fetch_add(span.num_milliseconds(), Ordering::Relaxed);
    }

    /// Lets the clock show the system's time again.
    pub fn follow_system(&self) {
        self.offset_milliseconds.store(0, Ordering::Relaxed);
    }
}
