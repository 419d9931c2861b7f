//! Graph's availability view. Owns its digits; leaves finer questions to `availability`.

use chrono::{DateTime, Utc};

use super::BusyItem;
use crate::Error;

/// The digits that getSchedule would return for these items: one slot for each interval from `start`, the last one whole.
/// Working elsewhere and unknown are `0`, as in Graph.
///
/// # Errors
/// `invalid-request` for an end before the start, or an interval outside 5–1440.
pub fn availability_view(start: DateTime<Utc>, end: DateTime<Utc>, interval_minutes: u32, items: &[BusyItem]) -> Result<String, Error> {
    todo!()
}
