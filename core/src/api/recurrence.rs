//! `expandRecurrence`. Owns reading its request and writing occurrences; leaves expansion to `schedule`.

use serde_json::{Map, Value};

use super::field::Field;
use crate::{
    Error,
    schedule::{self, Recurrence},
    time::Zones,
};

/// The occurrences of Graph's `patternedRecurrence` that start in [from, to), as `[{ start, end }]`: wall times of the recurrence's zone
/// with their offsets. The request is `{ recurrence, start, end, from, to }`; `start` and `end` are the first occurrence's, as Graph's
/// `dateTimeTimeZone`, `from` and `to` are instants.
///
/// # Errors
/// `invalid-request` that names the field: a missing or wrongly typed member, a pattern that makes no sense, a zone that nobody knows,
/// more occurrences than anybody can use.
pub fn expand_recurrence(request: &Value, zones: &Zones) -> Result<Value, Error> {
    let request = Field::object(request, "request")?;
    let pattern = request.member("recurrence").as_object()?;
    let recurrence = Recurrence::from_json(pattern.value(), "recurrence")?;
    let (start, end) = (request.member("start").wall_time()?, request.member("end").wall_time()?);
    let (from, to) = (request.member("from").instant()?, request.member("to").instant()?);
    let occurrences = schedule::expand_recurrence(&recurrence, &start, &end, from, to, zones)?;
    let write = |occurrence: schedule::Occurrence| {
        let mut object = Map::new();
        object.insert("start".into(), occurrence.start.to_iso().into());
        object.insert("end".into(), occurrence.end.to_iso().into());
        Value::Object(object)
    };
    Ok(occurrences.into_iter().map(write).collect())
}
