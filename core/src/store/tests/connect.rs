//! The Connect screen, accounts, permissions and settings.

use super::*;
use crate::{
    auth::{machine::Note, protocol::Prompt},
    config::{ConnectForm, Field, FieldProblem, Theme},
    error::Details,
};

fn unconfigured() -> World {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({}))))));
    world
}

fn configured() -> World {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    world.act(SessionAction::Started(Ok(None)));
    world
}

fn look_up(world: &mut World, text: &str) -> (Option<LookedUp>, Option<Field>) {
    world.act(SessionAction::Reported(text.into()));
    assert_eq!(world.state.connect.looked_up, None, "an answer belongs to what it was asked with");
    let before = world.state.attention.0;
    assert_eq!(world.act(SessionAction::LookUp), []);
    assert_eq!(world.state.attention.0, before + 1);
    (world.state.connect.looked_up, world.state.attention.1)
}

fn scopes(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn signed_in(granted: &[&str]) -> SessionAction {
    SessionAction::Started(Ok(Some(SignedIn { account: account("1"), granted: Rc::new(scopes(granted)) })))
}

#[test]
fn a_reported_number_leads_to_the_field_that_mends_it() {
    let mut world = unconfigured();
    for (text, number, field) in [
        ("AADSTS700016: Application with identifier …", 700_016, Field::ClientId),
        ("50011", 50011, Field::RedirectUri),
        ("AADSTS9002326", 9_002_326, Field::RedirectUri),
        ("AADSTS50194: not configured as multi-tenant", 50194, Field::AccountType),
        ("650053", 650_053, Field::Features),
        ("AADSTS50105", 50105, Field::Answer),
        ("AADSTS12345", 12345, Field::Answer),
    ] {
        assert_eq!(look_up(&mut world, text), (Some(LookedUp::Number(number)), Some(field)), "{text}");
    }
    assert_eq!(look_up(&mut world, "Need admin approval"), (Some(LookedUp::Nothing), Some(Field::Reported)));
    assert_eq!(look_up(&mut configured(), "50011").1, Some(Field::Answer), "without a form there is no field");
}

#[test]
fn a_wrong_field_is_pointed_to_each_time() {
    let mut world = unconfigured();
    assert_eq!(world.act(SessionAction::SignIn), []);
    let first = world.state.attention;
    assert_eq!(first.1, Some(Field::ClientId));
    assert_eq!(world.act(SessionAction::CheckForm), []);
    assert!(world.state.attention != first && world.state.attention.1 == first.1);
    assert_eq!(world.state.connect.problems[0].problem, FieldProblem::Missing);
    world.act(SessionAction::Form(ConnectForm { client_id: CLIENT.into(), ..world.state.connect.form.clone() }));
    assert_eq!(world.act(SessionAction::CheckForm), []);
    assert_eq!((world.state.connect.problems.len(), world.state.session.as_str()), (0, "signed-out"), "checking signs nobody in");
}

#[test]
fn a_configuration_that_failed_is_read_again() {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Err(error(ErrorCode::Unavailable)))));
    assert_eq!(world.state.session.as_str(), "error");
    assert_eq!(world.act(SessionAction::SignIn), [], "there is nothing to sign in with");
    assert_eq!(world.act(SessionAction::Reconfigure), [Effect::Configure]);
    assert_eq!((world.state.session.as_str(), &world.state.session_problem), ("signing-in", &None));
    let effects = world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    assert_eq!(effects, [Effect::StartSession]);
}

#[test]
fn coming_back_without_an_answer_is_noted_until_the_next_try() {
    let mut world = configured();
    world.act(SessionAction::Noted(Note::Unanswered));
    assert_eq!(world.state.connect.note, Some(Note::Unanswered));
    world.act(SessionAction::SignIn);
    assert_eq!(world.state.connect.note, None);
}

#[test]
fn another_account_is_chosen_at_microsofts_and_is_asked_nothing_of_the_last_one() {
    let mut world = World::signed_in(View::Calendar);
    let asks = error(ErrorCode::ConsentRequired).with(Details { scopes: scopes(&["People.Read"]), ..Details::default() });
    world.act(SessionAction::SignInFailed(asks.clone()));
    let effects = world.act(SessionAction::OtherAccount);
    let expected = Effect::SignIn { scopes: Vec::new(), claims: None, login_hint: None, prompt: Some(Prompt::SelectAccount) };
    assert_eq!(effects.last(), Some(&expected));
    assert_eq!(world.state.expired, Some(asks), "the first account still needs it");
}

#[test]
fn a_permission_is_asked_for_on_its_own_and_a_refusal_is_remembered() {
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    world.act(signed_in(&["User.Read", "Calendars.Read"]));
    let wanted = scopes(&["People.Read", "Contacts.Read"]);
    let effects = world.act(SessionAction::Ask(wanted.clone()));
    assert!(matches!(effects.last(), Some(Effect::SignIn { scopes, .. }) if *scopes == wanted));

    // The page is loaded anew on the way back, with half of it.
    let saved = snapshot(&world.state);
    let mut back = World::new();
    back.act(SessionAction::Restored(Box::new(Restored(saved))));
    assert_eq!(back.state.asked, wanted);
    back.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    back.act(signed_in(&["User.Read", "Calendars.Read", "People.Read"]));
    assert_eq!((back.state.refused.to_vec(), back.state.asked.len()), (scopes(&["Contacts.Read"]), 0));
    back.act(signed_in(&["User.Read", "Contacts.ReadWrite"]));
    assert!(back.state.refused.is_empty(), "what is granted after all is not refused");
}

#[test]
fn declining_in_the_page_counts_as_a_refusal() {
    let mut world = World::signed_in(View::Connection);
    world.act(SessionAction::Ask(scopes(&["People.Read"])));
    world.act(SessionAction::SignInFailed(error(ErrorCode::UserCancelled)));
    assert_eq!(*world.state.refused, scopes(&["People.Read"]));
}

#[test]
fn accounts_are_switched_and_signed_out_one_by_one() {
    let mut world = World::signed_in(View::Calendar);
    let other = Account { id: "2".into(), username: "adele@contoso.com".into(), name: Some("Adele Vance".into()), ..account("2") };
    world.act(SessionAction::Accounts(Rc::new(vec![account("1"), other.clone()])));
    assert_eq!(world.act(SessionAction::Switch("1".into())), [], "she is in use already");
    assert_eq!(world.act(SessionAction::Switch("9".into())), [], "nobody knows them");
    assert_eq!(world.act(SessionAction::Switch("2".into())), [Effect::Switch("2".into())]);
    assert_eq!(world.act(SessionAction::SignOutOf("2".into())), [Effect::SignOutOf("2".into())]);
    assert!(world.state.session.account().is_some());

    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, "Layoffs".into()));
    world.act(SessionAction::Started(Ok(Some(SignedIn { account: other, granted: Rc::default() }))));
    assert!(world.state.editor.is_none() && world.state.accounts.len() == 2);
    assert_eq!(world.act(SessionAction::SignOutOf("2".into())), [Effect::Forget, Effect::SignOut], "the one in use");
    let mut world = World::signed_in(View::Calendar);
    assert_eq!(world.act(SessionAction::SignOutEverywhere), [Effect::Forget, Effect::SignOutEverywhere]);
    assert!(world.state.accounts.is_empty() && world.state.session.account().is_none());
}

#[test]
fn what_the_person_chose_goes_before_the_deployer_and_as_the_system_is_a_choice() {
    let mut world = configured();
    world.state.preferences.theme = Theme::Dark;
    assert_eq!(world.act(Action::Theme(Theme::Auto)), [Effect::Remember]);
    assert_eq!(world.act(Action::Locale("en-GB".into())), [Effect::Remember, Effect::Prefer]);
    assert_eq!(world.act(Action::TimeZone(String::new())), [Effect::Remember, Effect::Prefer]);
    let mut back = State::default();
    restore(&mut back, &snapshot(&world.state));
    let chosen = Chosen { theme: Some(Theme::Auto), locale: Some("en-GB".into()), time_zone: Some(String::new()) };
    assert_eq!((back.chosen, back.preferences.theme), (chosen, Theme::Auto));

    let mut back = State::default();
    restore(&mut back, &snapshot(&configured().state));
    assert_eq!(back.chosen, Chosen::default(), "nothing chosen, nothing kept");
}

#[test]
fn another_zone_reads_the_week_anew() {
    let mut world = World::signed_in(View::Calendar);
    let same = world.state.preferences.clone();
    assert_eq!(world.act(Action::Preferred(same.clone())), []);
    let effects = world.act(Action::Preferred(Preferences { time_zone: "Asia/Tokyo".into(), ..same }));
    assert!(matches!(effects[..], [Effect::LoadWeek { .. }]), "{effects:?}");
}

#[test]
fn a_pause_is_said_once_and_ends_by_itself() {
    let mut world = World::signed_in(View::Calendar);
    let until = world.now + chrono::TimeDelta::seconds(30);
    world.act(Action::Paused(until));
    world.act(Action::Paused(world.now + chrono::TimeDelta::seconds(5)));
    assert_eq!((world.state.paused_until, world.state.notice.clone()), (Some(until), Some(Notice::Paused(30))));
    world.now = until - chrono::TimeDelta::seconds(1);
    world.act(Action::Tick);
    assert_eq!(world.state.paused_until, Some(until));
    world.now = until;
    world.act(Action::Tick);
    assert_eq!(world.state.paused_until, None);
}
