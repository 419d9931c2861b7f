//! Graph's `customTimeZone`: a bias and two yearly rules. Owns turning the rules into a table; leaves names to `zones`.
//! Source: `customTimeZone`, `standardTimeZoneOffset` and `daylightTimeZoneOffset` of Microsoft Graph v1.0.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde_json::Value;

use super::{Zone, parse_time_of_day, parse_weekday};
use crate::sort::sort_by;

/// The years for which the rules are written out; before and after, the nearest state holds.
const YEARS: std::ops::Range<i32> = 1970..2100;

/// When in a year the clock changes.
struct Rule {
    month: u32,
    /// 1 to 4, or 5 for the last.
    occurrence: u64,
    weekday: chrono::Weekday,
    /// The wall time before the change, since midnight.
    time: TimeDelta,
}

impl Zone {
    /// The zone of a `customTimeZone` object. `bias` is minutes *west* of UTC, as in Windows. A rule that is missing or has month 0 means
    /// that the clock never changes. `None` where the object cannot be read, so that it counts as a zone that nobody knows.
    #[must_use]
    pub fn custom(value: &Value) -> Option<Self> {
        let minutes =
            |value: &Value| value.as_i64().and_then(|minutes| i32::try_from(minutes).ok()).filter(|minutes| minutes.abs() < 24 * 60);
        let name = value.get("name").and_then(Value::as_str).unwrap_or("Customized Time Zone");
        let standard = -60 * minutes(value.get("bias")?)?;
        let (to_standard, to_daylight) = match (rule(value.get("standardOffset"))?, rule(value.get("daylightOffset"))?) {
            (Some(standard), Some(daylight)) => (standard, daylight),
            _ => return Some(Self::fixed(name, standard)),
        };
        let extra = match value.get("daylightOffset").and_then(|rule| rule.get("daylightBias")) {
            None | Some(Value::Null) => 0,
            Some(bias) => -60 * minutes(bias)?,
        };
        let daylight = standard + extra;
        let mut changes: Vec<(i64, i32)> = YEARS
            .flat_map(|year| [(to_daylight.in_year(year), standard, daylight), (to_standard.in_year(year), daylight, standard)])
            .filter_map(|(wall, before, after)| Some((wall?.and_utc().timestamp() - i64::from(before), after)))
            .collect();
        sort_by(&mut changes, Ord::cmp);
        // Before the first rule of all the other state holds.
        let initial = if changes.first().is_some_and(|first| first.1 == daylight) { standard } else { daylight };
        Some(Self::new(name, initial, changes))
    }
}

/// A rule; `Some(None)` where there is none, `None` where it cannot be read.
fn rule(value: Option<&Value>) -> Option<Option<Rule>> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Some(None) };
    let number = |name: &str| value.get(name).and_then(Value::as_u64).unwrap_or(0);
    let month = u32::try_from(number("month")).ok().filter(|month| *month <= 12)?;
    if month == 0 {
        return Some(None);
    }
    Some(Some(Rule {
        month,
        occurrence: number("dayOccurrence").clamp(1, 5),
        weekday: parse_weekday(value.get("dayOfWeek")?.as_str()?)?,
        time: match value.get("time").and_then(Value::as_str) {
            None => TimeDelta::zero(),
            Some(time) => parse_time_of_day(time)?,
        },
    }))
}

impl Rule {
    fn in_year(&self, year: i32) -> Option<NaiveDateTime> {
        let first = NaiveDate::from_ymd_opt(year, self.month, 1)?;
        let lead = u64::from(self.weekday.days_since(first.weekday()));
        let nth = |occurrence: u64| first.checked_add_days(Days::new(lead + 7 * (occurrence - 1)));
        let day = nth(self.occurrence).filter(|day| day.month() == self.month).or_else(|| nth(4))?;
        day.and_time(NaiveTime::MIN).checked_add_signed(self.time)
    }
}
