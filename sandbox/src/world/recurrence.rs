//! Recurrence patterns and their dates (Graph: recurrencePattern, recurrenceRange). Owns which dates a series falls on; leaves wall times,
//! exceptions and zones to `occurrences`.

use chrono::{Datelike, Duration, Months, NaiveDate, Weekday};

use super::wire::{PatternKind, RangeKind, WeekIndex};

/// A series longer than this is cut off: Exchange does not expand past it either, and nothing here may run without end.
const MAX_PERIODS: u32 = 40_000;

/// How a series repeats and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recurrence {
    pub(crate) pattern: Pattern,
    pub(crate) range: Range,
}

/// Which dates a series falls on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub(crate) kind: PatternKind,
    /// In days, weeks, months or years; at least 1.
    pub(crate) interval: u32,
    /// 1-12, of the yearly patterns.
    pub(crate) month: u32,
    /// 1-31, of the absolute patterns.
    pub(crate) day_of_month: u32,
    /// Of the weekly and relative patterns, in the order given.
    pub(crate) days_of_week: Vec<Weekday>,
    pub(crate) first_day_of_week: Weekday,
    pub(crate) index: WeekIndex,
}

/// From when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) kind: RangeKind,
    pub(crate) start: NaiveDate,
    /// Inclusive; of `endDate` alone.
    pub(crate) end: Option<NaiveDate>,
    /// Of `numbered` alone: real occurrences.
    pub(crate) count: u32,
    /// `recurrenceTimeZone` as given; else the event's zone.
    pub(crate) zone: Option<String>,
}

impl Recurrence {
    /// The dates of the series in order, from its first to `until` (inclusive).
    pub(crate) fn dates(&self, until: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        let last = self.range.end.filter(|_| self.range.kind == RangeKind::EndDate).map_or(until, |end| end.min(until));
        let count = if self.range.kind == RangeKind::Numbered { self.range.count as usize } else { usize::MAX };
        (0..MAX_PERIODS)
            .map_while(|period| self.pattern.period(self.range.start, period))
            .take_while(move |period| period.first_possible <= last)
            .flat_map(|period| period.dates)
            .skip_while(|date| *date < self.range.start)
            .take(count)
            .take_while(move |date| *date <= last)
    }

    /// Whether the series falls on this date.
    pub(crate) fn includes(&self, date: NaiveDate) -> bool {
        self.dates(date).last() == Some(date)
    }

    /// The series' first date, which may be after `range.start`; `None` if it never happens.
    pub(crate) fn first(&self) -> Option<NaiveDate> {
        self.dates(self.range.start + Months::new(12 * 12)).next()
    }
}

/// One day, week, month or year of a pattern.
struct Period {
    /// No date of this and later periods is before it.
    first_possible: NaiveDate,
    dates: Vec<NaiveDate>,
}

impl Pattern {
    fn period(&self, start: NaiveDate, number: u32) -> Option<Period> {
        let step = number.checked_mul(self.interval.max(1))?;
        match self.kind {
            PatternKind::Daily => {
                let date = start.checked_add_signed(Duration::days(i64::from(step)))?;
                Some(Period { first_possible: date, dates: vec![date] })
            }
            PatternKind::Weekly => {
                let into_week = (7 + start.weekday().num_days_from_monday() - self.first_day_of_week.num_days_from_monday()) % 7;
                let week = start.checked_add_signed(Duration::days(i64::from(step) * 7 - i64::from(into_week)))?;
                let dates =
                    (0..7).map(|day| week + Duration::days(day)).filter(|date| self.days_of_week.contains(&date.weekday())).collect();
                Some(Period { first_possible: week, dates })
            }
            PatternKind::AbsoluteMonthly | PatternKind::RelativeMonthly => {
                // The pattern counts from its first real occurrence: the documentation's first Thursday of every second month, from
                // 29 August, begins in September.
                let this_month = start.with_day(1)?;
                let late = u32::from(self.in_month(this_month).is_none_or(|date| date < start));
                let month = this_month.checked_add_months(Months::new(step.checked_add(late)?))?;
                Some(Period { first_possible: month, dates: self.in_month(month).into_iter().collect() })
            }
            PatternKind::AbsoluteYearly | PatternKind::RelativeYearly => {
                let this_year = NaiveDate::from_ymd_opt(start.year(), self.month, 1)?;
                let late = u32::from(self.in_month(this_year).is_none_or(|date| date < start));
                let month = this_year.checked_add_months(Months::new(step.checked_add(late)?.checked_mul(12)?))?;
                Some(Period { first_possible: month, dates: self.in_month(month).into_iter().collect() })
            }
        }
    }

    /// The pattern's one date in a month (`first` is the month's first day). Day 29-31 in a shorter month is its last day: the
    /// documentation is silent, Exchange is known to do so.
    fn in_month(&self, first: NaiveDate) -> Option<NaiveDate> {
        let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
        if matches!(self.kind, PatternKind::AbsoluteMonthly | PatternKind::AbsoluteYearly) {
            return first.with_day(self.day_of_month.clamp(1, last.day()));
        }
        // Several days count as one set, of which the index picks the first (second, …, last) that satisfies.
        let days = (1..=last.day()).filter_map(|day| first.with_day(day));
        let mut fitting = days.filter(|date| self.days_of_week.contains(&date.weekday()));
        match self.index {
            WeekIndex::First => fitting.next(),
            WeekIndex::Second => fitting.nth(1),
            WeekIndex::Third => fitting.nth(2),
            WeekIndex::Fourth => fitting.nth(3),
            WeekIndex::Last => fitting.next_back(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn series(kind: PatternKind, start: &str) -> Recurrence {
        let start = date(start);
        let pattern = Pattern {
            kind,
            interval: 1,
            month: start.month(),
            day_of_month: start.day(),
            days_of_week: vec![start.weekday()],
            first_day_of_week: Weekday::Sun,
            index: WeekIndex::First,
        };
        Recurrence { pattern, range: Range { kind: RangeKind::NoEnd, start, end: None, count: 0, zone: None } }
    }

    fn check(series: &Recurrence, until: &str, expected: &[&str]) {
        let dates: Vec<String> = series.dates(date(until)).map(|date| date.to_string()).collect();
        assert_eq!(dates, expected);
    }

    #[test]
    fn first_thursday_every_two_months_starts_after_the_range() {
        // The documentation's own example: startDate 2017-08-29, first occurrence in September.
        let mut monthly = series(PatternKind::RelativeMonthly, "2017-08-29");
        monthly.pattern.days_of_week = vec![Weekday::Thu];
        monthly.pattern.interval = 2;
        check(&monthly, "2018-01-01", &["2017-09-07", "2017-11-02"]);
    }

    #[test]
    fn weekly_until_an_end_date_that_is_no_occurrence() {
        let mut weekly = series(PatternKind::Weekly, "2017-12-04");
        weekly.range.kind = RangeKind::EndDate;
        weekly.range.end = Some(date("2017-12-31"));
        check(&weekly, "2018-06-01", &["2017-12-04", "2017-12-11", "2017-12-18", "2017-12-25"]);
    }

    #[test]
    fn the_first_day_of_the_week_decides_which_days_share_a_fortnight() {
        // RFC 5545's WKST example: every other week on Tuesday and Sunday, four times.
        let mut weekly = series(PatternKind::Weekly, "1997-08-05");
        weekly.pattern.interval = 2;
        weekly.pattern.days_of_week = vec![Weekday::Tue, Weekday::Sun];
        weekly.range.kind = RangeKind::Numbered;
        weekly.range.count = 4;
        weekly.pattern.first_day_of_week = Weekday::Mon;
        check(&weekly, "1999-01-01", &["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]);
        weekly.pattern.first_day_of_week = Weekday::Sun;
        check(&weekly, "1999-01-01", &["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]);
    }

    #[test]
    fn day_31_is_the_last_day_of_short_months() {
        let monthly = series(PatternKind::AbsoluteMonthly, "2026-01-31");
        check(&monthly, "2026-04-30", &["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
    }

    #[test]
    fn relative_months_happen_once_even_with_several_days() {
        let mut monthly = series(PatternKind::RelativeMonthly, "2026-11-01");
        monthly.pattern.days_of_week = vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
        monthly.pattern.index = WeekIndex::Last;
        check(&monthly, "2027-01-31", &["2026-11-30", "2026-12-31", "2027-01-29"]);
    }

    #[test]
    fn yearly_patterns() {
        let absolute = series(PatternKind::AbsoluteYearly, "2024-02-29");
        check(&absolute, "2026-12-31", &["2024-02-29", "2025-02-28", "2026-02-28"]);
        let mut relative = series(PatternKind::RelativeYearly, "2025-11-01");
        relative.pattern.days_of_week = vec![Weekday::Thu];
        relative.pattern.index = WeekIndex::Fourth;
        check(&relative, "2026-12-31", &["2025-11-27", "2026-11-26"]);
    }
}
