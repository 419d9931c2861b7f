//! "Schedule meeting": the last look at everybody's calendar, and the dialog that follows.

use super::{
    assistant::{answer, invite, reading, with_people},
    *,
};
use crate::{
    model::{AttendeeKind, FreeBusy},
    schedule::Role,
};

const ADELE: &str = "adele@contoso.com";
const LEE: &str = "lee@contoso.com";

fn two_people() -> World {
    let mut world = with_people("Adele Vance <adele@contoso.com>; Lee Gu <lee@contoso.com>", &[]);
    world.act(AssistantAction::SetRole(LEE.into(), Role::Optional));
    world.act(AssistantAction::Choose(utc("2026-03-18T09:00:00Z"), utc("2026-03-18T09:30:00Z")));
    world
}

#[test]
fn everybody_is_read_once_more_and_the_dialog_opens_prefilled() {
    let mut world = two_people();
    let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
    assert_eq!(asked.1, [ME, ADELE, LEE]);
    assert_eq!(world.act(AssistantAction::Schedule), [], "once");
    assert_eq!(world.state.editor, None);
    let busy = [
        (ADELE, "busy", "2026-03-18T09:15:00", "2026-03-18T11:00:00"),
        (LEE, "workingElsewhere", "2026-03-18T09:00:00", "2026-03-18T11:00:00"),
    ];
    answer(&mut world, &asked, &busy);
    let editor = world.editor();
    assert_eq!(editor.changed, [("Adele Vance".to_owned(), FreeBusy::Busy)]);
    assert_eq!((editor.start_date.as_str(), editor.start_time.as_str(), editor.end_time.as_str()), ("2026-03-18", "10:00", "10:30"));
    let invited: Vec<_> = editor.attendees.iter().map(|attendee| (attendee.email.address.as_str(), &attendee.kind)).collect();
    assert_eq!(invited, [(ADELE, &AttendeeKind::Required), (LEE, &AttendeeKind::Optional)]);
    assert!(editor.from_assistant);
    assert_eq!(world.state.assistant.rechecking, None);
}

#[test]
fn who_became_freer_is_no_warning() {
    let mut world = with_people(ADELE, &[(ADELE, "busy", "2026-03-18T09:00:00", "2026-03-18T10:00:00")]);
    world.act(AssistantAction::Choose(utc("2026-03-18T09:00:00Z"), utc("2026-03-18T09:30:00Z")));
    let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
    answer(&mut world, &asked, &[(ADELE, "tentative", "2026-03-18T09:00:00", "2026-03-18T10:00:00")]);
    assert_eq!(world.editor().changed, []);
}

#[test]
fn the_time_that_was_scheduled_is_the_one_that_is_booked() {
    // Nobody chose by hand: the best suggestion is chosen, and the last look takes it away.
    let mut world = with_people(ADELE, &[]);
    let best = world.state.assistant.chosen.unwrap();
    let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
    answer(&mut world, &asked, &[(ADELE, "busy", "2026-03-17T08:00:00", "2026-03-17T12:00:00")]);
    assert_eq!(world.state.assistant.chosen, Some(best));
    assert_eq!(world.editor().start_time, "09:30");
    assert_eq!(world.editor().changed, [(ADELE.to_owned(), FreeBusy::Busy)]);
}

#[test]
fn scheduling_while_calendars_are_read_waits_for_all_of_them() {
    let mut world = two_people();
    let first = reading(&invite(&mut world, "joni@contoso.com")).unwrap();
    let asked = reading(&world.act(AssistantAction::Schedule)).expect("pressing the button does something");
    assert_eq!(asked.1.len(), 4);
    answer(&mut world, &first, &[]);
    assert_eq!(world.state.editor, None, "a part is not everybody");
    answer(&mut world, &asked, &[]);
    assert_eq!(world.editor().attendees.len(), 3);
}

#[test]
fn a_last_look_that_fails_says_so_where_trying_again_can_help() {
    for (code, opens) in [
        (ErrorCode::Network, false),
        (ErrorCode::SessionExpired, false),
        (ErrorCode::UnsupportedAccount, true),
        (ErrorCode::Forbidden, true),
    ] {
        let mut world = two_people();
        let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
        world.act(AssistantAction::Schedules(asked.0, (asked.2, asked.3), asked.1, Err(error(code))));
        assert_eq!((world.state.editor.is_some(), world.state.assistant.rechecking), (opens, None), "{code:?}");
        if !opens {
            assert!(reading(&world.act(AssistantAction::Schedule)).is_some());
        }
    }
}

#[test]
fn another_choice_or_another_screen_ends_the_last_look() {
    let elsewhere = [
        Action::Assistant(AssistantAction::Choose(utc("2026-03-19T09:00:00Z"), utc("2026-03-19T09:30:00Z"))),
        Action::Assistant(AssistantAction::To("2026-04-15".into())),
        Action::Navigated(Route::default()),
    ];
    for action in elsewhere {
        let mut world = two_people();
        let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
        world.act(action);
        answer(&mut world, &asked, &[]);
        assert_eq!(world.state.editor, None);
    }
}

#[test]
fn a_dialog_that_is_open_is_not_replaced() {
    let mut world = two_people();
    let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, "Typed meanwhile".into()));
    answer(&mut world, &asked, &[]);
    assert_eq!(world.editor().title, "Typed meanwhile");
}

#[test]
fn a_draft_that_looked_for_a_time_gets_it() {
    let mut world = World::signed_in(View::Calendar);
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, "Offsite".into()));
    world.act(EditorAction::Set(EditorField::Description, "Bring boots".into()));
    world.act(PickerAction::Paste(PickerOwner::Editor, "adele@contoso.com".into()));
    let id = world.editor().transaction_id.clone();
    let asked = reading(&world.act(EditorAction::FindTime)).unwrap();
    answer(&mut world, &asked, &[]);
    world.act(AssistantAction::Choose(utc("2026-03-18T09:00:00Z"), utc("2026-03-18T10:00:00Z")));
    let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
    answer(&mut world, &asked, &[]);
    let editor = world.editor();
    assert_eq!((editor.title.as_str(), editor.description.as_str(), &editor.transaction_id), ("Offsite", "Bring boots", &id));
    assert_eq!((editor.start_time.as_str(), editor.end_time.as_str()), ("10:00", "11:00"));
    assert_eq!(world.state.kept_draft, None);
}

#[test]
fn after_booking_everybody_is_read_again_and_the_choice_is_free() {
    let mut world = two_people();
    let asked = reading(&world.act(AssistantAction::Schedule)).unwrap();
    answer(&mut world, &asked, &[]);
    world.act(EditorAction::Set(EditorField::Title, "Offsite".into()));
    world.act(EditorAction::Send);
    let id = world.editor().transaction_id.clone();
    let booked = (*event("booked", "2026-03-18T09:00:00", "2026-03-18T09:30:00", "UTC")).clone();
    let asked = reading(&world.act(EditorAction::Sent(id, Box::new(Ok(booked))))).unwrap();
    assert_eq!(asked.1.len(), 3);
    assert_eq!(world.state.notice, Some(Notice::Booked { subject: "Offsite".into(), invited: 2 }));
    answer(&mut world, &asked, &[(ME, "busy", "2026-03-17T08:00:00", "2026-03-18T09:30:00")]);
    assert_eq!(world.state.assistant.chosen, Some((utc("2026-03-18T09:30:00Z"), utc("2026-03-18T10:00:00Z"))));
}
