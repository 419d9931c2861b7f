//! One time zone as a table of its changes. Owns wall time ↔ instant with gaps and overlaps; leaves names to `zones` and Graph's own
//! rules to `custom`.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::sort::sort_by_key;

/// No offset is longer than a day: what is given beyond is cut, so that a search around an instant stays bounded.
const LIMIT: i32 = 24 * 3600;

/// One change of a zone's offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// When, in seconds since the epoch.
    pub at: i64,
    /// Seconds east of UTC until then.
    pub before: i32,
    /// Seconds east of UTC from then on.
    pub after: i32,
}

impl Transition {
    /// When.
    #[must_use]
    pub fn instant(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.at, 0).unwrap_or_default()
    }

    /// Whether wall times are left out (the clock goes forward); else they come twice.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        self.after > self.before
    }
}

/// A time zone: a name, the offset before the first change, and every change that the table knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: String,
    initial: i32,
    transitions: Vec<Transition>,
}

/// What a wall time means in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The instant; the earlier one where the wall time happens twice, shifted forward by the gap's length where it never happens.
    pub instant: DateTime<Utc>,
    /// The wall time happens twice.
    pub ambiguous: bool,
    /// The wall time never happens.
    pub gap: bool,
}

impl Zone {
    /// A zone from its table: the offset that holds before the first change, then (instant in seconds since the epoch, offset from then
    /// on), all offsets in seconds east of UTC. Changes are sorted here; those that change nothing are dropped.
    #[must_use]
    pub fn new(name: impl Into<String>, initial_offset_seconds: i32, mut changes: Vec<(i64, i32)>) -> Self {
        let initial = initial_offset_seconds.clamp(-LIMIT, LIMIT);
        sort_by_key(&mut changes, |change| change.0);
        let mut transitions: Vec<Transition> = Vec::with_capacity(changes.len());
        let mut before = initial;
        for (at, offset) in changes {
            let after = offset.clamp(-LIMIT, LIMIT);
            if after != before {
                transitions.push(Transition { at, before, after });
                before = after;
            }
        }
        Self { name: name.into(), initial, transitions }
    }

    /// Coordinated universal time, under the name `UTC`.
    #[must_use]
    pub fn utc() -> Self {
        Self::fixed("UTC", 0)
    }

    /// A zone that never changes, in seconds east of UTC.
    #[must_use]
    pub fn fixed(name: impl Into<String>, offset_seconds: i32) -> Self {
        Self::new(name, offset_seconds, Vec::new())
    }

    /// Its IANA name, or Graph's name of a custom zone.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seconds east of UTC at an instant.
    #[must_use]
    pub fn offset_at(&self, instant: DateTime<Utc>) -> i32 {
        let second = instant.timestamp();
        match self.transitions.partition_point(|change| change.at <= second) {
            0 => self.initial,
            after => self.transitions[after - 1].after,
        }
    }

    /// The wall time at an instant.
    #[must_use]
    pub fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        shift(instant.naive_utc(), i64::from(self.offset_at(instant)))
    }

    /// The instant of a wall time: shifted forward in a gap, the earlier one where it happens twice.
    #[must_use]
    pub fn resolve(&self, local: NaiveDateTime) -> Resolved {
        let (early, late, gap) = self.search(local);
        Resolved { instant: early, ambiguous: early != late, gap }
    }

    /// The same, but the later instant where the wall time happens twice.
    #[must_use]
    pub fn resolve_late(&self, local: NaiveDateTime) -> DateTime<Utc> {
        self.search(local).1
    }

    /// The changes from `from` (inclusive) until `to` (exclusive), in order.
    #[must_use]
    pub fn transitions_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> &[Transition] {
        let start = self.transitions.partition_point(|change| change.at < from.timestamp());
        let end = self.transitions.partition_point(|change| change.at < to.timestamp());
        self.transitions.get(start..end).unwrap_or_default()
    }

    /// The earliest and the latest instant that show this wall time, and whether there was none.
    fn search(&self, local: NaiveDateTime) -> (DateTime<Utc>, DateTime<Utc>, bool) {
        let wall = local.and_utc().timestamp();
        let reach = i64::from(LIMIT);
        let from = self.transitions.partition_point(|change| change.at < wall - reach);
        let to = self.transitions.partition_point(|change| change.at <= wall + reach);
        let mut offset = if from == 0 { self.initial } else { self.transitions[from - 1].after };
        let mut since = i64::MIN;
        let mut shown: Option<(i32, i32)> = None;
        let mut skipped = None;
        let mut note = |offset: i32| shown = Some((shown.map_or(offset, |first| first.0), offset));
        for change in &self.transitions[from..to] {
            let instant = wall - i64::from(offset);
            if since <= instant && instant < change.at {
                note(offset);
            }
            if change.at + i64::from(change.before) <= wall && wall < change.at + i64::from(change.after) {
                skipped = Some(change.before);
            }
            since = change.at;
            offset = change.after;
        }
        if since <= wall - i64::from(offset) {
            note(offset);
        }
        let instant = |offset: i32| shift(local, -i64::from(offset)).and_utc();
        match (shown, skipped) {
            (Some((early, late)), _) => (instant(early), instant(late), false),
            (None, before) => {
                let shifted = instant(before.unwrap_or(offset));
                (shifted, shifted, true)
            }
        }
    }
}

/// Adds seconds; stays where it is at the ends of the calendar.
fn shift(time: NaiveDateTime, seconds: i64) -> NaiveDateTime {
    TimeDelta::try_seconds(seconds).and_then(|delta| time.checked_add_signed(delta)).unwrap_or(time)
}
