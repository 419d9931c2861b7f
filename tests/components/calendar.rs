//! The calendar: the agenda's events by name, and the event pane.

use convoke_core::{
    ErrorCode,
    model::EventResponse,
    store::{CalendarAction, View},
};
use serde_json::json;

use crate::{
    page::Page,
    world::{World, error, event},
};

fn agenda(page: &Page) -> Vec<String> {
    page.all("button")
        .into_iter()
        .filter(|button| button.get("aria-haspopup") == Some("dialog"))
        .map(|button| button.name().to_owned())
        .collect()
}

fn week() -> World {
    World::with_events(vec![
        event(
            "stand-up",
            "Stand-up",
            "2026-03-17T09:00:00",
            "2026-03-17T09:30:00",
            &json!({ "location": { "displayName": "Room 1" }, "responseStatus": { "response": "accepted" } }),
        ),
        event(
            "review",
            "Review",
            "2026-03-18T13:00:00",
            "2026-03-18T14:00:00",
            &json!({
                "showAs": "tentative", "responseStatus": { "response": "notResponded" },
                "organizer": { "emailAddress": { "name": "Adele Vance", "address": "adele@contoso.com" } },
                "attendees": [
                    { "type": "required", "emailAddress": { "name": "Megan Bowen", "address": "megan@contoso.com" }, "status": { "response": "none" } },
                    { "type": "optional", "emailAddress": { "name": "Lee Gu", "address": "lee@contoso.com" }, "status": { "response": "declined" } },
                ],
                "body": { "contentType": "text", "content": "<b>Bring</b> numbers" },
            }),
        ),
        event(
            "holiday",
            "Trip",
            "2026-03-18T00:00:00",
            "2026-03-20T00:00:00",
            &json!({ "isAllDay": true, "showAs": "oof", "isOrganizer": true, "responseStatus": { "response": "organizer" } }),
        ),
        event("secret", "", "2026-03-19T22:00:00", "2026-03-20T01:00:00", &json!({ "sensitivity": "private", "isCancelled": true })),
    ])
}

#[test]
fn events_are_named_by_subject_time_place_show_as_and_answer() {
    let page = week().draw();
    assert_eq!(
        agenda(&page),
        [
            "Stand-up, 10:00–10:30, Room 1, busy, accepted",
            "Trip, All day, no place, out of office, you are the organizer",
            "Review, 14:00–15:00, no place, tentative, not answered",
            "Trip, All day, no place, out of office, you are the organizer",
            "Private, 23:00–Fri 20 02:00, no place, busy, not answered",
            "Private, 23:00–Fri 20 02:00, no place, busy, not answered",
        ]
    );
    let days: Vec<_> =
        page.all("heading").into_iter().filter(|heading| heading.tag == "h2").map(|heading| heading.name().to_owned()).collect();
    assert_eq!(days[..3], ["Monday 16 March", "Tuesday 17 March Today", "Wednesday 18 March"]);
    assert_eq!(days.len(), 7);
    assert_eq!(page.all("heading").into_iter().filter(|heading| heading.get("aria-current") == Some("date")).count(), 1);
    assert!(page.text().contains("Nothing planned"));
    assert!(page.text().contains("Times in Europe/Berlin"));
}

#[test]
fn the_toolbar_moves_by_weeks_and_opens_a_new_event() {
    let page = week().draw();
    for name in ["Today", "Previous", "Next", "New event"] {
        page.one("button", name);
    }
    page.one("heading", "16 March – 22 March 2026");
}

#[test]
fn what_is_being_read_and_what_failed_is_said() {
    let mut world = World::signed_in(View::Calendar);
    world.draw().one("progressbar", "Loading …");
    world.act(CalendarAction::Loaded(world.state.calendar.events.generation, Err(error(ErrorCode::Throttled))));
    let page = world.draw();
    assert_eq!(page.all("alert")[0].names("button"), ["Try again", "Copy details"]);
    assert!(agenda(&page).is_empty());

    let mut world = week();
    world.act(CalendarAction::Reload);
    world.act(CalendarAction::Loaded(world.state.calendar.events.generation, Err(error(ErrorCode::Network))));
    let page = world.draw();
    assert_eq!(agenda(&page).len(), 6, "what was read last stays");
    assert!(page.text().contains("What you see was read at 09:10."));
}

#[test]
fn a_week_that_is_not_whole_says_so() {
    let mut world = week();
    world.act(CalendarAction::Reload);
    world.act(CalendarAction::Loaded(world.state.calendar.events.generation, Ok((Vec::new(), true))));
    assert!(world.draw().text().contains("There are more events than can be shown here."));
}

#[test]
fn a_zone_that_nobody_knows_is_marked() {
    let at = |time: &str| json!({ "dateTime": time, "timeZone": "Mars/Olympus_Mons" });
    let odd = event("odd", "Odd", "", "", &json!({ "start": at("2026-03-17T09:00:00"), "end": at("2026-03-17T10:00:00") }));
    let page = World::with_events(vec![odd]).open("odd").draw();
    assert!(page.one("dialog", "Odd").text().contains("is not known: its time is read as UTC"));
}

#[test]
fn the_pane_says_when_where_who_and_what() {
    let page = week().open("review").draw();
    let pane = page.one("dialog", "Review");
    let text = pane.text();
    for fact in ["Wednesday 18 March, 14:00–15:00", "Europe/Berlin", "Adele Vance", "Lee Gu", "Optional", "declined", "has not answered"]
    {
        assert!(text.contains(fact), "{fact} in {text}");
    }
    assert!(text.contains("<b>Bring</b> numbers"), "the body is text and never markup");
    pane.one("button", "Close");
}

#[test]
fn answers_are_offered_only_where_one_can_answer() {
    let answers = ["Accept", "Tentative", "Decline"];
    for (id, offered) in [("review", true), ("stand-up", true), ("holiday", false), ("secret", false)] {
        let page = week().open(id).draw();
        let dialogs = page.all("dialog");
        let names = dialogs[0].names("button");
        assert_eq!(answers.iter().all(|answer| names.contains(answer)), offered, "{id}: {names:?}");
        assert_eq!(answers.iter().any(|answer| names.contains(answer)), offered, "{id}: {names:?}");
    }
    let page = week().open("stand-up").draw();
    assert_eq!(page.one("button", "Accept").get("aria-pressed"), Some("true"));
    assert_eq!(page.one("button", "Decline").get("aria-pressed"), Some("false"));
}

#[test]
fn an_answer_on_its_way_locks_the_buttons_and_a_failed_one_says_so() {
    let mut world = week().open("review");
    world.act(CalendarAction::Respond(EventResponse::Accept));
    let page = world.draw();
    for name in ["Accept", "Tentative", "Decline"] {
        assert_eq!(page.one("button", name).get("aria-disabled"), Some("true"));
    }
    world.act(CalendarAction::Responded("review".into(), EventResponse::Accept, Err(error(ErrorCode::Forbidden))));
    let page = world.draw();
    assert!(page.one("dialog", "Review").all("alert")[0].text().contains("You are not allowed to do this."));
    assert_eq!(page.one("button", "Accept").get("aria-disabled"), None);
}

#[test]
fn an_answer_that_went_out_is_said_and_pressed() {
    let mut world = week().open("review");
    world.act(CalendarAction::Respond(EventResponse::TentativelyAccept));
    world.act(CalendarAction::Responded("review".into(), EventResponse::TentativelyAccept, Ok(())));
    let page = world.draw();
    assert_eq!(page.one("button", "Tentative").get("aria-pressed"), Some("true"));
    assert!(page.names("status").contains(&"You tentatively accepted “Review”."));
}
