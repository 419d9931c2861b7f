//! `timeZone` and `toInstant`. Owns reading their arguments and writing their answers; leaves zones to `time`.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::field::Field;
use crate::{
    Error,
    time::{Zones, iana_to_windows, instant_of, iso_utc},
};

/// Both names of a zone and its offset at an instant: `{ iana, windows, offsetMinutes }`, minutes east of UTC; null where nobody knows the
/// zone. `name` is an IANA name, which comes back as given, or a Windows name. `at` is an instant, or null for `now`.
///
/// # Errors
/// `invalid-request` for a name that is no text and an `at` that is no instant.
pub fn time_zone(name: &Value, at: &Value, now: DateTime<Utc>, zones: &Zones) -> Result<Value, Error> {
    let name = Field::argument(name, "name").text()?;
    let at = if at.is_null() { now } else { Field::argument(at, "at").instant()? };
    let Some(zone) = zones.get(name) else { return Ok(Value::Null) };
    let mut object = Map::new();
    object.insert("iana".into(), zone.name().into());
    object.insert("windows".into(), iana_to_windows(zone.name()).into());
    object.insert("offsetMinutes".into(), (zone.offset_at(at) / 60).into());
    Ok(Value::Object(object))
}

/// The instant of Graph's `dateTimeTimeZone`: `{ instant, ambiguous, gap }`. In a gap the wall time is shifted forward by the gap's length;
/// where it happens twice it is the earlier. An offset inside `dateTime` wins over `timeZone`.
///
/// # Errors
/// `invalid-request` that names `dateTime` or `timeZone`.
pub fn to_instant(local: &Value, zones: &Zones) -> Result<Value, Error> {
    let local = Field::object(local, "local")?;
    let value = local.wall_time()?;
    let resolved = instant_of(&value, zones)
        .ok_or_else(|| local.member("dateTime").refuse(" is not a date and time; write it like 2026-05-04T09:00:00"))?;
    if resolved.unknown_zone {
        return Err(local.member("timeZone").refuse(" is no time zone that is known here; give an IANA or a Windows name"));
    }
    let mut object = Map::new();
    object.insert("instant".into(), exact(resolved.instant).into());
    object.insert("ambiguous".into(), resolved.ambiguous.into());
    object.insert("gap".into(), resolved.gap.into());
    Ok(Value::Object(object))
}

/// An instant in UTC; with milliseconds where it has some.
fn exact(instant: DateTime<Utc>) -> String {
    let mut text = iso_utc(instant);
    let milliseconds = instant.timestamp_subsec_millis();
    if milliseconds > 0 {
        text.pop();
        let digits = (1000 + milliseconds).to_string();
        text.extend([".", digits.get(1..).unwrap_or_default(), "Z"]);
    }
    text
}
