//! The event that is open, and the answer that it gets.

use super::*;
use crate::model::{EventResponse, Response};

fn invitation() -> Rc<Event> {
    event("invitation", "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC")
}

fn opened(world: &mut World, event: &Rc<Event>) -> u32 {
    match world.act(CalendarAction::Open(Rc::clone(event))).as_slice() {
        [Effect::LoadEvent { generation, id }] if *id == event.id => *generation,
        other => panic!("{other:?}"),
    }
}

fn responds(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Respond { .. }))
}

fn pane(world: &World) -> &OpenEvent {
    world.state.calendar.open.as_ref().unwrap()
}

fn with_list(events: Vec<Rc<Event>>) -> World {
    let mut world = World::signed_in(View::Calendar);
    let generation = world.state.calendar.events.generation;
    world.act(CalendarAction::Loaded(generation, Ok((events, false))));
    world
}

#[test]
fn the_pane_takes_the_whole_event_and_no_late_one() {
    let mut world = with_list(vec![invitation()]);
    let first = opened(&mut world, &invitation());
    let other = event("other", "2026-03-18T09:00:00", "2026-03-18T10:00:00", "UTC");
    let second = opened(&mut world, &other);
    world.act(CalendarAction::Opened(first, Box::new(Ok((*invitation()).clone()))));
    assert_eq!(pane(&world).event.id, "other");
    let whole = Event { body_text: "Agenda".into(), ..(*other).clone() };
    world.act(CalendarAction::Opened(second, Box::new(Ok(whole))));
    assert_eq!((pane(&world).event.body_text.as_str(), pane(&world).whole.loading), ("Agenda", false));
    world.act(CalendarAction::Close);
    let third = opened(&mut world, &other);
    assert!(third > second, "closing does not begin the counting anew");
    world.act(CalendarAction::Close);
    world.act(CalendarAction::Opened(third, Box::new(Err(error(ErrorCode::NotFound)))));
    assert_eq!(world.state.calendar.open, None);
}

#[test]
fn an_event_that_is_gone_leaves_the_list_and_the_pane_says_so() {
    let mut world = with_list(vec![invitation(), event("other", "2026-03-18T09:00:00", "2026-03-18T10:00:00", "UTC")]);
    let generation = opened(&mut world, &invitation());
    world.act(CalendarAction::Opened(generation, Box::new(Err(error(ErrorCode::NotFound)))));
    let left: Vec<String> = world.state.calendar.events.value.as_ref().unwrap().iter().map(|event| event.id.clone()).collect();
    assert_eq!(left, ["other"]);
    assert_eq!(pane(&world).whole.error.as_ref().unwrap().code(), ErrorCode::NotFound);
}

#[test]
fn one_answer_at_a_time() {
    let mut world = with_list(vec![invitation()]);
    assert_eq!(world.act(CalendarAction::Respond(EventResponse::Accept)), [], "nothing is open");
    opened(&mut world, &invitation());
    assert!(responds(&world.act(CalendarAction::Respond(EventResponse::Accept))));
    assert!(!responds(&world.act(CalendarAction::Respond(EventResponse::Decline))));
    // Closing the pane and opening it again does not make room for a second one.
    world.act(CalendarAction::Close);
    opened(&mut world, &invitation());
    assert_eq!(pane(&world).answering, Some(EventResponse::Accept));
    assert!(!responds(&world.act(CalendarAction::Respond(EventResponse::Decline))));
}

#[test]
fn an_answer_that_went_out_changes_the_pane_and_reads_the_week() {
    let mut world = with_list(vec![invitation()]);
    opened(&mut world, &invitation());
    world.act(CalendarAction::Respond(EventResponse::TentativelyAccept));
    let effects = world.act(CalendarAction::Responded("invitation".into(), EventResponse::TentativelyAccept, Ok(())));
    assert!(matches!(effects[..], [Effect::LoadWeek { .. }]));
    assert_eq!((&pane(&world).event.response, pane(&world).answering), (&Response::TentativelyAccepted, None));
    assert_eq!(world.state.notice, Some(Notice::Responded(EventResponse::TentativelyAccept, "About invitation".into())));
}

#[test]
fn an_answer_is_named_also_when_its_pane_is_closed() {
    let mut world = with_list(vec![invitation()]);
    opened(&mut world, &invitation());
    world.act(CalendarAction::Respond(EventResponse::Decline));
    world.act(CalendarAction::Close);
    world.act(CalendarAction::Responded("invitation".into(), EventResponse::Decline, Ok(())));
    assert_eq!(world.state.notice, Some(Notice::Responded(EventResponse::Decline, "About invitation".into())));
    assert_eq!(world.state.calendar.open, None);
}

#[test]
fn an_answer_that_failed_says_so_in_the_pane_and_can_be_given_again() {
    let mut world = with_list(vec![invitation()]);
    opened(&mut world, &invitation());
    world.act(CalendarAction::Respond(EventResponse::Accept));
    world.act(CalendarAction::Responded("invitation".into(), EventResponse::Accept, Err(error(ErrorCode::Throttled))));
    assert_eq!(pane(&world).answer_error.as_ref().unwrap().code(), ErrorCode::Throttled);
    assert_eq!(pane(&world).event.response, Response::None);
    assert!(responds(&world.act(CalendarAction::Respond(EventResponse::Accept))));
    assert_eq!(pane(&world).answer_error, None);
}

#[test]
fn an_answer_that_failed_behind_a_closed_pane_is_not_lost() {
    let mut world = with_list(vec![invitation()]);
    let fail = |world: &mut World| {
        opened(world, &invitation());
        world.act(CalendarAction::Respond(EventResponse::Decline));
        world.act(CalendarAction::Close);
    };
    let failure = || CalendarAction::Responded("invitation".into(), EventResponse::Decline, Err(error(ErrorCode::Network)));
    fail(&mut world);
    assert!(matches!(world.act(failure())[..], [Effect::LoadEvent { .. }]));
    assert!(pane(&world).answer_error.is_some());

    // Where something is in the way, it is said when the event is opened next.
    fail(&mut world);
    world.act(EditorAction::Open(None));
    assert_eq!(world.act(failure()), []);
    assert_eq!(world.state.calendar.open, None);
    opened(&mut world, &invitation());
    assert_eq!((pane(&world).answer_error.is_some(), pane(&world).answering), (true, None));
    world.act(CalendarAction::Close);
    opened(&mut world, &invitation());
    assert_eq!(pane(&world).answer_error, None, "and said once");
}

#[test]
fn an_answer_that_nobody_gave_changes_nothing() {
    let mut world = with_list(vec![invitation()]);
    let before = world.state.clone();
    assert_eq!(world.act(CalendarAction::Responded("invitation".into(), EventResponse::Accept, Ok(()))), []);
    assert_eq!(world.state, before);
}
