//! Graph's availability view. Owns its digits; leaves finer questions to `availability`.

use chrono::{DateTime, Utc};

use super::{
    BusyItem,
    availability::{invalid, minute_after, minute_before},
};
use crate::{Error, model::FreeBusy};

/// No view is longer: at 5 minutes this is most of a century.
const MOST_SLOTS: i64 = 10_000_000;

/// The digits that getSchedule would return for these items: one slot for each interval from `start`, the last one whole.
/// Working elsewhere and unknown are `0`, as in Graph since 2024.
///
/// # Errors
/// `invalid-request` for an end before the start, an interval outside 5–1440, or more than ten million slots.
pub fn availability_view(start: DateTime<Utc>, end: DateTime<Utc>, interval_minutes: u32, items: &[BusyItem]) -> Result<String, Error> {
    if end < start {
        return Err(invalid(&["end"], " is before start"));
    }
    if !(5..=1440).contains(&interval_minutes) {
        return Err(invalid(&["intervalMinutes"], " must lie in 5 to 1440"));
    }
    let (from, to, interval) = (minute_after(start), minute_before(end), i64::from(interval_minutes));
    let slots = (to - from).max(0).div_euclid(interval) + i64::from((to - from).max(0) % interval > 0);
    if slots > MOST_SLOTS {
        return Err(invalid(&["intervalMinutes"], " is too short for so long a view"));
    }
    let mut digits = vec![b'0'; usize::try_from(slots).unwrap_or_default()];
    for item in items.iter().filter(|item| item.end > item.start) {
        let digit = match item.status {
            FreeBusy::Free | FreeBusy::WorkingElsewhere | FreeBusy::Unknown => continue,
            FreeBusy::Tentative => b'1',
            FreeBusy::Busy => b'2',
            FreeBusy::Oof => b'3',
        };
        let first = (minute_before(item.start) - from).div_euclid(interval).clamp(0, slots);
        let last = (minute_after(item.end) - from - 1).div_euclid(interval).clamp(-1, slots - 1);
        for slot in first..=last {
            if let Some(slot) = usize::try_from(slot).ok().and_then(|slot| digits.get_mut(slot)) {
                *slot = digit.max(*slot);
            }
        }
    }
    Ok(digits.into_iter().map(char::from).collect())
}
