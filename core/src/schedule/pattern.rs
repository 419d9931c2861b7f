//! The dates of Graph's six patterns. Owns the arithmetic of days, weeks, months and years; leaves ranges and times of day to `recurrence`.
//! Source: the `recurrencePattern` resource of Microsoft Graph v1.0; what it leaves open is settled here in the comments.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::{Index, Pattern, PatternKind, availability::invalid};
use crate::{Error, time::week_start};

impl Pattern {
    /// # Errors
    /// `invalid-request` that names the member below `field`.
    pub(super) fn check(&self, field: &str) -> Result<(), Error> {
        let refuse = |member, problem| Err(invalid(&[field, ".pattern.", member], problem));
        if self.interval < 1 {
            return refuse("interval", " must be at least 1");
        }
        match &self.kind {
            PatternKind::Weekly { days, .. } | PatternKind::RelativeMonthly { days, .. } | PatternKind::RelativeYearly { days, .. }
                if days.is_empty() =>
            {
                refuse("daysOfWeek", " must name at least one day")
            }
            PatternKind::AbsoluteMonthly { day } | PatternKind::AbsoluteYearly { day, .. } if !(1..=31).contains(day) => {
                refuse("dayOfMonth", " must lie in 1 to 31")
            }
            PatternKind::AbsoluteYearly { month, .. } | PatternKind::RelativeYearly { month, .. } if !(1..=12).contains(month) => {
                refuse("month", " must lie in 1 to 12")
            }
            _ => Ok(()),
        }
    }

    /// The pattern's one date in the month that begins with `first`; `None` for the patterns of days and weeks.
    fn in_month(&self, first: NaiveDate) -> Option<NaiveDate> {
        match &self.kind {
            PatternKind::AbsoluteMonthly { day } | PatternKind::AbsoluteYearly { day, .. } => {
                // A shorter month has its last day instead.
                first.with_day((*day).min(days_in_month(first)))
            }
            PatternKind::RelativeMonthly { days, index } | PatternKind::RelativeYearly { days, index, .. } => {
                let listed = |date: &NaiveDate| days.contains(&date.weekday());
                let mut dates = (1..=days_in_month(first)).filter_map(|day| first.with_day(day)).filter(listed);
                match index {
                    Index::First => dates.next(),
                    Index::Second => dates.nth(1),
                    Index::Third => dates.nth(2),
                    Index::Fourth => dates.nth(3),
                    Index::Last => dates.next_back(),
                }
            }
            PatternKind::Daily | PatternKind::Weekly { .. } => None,
        }
    }
}

fn days_in_month(first: NaiveDate) -> u32 {
    (28..=31).rev().find(|day| first.with_day(*day).is_some()).unwrap_or(28)
}

/// A pattern's dates from a first possible one, in order, until the calendar ends.
pub(super) struct Dates<'a> {
    pattern: &'a Pattern,
    start: NaiveDate,
    /// The first day of the period that is read next: a day, a week, or a month.
    period: Option<NaiveDate>,
    /// The weekday in that week that is looked at next.
    weekday: u32,
}

impl<'a> Dates<'a> {
    pub(super) fn new(pattern: &'a Pattern, start: NaiveDate) -> Self {
        let first_of_month = start.with_day(1);
        let period = match &pattern.kind {
            PatternKind::Daily => Some(start),
            PatternKind::Weekly { first_day, .. } => Some(week_start(start, *first_day)),
            // Every so many months, or years, counts from the first one whose date is not before the start.
            PatternKind::AbsoluteMonthly { .. } | PatternKind::RelativeMonthly { .. } => first_of_month.and_then(|month| {
                let fits = pattern.in_month(month).is_some_and(|date| date >= start);
                if fits { Some(month) } else { month.checked_add_months(Months::new(1)) }
            }),
            PatternKind::AbsoluteYearly { month, .. } | PatternKind::RelativeYearly { month, .. } => {
                let in_year = first_of_month.and_then(|first| first.with_month(*month));
                in_year.and_then(|month| {
                    let fits = pattern.in_month(month).is_some_and(|date| date >= start);
                    if fits { Some(month) } else { month.checked_add_months(Months::new(12)) }
                })
            }
        };
        Self { pattern, start, period, weekday: 0 }
    }

    fn next_in_week(&mut self, days: &[Weekday]) -> Option<NaiveDate> {
        loop {
            let week = self.period?;
            while self.weekday < 7 {
                let date = week.checked_add_days(Days::new(self.weekday.into()))?;
                self.weekday += 1;
                if date >= self.start && days.contains(&date.weekday()) {
                    return Some(date);
                }
            }
            self.weekday = 0;
            self.period = week.checked_add_days(Days::new(7 * u64::from(self.pattern.interval)));
        }
    }
}

impl Iterator for Dates<'_> {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        let interval = self.pattern.interval;
        match &self.pattern.kind {
            PatternKind::Weekly { days, .. } => self.next_in_week(days),
            PatternKind::Daily => {
                let date = self.period?;
                self.period = date.checked_add_days(Days::new(interval.into()));
                Some(date)
            }
            kind => {
                let yearly = matches!(kind, PatternKind::AbsoluteYearly { .. } | PatternKind::RelativeYearly { .. });
                let month = self.period?;
                self.period = month.checked_add_months(Months::new(interval.saturating_mul(if yearly { 12 } else { 1 })));
                self.pattern.in_month(month)
            }
        }
    }
}
