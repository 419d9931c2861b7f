//! Zones for test programs, from chrono-tz.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::{DateTime, Offset, TimeZone};
use convoke_core::time::{Zone, Zones};

/// Every zone of chrono-tz as a table of 1990 to 2050.
pub(crate) fn zones() -> Zones {
    Zones::new(|name| name.parse().ok().map(table))
}

/// One zone of chrono-tz as a table.
pub(crate) fn table(tz: chrono_tz::Tz) -> Zone {
    const DAY: i64 = 24 * 3600;
    let offset =
        |second: i64| tz.offset_from_utc_datetime(&DateTime::from_timestamp(second, 0).unwrap().naive_utc()).fix().local_minus_utc();
    let (first, last) = (20 * 365, 80 * 365 + 20);
    let mut changes = Vec::new();
    let mut before = offset(first * DAY);
    for day in first..last {
        let after = offset((day + 1) * DAY);
        if after != before {
            let (mut low, mut high) = (day * DAY, (day + 1) * DAY);
            while high - low > 1 {
                let middle = low.midpoint(high);
                if offset(middle) == before { low = middle } else { high = middle }
            }
            changes.push((high, offset(high)));
            before = after;
        }
    }
    Zone::new(tz.name(), offset(first * DAY), changes)
}
