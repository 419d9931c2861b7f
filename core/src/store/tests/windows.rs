//! The sign-in's window, whom to offer first, and what is off for want of a permission.

use super::*;
use crate::auth::{Feature, Known, machine::Waiting};

fn signed_out() -> World {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT, "popup": true }))))));
    world.act(SessionAction::Started(Ok(None)));
    world
}

fn started(world: &mut World, granted: &[&str]) {
    let granted = Rc::new(granted.iter().map(|scope| (*scope).to_owned()).collect());
    world.act(SessionAction::Started(Ok(Some(SignedIn { account: account("1"), granted }))));
}

#[test]
fn a_window_is_shown_as_long_as_it_is_awaited() {
    let mut world = signed_out();
    for waiting in [Some(Waiting::Open), Some(Waiting::Unsure), None] {
        assert_eq!(world.act(SessionAction::Window(waiting)), []);
        assert_eq!(world.state.sign_in_window, waiting);
    }
    assert_eq!(world.act(SessionAction::OpenAgain), [Effect::OpenWindowAgain]);
    assert_eq!(world.act(SessionAction::CancelSignIn), [Effect::CancelSignIn]);
}

#[test]
fn a_blocked_window_leads_to_the_page_itself_until_somebody_is_in() {
    let mut world = signed_out();
    world.act(SessionAction::SignInFailed(error(ErrorCode::PopupBlocked)));
    assert_eq!(world.state.session, SessionPhase::Failed);
    assert!(matches!(world.act(SessionAction::SignInHere).last(), Some(Effect::SignIn { .. })));
    assert!(world.state.sign_in_here);
    started(&mut world, &["User.Read"]);
    assert!(!world.state.sign_in_here, "the next window may open again");
}

#[test]
fn whoever_was_last_is_suggested_and_forgotten_with_the_next() {
    let mut world = signed_out();
    let known = Known { username: "megan@contoso.com".into(), name: Some("Megan Bowen".into()) };
    world.act(SessionAction::Known(known.clone()));
    assert_eq!(world.state.known, Some(known));
    let effects = world.act(SessionAction::SignIn);
    let Some(Effect::SignIn { login_hint, .. }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(login_hint.as_deref(), Some("megan@contoso.com"));
    started(&mut world, &["User.Read"]);
    assert_eq!(world.state.known, None);
}

#[test]
fn a_browser_that_keeps_nothing_is_said() {
    let mut world = signed_out();
    assert_eq!(world.act(SessionAction::NotKept), []);
    assert_eq!(world.state.notice, Some(Notice::NotKept));
}

#[test]
fn a_sign_out_elsewhere_erases_what_was_typed_here() {
    let mut world = World::signed_in(View::Calendar);
    assert_eq!(world.act(SessionAction::SignedOut), [Effect::Forget]);
    assert_eq!((&world.state.me.value, &world.state.calendar.events.value), (&None, &None));
}

#[test]
fn what_was_asked_for_and_not_given_is_off_and_nothing_else() {
    let mut world = World::new();
    let config = json!({ "clientId": CLIENT, "features": ["profile", "calendar-read", "calendar-write"] });
    world.act(SessionAction::Configured(Box::new(Ok(found(&config)))));
    assert!(world.state.denied(Feature::CalendarWrite).is_empty(), "nobody is signed in");
    started(&mut world, &["User.Read", "Calendars.Read"]);
    assert_eq!(world.state.denied(Feature::CalendarWrite), ["Calendars.ReadWrite"]);
    assert!(world.state.denied(Feature::Profile).is_empty());
    assert!(world.state.denied(Feature::CalendarRead).is_empty());
    assert!(world.state.denied(Feature::MailSend).is_empty(), "not asked for yet: that is no refusal");
    started(&mut world, &["User.Read"]);
    assert_eq!(world.state.denied(Feature::CalendarRead), ["Calendars.Read"], "asked for as a part of another");
    started(&mut world, &["User.Read", "Calendars.ReadWrite"]);
    assert!(world.state.denied(Feature::CalendarWrite).is_empty() && world.state.denied(Feature::CalendarRead).is_empty());
}
