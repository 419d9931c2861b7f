//! Calendar days and weeks. Owns where a local day begins and ends, and the names of weekdays; leaves recurrence to `schedule`.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};

use super::Zone;

const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The instants between which a local date lasts: 23 or 25 hours where the clock changes, nothing where the zone skipped the date.
#[must_use]
pub fn day_range(zone: &Zone, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |date: NaiveDate| zone.resolve(date.and_time(NaiveTime::MIN)).instant;
    let start = midnight(date);
    (start, date.checked_add_days(Days::new(1)).map_or(start, midnight))
}

/// The first day of the week that holds this date.
#[must_use]
pub fn week_start(date: NaiveDate, first: Weekday) -> NaiveDate {
    date.checked_sub_days(Days::new(date.weekday().days_since(first).into())).unwrap_or(date)
}

/// A weekday from its English name, as Graph writes it; case is ignored.
#[must_use]
pub fn parse_weekday(name: &str) -> Option<Weekday> {
    let number = NAMES.iter().position(|known| known.eq_ignore_ascii_case(name.trim()))?;
    Weekday::try_from(u8::try_from(number).ok()?).ok()
}

/// The English name of a weekday, in lower case as Graph writes it.
#[must_use]
pub fn weekday_name(day: Weekday) -> &'static str {
    NAMES[day.num_days_from_monday() as usize]
}
