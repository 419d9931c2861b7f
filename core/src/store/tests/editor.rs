//! What is typed in the dialog for a new event, and what request it becomes.

use super::*;
use crate::{
    model::{AttendeeKind, DateTimeTimeZone, PersonKind},
    time::{
        fixtures::{wall, zone},
        instant_of,
    },
};

fn editor_at(now: &str, zone_name: &str) -> Editor {
    Editor::new("id".into(), utc(now), &zone(zone_name), None)
}

fn times(editor: &Editor) -> String {
    [editor.start_date.as_str(), &editor.start_time, &editor.end_date, &editor.end_time].join(" ")
}

/// A dialog with these times, as typed one after the other into an empty one.
fn typed(start_date: &str, start_time: &str, end_date: &str, end_time: &str) -> Editor {
    Editor {
        transaction_id: "id".into(),
        title: "Offsite".into(),
        start_date: start_date.into(),
        start_time: start_time.into(),
        end_date: end_date.into(),
        end_time: end_time.into(),
        ..Editor::default()
    }
}

#[test]
fn a_new_event_begins_at_the_next_full_half_hour() {
    for (now, name, expected) in [
        ("2026-03-17T08:10:00Z", "Europe/Berlin", "2026-03-17 09:30 2026-03-17 10:00"),
        ("2026-03-17T08:30:00Z", "Europe/Berlin", "2026-03-17 10:00 2026-03-17 10:30"),
        ("2026-03-17T08:59:59.999Z", "Europe/Berlin", "2026-03-17 10:00 2026-03-17 10:30"),
        ("2026-03-17T22:45:00Z", "Europe/Berlin", "2026-03-18 00:00 2026-03-18 00:30"),
        ("2026-03-17T08:10:00Z", "Asia/Kathmandu", "2026-03-17 14:00 2026-03-17 14:30"),
        // The next half hour by the clock on the wall would be 02:00, which this night leaves out.
        ("2026-03-29T00:40:00Z", "Europe/Berlin", "2026-03-29 03:00 2026-03-29 03:30"),
    ] {
        let editor = editor_at(now, name);
        assert_eq!(times(&editor), expected, "{now} {name}");
        let titled = Editor { title: "Offsite".into(), ..editor };
        assert_eq!(titled.check(&zone(name)), []);
    }
}

#[test]
fn a_new_event_on_another_day_begins_at_nine() {
    let mut world = World::signed_in(View::Calendar);
    world.act(EditorAction::Open("2026-04-01".parse().ok()));
    assert_eq!(times(world.editor()), "2026-04-01 09:00 2026-04-01 09:30");
    world.act(EditorAction::Discard);
    world.act(EditorAction::Open("2026-03-17".parse().ok()));
    assert_eq!(times(world.editor()), "2026-03-17 09:30 2026-03-17 10:00");
}

#[test]
fn moving_the_start_moves_the_end() {
    let mut editor = editor_at("2026-03-17T08:10:00Z", "Europe/Berlin");
    editor.set(EditorField::EndTime, "11:15".into());
    editor.set(EditorField::StartTime, "23:00".into());
    assert_eq!(times(&editor), "2026-03-17 23:00 2026-03-18 00:45");
    editor.set(EditorField::StartDate, "2026-12-31".into());
    assert_eq!(times(&editor), "2026-12-31 23:00 2027-01-01 00:45");
}

#[test]
fn the_length_outlives_what_a_field_passes_through_while_one_types() {
    let mut editor = editor_at("2026-03-17T08:10:00Z", "Europe/Berlin");
    for text in ["", "1", "14", "14:", "14:3", "14:30"] {
        editor.set(EditorField::StartTime, text.into());
        assert_eq!(editor.start_time, text, "what is typed stays as typed");
    }
    for text in ["", "0002-04-01", "0020-04-01", "0202-04-01", "2026-04-01"] {
        editor.set(EditorField::StartDate, text.into());
    }
    assert_eq!(times(&editor), "2026-04-01 14:30 2026-04-01 15:00");
}

#[test]
fn an_end_that_somebody_typed_is_not_overwritten() {
    let mut editor = editor_at("2026-03-17T08:10:00Z", "Europe/Berlin");
    editor.set(EditorField::EndTime, "08:00".into());
    editor.set(EditorField::StartTime, "07:00".into());
    assert_eq!(times(&editor), "2026-03-17 07:00 2026-03-17 08:00");
    editor.set(EditorField::EndTime, "half past".into());
    editor.set(EditorField::StartTime, "06:00".into());
    assert_eq!(editor.end_time, "half past");
}

#[test]
fn problems_are_named_by_field_in_their_order() {
    use EditorField::{EndDate, EndTime, StartDate, StartTime, Title};
    use FieldProblem::{InGap, Missing, NotADate, NotATime, NotAfterStart, TooLong};
    let check = |editor: &Editor| editor.check(&zone("Europe/Berlin"));
    let day = "2026-03-17";
    assert_eq!(check(&typed(day, "10:00", day, "10:30")), []);
    assert_eq!(check(&Editor { title: " \t".into(), ..typed(day, "10:00", day, "10:30") }), [(Title, Missing)]);
    assert_eq!(check(&Editor { title: "ü".repeat(255), ..typed(day, "10:00", day, "10:30") }), []);
    assert_eq!(check(&Editor { title: "ü".repeat(256), ..typed(day, "10:00", day, "10:30") }), [(Title, TooLong)]);
    assert_eq!(
        check(&typed("17.3.2026", "x", "", "25:00")),
        [(StartDate, NotADate), (EndDate, NotADate), (StartTime, NotATime), (EndTime, NotATime)]
    );
    assert_eq!(check(&typed("0002-03-17", "10:00", "0002-03-17", "11:00")), [(StartDate, NotADate), (EndDate, NotADate)]);
    assert_eq!(check(&typed(day, "10:00", day, "10:00")), [(EndTime, NotAfterStart)]);
    assert_eq!(check(&typed(day, "10:00", "2026-03-16", "23:00")), [(EndDate, NotAfterStart)]);
    // As text "2026-3-18" comes after "2026-03-19", as a date before it.
    assert_eq!(check(&typed("2026-03-19", "10:00", "2026-3-18", "23:00")), [(EndDate, NotAfterStart)]);
    assert_eq!(check(&typed("2026-03-29", "02:30", "2026-03-29", "04:00")), [(StartTime, InGap)]);
    assert_eq!(check(&typed("2026-03-29", "01:30", "2026-03-29", "02:30")), [(EndTime, InGap)]);
    assert_eq!(check(&typed("2026-03-29", "01:30", "2026-03-29", "03:00")), []);
    assert_eq!(check(&typed("2026-10-25", "02:30", "2026-10-25", "02:45")), [], "an hour that happens twice is taken as its first");
}

#[test]
fn times_of_day_are_read_in_common_forms_and_nothing_else() {
    let reads = |text: &str| typed("2026-03-17", text, "2026-03-18", "23:59").times().map(|(start, _)| start.time().to_string());
    for (text, expected) in [
        ("9:00", "09:00:00"),
        ("09:05", "09:05:00"),
        ("9.30", "09:30:00"),
        ("0930", "09:30:00"),
        ("930", "09:30:00"),
        (" 9 ", "09:00:00"),
        ("23", "23:00:00"),
        ("00:00", "00:00:00"),
        ("10:00:00", "10:00:00"),
    ] {
        assert_eq!(reads(text).as_deref(), Some(expected), "{text}");
    }
    for text in ["", "24:00", "9:60", "-9:00", "+9:00", "9:+5", "9:00:61", "9:00:00:00", "99999", "noon", "９:00", "1:2:3:4", ":", "∞∞"]
    {
        assert_eq!(reads(text), None, "{text}");
    }
}

#[test]
fn the_request_says_the_time_in_a_zone_that_graph_knows() {
    for (name, written, date_time) in [
        ("Europe/Berlin", "W. Europe Standard Time", "2026-07-01T10:00:00"),
        ("Europe/Vienna", "W. Europe Standard Time", "2026-07-01T10:00:00"),
        ("Asia/Kathmandu", "Nepal Standard Time", "2026-07-01T10:00:00"),
        ("UTC", "UTC", "2026-07-01T10:00:00"),
        // Windows has no name for this zone: the instant itself is sent.
        ("Antarctica/Troll", "UTC", "2026-07-01T08:00:00"),
    ] {
        let zone = zone(name);
        let draft = Editor { time_zone: name.into(), ..typed("2026-07-01", "10:00", "2026-07-01", "10:30") }.draft(&zone).unwrap();
        assert_eq!(draft.start, DateTimeTimeZone { date_time: date_time.into(), time_zone: written.into() }, "{name}");
        for (at, local) in [(&draft.start, "2026-07-01T10:00"), (&draft.end, "2026-07-01T10:30")] {
            assert_eq!(instant_of(at, &zones()).unwrap().instant, zone.resolve(wall(local)).instant, "{name}");
        }
    }
}

#[test]
fn the_request_holds_what_was_typed() {
    let mut editor = typed("2026-03-17", "10:00", "2026-03-17", "10:30");
    editor.title = "  Offsite ".into();
    editor.location = " Room 1 ".into();
    editor.description = "<b>as typed</b>\n ".into();
    editor.add(&person("Adele", "adele@contoso.com"));
    editor.add(&person("Somebody else", "ADELE@contoso.com"));
    editor.add(&person("Nobody", ""));
    editor.add(&Person { kind: PersonKind::Room, ..person("Room", "room@contoso.com") });
    let draft = editor.draft(&zone("UTC")).unwrap();
    assert_eq!((draft.transaction_id.as_str(), draft.subject.as_str(), draft.location.as_str()), ("id", "Offsite", "Room 1"));
    assert_eq!(draft.body_text, "<b>as typed</b>\n ");
    assert_eq!(attendee_addresses(&draft.attendees), ["adele@contoso.com", "room@contoso.com"]);
    assert_eq!(draft.attendees[1].kind, AttendeeKind::Resource);
    editor.title.clear();
    assert_eq!(editor.draft(&zone("UTC")), None);
}
