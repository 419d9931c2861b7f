//! Graph's `patternedRecurrence`. Owns its types and its expansion; leaves dates to `pattern` and reading to `recurrence_json`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc, Weekday};

use super::{availability::invalid, pattern::Dates};
use crate::{
    Error,
    model::DateTimeTimeZone,
    time::{LocalTime, Zone, Zones, instant_of, parse_local},
};

/// No expansion answers with more: a daily series of two centuries and a half.
const MOST_OCCURRENCES: usize = 100_000;

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

/// The occurrences that start in [from, to). `start` and `end` are those of the first occurrence: `range.start_date` gives the date, they
/// the time of day and the length in wall time.
///
/// # Errors
/// `invalid-request` that names the field: a start or end that is no date, a zone that nobody knows, no start date, a `to` before which
/// there are more than a hundred thousand occurrences.
pub fn expand_recurrence(
    recurrence: &Recurrence,
    start: &DateTimeTimeZone,
    end: &DateTimeTimeZone,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    zones: &Zones,
) -> Result<Vec<Occurrence>, Error> {
    let range = &recurrence.range;
    let date = range.start_date.ok_or_else(|| invalid(&["recurrence.range.startDate"], " is missing"))?;
    let zone = match &range.time_zone {
        Some(name) => zones.get(name).ok_or_else(|| invalid(&["recurrence.range.recurrenceTimeZone"], NO_ZONE))?,
        None => zones.get(&start.time_zone).ok_or_else(|| invalid(&["start.timeZone"], NO_ZONE))?,
    };
    let start = wall(start, "start", &zone, zones)?;
    let end = wall(end, "end", &zone, zones)?;
    let length = end - start;
    let mut occurrences = Vec::new();
    for date in Series::new(recurrence, "recurrence")?.dates(date) {
        let start = date.and_time(start.time());
        let starts = zone.resolve(start).instant;
        if starts >= to {
            break;
        }
        if starts >= from {
            if occurrences.len() == MOST_OCCURRENCES {
                return Err(invalid(
                    &["to"],
                    " is so far from the first occurrence that there are more than 100000; ask for less at a time",
                ));
            }
            let ends = start.checked_add_signed(length).map_or(starts, |end| zone.resolve(end).instant);
            // A start that was shifted out of a gap may pass its end; the length then holds instead.
            let ends = if ends < starts { starts + length.max(TimeDelta::zero()) } else { ends };
            occurrences.push(Occurrence { start: LocalTime::of(starts, &zone), end: LocalTime::of(ends, &zone) });
        }
    }
    Ok(occurrences)
}

/// What the clock of the recurrence's zone shows at a start or end. Graph gives these in whatever zone was asked for, so another zone is
/// converted; where it names none, the wall time is the recurrence's own.
fn wall(value: &DateTimeTimeZone, field: &str, zone: &Zone, zones: &Zones) -> Result<NaiveDateTime, Error> {
    let resolved = instant_of(value, zones).ok_or_else(|| invalid(&[field, ".dateTime"], " is not a date and time"))?;
    match (resolved.unknown_zone, parse_local(&value.date_time)) {
        (true, Some(local)) if value.time_zone.trim().is_empty() => Ok(local),
        (true, _) => Err(invalid(&[field, ".timeZone"], NO_ZONE)),
        (false, _) => Ok(zone.local(resolved.instant)),
    }
}

const NO_ZONE: &str = " is no time zone that is known here";

impl Recurrence {
    /// The first date of the recurrence at or after a date; none where the range ends before it. The pattern is taken as it is: one that
    /// makes no sense is refused where it is read.
    #[must_use]
    pub fn first_date(&self, from: NaiveDate) -> Option<NaiveDate> {
        Series { recurrence: self }.dates(from).next()
    }
}

/// A recurrence that is known to make sense.
pub(super) struct Series<'a> {
    pub(super) recurrence: &'a Recurrence,
}

impl<'a> Series<'a> {
    /// # Errors
    /// `invalid-request` that names the member below `field`.
    pub(super) fn new(recurrence: &'a Recurrence, field: &str) -> Result<Self, Error> {
        recurrence.pattern.check(field)?;
        match recurrence.range.end {
            RangeEnd::Count(0) => Err(invalid(&[field, ".range.numberOfOccurrences"], " must be at least 1")),
            _ => Ok(Self { recurrence }),
        }
    }

    /// The dates from a first possible one, as far as the range goes.
    pub(super) fn dates(&self, start: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        let (last, count) = match self.recurrence.range.end {
            RangeEnd::Never => (NaiveDate::MAX, usize::MAX),
            RangeEnd::Date(last) => (last, usize::MAX),
            RangeEnd::Count(count) => (NaiveDate::MAX, count as usize),
        };
        Dates::new(&self.recurrence.pattern, start).take_while(move |date| *date <= last).take(count)
    }
}
