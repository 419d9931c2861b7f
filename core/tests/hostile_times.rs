//! Times that break calendars, each through everything that has to bear it: reading, the calendar's days, the grid, the engine and the
//! module's functions. One test for each kind; zones are chrono-tz's.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

#[path = "shared/zones.rs"]
mod tables;

use std::rc::Rc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use convoke_core::{
    api::{expand_recurrence, rank_slots, time_zone, to_instant},
    model::{DateTimeTimeZone, Event, FreeBusy, MeetingTimes, ScheduleInformation},
    schedule::{
        RankAttendee, Role, View,
        grid::{Grid, GridSpec},
        statuses,
    },
    store::{Placed, days_of_events, place},
    time::{Span, Zone, instant_of, iso_local, parse_instant},
};
use serde_json::{Value, json};

use tables::zones;

fn utc(text: &str) -> DateTime<Utc> {
    parse_instant(text).unwrap()
}

fn zone(name: &str) -> Rc<Zone> {
    zones().get(name).unwrap()
}

fn value(date_time: &str, time_zone: &str) -> DateTimeTimeZone {
    DateTimeTimeZone { date_time: date_time.into(), time_zone: time_zone.into() }
}

fn event(start: (&str, &str), end: (&str, &str), all_day: bool) -> Rc<Event> {
    let bound = |(date_time, zone): (&str, &str)| json!({ "dateTime": date_time, "timeZone": zone });
    Rc::new(Event::from_json(json!({ "id": "x", "start": bound(start), "end": bound(end), "isAllDay": all_day })).unwrap())
}

fn placed(event: &Rc<Event>, viewer: &str) -> Placed {
    place(event, &zone(viewer), &zones()).unwrap()
}

/// The dates of a week on which an event stands.
fn days(week: &str, event: &Rc<Event>, viewer: &str) -> Vec<String> {
    let found = days_of_events(week.parse().unwrap(), std::slice::from_ref(event), &zone(viewer), &zones());
    found.into_iter().filter(|day| !day.events.is_empty()).map(|day| day.date.to_string()).collect()
}

fn grid(first_day: &str, days: u32, step_minutes: u32, viewer: &str) -> Grid {
    let first_day: NaiveDate = first_day.parse().unwrap();
    Grid::new(&GridSpec { first_day, days, from_minute: 0, to_minute: 1440, step_minutes }, &zone(viewer))
}

fn instant(date_time: &str, zone: &str) -> Value {
    to_instant(&json!({ "dateTime": date_time, "timeZone": zone }), &zones()).unwrap()
}

#[test]
fn a_start_inside_the_gap_is_shifted_and_marked_and_not_lost() {
    let found = instant("2026-03-29T02:30:00", "Europe/Berlin");
    assert_eq!(found, json!({ "instant": "2026-03-29T01:30:00Z", "ambiguous": false, "gap": true }));
    let event = event(("2026-03-29T02:30:00", "Europe/Berlin"), ("2026-03-29T04:00:00", "Europe/Berlin"), false);
    assert_eq!(iso_local(placed(&event, "Europe/Berlin").start), "2026-03-29T03:30:00");
    assert_eq!(days("2026-03-23", &event, "Europe/Berlin"), ["2026-03-29"]);
    let grid = grid("2026-03-29", 1, 30, "Europe/Berlin");
    assert_eq!(grid.columns[grid.column_at(utc("2026-03-29T01:30:00Z")).unwrap()].minute, 3 * 60 + 30);
}

#[test]
fn both_instants_of_the_overlap_hour_have_their_own_cell() {
    let found = instant("2026-10-25T02:30:00", "Europe/Berlin");
    assert_eq!(found, json!({ "instant": "2026-10-25T00:30:00Z", "ambiguous": true, "gap": false }));
    let grid = grid("2026-10-25", 1, 30, "Europe/Berlin");
    let (first, second) = (grid.column_at(utc("2026-10-25T00:30:00Z")).unwrap(), grid.column_at(utc("2026-10-25T01:30:00Z")).unwrap());
    assert_eq!((second - first, grid.columns[first].minute, grid.columns[second].minute), (2, 150, 150));
    assert_eq!(grid.columns.len(), 50);
    // An event of the second hour is not taken for one of the first.
    let event = event(("2026-10-25T01:00:00", "UTC"), ("2026-10-25T01:30:00", "UTC"), false);
    let span = Span::new(utc("2026-10-25T01:00:00Z"), utc("2026-10-25T01:30:00Z"));
    assert_eq!(iso_local(placed(&event, "Europe/Berlin").start), "2026-10-25T02:00:00");
    assert_eq!(grid.runs(span)[0].x0, 6.0);
}

#[test]
fn whole_days_never_shift_and_are_a_day_wide() {
    for (zone, start, end, expected) in [
        ("UTC", "2026-03-29T00:00:00.0000000", "2026-03-30T00:00:00.0000000", &["2026-03-29"][..]),
        ("Europe/Berlin", "2026-03-29", "2026-03-30", &["2026-03-29"]),
        ("Pacific/Apia", "2026-03-28T09:30:00", "2026-03-28T09:30:00", &["2026-03-28"]),
        ("UTC", "2026-03-28T22:00:00", "2026-03-29T22:00:00", &["2026-03-28"]),
        ("tzone://Microsoft/Custom", "2026-03-28T00:00:00", "2026-03-30T00:00:00", &["2026-03-28", "2026-03-29"]),
    ] {
        let event = event((start, zone), (end, zone), true);
        for viewer in ["Europe/Berlin", "Pacific/Honolulu", "Pacific/Kiritimati"] {
            assert_eq!(days("2026-03-23", &event, viewer), expected, "{start} in {zone} seen from {viewer}");
        }
    }
}

#[test]
fn an_end_before_its_start_and_forty_days_are_drawn() {
    let turned = event(("2026-05-05T10:00:00", "UTC"), ("2026-05-05T09:00:00", "UTC"), false);
    let empty = event(("2026-05-05T10:00:00", "UTC"), ("2026-05-05T10:00:00", "UTC"), false);
    let long = event(("2026-04-20T10:00:00", "UTC"), ("2026-05-30T10:00:00", "UTC"), false);
    for event in [&turned, &empty] {
        assert_eq!(days("2026-05-04", event, "UTC"), ["2026-05-05"]);
        let placed = placed(event, "UTC");
        assert!(placed.end >= placed.start);
    }
    assert_eq!(days("2026-05-04", &long, "UTC").len(), 7);
    let grid = grid("2026-05-04", 7, 60, "UTC");
    for (from, to) in [("2026-05-05T10:00:00Z", "2026-05-05T09:00:00Z"), ("2026-04-20T10:00:00Z", "2026-05-30T10:00:00Z")] {
        let runs = grid.runs(Span::new(utc(from), utc(to)));
        assert!(runs.iter().all(|run| run.x0 < run.x1 && run.x0 >= 0.0 && run.x1 <= 168.0), "{runs:?}");
    }
}

#[test]
fn a_zone_that_nobody_knows_is_utc_with_a_mark() {
    let zones = zones();
    for name in ["tzone://Microsoft/Custom", "Customized Time Zone", "Nowhere Standard Time", "", "GMT+6:30", "\u{202e}", "Europe/berlin/x"]
    {
        let resolved = instant_of(&value("2026-05-04T09:00:00", name), &zones).unwrap();
        assert_eq!((resolved.instant, resolved.unknown_zone), (utc("2026-05-04T09:00:00Z"), true), "{name}");
        let event = event(("2026-05-04T09:00:00", name), ("2026-05-04T10:00:00", name), false);
        let placed = placed(&event, "Asia/Tokyo");
        assert_eq!((iso_local(placed.start), placed.zone_unknown), ("2026-05-04T18:00:00".to_owned(), true), "{name}");
        // The module's functions do not guess.
        assert_eq!(time_zone(&json!(name), &Value::Null, utc("2026-05-04T09:00:00Z"), &zones).unwrap(), Value::Null);
        let error = to_instant(&json!({ "dateTime": "2026-05-04T09:00:00", "timeZone": name }), &zones).unwrap_err();
        assert!(error.message().starts_with("timeZone is no time zone that is known here"));
    }
    // In the engine such an item makes its person unknown instead of free at the wrong time.
    let item = json!({ "status": "busy", "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "Customized Time Zone" },
        "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "Customized Time Zone" } });
    let request = json!({
        "window": { "start": "2026-05-04T12:00:00Z", "end": "2026-05-04T13:00:00Z" }, "durationMinutes": 60,
        "attendees": [{ "id": "a", "schedule": { "scheduleItems": [item] } }]
    });
    let found = rank_slots(&request, &zones).unwrap();
    assert_eq!(found["suggestions"][0]["attendees"][0]["status"], "unknown");
}

#[test]
fn dates_are_read_in_every_form_that_comes() {
    for (text, expected) in [
        ("2026-05-04T09:00:00.1234567", "2026-05-04T09:00:00.123Z"),
        ("2026-05-04T09:00:00", "2026-05-04T09:00:00Z"),
        ("2026-05-04T09:00", "2026-05-04T09:00:00Z"),
        ("2026-05-04T09:00:00Z", "2026-05-04T09:00:00Z"),
        ("2026-05-04T24:00:00", "2026-05-05T00:00:00Z"),
        ("2026-05-04T23:59:60", "2026-05-05T00:00:00Z"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.999Z"),
        ("2026-05-04", "2026-05-04T00:00:00Z"),
    ] {
        assert_eq!(instant(text, "UTC")["instant"], expected, "{text}");
    }
    for text in ["", "never", "2026-13-01", "2026-02-30T00:00:00", "2026-05-04T25:00:00", "2026-05-04T09:00:61", "99999-01-01"] {
        let error = to_instant(&json!({ "dateTime": text, "timeZone": "UTC" }), &zones()).unwrap_err();
        assert!(error.message().starts_with("dateTime is not a date and time"), "{text}");
        // An event with such a start is left out of the calendar; it takes nothing else with it.
        assert!(place(&event((text, "UTC"), ("2026-05-04T10:00:00", "UTC"), false), &Zone::utc(), &zones()).is_none(), "{text}");
    }
}

#[test]
fn odd_zones_stand_in_the_right_cells() {
    // No midnight: the day begins at one.
    let sao_paulo = grid("2018-11-04", 1, 60, "America/Sao_Paulo");
    assert_eq!((sao_paulo.columns.len(), sao_paulo.columns[0].minute), (23, 60));
    // Half an hour is left out, or comes twice.
    assert_eq!(grid("2026-10-04", 1, 30, "Australia/Lord_Howe").columns.len(), 47);
    assert_eq!(grid("2026-04-05", 1, 30, "Australia/Lord_Howe").columns.len(), 49);
    let kathmandu = grid("2026-05-04", 1, 15, "Asia/Kathmandu");
    assert_eq!(kathmandu.columns[kathmandu.column_at(utc("2026-05-04T03:15:00Z")).unwrap()].minute, 9 * 60);
    // A day that never was is drawn without columns; its neighbours are whole.
    let apia = grid("2011-12-29", 3, 60, "Pacific/Apia");
    assert_eq!(apia.days.iter().map(|day| day.columns).collect::<Vec<_>>(), [24, 0, 24]);
    assert_eq!(instant("2011-12-30T12:00:00", "Pacific/Apia")["gap"], true);
}

#[test]
fn a_schedule_that_is_wrong_is_unknown_and_shifts_nobody() {
    let window = Span::new(utc("2026-05-04T08:00:00Z"), utc("2026-05-04T10:00:00Z"));
    let spans = |schedule: Value| {
        let schedule = ScheduleInformation::from_json(&schedule);
        let view = Some(View { start: window.start, interval_minutes: 30 });
        let attendee = RankAttendee { schedule, view, ..RankAttendee::new("a", Role::Required) };
        let minutes = |at: DateTime<Utc>| (at - window.start).num_minutes();
        let found = statuses(&attendee, window, &zones()).unwrap();
        found.iter().map(|run| (minutes(run.span.start), minutes(run.span.end), run.status)).collect::<Vec<_>>()
    };
    use FreeBusy::{Busy, Unknown};
    assert_eq!(spans(json!({ "error": { "responseCode": "5009" }, "availabilityView": "0000" })), [(0, 120, Unknown)]);
    assert_eq!(spans(json!({ "availabilityView": "02" })), [(30, 60, Busy), (60, 120, Unknown)], "shorter than the window");
    assert_eq!(spans(json!({ "availabilityView": "02002222" })), [(30, 60, Busy)], "longer than the window");
    assert_eq!(spans(json!({ "availabilityView": "0920" })), [(30, 60, Unknown), (60, 90, Busy)], "a digit that nobody knows");
}

#[test]
fn every_reason_for_nothing_is_read_and_strange_suggestions_are_kept() {
    for word in ["attendeesUnavailable", "attendeesUnavailableOrUnknown", "locationsUnavailable", "organizerUnavailable", "unknown", ""] {
        let mut written = word.to_owned();
        // Graph's documentation shows both casings.
        if let Some(first) = written.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        assert_eq!(MeetingTimes::from_json(&json!({ "emptySuggestionsReason": written })).unwrap().empty_reason, word);
    }
    let slot = json!({ "start": { "dateTime": "1999-01-01T00:00:00", "timeZone": "UTC" }, "end": { "dateTime": "1999-01-01T00:30:00", "timeZone": "UTC" } });
    let found = MeetingTimes::from_json(&json!({ "meetingTimeSuggestions": [{ "confidence": 0, "meetingTimeSlot": slot }] })).unwrap();
    assert_eq!((found.suggestions.len(), found.suggestions[0].confidence), (1, 0.0));
}

#[test]
fn no_recurrence_expands_for_ever() {
    let expand = |pattern: Value, range: Value, from: &str, to: &str| {
        let at = json!({ "dateTime": "2026-01-30T23:30:00", "timeZone": "Europe/Berlin" });
        let end = json!({ "dateTime": "2026-01-31T01:00:00", "timeZone": "Europe/Berlin" });
        let request = json!({ "recurrence": { "pattern": pattern, "range": range }, "start": at, "end": end, "from": from, "to": to });
        expand_recurrence(&request, &zones()).map(|found| found.as_array().unwrap().clone()).map_err(|error| error.message().to_owned())
    };
    let endless = || json!({ "type": "noEnd", "startDate": "2026-01-30" });
    let daily = |interval: i64| json!({ "type": "daily", "interval": interval });
    assert_eq!(expand(daily(1), endless(), "2026-01-30T00:00:00Z", "2026-02-02T00:00:00Z").unwrap().len(), 3);
    assert!(expand(daily(1), endless(), "2026-01-30T00:00:00Z", "9999-12-31T00:00:00Z").unwrap_err().starts_with("to is so far"));
    assert!(
        expand(daily(0), endless(), "2026-01-30T00:00:00Z", "2026-02-02T00:00:00Z").unwrap_err().starts_with("recurrence.pattern.interval")
    );
    let last = json!({ "type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last" });
    let fridays = expand(last, endless(), "2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z").unwrap();
    let starts: Vec<&str> = fridays.iter().map(|found| &found["start"].as_str().unwrap()[..10]).collect();
    assert_eq!(starts, ["2026-01-30", "2026-02-27", "2026-03-27", "2026-04-24"]);
    // Over midnight, over the change of the clock: the wall times stay, the length follows.
    let lengths = fridays.iter().map(|found| utc(found["end"].as_str().unwrap()) - utc(found["start"].as_str().unwrap()));
    assert!(lengths.into_iter().all(|length| length == TimeDelta::minutes(90)));
    // An exception that was moved over midnight is an event of its own: it stands on the day to which it was moved.
    let mut moved = json!({ "id": "e", "type": "exception", "originalStart": "2026-05-04T22:00:00Z" });
    moved["start"] = json!({ "dateTime": "2026-05-05T00:30:00", "timeZone": "Europe/Berlin" });
    moved["end"] = json!({ "dateTime": "2026-05-05T01:30:00", "timeZone": "Europe/Berlin" });
    assert_eq!(days("2026-05-04", &Rc::new(Event::from_json(moved).unwrap()), "Europe/Berlin"), ["2026-05-05"]);
}
