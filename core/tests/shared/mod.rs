//! What several test programs need: zones from chrono-tz, and how many random cases there are. Each program uses some of it.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use chrono::{DateTime, Offset, TimeZone};
use convoke_core::time::{Zone, Zones};
use proptest::test_runner::Config;

/// So many cases, or as many as `CONVOKE_CASES` says.
pub(crate) fn config(cases: u32) -> Config {
    let cases = std::env::var("CONVOKE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    // Failures are kept as named tests instead of as seeds, so that they can be read.
    Config { max_shrink_iters: 4000, failure_persistence: None, ..Config::with_cases(cases) }
}

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
