//! Opening, sending, closing and discarding the dialog for a new event.

use super::*;
use crate::{model::AttendeeKind, model::EventDraft, schedule::Role};

fn open(world: &mut World, title: &str) {
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, title.into()));
}

fn created(effects: &[Effect]) -> Option<EventDraft> {
    effects.iter().find_map(|effect| if let Effect::Create(draft) = effect { Some((**draft).clone()) } else { None })
}

fn sent(id: &str, answer: Result<(), Error>) -> EditorAction {
    let event = (*event("booked", "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC")).clone();
    EditorAction::Sent(id.into(), Box::new(answer.map(|()| event)))
}

#[test]
fn what_is_wrong_is_said_when_sending_and_vanishes_where_it_is_mended() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "");
    world.act(EditorAction::Set(EditorField::EndTime, "08:00".into()));
    assert_eq!(world.editor().problems, [], "nobody is corrected while typing");
    assert_eq!(world.act(EditorAction::Send), []);
    assert_eq!((world.editor().problems.len(), world.editor().tries, world.editor().sending), (2, 1, false));
    world.act(EditorAction::Set(EditorField::Title, "O".into()));
    assert_eq!(world.editor().problems, [(EditorField::EndTime, FieldProblem::NotAfterStart)]);
    world.act(EditorAction::Set(EditorField::StartTime, "07:00".into()));
    assert_eq!(world.editor().problems, [], "an earlier start mends the end as well");
    assert!(created(&world.act(EditorAction::Send)).is_some());
}

#[test]
fn the_draft_is_stored_before_it_is_sent_and_sent_once() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "Offsite");
    let effects = world.act(EditorAction::Send);
    assert!(matches!(effects[..], [Effect::Remember, Effect::Create(_)]));
    assert_eq!(created(&effects).unwrap().transaction_id, world.editor().transaction_id);
    assert_eq!(world.act(EditorAction::Send), []);
}

#[test]
fn a_failed_send_keeps_every_text_and_the_transaction() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "Offsite");
    world.act(EditorAction::Set(EditorField::Description, "Bring boots".into()));
    let first = created(&world.act(EditorAction::Send)).unwrap();
    world.act(sent(&first.transaction_id, Err(error(ErrorCode::Timeout))));
    assert_eq!(world.editor().error.as_ref().unwrap().code(), ErrorCode::Timeout);
    assert_eq!(created(&world.act(EditorAction::Send)), Some(first.clone()), "the same request under the same id");
    assert_eq!(world.editor().error, None);
    world.act(sent(&first.transaction_id, Ok(())));
    assert_eq!(world.state.notice, Some(Notice::Booked { subject: "Offsite".into(), invited: 0 }));
    open(&mut world, "Another");
    assert_ne!(world.editor().transaction_id, first.transaction_id);
}

#[test]
fn a_booking_is_read_back_on_whichever_screen() {
    for view in [View::Calendar, View::Assistant, View::Connection] {
        let mut world = World::signed_in(view);
        let generation = world.state.calendar.events.generation;
        world.act(CalendarAction::Loaded(generation, Ok((Vec::new(), false))));
        open(&mut world, "Offsite");
        let id = created(&world.act(EditorAction::Send)).unwrap().transaction_id;
        let effects = world.act(sent(&id, Ok(())));
        assert_eq!((&world.state.editor, &world.state.kept_draft), (&None, &None));
        let reads = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::LoadWeek { .. }));
        assert_eq!(reads(&effects), view == View::Calendar);
        if view != View::Calendar {
            assert!(reads(&world.act(Action::Navigated(Route::default()))), "{view:?}");
        }
    }
}

#[test]
fn closing_keeps_the_draft_and_discarding_drops_it() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "Offsite");
    let typed = world.editor().clone();
    world.act(EditorAction::Close);
    assert_eq!((&world.state.editor, &world.state.notice), (&None, &Some(Notice::DraftKept)));
    world.act(EditorAction::Open("2026-05-05".parse().ok()));
    assert_eq!(world.editor(), &typed);
    world.act(EditorAction::Open(None));
    assert_eq!(world.editor(), &typed, "an open dialog is not replaced");
    world.act(EditorAction::Discard);
    world.act(EditorAction::Open(None));
    assert_eq!(world.editor().title, "");
    assert_ne!(world.editor().transaction_id, typed.transaction_id);
    world.act(EditorAction::Close);
    assert_eq!(world.state.kept_draft, None, "an empty one is nothing to keep");
}

#[test]
fn closing_while_sending_neither_sends_twice_nor_loses_the_outcome() {
    for (answer, kept) in [(Ok(()), false), (Err(error(ErrorCode::Network)), true)] {
        let mut world = World::signed_in(View::Calendar);
        open(&mut world, "Offsite");
        let id = created(&world.act(EditorAction::Send)).unwrap().transaction_id;
        world.act(EditorAction::Close);
        world.act(EditorAction::Open(None));
        assert_eq!(created(&world.act(EditorAction::Send)), None, "it is still on its way");
        world.act(EditorAction::Close);
        world.act(sent(&id, answer));
        assert_eq!(world.state.kept_draft.as_ref().map(|draft| (draft.sending, draft.error.is_some())), kept.then_some((false, true)));
        world.act(EditorAction::Open(None));
        assert_eq!(world.editor().transaction_id == id, kept);
    }
}

#[test]
fn what_was_discarded_too_late_is_said_to_be_booked() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "Offsite");
    let id = created(&world.act(EditorAction::Send)).unwrap().transaction_id;
    world.act(EditorAction::Discard);
    open(&mut world, "Another");
    let effects = world.act(sent(&id, Ok(())));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadWeek { .. })));
    assert_eq!(world.state.notice, Some(Notice::Booked { subject: "About booked".into(), invited: 0 }));
    assert_eq!(world.editor().title, "Another");
}

#[test]
fn a_zone_that_nobody_knows_gives_way_to_the_one_that_is_shown() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "Offsite");
    world.state.editor.as_mut().unwrap().time_zone = "Mars/Olympus_Mons".into();
    let draft = created(&world.act(EditorAction::Send)).unwrap();
    assert_eq!(draft.start.time_zone, "W. Europe Standard Time");
    assert_eq!(world.editor().time_zone, "Europe/Berlin");
}

#[test]
fn the_organizer_is_no_attendee() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "Offsite");
    world.act(PickerAction::Paste(PickerOwner::Editor, "MEGAN@contoso.com; adele@contoso.com".into()));
    assert_eq!(attendee_addresses(&world.editor().attendees), ["adele@contoso.com"]);
    world.act(EditorAction::Remove("Adele@Contoso.com".into()));
    assert_eq!(world.editor().attendees, []);
}

#[test]
fn find_a_time_takes_everything_along() {
    let mut world = World::signed_in(View::Calendar);
    world.act(PickerAction::Paste(PickerOwner::Assistant, "left@contoso.com".into()));
    world.act(EditorAction::Open("2026-04-20".parse().ok()));
    world.act(EditorAction::Set(EditorField::Title, "Offsite".into()));
    world.act(EditorAction::Set(EditorField::EndTime, "10:45".into()));
    world.act(PickerAction::Paste(PickerOwner::Editor, "adele@contoso.com, lee@contoso.com, room@contoso.com".into()));
    let attendees = &mut world.state.editor.as_mut().unwrap().attendees;
    attendees[1].kind = AttendeeKind::Optional;
    attendees[2].kind = AttendeeKind::Resource;
    let effects = world.act(EditorAction::FindTime);
    assert!(effects.contains(&Effect::Navigate(Route { view: View::Assistant, date: None })));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadSchedules { addresses, .. } if addresses.len() == 4)), "{effects:?}");
    let assistant = &world.state.assistant;
    let invited: Vec<_> = assistant.invitees.iter().map(|invitee| (invitee.person.address.as_str(), invitee.role)).collect();
    let expected = [("adele@contoso.com", Role::Required), ("lee@contoso.com", Role::Optional), ("room@contoso.com", Role::Resource)];
    assert_eq!(invited, expected);
    assert_eq!((assistant.duration, assistant.from.as_str(), assistant.to.as_str()), (105, "2026-04-20", "2026-04-26"));
    assert_eq!(world.state.kept_draft.as_ref().unwrap().title, "Offsite");
}

#[test]
fn find_a_time_waits_for_what_is_being_sent() {
    let mut world = World::signed_in(View::Calendar);
    open(&mut world, "Offsite");
    world.act(EditorAction::Send);
    assert_eq!(world.act(EditorAction::FindTime), []);
    assert!(world.editor().sending);
}
