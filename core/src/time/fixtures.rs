//! Zones for the tests of every module. Owns turning chrono-tz into tables, as the browser half does with `Intl`.
#![expect(clippy::unwrap_used, reason = "a test fixture fails loudly")]

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone, Utc};

use super::{Zone, Zones, parse_instant, parse_local};

/// A registry of every zone that chrono-tz has, from 1970 to 2050.
pub(crate) fn zones() -> Zones {
    Zones::new(|name| name.parse().ok().map(table))
}

/// One zone, by any name that the registry takes.
pub(crate) fn zone(name: &str) -> Zone {
    (*zones().get(name).unwrap()).clone()
}

/// An instant such as `2026-05-04T09:00Z`.
pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    parse_instant(text).unwrap()
}

/// A wall time such as `2026-05-04T09:00`.
pub(crate) fn wall(text: &str) -> NaiveDateTime {
    parse_local(text).unwrap()
}

fn table(tz: chrono_tz::Tz) -> Zone {
    const DAY: i64 = 24 * 3600;
    let offset =
        |second: i64| tz.offset_from_utc_datetime(&DateTime::from_timestamp(second, 0).unwrap().naive_utc()).fix().local_minus_utc();
    let mut changes = Vec::new();
    for day in 0..80 * 365 {
        let (mut low, mut high) = (day * DAY, (day + 1) * DAY);
        if offset(low) != offset(high) {
            while high - low > 1 {
                let middle = low.midpoint(high);
                if offset(middle) == offset(low) { low = middle } else { high = middle }
            }
            changes.push((high, offset(high)));
        }
    }
    Zone::new(tz.name(), offset(0), changes)
}
