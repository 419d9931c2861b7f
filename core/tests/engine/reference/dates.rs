//! The dates of a recurrence, day by day.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::{Datelike, Duration, NaiveDate};
use convoke_core::schedule::{Index, PatternKind, RangeEnd, Recurrence};

/// The dates of a recurrence from a first possible one, day by day until `last`.
pub(crate) fn dates(recurrence: &Recurrence, start: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let interval = i64::from(recurrence.pattern.interval);
    let month_number = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
    // The first date that fits, whatever the interval: months and years count from it.
    let mut first = None;
    let mut dates = Vec::new();
    for date in start.iter_days().take_while(|date| *date <= last) {
        let listed = match &recurrence.pattern.kind {
            PatternKind::Daily => true,
            PatternKind::Weekly { days, .. } => days.contains(&date.weekday()),
            PatternKind::AbsoluteMonthly { day } => is_day(date, *day),
            PatternKind::AbsoluteYearly { month, day } => date.month() == *month && is_day(date, *day),
            PatternKind::RelativeMonthly { days, index } => is_nth(date, days, *index),
            PatternKind::RelativeYearly { month, days, index } => date.month() == *month && is_nth(date, days, *index),
        };
        if !listed {
            continue;
        }
        let first = *first.get_or_insert(date);
        let turn = match &recurrence.pattern.kind {
            PatternKind::Daily => (date - start).num_days(),
            PatternKind::Weekly { first_day, .. } => {
                let week = |date: NaiveDate| date - Duration::days(i64::from((7 + date.weekday() as u32 - *first_day as u32) % 7));
                (week(date) - week(start)).num_weeks()
            }
            PatternKind::AbsoluteMonthly { .. } | PatternKind::RelativeMonthly { .. } => month_number(date) - month_number(first),
            _ => i64::from(date.year() - first.year()),
        };
        if turn % interval == 0 {
            dates.push(date);
        }
    }
    match recurrence.range.end {
        RangeEnd::Never => {}
        RangeEnd::Date(end) => dates.retain(|date| *date <= end),
        RangeEnd::Count(count) => dates.truncate(count as usize),
    }
    dates
}

fn is_day(date: NaiveDate, day: u32) -> bool {
    let last_of_month = date.succ_opt().unwrap().month() != date.month();
    date.day() == day || last_of_month && date.day() < day
}

fn is_nth(date: NaiveDate, days: &[chrono::Weekday], index: Index) -> bool {
    let month = date.with_day(1).unwrap();
    let listed: Vec<NaiveDate> =
        month.iter_days().take_while(|day| day.month() == date.month()).filter(|day| days.contains(&day.weekday())).collect();
    let nth = match index {
        Index::First => 0,
        Index::Second => 1,
        Index::Third => 2,
        Index::Fourth => 3,
        Index::Last => listed.len() - 1,
    };
    listed.get(nth) == Some(&date)
}
