//! The JSON face: shapes, defaults, and errors that name the path of the field. iCalendar has tests of its own.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use serde_json::{Value, json};

use super::*;
use crate::{
    ErrorCode,
    time::fixtures::{utc, zones},
};

fn request() -> Value {
    json!({
        "window": { "start": "2026-05-04T09:00:00+02:00", "end": "2026-05-04T08:00:00Z" },
        "durationMinutes": 30,
        "attendees": [
            { "id": "me", "kind": "organizer", "busy": [] },
            { "id": "adele", "busy": [{ "start": "2026-05-04T07:00:00Z", "end": "2026-05-04T07:10:00Z", "status": "tentative" }],
              "workingHours": { "daysOfWeek": ["monday"], "startTime": "09:00:00", "endTime": "17:00", "timeZone": "W. Europe Standard Time" } },
            { "id": "room", "kind": "Resource", "schedule": { "scheduleId": "room", "availabilityView": "00" }, "capacity": 4 }
        ]
    })
}

#[test]
fn a_ranking_has_the_declared_shape() {
    let found = rank_slots(&request(), &zones()).unwrap();
    assert_eq!(found["emptyReason"], "");
    assert!(found.get("almost").is_none());
    let slots = found["suggestions"].as_array().unwrap();
    assert_eq!((slots.len(), &slots[0]["start"], &slots[1]["start"]), (2, &json!("2026-05-04T07:30:00Z"), &json!("2026-05-04T07:00:00Z")));
    let expected = json!({
        "start": "2026-05-04T07:00:00Z", "end": "2026-05-04T07:30:00Z", "score": 75, "confidence": 50, "resource": "room",
        "attendees": [
            { "id": "me", "status": "free", "outsideHours": null, "minutesOutside": 0, "localStart": "2026-05-04T07:00:00+00:00" },
            { "id": "adele", "status": "tentative", "outsideHours": false, "minutesOutside": 0, "localStart": "2026-05-04T09:00:00+02:00" },
            { "id": "room", "status": "free", "outsideHours": null, "minutesOutside": 0, "localStart": "2026-05-04T07:00:00+00:00" }
        ],
        "reasons": [{ "code": "tentative", "attendees": ["adele"] }]
    });
    assert_eq!(slots[1], expected);
}

#[test]
fn text_in_and_text_out_is_the_same() {
    let zones = zones();
    let check = |request: &Value, text: &str| {
        let expected = rank_slots(request, &zones).map_err(|error| error.message().to_owned());
        let found = rank_slots_text(text, &zones).map_err(|error| error.message().to_owned());
        assert_eq!(found.map(|found| serde_json::from_str::<Value>(&found).unwrap()), expected, "{text}");
    };
    let mut request = request();
    request["attendees"][0]["id"] = json!("\"me\"\n\u{e9}");
    request["attendees"][2]["schedule"]["scheduleItems"] = json!([{ "status": "tentative", "subject": "a \" } ] b", "isPrivate": false,
        "start": { "dateTime": "2026-05-04T07:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-05-04T07:30:00", "timeZone": "UTC" } }]);
    request["needsResource"] = json!(false);
    check(&request, &request.to_string());
    check(&request, &serde_json::to_string_pretty(&request).unwrap());
    // What is wrong is said in the same words, however it was read.
    for (pointer, value) in
        [("/attendees/1/busy/0/end", json!("x")), ("/attendees/1/busy/0", Value::Null), ("/attendees/1/busy", json!({}))]
    {
        let mut spoilt = request.clone();
        *spoilt.pointer_mut(pointer).unwrap() = value;
        check(&spoilt, &spoilt.to_string());
    }
    for text in ["", "{", "[]", "{} {}", "nul", "{\"attendees\":[{\"busy\":[{\"start\":\"", "{\"a\":\"\\"] {
        assert!(rank_slots_text(text, &zones).unwrap_err().message().starts_with("request "), "{text}");
    }
}

#[test]
fn what_would_help_is_told_where_it_was_asked_for() {
    let mut request = request();
    request["relax"] = json!(true);
    assert_eq!(rank_slots(&request, &zones()).unwrap()["almost"], json!([]));
    request["attendees"][1]["busy"] = json!([{ "start": "2026-05-04T07:15:00Z", "end": "2026-05-04T07:45:00Z", "status": "busy" }]);
    request["attendees"][2]["schedule"] = json!({ "scheduleItems": [] });
    request["quorum"] = json!({});
    let found = rank_slots(&request, &zones()).unwrap();
    assert_eq!((&found["suggestions"], &found["emptyReason"]), (&json!([]), &json!("attendeesUnavailable")));
    let changes: Vec<&Value> = found["almost"].as_array().unwrap().iter().map(|almost| &almost["change"]).collect();
    assert_eq!(changes, [&json!({ "kind": "shorter", "minutes": 15 }), &json!({ "kind": "without", "attendee": "adele" })]);
}

#[test]
fn graphs_objects_are_read_as_they_come() {
    let status = |schedule: Value| {
        let mut request = request();
        request["workingHours"] = json!("ignore");
        request["attendees"] = json!([{ "id": "a", "schedule": schedule }]);
        rank_slots(&request, &zones()).unwrap()["suggestions"][0]["attendees"][0]["status"].clone()
    };
    let item = |word: Value| {
        json!({ "scheduleItems": [
            { "status": word, "start": { "dateTime": "2026-05-04T00:00:00.0000000", "timeZone": "UTC" }, "end": { "dateTime": "2026-05-05T00:00:00", "timeZone": "UTC" } }, null] })
    };
    assert_eq!(status(json!({ "error": { "responseCode": "5009", "message": "no such mailbox" }, "availabilityView": "00" })), "unknown");
    assert_eq!(status(item(json!("Tentative"))), "tentative");
    assert_eq!(status(item(json!("unknownFutureValue"))), "unknown");
    assert_eq!(status(item(Value::Null)), "unknown");
    assert_eq!(status(json!({ "scheduleItems": null, "availabilityView": null, "workingHours": null, "error": null })), "unknown");
    assert_eq!(status(json!({ "scheduleItems": [], "workingHours": { "daysOfWeek": null, "startTime": 3 }, "other": [1] })), "free");
    assert_eq!(status(json!({ "availabilityView": "4x1" })), "workingElsewhere");
    assert_eq!(status(json!({})), "unknown");
}

#[test]
fn an_error_names_the_path_of_the_field() {
    let zones = zones();
    let refused = |pointer: &str, value: Value, message: &str| {
        let mut request = request();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match request.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.insert(name.to_owned(), value)),
            Value::Array(entries) => entries[name.parse::<usize>().unwrap()] = value,
            _ => panic!("{pointer} leads nowhere"),
        }
        let error = rank_slots(&request, &zones).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidRequest);
        assert!(error.message().starts_with(message), "{} instead of {message}", error.message());
    };
    refused("/window", Value::Null, "window must be an object");
    refused("/window/start", json!("2026-05-04T09:00:00"), "window.start has no offset; add Z");
    refused("/window/end", json!(5), "window.end must be a text like ");
    refused("/durationMinutes", json!(0), "durationMinutes must be at least 1");
    refused("/durationMinutes", Value::Null, "durationMinutes must be a whole number");
    refused("/durationMinutes", json!(30.5), "durationMinutes must be a whole number");
    refused("/stepMinutes", json!("30"), "stepMinutes must be a whole number");
    refused("/bufferBeforeMinutes", json!(-1), "bufferBeforeMinutes must be a whole number");
    refused("/timeZone", json!(""), "timeZone is no time zone");
    refused("/workingHours", json!("maybe"), "workingHours must be one of require, prefer and ignore");
    refused("/quorum", json!(2), "quorum must be an object");
    refused("/quorum", json!({ "minPercentage": 66.6 }), "quorum.minPercentage must be a whole number");
    refused("/allowTentative", json!("yes"), "allowTentative must be true or false");
    refused("/maxResults", json!(0), "maxResults must be at least 1");
    refused("/recurrence", json!({ "pattern": { "type": "daily", "interval": 0 } }), "recurrence.pattern.interval must be at least 1");
    refused("/attendees", json!({}), "attendees must be a list");
    refused("/attendees/1", json!("adele"), "attendees[1] must be an object");
    refused("/attendees/1/id", json!(7), "attendees[1].id must be a text");
    refused("/attendees/1/kind", json!("chair"), "attendees[1].kind must be one of organizer, ");
    refused("/attendees/1/kind", json!("organizer"), "attendees[1].kind names a second organizer");
    refused("/attendees/1/busy", json!({}), "attendees[1].busy must be a list");
    refused("/attendees/1/busy/0", Value::Null, "attendees[1].busy[0] must be an object");
    refused("/attendees/1/busy/0/start", json!("soon"), "attendees[1].busy[0].start is not a date and time; write it like ");
    refused("/attendees/1/busy/0/status", Value::Null, "attendees[1].busy[0].status must be one of free, ");
    refused("/attendees/1/schedule", json!([]), "attendees[1].schedule must be an object");
    refused(
        "/attendees/1/view",
        json!({ "start": "2026-05-04T09:00Z", "intervalMinutes": 0 }),
        "attendees[1].view.intervalMinutes must be at",
    );
    refused("/attendees/1/knownUntil", json!("2026"), "attendees[1].knownUntil is not a date");
    refused("/attendees/1/ignore", json!([{ "start": "2026-05-04T09:00Z" }]), "attendees[1].ignore[0].end must be a text");
    refused("/attendees/1/workingHours", json!([{}]), "attendees[1].workingHours[0].timeZone must be the name");
    refused("/attendees/1/workingHours/endTime", json!("late"), "attendees[1].workingHours.endTime must be a time of day");
    refused(
        "/attendees/1/workingHours/daysOfWeek",
        json!(["monday", "Montag"]),
        "attendees[1].workingHours.daysOfWeek[1] must be an English",
    );
    refused("/attendees/2/capacity", json!(1.5), "attendees[2].capacity must be a whole number");
    let item = json!({ "scheduleItems": [{ "status": "busy", "start": { "dateTime": "x" } }] });
    refused("/attendees/2/schedule", item, "attendees[2].schedule.scheduleItems[0].start.dateTime is not a date");
    assert_eq!(rank_slots(&json!([]), &zones).unwrap_err().message(), "request must be an object");
}

#[test]
fn null_is_not_given_except_for_hours() {
    let mut request = request();
    for name in ["stepMinutes", "timeZone", "workingHours", "quorum", "needsResource", "maxResults", "recurrence", "relax"] {
        request[name] = Value::Null;
    }
    request["maxResults"] = json!(9_007_199_254_740_991_u64);
    request["durationMinutes"] = json!(30.0);
    assert_eq!(rank_slots(&request, &zones()).unwrap()["suggestions"].as_array().unwrap().len(), 2);
    let outside = |hours: Option<Value>| {
        let mut request = request.clone();
        let schedule = json!({ "scheduleItems": [], "workingHours": { "daysOfWeek": ["sunday"], "startTime": "08:00:00", "endTime": "09:00:00", "timeZone": { "name": "UTC" } } });
        request["workingHours"] = json!("prefer");
        request["attendees"] = json!([{ "id": "a", "schedule": schedule }]);
        if let Some(hours) = hours {
            request["attendees"][0]["workingHours"] = hours;
        }
        rank_slots(&request, &zones()).unwrap()["suggestions"][0]["attendees"][0]["outsideHours"].clone()
    };
    assert_eq!((outside(None), outside(Some(Value::Null)), outside(Some(json!([])))), (json!(true), Value::Null, Value::Null));
}

#[test]
fn a_view_is_graphs_digits() {
    let mut request = json!({
        "start": "2026-05-04T09:00:00Z", "end": "2026-05-04T12:00:00Z", "intervalMinutes": 60,
        "items": [
            { "start": "2026-05-04T09:30:00Z", "end": "2026-05-04T10:00:00Z", "status": "BUSY" },
            { "start": "2026-05-04T11:00:00Z", "end": "2026-05-04T12:00:00Z", "status": "somethingNew" }
        ]
    });
    assert_eq!(availability_view(&request).unwrap(), "200");
    request["items"][1]["end"] = json!("later");
    assert!(availability_view(&request).unwrap_err().message().starts_with("items[1].end is not a date"));
    request["intervalMinutes"] = json!(4);
    request["items"] = json!([]);
    assert!(availability_view(&request).unwrap_err().message().starts_with("intervalMinutes must lie in 5 to 1440"));
}

#[test]
fn a_recurrence_is_expanded_to_wall_times() {
    let mut request = json!({
        "recurrence": {
            "pattern": { "type": "daily", "interval": 1 },
            "range": { "type": "noEnd", "startDate": "2026-03-28", "recurrenceTimeZone": "W. Europe Standard Time" }
        },
        "start": { "dateTime": "2026-03-28T09:00:00", "timeZone": "Europe/Berlin" },
        "end": { "dateTime": "2026-03-28T10:00:00", "timeZone": "Europe/Berlin" },
        "from": "2026-03-28T00:00:00Z", "to": "2026-03-30T00:00:00Z"
    });
    let expected = json!([
        { "start": "2026-03-28T09:00:00+01:00", "end": "2026-03-28T10:00:00+01:00" },
        { "start": "2026-03-29T09:00:00+02:00", "end": "2026-03-29T10:00:00+02:00" }
    ]);
    assert_eq!(expand_recurrence(&request, &zones()).unwrap(), expected);
    let refused = |request: &Value| expand_recurrence(request, &zones()).unwrap_err().message().to_owned();
    request["to"] = json!("9999-12-31T00:00:00Z");
    assert!(refused(&request).starts_with("to is so far from the first occurrence"), "{}", refused(&request));
    request["start"]["dateTime"] = json!("noon");
    assert!(refused(&request).starts_with("start.dateTime is not a date"));
    request["recurrence"] = json!("weekly");
    assert!(refused(&request).starts_with("recurrence must be an object"));
}

#[test]
fn zones_have_both_names() {
    let check = |name: &str, at: &str, expected: Value| {
        assert_eq!(time_zone(&json!(name), &json!(at), utc("2026-01-01T00:00Z"), &zones()).unwrap(), expected, "{name}");
    };
    let berlin = |minutes: i32| json!({ "iana": "Europe/Berlin", "windows": "W. Europe Standard Time", "offsetMinutes": minutes });
    check("Europe/Berlin", "2026-07-01T00:00:00Z", berlin(120));
    check("w. europe standard time", "2026-12-01T00:00:00Z", berlin(60));
    check(
        "Asia/Kathmandu",
        "2026-07-01T00:00:00Z",
        json!({ "iana": "Asia/Kathmandu", "windows": "Nepal Standard Time", "offsetMinutes": 345 }),
    );
    check(
        "America/St_Johns",
        "2026-01-01T00:00:00Z",
        json!({ "iana": "America/St_Johns", "windows": "Newfoundland Standard Time", "offsetMinutes": -210 }),
    );
    check("UTC", "2026-07-01T00:00:00Z", json!({ "iana": "UTC", "windows": "UTC", "offsetMinutes": 0 }));
    for unknown in ["", "Nowhere", "Customized Time Zone", "tzone://Microsoft/Custom"] {
        check(unknown, "2026-07-01T00:00:00Z", Value::Null);
    }
    let now = time_zone(&json!("Europe/Berlin"), &Value::Null, utc("2026-07-01T00:00Z"), &zones());
    assert_eq!(now.unwrap(), berlin(120));
    assert!(
        time_zone(&json!(3), &Value::Null, utc("2026-07-01T00:00Z"), &zones()).unwrap_err().message().starts_with("name must be a text")
    );
    assert!(
        time_zone(&json!("UTC"), &json!("noon"), utc("2026-07-01T00:00Z"), &zones()).unwrap_err().message().starts_with("at is not a date")
    );
}

#[test]
fn wall_times_become_instants_by_rule() {
    let check = |date_time: &str, zone: Value, instant: &str, ambiguous: bool, gap: bool| {
        let found = to_instant(&json!({ "dateTime": date_time, "timeZone": zone }), &zones()).unwrap();
        assert_eq!(found, json!({ "instant": instant, "ambiguous": ambiguous, "gap": gap }), "{date_time}");
    };
    check("2026-03-29T02:30:00", json!("Europe/Berlin"), "2026-03-29T01:30:00Z", false, true);
    check("2026-10-25T02:30:00.0000000", json!("W. Europe Standard Time"), "2026-10-25T00:30:00Z", true, false);
    check("2026-05-04T09:00:00.25", json!("UTC"), "2026-05-04T09:00:00.250Z", false, false);
    check("2026-05-04T09:00:00-07:00", Value::Null, "2026-05-04T16:00:00Z", false, false);
    let refused = |local: Value| to_instant(&local, &zones()).unwrap_err().message().to_owned();
    assert!(refused(json!({ "dateTime": "2026-05-04T09:00:00", "timeZone": "Nowhere" })).starts_with("timeZone is no time zone"));
    assert!(refused(json!({ "dateTime": "2026-05-04T09:00:00" })).starts_with("timeZone is no time zone"));
    assert!(refused(json!({ "dateTime": "noon", "timeZone": "UTC" })).starts_with("dateTime is not a date and time"));
    assert!(refused(json!({ "timeZone": "UTC" })).starts_with("dateTime must be a text"));
    assert!(refused(json!("2026-05-04T09:00:00Z")).starts_with("local must be an object"));
}
