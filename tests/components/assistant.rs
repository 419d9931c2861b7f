//! The scheduling assistant: people, suggestions, reasons and the grid.

use convoke_core::{
    ErrorCode,
    model::MeetingTimes,
    schedule::Role,
    store::{AssistantAction, View},
};
use serde_json::json;

use crate::world::{ME, World, error, utc};

const ADELE: &str = "adele@contoso.com";
const PEOPLE: &str = "Adele Vance <adele@contoso.com>; Lee Gu <lee@contoso.com>";

/// Adele is busy on Tuesday until eleven in Berlin, Lee all Wednesday.
fn people() -> World {
    let busy = [(ADELE, "2026-03-17T08:00:00", "2026-03-17T10:00:00"), ("lee@contoso.com", "2026-03-18T00:00:00", "2026-03-19T00:00:00")];
    World::with_people(PEOPLE, &busy)
}

#[test]
fn the_question_has_its_fields() {
    let page = people().draw();
    page.one("combobox", "Add people or rooms");
    let duration = page.one("combobox", "Duration");
    assert_eq!(duration.names("option"), ["15 min", "30 min", "45 min", "1 h", "1 h 30 min", "2 h", "3 h", "4 h", "8 h"]);
    assert_eq!(page.one("textbox", "From").get("value"), Some("2026-03-17"));
    assert_eq!(page.one("textbox", "To").get("value"), Some("2026-03-20"));
    assert_eq!(page.one("radiogroup", "Working hours").names("radio"), ["Only", "Prefer", "Ignore"]);
    page.one("button", "Schedule meeting");
}

#[test]
fn a_wrong_range_is_said_at_the_field_that_is_wrong() {
    for (action, name, problem) in [
        (AssistantAction::From(String::new()), "From", "“From” is no date. Enter one such as 2026-03-17."),
        (AssistantAction::To("2026-03-16".into()), "To", "“To” lies before “From”. Move one of the two."),
        (AssistantAction::To("2026-07-01".into()), "To", "That is more than eight weeks. Choose a shorter range."),
    ] {
        let mut world = people();
        world.act(action);
        let page = world.draw();
        let field = page.one("textbox", name);
        assert_eq!((field.get("aria-invalid"), field.description()), (Some("true"), problem));
        assert!(page.all("option").iter().all(|option| option.get("id").is_none()), "nothing is suggested");
    }
}

#[test]
fn everyone_invited_has_a_row_with_role_and_way_out() {
    let mut world = people();
    world.act(AssistantAction::SetRole("lee@contoso.com".into(), Role::Optional));
    let page = world.draw();
    let list = page.one("list", "Attendees");
    assert_eq!(list.all("listitem").len(), 3);
    for name in ["Required, Adele Vance", "Optional, Lee Gu", "Remove Adele Vance", "Remove Lee Gu"] {
        list.one("button", name);
    }
    assert!(!list.names("button").iter().any(|name| name.contains("Megan")), "the organizer stays");
}

#[test]
fn suggestions_are_options_that_say_when_how_good_and_why() {
    let world = people();
    let page = world.draw();
    let list = page.one("listbox", "Suggested times");
    let options = list.names("option");
    assert_eq!(options[0], "Tuesday 17 March, 11:00–11:30, 100 %, everyone is free");
    let selected: Vec<_> = list.all("option").into_iter().filter(|option| option.get("aria-selected") == Some("true")).collect();
    assert_eq!((selected.len(), selected[0].name()), (1, options[0]));
    assert_eq!(list.get("aria-activedescendant"), selected[0].get("id"));
    assert!(page.names("status").contains(&"20 times found") || page.names("status").iter().any(|said| said.ends_with("is added.")));
    let why = page.one("region", "Why this time");
    assert!(why.text().contains("everyone is free"));
    assert!(why.text().contains("Tuesday 17 March 11:00–11:30"), "{}", why.text());
}

#[test]
fn choosing_another_time_says_why_it_is_worse() {
    let mut world = people();
    world.act(AssistantAction::SetRole("lee@contoso.com".into(), Role::Optional));
    world.act(AssistantAction::Choose(utc("2026-03-18T09:00:00Z"), utc("2026-03-18T09:30:00Z")));
    let text = world.draw().one("region", "Why this time").text();
    assert!(text.contains("Lee Gu busy"), "{text}");
}

#[test]
fn where_nothing_fits_the_reason_and_a_way_on_are_said() {
    let mut world = World::with_people(PEOPLE, &[(ADELE, "2026-03-16T00:00:00", "2026-03-24T00:00:00")]);
    let page = world.draw();
    assert!(page.one("listbox", "Suggested times").all("option").is_empty());
    let text = page.text();
    assert!(text.contains("No time fits everyone.") && text.contains("no time when all required people are free"), "{text}");
    page.one("button", "Look outside working hours too");
    assert!(page.text().contains("Choose a suggestion, or a time in the grid."));
    assert_eq!(page.one("button", "Schedule meeting").get("aria-disabled"), Some("true"));
    world.act(AssistantAction::SetRole(ADELE.into(), Role::Optional));
    assert!(!world.draw().one("listbox", "Suggested times").all("option").is_empty());
}

#[test]
fn the_grid_says_its_size_and_names_its_rows() {
    let page = people().draw();
    let grid = page.one("grid", "Availability");
    let rows = grid.all("row");
    // A header of days, the roll-up, the organizer and two people.
    assert_eq!((rows.len(), grid.get("aria-rowcount")), (5, Some("5")));
    assert_eq!(grid.names("rowheader"), ["All attendees", "You, organizer", "Adele Vance", "Lee Gu"]);
    let days = grid.names("columnheader");
    assert_eq!(days[1..], ["Tue 17", "Wed 18", "Thu 19", "Fri 20"]);
    let columns: usize = grid.get("aria-colcount").unwrap().parse().unwrap();
    let focused = rows.iter().find(|row| row.all("gridcell").len() > 4).unwrap();
    assert_eq!(focused.all("gridcell").len(), columns - 1, "the focused row has a cell for each step");
    let last = focused.all("gridcell").last().unwrap().get("aria-colindex").unwrap().to_owned();
    assert_eq!(last, columns.to_string());
    assert_eq!(grid.all("gridcell").iter().filter(|cell| cell.get("tabindex") == Some("0")).count(), 1);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row.get("aria-rowindex"), Some((index + 1).to_string().as_str()));
    }
}

#[test]
fn every_row_that_is_not_focused_says_each_day_in_a_sentence() {
    let page = people().draw();
    let rows = page.one("grid", "Availability").all("row");
    let adele = rows.iter().find(|row| row.names("rowheader") == ["Adele Vance"]).unwrap();
    let sentences = adele.names("gridcell");
    assert_eq!(sentences.len(), 4);
    assert_eq!(sentences[0], "Tue 17: busy 09:00–11:00");
    assert_eq!(sentences[1], "Wed 18: free");
}

#[test]
fn the_focused_cell_moves_with_the_state() {
    let mut world = people();
    world.act(AssistantAction::Cell(2, 3, "Tue 10:30–11:00: 2 of 3 free; Adele Vance busy".into()));
    let page = world.draw();
    let grid = page.one("grid", "Availability");
    let rows = grid.all("row");
    let adele = rows.iter().find(|row| row.names("rowheader") == ["Adele Vance"]).unwrap();
    let cell = adele.all("gridcell").into_iter().find(|cell| cell.get("tabindex") == Some("0")).unwrap();
    assert!(cell.name().starts_with("Tue ") && cell.name().ends_with("busy"), "{}", cell.name());
    assert!(page.names("status").contains(&"Tue 10:30–11:00: 2 of 3 free; Adele Vance busy"));
}

#[test]
fn a_calendar_that_cannot_be_read_is_said_in_its_row_and_is_not_free() {
    let mut world = people();
    let window = (utc("2026-03-16T23:00:00Z"), utc("2026-03-20T23:00:00Z"));
    world.act(AssistantAction::Schedule);
    let generation = world.state.assistant.generation;
    let refused =
        convoke_core::model::ScheduleInformation::from_json(&json!({ "scheduleId": ADELE, "error": { "message": "Mailbox not found." } }))
            .unwrap();
    world.act(AssistantAction::Schedules(generation, window, vec![ADELE.into()], Ok(vec![refused])));
    let page = world.draw();
    assert!(page.text().contains("No calendar data: Mailbox not found."));
    let rows = page.one("grid", "Availability").all("row");
    let adele = rows.iter().find(|row| row.names("rowheader") == ["Adele Vance"]).unwrap();
    assert!(adele.names("gridcell").iter().all(|sentence| sentence.contains("no information")), "{:?}", adele.names("gridcell"));
}

#[test]
fn reading_and_failing_to_read_are_said() {
    let mut world = World::signed_in(View::Assistant);
    world.draw().one("progressbar", "Loading …");
    world.act(AssistantAction::SchedulesProgress(world.state.assistant.generation, 12, 40));
    let page = world.draw();
    let bar = page.one("progressbar", "12 of 40 calendars");
    assert_eq!((bar.get("value"), bar.get("max")), (Some("12"), Some("40")));
    let window = world.state.assistant.schedules[ME].asked.unwrap();
    let generation = world.state.assistant.generation;
    world.act(AssistantAction::Schedules(generation, window, vec![ME.into()], Err(error(ErrorCode::Unavailable))));
    let page = world.draw();
    assert_eq!(page.all("alert")[0].names("button"), ["Try again", "Copy details"]);
    assert!(page.names("progressbar").is_empty());
}

#[test]
fn microsofts_suggestions_stand_beside_ours_with_what_we_think() {
    let mut world = people();
    let at = |time: &str| json!({ "dateTime": time, "timeZone": "UTC" });
    let suggestion = |start: &str, end: &str, confidence: u32| json!({ "confidence": confidence, "meetingTimeSlot": { "start": at(start), "end": at(end) } });
    let answer = json!({ "meetingTimeSuggestions": [
        suggestion("2026-03-17T08:30:00", "2026-03-17T09:00:00", 50),
        suggestion("2026-03-17T10:00:00", "2026-03-17T10:30:00", 100),
    ] });
    let generation = world.state.assistant.microsoft.generation;
    world.act(AssistantAction::Microsoft(generation, Ok(MeetingTimes::from_json(&answer).unwrap())));
    let page = world.draw();
    let region = page.one("region", "Microsoft's suggestions");
    assert_eq!(region.names("button"), ["Tuesday 17 March, 11:00–11:30, 100 %", "Tuesday 17 March, 09:30–10:00, 50 %"]);
    let text = region.text();
    assert!(text.contains("also ours, no. 1") && text.contains("not among ours: Adele Vance: not free"), "{text}");
}

#[test]
fn the_last_look_is_shown_and_what_changed_is_said_in_the_dialog() {
    let mut world = people();
    world.act(AssistantAction::Schedule);
    let page = world.draw();
    assert_eq!(page.one("button", "Schedule meeting").get("aria-disabled"), Some("true"));
    assert!(page.names("status").contains(&"Checking once more that everyone is free …"));
    world.answer_schedules(&[(ADELE, "2026-03-17T00:00:00", "2026-03-18T00:00:00")]);
    let page = world.draw();
    let dialog = page.one("dialog", "New event");
    assert!(dialog.names("alert")[0].starts_with("Adele Vance became busy in the meantime."));
    assert_eq!(dialog.one("textbox", "Start time").get("value"), Some("11:00"));
    assert!(dialog.names("button").contains(&"Send") && !dialog.names("button").contains(&"Find a time"));
}
