//! The data of `cargo xtask bench engine`, and what is done with it. Owns invented calendars and the steps that are timed; leaves the
//! clock to the binaries, and what the times mean to xtask. Everything is drawn from one fixed seed: each run and each side measures the
//! same.

use convoke_core::{
    Error, api,
    model::Event,
    schedule::{self, RankRequest},
    time::Zones,
};
use serde_json::Value;

/// How large a question is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Attendees.
    pub people: u32,
    /// Length of the window.
    pub weeks: u32,
    /// Minutes from one candidate to the next.
    pub step: u32,
}

/// All sizes that are measured: 20, 200 and 2000 people, two and eight weeks, steps of 15 and 5 minutes.
pub fn sizes() -> impl Iterator<Item = Size> {
    let steps = |people, weeks| [15, 5].map(|step| Size { people, weeks, step });
    [20, 200, 2000].into_iter().flat_map(move |people| [2, 8].into_iter().flat_map(move |weeks| steps(people, weeks)))
}

/// Numbers that look random and are not (Knuth's MMIX generator, upper half).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 32) % u64::from(limit)) as u32
    }
}

/// The Monday on which the window begins, as a day of May 2026.
const MONDAY: u32 = 4;

fn instant(day: u32, minute: u32) -> String {
    // Eight weeks from 4 May end on 28 June.
    let (month, day) = if MONDAY + day <= 31 { (5, MONDAY + day) } else { (6, MONDAY + day - 31) };
    format!("2026-{month:02}-{day:02}T{:02}:{:02}:00Z", minute / 60, minute % 60)
}

/// A request for `rankSlots` as JSON: everybody is required, half of them are enough, three meetings a working day each, and the best
/// twenty slots are wanted. With `everything` there are working hours in five zones, buffers, tentative people, rooms and a quorum as well.
#[must_use]
pub fn request(size: Size, everything: bool) -> String {
    let mut random = Random(42);
    let attendee = |number: u32, random: &mut Random| {
        let mut items = Vec::new();
        for day in (0..size.weeks * 7).filter(|day| day % 7 < 5) {
            let mut at = 7 * 60;
            for _ in 0..3 {
                at += 5 * random.below(36);
                let length = 30 + 15 * random.below(5);
                let status = if everything && random.below(5) == 0 { "tentative" } else { "busy" };
                let (start, end) = (instant(day, at), instant(day, at + length));
                items.push(format!(r#"{{"start":"{start}","end":"{end}","status":"{status}"}}"#));
                at += length;
            }
        }
        let kind = if everything && number % 50 == 49 { "resource" } else { "required" };
        let hours = if everything { hours(number % 5) } else { String::new() };
        format!(r#"{{"id":"person{number}@contoso.com","kind":"{kind}"{hours},"busy":[{}]}}"#, items.join(","))
    };
    let attendees: Vec<String> = (0..size.people).map(|number| attendee(number, &mut random)).collect();
    let rules = if everything {
        r#""workingHours":"prefer","bufferBeforeMinutes":5,"bufferAfterMinutes":5,"quorum":{"minPercentage":50},"allowTentative":false"#
    } else {
        r#""workingHours":"ignore","quorum":{"minPercentage":50},"needsResource":false"#
    };
    format!(
        r#"{{"window":{{"start":"{}","end":"{}"}},"durationMinutes":60,"stepMinutes":{},"maxResults":20,{rules},"attendees":[{}]}}"#,
        instant(0, 0),
        instant(size.weeks * 7, 0),
        size.step,
        attendees.join(",")
    )
}

/// From 8 to 17 in one of five zones that need no table.
fn hours(zone: u32) -> String {
    let bias = [480, 240, 0, -60, -330][zone as usize % 5];
    format!(
        r#","workingHours":{{"daysOfWeek":["monday","tuesday","wednesday","thursday","friday"],"startTime":"08:00:00","endTime":"17:00:00","timeZone":{{"bias":{bias},"name":"Customized Time Zone"}}}}"#
    )
}

/// A page of events as Graph answers it, about so many bytes long.
#[must_use]
pub fn events(bytes: usize) -> String {
    let mut random = Random(7);
    let mut text = String::from(r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users('me')/calendarView","value":["#);
    let mut number = 0;
    while text.len() < bytes {
        if number > 0 {
            text.push(',');
        }
        let (day, minute) = (random.below(40), 420 + 15 * random.below(40));
        let time = |minute| instant(day, minute).replace('Z', ".0000000");
        let person = |number: u32| format!(r#"{{"name":"Person {number}","address":"person{number}@contoso.com"}}"#);
        let attendee = |number: u32| {
            format!(
                r#"{{"type":"required","status":{{"response":"accepted","time":"2026-05-01T08:00:00Z"}},"emailAddress":{}}}"#,
                person(number)
            )
        };
        let attendees: Vec<String> = (0..3).map(|_| attendee(random.below(500))).collect();
        let id = format!("AAMkAGI1AAAt9AHjAAA{number:08}_{:08}=", random.below(100_000_000));
        text.push_str(&format!(
            r#"{{"@odata.etag":"W/\"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw==\"","id":"{id}","iCalUId":"040000008200E00074C5B7101A82E00800000000{number:08}","subject":"Planning “{number}”: scope, dates and who does what","bodyPreview":"Please read the draft before we meet.\r\nAgenda: scope, dates, who does what.","isAllDay":false,"isCancelled":false,"isOrganizer":false,"responseRequested":true,"seriesMasterId":null,"showAs":"busy","type":"singleInstance","sensitivity":"normal","webLink":"https://outlook.office365.com/owa/?itemid={id}&exvsurl=1&path=/calendar/item","onlineMeeting":{{"joinUrl":"https://teams.microsoft.com/l/meetup-join/{number}"}},"responseStatus":{{"response":"accepted","time":"2026-05-01T08:00:00Z"}},"start":{{"dateTime":"{}","timeZone":"UTC"}},"end":{{"dateTime":"{}","timeZone":"UTC"}},"location":{{"displayName":"Conf Room Rainier","locationType":"default"}},"attendees":[{}],"organizer":{{"emailAddress":{}}}}}"#,
            time(minute),
            time(minute + 60),
            attendees.join(","),
            person(random.below(500)),
        ));
        number += 1;
    }
    text.push_str("]}");
    text
}

/// All of `rankSlots`: from JSON text to JSON text.
///
/// # Errors
/// None for a request of this module.
pub fn rank_text(text: &str) -> Result<String, Error> {
    api::rank_slots_text(text, &Zones::utc_only())
}

/// The request as the engine takes it, so that ranking can be timed by itself.
///
/// # Errors
/// None for a request of this module.
pub fn prepare(text: &str) -> Result<RankRequest, Error> {
    api::rank_request_text(text)
}

/// Ranks, and gives the best slots' starts in minutes since the epoch and their scores in tenths.
///
/// # Errors
/// None for a request of this module.
pub fn rank(request: &RankRequest) -> Result<Vec<(i64, u32)>, Error> {
    let found = schedule::rank(request, &Zones::utc_only())?;
    Ok(found.suggestions.iter().map(|slot| (slot.start.timestamp() / 60, slot.score_tenths)).collect())
}

/// Reads a page of events into the model, and gives their number.
#[must_use]
pub fn read_events(bytes: &[u8]) -> usize {
    let mut page: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let Value::Array(events) = page["value"].take() else { return 0 };
    let events: Vec<Event> = events.into_iter().filter_map(Event::from_json).collect();
    events.len()
}
