//! Graph's `patternedRecurrence`. Owns its reading and its expansion; leaves whose calendar it is to others.

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use serde_json::Value;

use crate::{
    Error,
    model::DateTimeTimeZone,
    time::{LocalTime, Zones},
};

/// A pattern and how far it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    /// On which days.
    pub pattern: Pattern,
    /// From when until when.
    pub range: Range,
}

/// On which days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Which of the six.
    pub kind: PatternKind,
    /// Every so many days, weeks, months or years, at least 1.
    pub interval: u32,
}

/// Graph's six patterns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternKind {
    /// Every day.
    Daily,
    /// On these weekdays.
    Weekly {
        /// At least one.
        days: Vec<Weekday>,
        /// Where weeks begin, which matters every other week.
        first_day: Weekday,
    },
    /// On this day of the month, or its last.
    AbsoluteMonthly {
        /// 1 to 31.
        day: u32,
    },
    /// On one of these weekdays of the month.
    RelativeMonthly {
        /// At least one; counted together.
        days: Vec<Weekday>,
        /// Which of them.
        index: Index,
    },
    /// On this day of the year.
    AbsoluteYearly {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
    /// On one of these weekdays of a month of the year.
    RelativeYearly {
        /// 1 to 12.
        month: u32,
        /// At least one; counted together.
        days: Vec<Weekday>,
        /// Which of them.
        index: Index,
    },
}

/// Which of the month's weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Index {
    /// The first.
    #[default]
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The last.
    Last,
}

/// From when until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The first possible date; `None` where the caller sets it (the engine does, for each candidate).
    pub start_date: Option<NaiveDate>,
    /// How it ends.
    pub end: RangeEnd,
    /// The zone whose wall time is kept, an IANA or Windows name; `None`: the start's own.
    pub time_zone: Option<String>,
}

/// How a recurrence ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeEnd {
    /// It does not.
    Never,
    /// With this date, inclusive.
    Date(NaiveDate),
    /// After so many occurrences, at least 1.
    Count(u32),
}

/// One occurrence, as people in its zone see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// Start.
    pub start: LocalTime,
    /// End, exclusive.
    pub end: LocalTime,
}

impl Recurrence {
    /// Reads Graph's `patternedRecurrence`. Members that the pattern does not use are not looked at: Graph fills them with zeros.
    ///
    /// # Errors
    /// `invalid-request` that names the member, below `field`.
    pub fn from_json(value: &Value, field: &str) -> Result<Self, Error> {
        todo!()
    }
}

/// The occurrences that start in [from, to). `start` and `end` are those of the first occurrence: `range.start_date` gives the date, they
/// the time of day and the length in wall time.
///
/// # Errors
/// `invalid-request` that names the field: a start or end that is no date, a zone that nobody knows, no start date.
pub fn expand_recurrence(
    recurrence: &Recurrence,
    start: &DateTimeTimeZone,
    end: &DateTimeTimeZone,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    zones: &Zones,
) -> Result<Vec<Occurrence>, Error> {
    todo!()
}
