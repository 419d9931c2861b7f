//! `availabilityView`. Owns reading its request; leaves the digits to `schedule`.

use serde_json::Value;

use super::field::Field;
use crate::{
    Error,
    schedule::{self, BusyItem},
};

/// Graph's availabilityView, a text of digits, of
/// `{ start, end, intervalMinutes, items: [{ start, end, status }] }`; instants are ISO 8601 with an offset or `Z`.
///
/// # Errors
/// `invalid-request` that names the field: a missing or wrongly typed member, an end before the start, an interval outside 5 to 1440.
pub fn availability_view(request: &Value) -> Result<Value, Error> {
    let request = Field::object(request, "request")?;
    let span = request.span()?;
    let interval = request.member("intervalMinutes").whole(1)?;
    let items = request.member("items");
    let items = items.entries()?.map(|item| busy_item(&item)).collect::<Result<Vec<_>, _>>()?;
    schedule::availability_view(span.start, span.end, interval, &items).map(Value::String)
}

/// `{ start, end, status }`.
pub(super) fn busy_item(item: &Field<'_>) -> Result<BusyItem, Error> {
    let span = item.span()?;
    Ok(BusyItem { start: span.start, end: span.end, status: item.status()? })
}
