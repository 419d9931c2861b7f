//! `toICalendar`: Graph's event as iCalendar text (RFC 5545). Owns which member becomes which property; leaves lines to `lines`, rules to
//! `rule` and zones to `zone`.
//!
//! An event by itself is written in UTC, which needs no zone at the reader's. A series keeps its wall time, so it is written in its zone
//! with a `VTIMEZONE`. Whole days are dates and belong to no zone.

mod lines;
mod people;
mod rule;
mod times;
mod zone;

use serde_json::{Map, Value};

use crate::{
    Error, ErrorCode, json,
    model::{Event, Sensitivity, ShowAs},
    time::{Zones, parse_instant},
};
use lines::{Lines, escape, utc};
use times::Times;

/// A calendar of one event: lines of at most 75 octets that end in CRLF. A series has its rule, its zone, and, where Graph was asked for
/// them, its cancelled and changed occurrences (`cancelledOccurrences`, `exceptionOccurrences`). Members that the event lacks are left out.
///
/// # Errors
/// `invalid-request` that names the member: an event that is no object, a start or end that is no date or in a zone that nobody knows, a
/// recurrence that cannot be read.
pub fn to_icalendar(event: &Value, zones: &Zones) -> Result<String, Error> {
    let read = Event::from_json(event.clone());
    let read = read.ok_or_else(|| Error::new(ErrorCode::InvalidRequest, "event must be an object"))?;
    let times = Times::of_event(&read, zones)?;
    let uid = uid(&read, event);
    let mut lines = Lines::new();
    lines.begin("VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//Convoke//Convoke//EN");
    lines.raw("CALSCALE", "GREGORIAN");
    times.write_zone(&mut lines);
    write(&read, &uid, &times, &mut lines);
    let exceptions = read.other.get("exceptionOccurrences").and_then(Value::as_array).filter(|_| times.is_series());
    for exception in exceptions.into_iter().flatten() {
        let original = exception.get("originalStart").and_then(Value::as_str).and_then(|text| parse_instant(text).ok());
        if let (Some(original), Some(exception)) = (original, Event::from_json(exception.clone())) {
            let moved = Times::of_exception(&exception, &times, original, zones)?;
            write(&exception, &uid, &moved, &mut lines);
        }
    }
    lines.end("VCALENDAR");
    Ok(lines.finish())
}

fn write(event: &Event, uid: &str, times: &Times, lines: &mut Lines) {
    let other = &event.other;
    let instant = |name: &str| Some(utc(parse_instant(other.get(name)?.as_str()?).ok()?));
    let (created, modified) = (instant("createdDateTime"), instant("lastModifiedDateTime"));
    lines.begin("VEVENT");
    lines.text("UID", uid);
    // Without a METHOD this is when the event was last revised.
    lines.raw("DTSTAMP", modified.as_ref().or(created.as_ref()).unwrap_or(&utc(times.start())));
    times.write(lines);
    for (name, value) in [("CREATED", created), ("LAST-MODIFIED", modified)] {
        if let Some(value) = value {
            lines.raw(name, &value);
        }
    }
    lines.text("SUMMARY", &event.subject);
    lines.text("DESCRIPTION", &event.body_text);
    if let Some(html) = html(other) {
        lines.text("X-ALT-DESC;FMTTYPE=text/html", html);
    }
    lines.text("LOCATION", &event.location);
    let categories: Vec<String> = texts(other, "categories").map(escape).filter(|text| !text.is_empty()).collect();
    if !categories.is_empty() {
        lines.raw("CATEGORIES", &categories.join(","));
    }
    lines.raw(
        "CLASS",
        match event.sensitivity {
            Sensitivity::Personal | Sensitivity::Private => "PRIVATE",
            Sensitivity::Confidential => "CONFIDENTIAL",
            Sensitivity::Normal | Sensitivity::Other(_) => "PUBLIC",
        },
    );
    match other.get("importance").and_then(Value::as_str) {
        Some(word) if word.eq_ignore_ascii_case("high") => lines.raw("PRIORITY", "1"),
        Some(word) if word.eq_ignore_ascii_case("low") => lines.raw("PRIORITY", "9"),
        _ => {}
    }
    write_status(event, lines);
    for (name, link) in [("URL", &event.web_link), ("CONFERENCE;VALUE=URI", &event.join_url)] {
        if let Some(link) = link {
            lines.raw(name, &people::uri(link));
        }
    }
    people::write(event, lines);
    write_alarm(event, lines);
    lines.end("VEVENT");
}

/// `STATUS` is the meeting's, `TRANSP` says whether it takes time, and Microsoft's own word is what Outlook reads.
fn write_status(event: &Event, lines: &mut Lines) {
    let (transparent, word) = match event.show_as {
        ShowAs::Free => (true, "FREE"),
        ShowAs::WorkingElsewhere => (true, "WORKINGELSEWHERE"),
        ShowAs::Tentative => (false, "TENTATIVE"),
        ShowAs::Oof => (false, "OOF"),
        ShowAs::Busy | ShowAs::Unknown | ShowAs::Other(_) => (false, "BUSY"),
    };
    let status = match (event.is_cancelled, &event.show_as) {
        (true, _) => "CANCELLED",
        (false, ShowAs::Tentative) => "TENTATIVE",
        (false, _) => "CONFIRMED",
    };
    lines.raw("STATUS", status);
    // What is cancelled takes nobody's time.
    let transparent = transparent || event.is_cancelled;
    lines.raw("TRANSP", if transparent { "TRANSPARENT" } else { "OPAQUE" });
    lines.raw("X-MICROSOFT-CDO-BUSYSTATUS", if event.is_cancelled { "FREE" } else { word });
}

fn write_alarm(event: &Event, lines: &mut Lines) {
    let member = |name: &str| event.other.get(name);
    let minutes = member("reminderMinutesBeforeStart").and_then(Value::as_i64);
    let Some(minutes) = minutes.filter(|_| member("isReminderOn").and_then(Value::as_bool) == Some(true)) else { return };
    lines.begin("VALARM");
    lines.raw("ACTION", "DISPLAY");
    lines.text("DESCRIPTION", if event.subject.trim().is_empty() { "Reminder" } else { &event.subject });
    let sign = if minutes < 0 { "" } else { "-" };
    lines.raw("TRIGGER", &[sign, "PT", &minutes.unsigned_abs().to_string(), "M"].concat());
    lines.end("VALARM");
}

/// The body, where it is HTML; the model keeps such a body apart from what may be shown as text.
fn html(other: &Map<String, Value>) -> Option<&str> {
    other.get("body")?.get("content")?.as_str().filter(|content| !content.trim().is_empty())
}

fn texts<'a>(other: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a str> {
    other.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// What names the event in every calendar. An event that Graph has not seen yet has only its own text to be known by.
fn uid(event: &Event, raw: &Value) -> String {
    let named = event.ical_uid.clone().or_else(|| Some(event.id.clone()).filter(|id| !id.is_empty()));
    let drafted = || event.other.get("transactionId").and_then(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned);
    named.or_else(drafted).unwrap_or_else(|| {
        // FNV-1a, 64 bits: the same event gets the same name, in every version.
        let hash =
            json::write(raw).bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
        let digit = |shift: u32| char::from_digit((hash >> shift) as u32 & 15, 16).unwrap_or_default();
        "convoke-".chars().chain((0..16).rev().map(|place| digit(4 * place))).collect()
    })
}
