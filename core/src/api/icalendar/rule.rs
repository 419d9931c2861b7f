//! Recurrence rules (RFC 5545, section 3.3.10). Owns saying Graph's six patterns as `RRULE`; leaves which dates these are to `schedule`.

use chrono::Weekday;

use crate::schedule::{Index, Pattern, PatternKind, RangeEnd, Recurrence};

/// The rule, for a DTSTART that is the first date of the recurrence. `until` is the end of the last date, where there is one, written as
/// the type of DTSTART wants it.
///
/// The two specifications differ in what they count from: Graph counts months and years from the first that fits, and weeks from that of
/// `startDate`; a rule counts from DTSTART. With the first date as DTSTART both are the same.
pub(super) fn rule(recurrence: &Recurrence, until: Option<&str>) -> String {
    let Pattern { kind, interval } = &recurrence.pattern;
    let mut rule = match kind {
        PatternKind::Daily => "FREQ=DAILY".to_owned(),
        PatternKind::Weekly { days, first_day } => ["FREQ=WEEKLY;WKST=", code(*first_day), ";BYDAY=", &codes(days)].concat(),
        PatternKind::AbsoluteMonthly { day } => ["FREQ=MONTHLY", &by_month_day(*day, 31)].concat(),
        PatternKind::RelativeMonthly { days, index } => ["FREQ=MONTHLY", &by_position(days, *index)].concat(),
        PatternKind::AbsoluteYearly { month, day } => {
            let longest = match month {
                2 => 29,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            ["FREQ=YEARLY;BYMONTH=", &month.to_string(), &by_month_day(*day, longest)].concat()
        }
        PatternKind::RelativeYearly { month, days, index } => {
            ["FREQ=YEARLY;BYMONTH=", &month.to_string(), &by_position(days, *index)].concat()
        }
    };
    if *interval > 1 {
        rule.extend([";INTERVAL=", &interval.to_string()]);
    }
    match (recurrence.range.end, until) {
        (RangeEnd::Count(count), _) => rule.extend([";COUNT=", &count.to_string()]),
        (RangeEnd::Date(_), Some(until)) => rule.extend([";UNTIL=", until]),
        (RangeEnd::Date(_), None) | (RangeEnd::Never, _) => {}
    }
    rule
}

/// A day of the month, or the last of a shorter one: a plain `BYMONTHDAY=31` would leave shorter months out.
fn by_month_day(day: u32, longest: u32) -> String {
    let days = match day {
        ..=28 => day.to_string(),
        _ if day >= longest && longest != 30 => "-1".to_owned(),
        _ if longest == 30 => day.min(30).to_string(),
        29 => "28,29;BYSETPOS=-1".to_owned(),
        _ => "28,29,30;BYSETPOS=-1".to_owned(),
    };
    [";BYMONTHDAY=", &days].concat()
}

/// One of some weekdays, counted together.
fn by_position(days: &[Weekday], index: Index) -> String {
    let position = match index {
        Index::First => "1",
        Index::Second => "2",
        Index::Third => "3",
        Index::Fourth => "4",
        Index::Last => "-1",
    };
    match days {
        [day] => [";BYDAY=", position, code(*day)].concat(),
        _ => [";BYDAY=", &codes(days), ";BYSETPOS=", position].concat(),
    }
}

fn codes(days: &[Weekday]) -> String {
    days.iter().map(|day| code(*day)).collect::<Vec<_>>().join(",")
}

/// The two letters of a weekday.
pub(super) fn code(day: Weekday) -> &'static str {
    ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][day.num_days_from_monday() as usize]
}
