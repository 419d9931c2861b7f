//! The address bar and signing in and out.

use super::*;
use crate::{config::ConnectForm, error::Details};

fn without_client_id() -> SessionAction {
    SessionAction::Configured(Box::new(Ok(found(&json!({})))))
}

fn filled_in(world: &World) -> SessionAction {
    SessionAction::Form(ConnectForm { client_id: CLIENT.into(), ..world.state.connect.form.clone() })
}

fn asking(scopes: &[&str], claims: Option<&str>) -> Error {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    error(ErrorCode::ConsentRequired).with(Details { scopes, claims: claims.map(str::to_owned), ..Details::default() })
}

fn sign_in_effect(effects: &[Effect]) -> (Vec<String>, Option<String>, Option<String>) {
    match effects.last() {
        Some(Effect::SignIn { scopes, claims, login_hint, .. }) => (scopes.clone(), claims.clone(), login_hint.clone()),
        other => panic!("no sign-in but {other:?}"),
    }
}

#[test]
fn a_route_reads_back_from_its_hash() {
    for view in [View::Calendar, View::Assistant, View::Connection] {
        for date in [None, "2026-03-17".parse().ok(), "1900-01-01".parse().ok()] {
            let route = Route { view, date };
            assert_eq!(Route::parse(&route.hash()), route);
        }
    }
    assert_eq!(Route { view: View::Calendar, date: "2026-03-17".parse().ok() }.hash(), "#/calendar?date=2026-03-17");
}

#[test]
fn a_garbled_hash_leads_to_the_calendar_of_today() {
    for hash in [
        "",
        "#",
        "#/",
        "#//",
        "#/calendar/",
        "#/nothing",
        "#?date",
        "#/calendar?date=",
        "#/calendar?date=2026-02-30",
        "#/calendar?date=+99999-01-01",
        "#/calendar?date=0001-01-01",
        "#/calendar?Date=2026-03-17",
        "#/CALENDAR",
        "#/\u{1f600}?\u{0}=&&=",
        "#access_token=x&state=y",
    ] {
        assert_eq!(Route::parse(hash), Route::default(), "{hash}");
    }
    assert_eq!(Route::parse("#/assistant?x=1&date=2026-03-17&date=2027-01-01").date, "2026-03-17".parse().ok());
}

#[test]
fn a_complete_configuration_starts_the_session_at_once() {
    let mut world = World::new();
    assert_eq!(world.state.session.as_str(), "signing-in");
    let effects = world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    assert_eq!(effects, [Effect::StartSession]);
    assert_eq!(world.act(SessionAction::Started(Ok(None))), []);
    assert_eq!(world.state.session.as_str(), "signed-out");
    assert_eq!(sign_in_effect(&world.act(SessionAction::SignIn)), (vec![], None, None));
    assert_eq!(world.state.session.as_str(), "signing-in");
}

#[test]
fn without_a_client_id_the_form_is_asked_for_and_its_problems_are_named() {
    let mut world = World::new();
    assert_eq!(world.act(without_client_id()), [Effect::LoadLater(1)], "the form is not part of the first screen");
    assert_eq!(world.state.session, SessionPhase::SignedOut);
    assert!(world.state.connect.draft.is_some() && world.state.config.is_none());
    assert_eq!(world.act(SessionAction::SignIn), [], "an empty client id goes nowhere");
    assert_eq!(world.state.connect.problems.len(), 1);
    assert_eq!(world.state.session, SessionPhase::SignedOut);
    let form = filled_in(&world);
    world.act(form);
    assert!(world.state.connect.problems.is_empty());
    sign_in_effect(&world.act(SessionAction::SignIn));
    assert!(world.state.connect.sent && world.state.config.is_some());
}

#[test]
fn a_form_that_was_sent_counts_as_the_configuration_after_the_redirect() {
    let mut before = World::new();
    before.act(without_client_id());
    let form = filled_in(&before);
    before.act(form);
    before.act(SessionAction::SignIn);

    let mut after = World::new();
    after.act(SessionAction::Restored(Box::new(Restored(snapshot(&before.state)))));
    assert_eq!(after.act(without_client_id()), [Effect::StartSession]);
    assert_eq!(after.state.config.as_ref().unwrap().session.client_id, CLIENT);

    // A form that was typed but not sent is offered again, not used.
    before.state.connect.sent = false;
    let mut reloaded = World::new();
    reloaded.act(SessionAction::Restored(Box::new(Restored(snapshot(&before.state)))));
    assert_eq!(reloaded.act(without_client_id()), [Effect::LoadLater(1)]);
    assert_eq!(reloaded.state.connect.form.client_id, CLIENT);
}

#[test]
fn a_sent_form_that_cannot_be_read_back_is_asked_for_anew() {
    let mut world = World::new();
    let saved = json!({ "version": 1, "connect": { "form": { "accountType": 7 }, "sent": true } });
    world.act(SessionAction::Restored(Box::new(Restored(saved))));
    assert_eq!(world.act(without_client_id()), [Effect::LoadLater(1)], "the form is not part of the first screen");
    assert!(!world.state.connect.form.features.is_empty(), "the deployment's permissions are filled in");
    assert_eq!(world.state.session, SessionPhase::SignedOut);
}

#[test]
fn a_configuration_that_cannot_be_used_is_a_failure_and_signing_in_waits_for_it() {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Err(error(ErrorCode::Configuration)))));
    assert_eq!(world.state.session.as_str(), "error");
    assert_eq!(world.act(SessionAction::SignIn), []);
    assert_eq!(world.state.session.as_str(), "error", "not left in signing-in for ever");
}

#[test]
fn a_failed_sign_in_is_said_and_a_cancelled_one_is_no_failure() {
    for (code, phase) in
        [(ErrorCode::StateMismatch, "error"), (ErrorCode::UserCancelled, "signed-out"), (ErrorCode::SessionExpired, "signed-out")]
    {
        let mut world = World::new();
        world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
        world.act(SessionAction::Started(Err(error(code))));
        assert_eq!(world.state.session.as_str(), phase);
        assert_eq!(world.state.session_problem.as_ref().unwrap().code(), code);
        world.act(SessionAction::SignIn);
        assert_eq!(world.state.session_problem, None);
    }
}

#[test]
fn an_organization_can_be_typed_mended_and_taken_back() {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    world.act(SessionAction::Started(Ok(None)));
    let open = world.state.config.clone().unwrap();
    world.act(SessionAction::Organization("not a domain".into()));
    assert_eq!(world.act(SessionAction::SignIn), []);
    assert_eq!(world.state.connect.problems.len(), 1);
    world.act(SessionAction::Organization("contoso.com".into()));
    sign_in_effect(&world.act(SessionAction::SignIn));
    assert_ne!(world.state.config, Some(Rc::clone(&open)));
    world.act(SessionAction::SignInFailed(error(ErrorCode::Network)));
    world.act(SessionAction::Organization(" ".into()));
    sign_in_effect(&world.act(SessionAction::SignIn));
    assert_eq!(world.state.config, Some(open), "an emptied field means any organization again");
}

#[test]
fn an_ended_session_keeps_the_screen_and_signs_in_again_with_what_is_asked() {
    let mut world = World::signed_in(View::Calendar);
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, "Offsite".into()));
    let generation = world.state.calendar.events.generation;
    world.act(CalendarAction::Loaded(generation, Err(asking(&["Calendars.Read"], Some("{\"c\":1}")))));
    assert_eq!(world.state.session.as_str(), "signed-in");
    assert_eq!(world.editor().title, "Offsite");
    let config = world.state.config.clone().unwrap();
    let asked = (vec!["Calendars.Read".to_owned()], Some("{\"c\":1}".to_owned()), Some(ME.to_owned()));
    assert_eq!(sign_in_effect(&world.act(SessionAction::SignIn)), asked);
    assert!(Rc::ptr_eq(world.state.config.as_ref().unwrap(), &config), "the same configuration keeps its session");

    // The page could not go there: the next try asks for the same.
    world.act(SessionAction::SignInFailed(error(ErrorCode::Network)));
    assert_eq!(world.state.expired.as_ref().unwrap().code(), ErrorCode::Network);
    assert_eq!(sign_in_effect(&world.act(SessionAction::SignIn)), asked);
    world.start("1");
    assert_eq!((&world.state.expired, &world.state.sign_in_reason), (&None, &None));
}

#[test]
fn signing_out_erases_what_is_private_at_once_and_keeps_the_configuration() {
    let mut world = World::signed_in(View::Assistant);
    world.state.offline = true;
    world.act(PickerAction::Paste(PickerOwner::Assistant, "adele@contoso.com".into()));
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, "Layoffs".into()));
    let config = world.state.config.clone();
    assert_eq!(world.act(SessionAction::SignOut), [Effect::Forget, Effect::SignOut]);
    for action in [None, Some(SessionAction::SignedOut)] {
        if let Some(action) = action {
            world.act(action);
        }
        let text = format!("{:?}", world.state);
        for secret in ["Layoffs", "adele", "megan", "Megan"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert_eq!(world.state.config, config);
        assert!(world.state.session.account().is_none() && world.state.offline);
    }
    assert_eq!(world.state.session.as_str(), "signed-out");
    assert_eq!(world.state.route.view, View::Assistant, "the address bar still says so");
    assert_eq!(world.state.notice, Some(Notice::SignedOut));
}

#[test]
fn answers_for_the_last_person_never_reach_the_next_one() {
    let mut world = World::signed_in(View::Calendar);
    world.act(Action::Navigated(Route { view: View::Assistant, date: None }));
    let window = world.state.assistant.schedules[ME].asked.unwrap();
    let reading = world.state.assistant.generation;
    world.act(Action::Navigated(Route::default()));
    let (week, me) = (world.state.calendar.events.generation, world.state.me.generation);
    world.act(PickerAction::Type(PickerOwner::Editor, "ad".into()));
    let search = world.state.picker.found.generation;
    world.act(SessionAction::Check);
    let check = world.state.check.generation;
    world.act(SessionAction::SignOut);
    world.act(SessionAction::SignedOut);
    let old = event("old", "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC");
    for signed_in in [false, true] {
        if signed_in {
            world.start("2");
            world.act(PickerAction::Type(PickerOwner::Editor, "ad".into()));
            world.act(SessionAction::Check);
        }
        world.act(CalendarAction::Loaded(week, Ok((vec![Rc::clone(&old)], true))));
        world.act(CalendarAction::Page(week, vec![Rc::clone(&old)]));
        world.act(SessionAction::Profile(me, Ok(person("Megan Bowen", ME))));
        world.act(PickerAction::Found(search, Ok(vec![person("Adele", "adele@contoso.com")])));
        world.act(SessionAction::Checked(check, Ok(())));
        assert_eq!(world.state.calendar.events.value, None);
        assert_eq!((&world.state.me.value, &world.state.picker.found.value, &world.state.check.value), (&None, &None, &None));
        assert!(!world.state.calendar.incomplete);
        if signed_in {
            let second = world.state.me.generation;
            world.act(SessionAction::Profile(second, Ok(person("Megan Bowen", ME))));
            world.act(Action::Navigated(Route { view: View::Assistant, date: None }));
        }
        world.act(AssistantAction::Schedules(reading, window, vec![ME.into()], Ok(vec![schedule(ME, &[])])));
        assert!(world.state.assistant.schedules.values().all(|schedule| schedule.info.value.is_none()));
    }
}

#[test]
fn another_account_does_not_get_to_see_what_the_last_one_typed() {
    let mut before = World::signed_in(View::Calendar);
    before.act(EditorAction::Open(None));
    before.act(EditorAction::Set(EditorField::Title, "Layoffs".into()));
    let saved = snapshot(&before.state);
    for (id, kept) in [("1", true), ("2", false)] {
        let mut after = World::new();
        after.act(SessionAction::Restored(Box::new(Restored(saved.clone()))));
        after.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
        after.start(id);
        assert_eq!(after.state.editor.is_some(), kept);
        assert!(after.state.config.is_some());
    }
}

#[test]
fn a_profile_that_failed_is_read_again_when_the_page_comes_back() {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    world.start("1");
    let first = world.state.me.generation;
    world.act(SessionAction::Profile(first, Err(error(ErrorCode::Timeout))));
    let effects = world.act(Action::Refresh);
    assert!(effects.contains(&Effect::LoadProfile(first + 1)), "{effects:?}");
    assert!(!world.act(Action::Refresh).iter().any(|effect| matches!(effect, Effect::LoadProfile(_))), "once is enough");
}

#[test]
fn the_network_coming_back_reads_anew_once() {
    let mut world = World::signed_in(View::Calendar);
    world.act(Action::Online(false));
    assert_eq!(world.act(Action::Refresh), [], "without a network nothing is tried");
    assert!(matches!(world.act(Action::Online(true))[..], [Effect::LoadWeek { .. }]));
    assert_eq!(world.act(Action::Online(true)), []);
}

#[test]
fn a_check_tells_only_its_own_outcome() {
    let mut world = World::signed_in(View::Connection);
    let effects = world.act(SessionAction::Check);
    let Some(Effect::Check(first)) = effects.first().cloned() else { panic!("{effects:?}") };
    world.act(SessionAction::Check);
    world.act(SessionAction::Checked(first, Ok(())));
    assert_eq!(world.state.check.value, None);
    world.act(SessionAction::Checked(first + 1, Err(error(ErrorCode::Network))));
    assert_eq!(world.state.notice, None);
    let last = first + 2;
    world.act(SessionAction::Check);
    world.act(SessionAction::Checked(last, Ok(())));
    assert_eq!(world.state.notice, Some(Notice::ConnectionWorks));
}
