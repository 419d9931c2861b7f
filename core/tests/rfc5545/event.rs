//! Events: each member as another program reads it.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

use convoke_core::api::to_icalendar;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    cases::config,
    reader::{Part, read},
    tables::zones,
};

fn meeting() -> Value {
    json!({
        "id": "AAMk", "iCalUId": "040000008200E00074C5", "subject": "Plan, review; decide \\ next",
        "lastModifiedDateTime": "2026-05-01T08:00:00.1234567Z", "createdDateTime": "2026-04-01T08:00:00Z",
        "start": { "dateTime": "2026-05-04T09:00:00.0000000", "timeZone": "W. Europe Standard Time" },
        "end": { "dateTime": "2026-05-04T10:30:00.0000000", "timeZone": "W. Europe Standard Time" },
        "body": { "contentType": "text", "content": "First line\r\nsecond line, with: everything" },
        "location": { "displayName": "Café Größe" }, "categories": ["Red, category", "Blue"],
        "importance": "high", "sensitivity": "private", "showAs": "tentative", "isReminderOn": true, "reminderMinutesBeforeStart": 15,
        "webLink": "https://outlook.office365.com/owa/?itemid=AAMk",
        "onlineMeeting": { "joinUrl": "https://teams.microsoft.com/l/meetup-join/x" },
        "organizer": { "emailAddress": { "name": "Megan \"Meg\" Bowen", "address": "megan@contoso.com" } },
        "attendees": [
            { "type": "required", "status": { "response": "accepted" }, "emailAddress": { "name": "Vance, Adele: PhD", "address": "adele@contoso.com" } },
            { "type": "optional", "status": { "response": "tentativelyAccepted" }, "emailAddress": { "address": "grady@contoso.com" } },
            { "type": "resource", "status": { "response": "none" }, "emailAddress": { "name": "Rainier", "address": "rainier@contoso.com" } },
            { "type": "required", "emailAddress": { "name": "Nobody" } }
        ]
    })
}

fn event_of(event: &Value) -> Part {
    let mut calendar = read(&to_icalendar(event, &zones()).unwrap());
    assert_eq!((calendar.name.as_str(), calendar.get("VERSION"), calendar.get("CALSCALE")), ("VCALENDAR", Some("2.0"), Some("GREGORIAN")));
    calendar.parts.retain(|part| part.name == "VEVENT");
    assert_eq!(calendar.parts.len(), 1);
    calendar.parts.remove(0)
}

#[test]
fn every_member_is_there() {
    let event = event_of(&meeting());
    let check = |name: &str, expected: &str| assert_eq!(event.get(name), Some(expected), "{name}");
    check("UID", "040000008200E00074C5");
    check("DTSTAMP", "20260501T080000Z");
    check("LAST-MODIFIED", "20260501T080000Z");
    check("CREATED", "20260401T080000Z");
    check("DTSTART", "20260504T070000Z");
    check("DTEND", "20260504T083000Z");
    check("SUMMARY", "Plan, review; decide \\ next");
    check("DESCRIPTION", "First line\nsecond line, with: everything");
    check("LOCATION", "Café Größe");
    check("CLASS", "PRIVATE");
    check("PRIORITY", "1");
    check("STATUS", "TENTATIVE");
    check("TRANSP", "OPAQUE");
    check("X-MICROSOFT-CDO-BUSYSTATUS", "TENTATIVE");
    check("URL", "https://outlook.office365.com/owa/?itemid=AAMk");
    check("CONFERENCE", "https://teams.microsoft.com/l/meetup-join/x");
    check("ORGANIZER", "mailto:megan@contoso.com");
    assert_eq!(event.parameter("ORGANIZER", "CN"), Some("Megan ^'Meg^' Bowen"), "quotes as RFC 6868 writes them");
    assert_eq!(event.parameter("ATTENDEE", "CN"), Some("Vance, Adele: PhD"));
    let attendees: Vec<String> = event
        .properties
        .iter()
        .filter(|(name, ..)| name == "ATTENDEE")
        .map(|(_, parameters, value)| {
            let of = |name: &str| parameters.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
            [of("CUTYPE"), of("ROLE"), of("PARTSTAT"), of("RSVP"), value].join(" ")
        })
        .collect();
    let expected = [
        "INDIVIDUAL REQ-PARTICIPANT ACCEPTED TRUE mailto:adele@contoso.com",
        "INDIVIDUAL OPT-PARTICIPANT TENTATIVE TRUE mailto:grady@contoso.com",
        "RESOURCE NON-PARTICIPANT NEEDS-ACTION TRUE mailto:rainier@contoso.com",
        "INDIVIDUAL REQ-PARTICIPANT NEEDS-ACTION TRUE invalid:nomail",
    ];
    assert_eq!(attendees, expected);
    let alarm = event.parts("VALARM")[0];
    assert_eq!((alarm.get("ACTION"), alarm.get("TRIGGER")), (Some("DISPLAY"), Some("-PT15M")));
    assert_eq!(alarm.get("DESCRIPTION"), Some("Plan, review; decide \\ next"));
    // A list of texts keeps its escapes, so that a comma within one is told from one between two.
    assert!(to_icalendar(&meeting(), &zones()).unwrap().contains("\r\nCATEGORIES:Red\\, category,Blue\r\n"));
}

#[test]
fn whole_days_are_dates_and_never_shift() {
    let mut event = meeting();
    event["isAllDay"] = json!(true);
    for (zone, start, end, expected) in [
        ("UTC", "2026-05-04T00:00:00", "2026-05-06T00:00:00", ("20260504", "20260506")),
        ("Tonga Standard Time", "2026-05-04T00:00:00", "2026-05-05T00:00:00", ("20260504", "20260505")),
        ("Hawaiian Standard Time", "2026-03-29T09:30:00", "2026-03-29T09:30:00", ("20260329", "20260330")),
        ("tzone://Microsoft/Custom", "2026-05-04", "2026-05-05", ("20260504", "20260505")),
    ] {
        event["start"] = json!({ "dateTime": start, "timeZone": zone });
        event["end"] = json!({ "dateTime": end, "timeZone": zone });
        let read = event_of(&event);
        assert_eq!((read.get("DTSTART").unwrap(), read.get("DTEND").unwrap()), expected, "{zone}");
        assert_eq!((read.parameter("DTSTART", "VALUE"), read.parameter("DTEND", "VALUE")), (Some("DATE"), Some("DATE")));
    }
}

#[test]
fn a_cancelled_meeting_takes_no_time() {
    let mut event = meeting();
    event["isCancelled"] = json!(true);
    let read = event_of(&event);
    let words = ["STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"].map(|name| read.get(name).unwrap());
    assert_eq!(words, ["CANCELLED", "TRANSPARENT", "FREE"]);
}

#[test]
fn little_is_needed() {
    let bare = json!({ "start": { "dateTime": "2026-05-04T09:00:00Z" }, "end": { "dateTime": "2026-05-04T09:00:00Z" } });
    let read = event_of(&bare);
    assert_eq!((read.get("DTSTART"), read.get("DTEND"), read.get("SUMMARY")), (Some("20260504T090000Z"), None, None));
    assert!(read.get("UID").is_some_and(|uid| uid.starts_with("convoke-") && uid.len() == 24));
    assert_eq!(read.get("UID"), event_of(&bare).get("UID"), "the same event keeps its name");
    let mut other = bare.clone();
    other["subject"] = json!("x");
    assert_ne!(read.get("UID"), event_of(&other).get("UID"));
    assert!(read.all("ORGANIZER").is_empty() && read.all("ATTENDEE").is_empty() && read.parts.is_empty());
    let mut html = meeting();
    html["body"] = json!({ "contentType": "html", "content": "<p>Hi</p>" });
    html["bodyPreview"] = json!("Hi");
    let read = event_of(&html);
    assert_eq!((read.get("DESCRIPTION"), read.get("X-ALT-DESC")), (Some("Hi"), Some("<p>Hi</p>")));
}

#[test]
fn what_cannot_be_written_is_named() {
    let refused = |pointer: &str, value: Value, message: &str| {
        let mut event = meeting();
        *event.pointer_mut(pointer).unwrap() = value;
        let error = to_icalendar(&event, &zones()).unwrap_err();
        assert!(error.message().starts_with(message), "{} instead of {message}", error.message());
    };
    refused("", json!("event"), "event must be an object");
    refused("/start", Value::Null, "start.dateTime is not a date and time");
    refused("/end/dateTime", json!("noon"), "end.dateTime is not a date and time");
    refused("/start/timeZone", json!("tzone://Microsoft/Custom"), "start.timeZone is no time zone that is known here");
    refused("/end", json!({ "dateTime": "9999-12-31T24:00:00", "timeZone": "UTC" }), "end.dateTime lies beyond the years");
    let mut event = meeting();
    event["recurrence"] = json!({ "pattern": { "type": "hourly" } });
    assert!(to_icalendar(&event, &zones()).unwrap_err().message().starts_with("recurrence.pattern.type is none of Graph's"));
}

#[test]
fn a_series_keeps_its_wall_time() {
    let mut series = meeting();
    series["recurrence"] = json!({
        "pattern": { "type": "weekly", "interval": 2, "daysOfWeek": ["monday", "friday"], "firstDayOfWeek": "sunday" },
        "range": { "type": "endDate", "startDate": "2026-05-05", "endDate": "2026-12-31", "recurrenceTimeZone": "W. Europe Standard Time" }
    });
    series["cancelledOccurrences"] = json!(["OID.AAMk.=.2026-05-22", "nonsense"]);
    let mut moved = meeting();
    moved["originalStart"] = json!("2026-05-18T07:00:00Z");
    moved["start"]["dateTime"] = json!("2026-05-19T11:00:00");
    moved["end"]["dateTime"] = json!("2026-05-19T12:00:00");
    series["exceptionOccurrences"] = json!([moved, null, { "subject": "without the time that it had" }]);
    let calendar = read(&to_icalendar(&series, &zones()).unwrap());
    let events = calendar.parts("VEVENT");
    let [master, exception] = events.as_slice() else { panic!("{} events", events.len()) };
    // The first Monday or Friday of the range, not the Tuesday with which it begins.
    assert_eq!((master.get("DTSTART"), master.get("DTEND")), (Some("20260508T090000"), Some("20260508T103000")));
    assert_eq!(master.parameter("DTSTART", "TZID"), Some("Europe/Berlin"));
    assert_eq!(master.get("RRULE"), Some("FREQ=WEEKLY;WKST=SU;BYDAY=MO,FR;INTERVAL=2;UNTIL=20261231T225959Z"));
    assert_eq!((master.get("EXDATE"), master.parameter("EXDATE", "TZID")), (Some("20260522T090000"), Some("Europe/Berlin")));
    assert_eq!((exception.get("RECURRENCE-ID"), exception.get("DTSTART")), (Some("20260518T090000"), Some("20260519T110000")));
    assert_eq!((exception.get("UID"), exception.get("RRULE")), (master.get("UID"), None));
    assert_eq!(calendar.parts("VTIMEZONE")[0].get("TZID"), Some("Europe/Berlin"));
}

#[test]
fn a_series_of_whole_days_has_no_zone() {
    let mut series = meeting();
    series["isAllDay"] = json!(true);
    series["start"]["dateTime"] = json!("2026-05-31T00:00:00");
    series["end"]["dateTime"] = json!("2026-06-01T00:00:00");
    series["recurrence"] = json!({
        "pattern": { "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31 },
        "range": { "type": "endDate", "startDate": "2026-05-31", "endDate": "2026-09-30", "recurrenceTimeZone": "W. Europe Standard Time" }
    });
    let calendar = read(&to_icalendar(&series, &zones()).unwrap());
    assert!(calendar.parts("VTIMEZONE").is_empty());
    let event = calendar.parts("VEVENT")[0];
    assert_eq!((event.get("DTSTART"), event.get("RRULE")), (Some("20260531"), Some("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260930")));
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn any_text_comes_back(subject in ".{0,200}", place in "\\PC{0,80}", body in "[a-zä;,:\\\\\"\n\r𝄞 ]{0,300}", name in "[ -~äß]{1,80}") {
        let mut event = meeting();
        event["subject"] = json!(subject);
        event["location"]["displayName"] = json!(place);
        event["body"]["content"] = json!(body);
        event["attendees"][0]["emailAddress"]["name"] = json!(name);
        let read = event_of(&event);
        // Control characters cannot stand in a text, and line ends are all one.
        let plain = |text: &str| {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect::<String>()
        };
        prop_assert_eq!(read.get("SUMMARY").unwrap_or_default(), plain(&subject));
        prop_assert_eq!(read.get("LOCATION").unwrap_or_default(), plain(&place));
        prop_assert_eq!(read.get("DESCRIPTION").unwrap_or_default(), plain(&body));
        let mut written = read.parameter("ATTENDEE", "CN").unwrap_or_default().split('^');
        let mut decoded = written.next().unwrap_or_default().to_owned();
        while let Some(part) = written.next() {
            // After a caret come a quote's apostrophe, an n, or nothing: then the next part follows a second caret.
            match part.chars().next() {
                Some('\'') => decoded.extend(["\"", &part[1..]]),
                Some(_) => panic!("^{part}"),
                None => decoded.extend(["^", written.next().unwrap()]),
            }
        }
        prop_assert_eq!(decoded, name);
    }
}
