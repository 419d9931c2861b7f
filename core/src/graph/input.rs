//! What callers hand in, checked before anything is sent. Owns the errors that name an argument; leaves to Graph what only Graph can know.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::model::DateTimeTimeZone;
use crate::time::{parse_instant, parse_local};
use crate::{Error, ErrorCode};

/// Graph's limit of people on one event ("event resource type").
const MOST_ATTENDEES: usize = 500;

/// The error for an argument: its name, then what is wrong with it and what to do.
pub(super) fn invalid(argument: &str, problem: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, ["`", argument, "` ", problem].concat())
}

/// A JSON object with at least one member.
pub(super) fn object(body: Value, argument: &str) -> Result<Map<String, Value>, Error> {
    match body {
        Value::Object(object) if !object.is_empty() => Ok(object),
        _ => Err(invalid(argument, "must be an object with at least one member.")),
    }
}

/// A text that is more than spaces.
pub(super) fn text<'a>(text: &'a str, argument: &str) -> Result<&'a str, Error> {
    if text.trim().is_empty() { Err(invalid(argument, "must not be empty.")) } else { Ok(text) }
}

/// Two instants as ISO 8601 with an offset or `Z`, the first before the second.
pub(super) fn window(start: &str, end: &str) -> Result<(DateTime<Utc>, DateTime<Utc>), Error> {
    let from = parse_instant(start).map_err(|problem| problem.of_field("`start`"))?;
    let to = parse_instant(end).map_err(|problem| problem.of_field("`end`"))?;
    if to <= from { Err(invalid("end", "must be after `start`.")) } else { Ok((from, to)) }
}

/// A wall time in a zone. Graph answers an empty zone with an error that does not say where it stood.
pub(super) fn date_time(value: Option<&Value>, argument: &str) -> Result<DateTimeTimeZone, Error> {
    let read = DateTimeTimeZone::from_json(value);
    if parse_local(&read.date_time).is_none() {
        return Err(invalid(argument, "needs a `dateTime` like 2026-05-04T09:00:00 and a `timeZone`."));
    }
    if read.time_zone.trim().is_empty() {
        return Err(invalid(argument, "needs a `timeZone`, e.g. UTC or Europe/Berlin."));
    }
    Ok(read)
}

/// The members of an event that Graph would refuse as a whole without naming them. `new`: whether it is to be created.
pub(super) fn event(body: &Map<String, Value>, new: bool) -> Result<(), Error> {
    let given = |name: &str| body.get(name).filter(|value| new || !value.is_null());
    let start = (new || given("start").is_some()).then(|| date_time(given("start"), "start")).transpose()?;
    let end = (new || given("end").is_some()).then(|| date_time(given("end"), "end")).transpose()?;
    if let (Some(start), Some(end)) = (start, end)
        && start.time_zone == end.time_zone
        && parse_local(&end.date_time) < parse_local(&start.date_time)
    {
        return Err(invalid("end", "must not be before `start`."));
    }
    match body.get("attendees") {
        None | Some(Value::Null) => {}
        Some(Value::Array(attendees)) if attendees.len() > MOST_ATTENDEES => {
            return Err(invalid("attendees", "may hold at most 500 people; invite a group instead."));
        }
        Some(Value::Array(attendees)) => addresses(attendees, "attendees")?,
        Some(_) => return Err(invalid("attendees", "must be a list.")),
    }
    match body.get("transactionId") {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(_) => Err(invalid("transactionId", "must be a text.")),
    }
}

/// Recipients or attendees, each with an address.
pub(super) fn addresses(entries: &[Value], argument: &str) -> Result<(), Error> {
    let has_address = |entry: &Value| {
        let address = entry.get("emailAddress").and_then(|email| email.get("address")).and_then(Value::as_str);
        address.is_some_and(|address| !address.trim().is_empty())
    };
    if entries.iter().all(has_address) {
        Ok(())
    } else {
        Err(invalid(argument, "must hold objects like {\"emailAddress\": {\"address\": \"adele@contoso.com\"}}."))
    }
}

/// The text inside a quoted search phrase: a backslash and a quotation mark have to be escaped, control characters cannot match.
pub(super) fn phrase(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.trim().chars().filter(|character| !character.is_control()) {
        if matches!(character, '"' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
