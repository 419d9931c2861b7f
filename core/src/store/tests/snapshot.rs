//! What survives a redirect: everything that was typed, nothing that was read; and no snapshot, however odd, does harm.

use super::*;
use crate::{
    config::{AccountType, ConnectForm, Theme},
    model::AttendeeKind,
    schedule::{HoursPolicy, Role},
};

fn restored(saved: &Value) -> State {
    let mut state = State::default();
    restore(&mut state, saved);
    state
}

/// Everything filled in.
fn full() -> State {
    let mut world = World::signed_in(View::Assistant);
    world.act(SessionAction::Form(ConnectForm {
        client_id: CLIENT.into(),
        account_type: AccountType::Tenant("contoso.com".into()),
        features: Vec::new(),
    }));
    world.act(SessionAction::Organization("contoso.com".into()));
    world.act(Action::Theme(Theme::Dark));
    world.act(PickerAction::Paste(PickerOwner::Assistant, "Adele <adele@contoso.com>; lee@contoso.com; room@contoso.com".into()));
    world.act(AssistantAction::SetRole("lee@contoso.com".into(), Role::Optional));
    world.act(AssistantAction::Hours(HoursPolicy::Prefer));
    world.act(AssistantAction::Duration(45));
    world.act(AssistantAction::From("2026-03-18".into()));
    world.act(AssistantAction::Choose(utc("2026-03-18T09:00:00Z"), utc("2026-03-18T09:45:00Z")));
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, "Kept \u{1f600}".into()));
    world.act(EditorAction::Set(EditorField::EndTime, "25:00".into()));
    world.act(EditorAction::Close);
    let kept = world.state.kept_draft.take();
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Description, "Open".into()));
    world.act(PickerAction::Paste(PickerOwner::Editor, "adele@contoso.com".into()));
    let mut state = world.state;
    state.kept_draft = kept;
    state.editor.as_mut().unwrap().attendees[0].kind = AttendeeKind::Optional;
    state
}

#[test]
fn what_was_typed_and_chosen_comes_back() {
    let state = full();
    let back = restored(&snapshot(&state));
    assert_eq!((&back.editor, &back.kept_draft), (&state.editor, &state.kept_draft));
    assert_eq!(
        (&back.connect.form, &back.connect.organization, back.connect.sent),
        (&state.connect.form, &state.connect.organization, false)
    );
    let (is, was) = (&back.assistant, &state.assistant);
    let roles = |assistant: &Assistant| {
        assistant
            .invitees
            .iter()
            .map(|invitee| (invitee.person.address.clone(), invitee.person.name.clone(), invitee.role))
            .collect::<Vec<_>>()
    };
    assert_eq!(roles(is), roles(was));
    assert_eq!((is.duration, &is.from, &is.to, is.hours, is.chosen), (was.duration, &was.from, &was.to, was.hours, was.chosen));
    assert_eq!((back.preferences.theme, back.owner), (Theme::Dark, Some("1".into())));
    assert_eq!(snapshot(&restored(&snapshot(&state))), snapshot(&state));
}

#[test]
fn what_was_read_and_what_is_secret_stays_behind() {
    let mut world = World::signed_in(View::Calendar);
    let generation = world.state.calendar.events.generation;
    world.act(CalendarAction::Loaded(generation, Ok((vec![event("Layoffs", "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC")], false))));
    let text = snapshot(&world.state).to_string();
    for private in ["Layoffs", "Megan", ME] {
        assert!(!text.contains(private), "{private} in {text}");
    }
}

#[test]
fn what_was_being_sent_can_be_sent_again_under_the_same_id() {
    let mut world = World::signed_in(View::Calendar);
    world.act(EditorAction::Open(None));
    world.act(EditorAction::Set(EditorField::Title, "Offsite".into()));
    world.act(EditorAction::Send);
    let mut after = World::new();
    after.act(SessionAction::Restored(Box::new(Restored(snapshot(&world.state)))));
    let mut after = after.sign_in(View::Calendar);
    let effects = after.act(EditorAction::Send);
    assert!(matches!(&effects[1], Effect::Create(draft) if draft.transaction_id == world.editor().transaction_id));
}

#[test]
fn a_snapshot_of_another_version_is_ignored() {
    for version in [json!(0), json!(2), json!("1"), json!(1.5), json!(null), json!([1])] {
        let mut saved = snapshot(&full());
        saved["version"] = version;
        assert_eq!(restored(&saved), State::default());
    }
    for saved in [json!(null), json!([]), json!("1"), json!(7), json!({}), json!({ "version": {} })] {
        assert_eq!(restored(&saved), State::default());
    }
}

#[test]
fn members_of_a_wrong_type_are_left_out_one_by_one() {
    let good = snapshot(&full());
    let wrong = [json!(null), json!(-1), json!(1e300), json!("x"), json!([[]]), json!({ "a": {} }), json!(true), json!(i64::MAX)];
    let mut places = Vec::new();
    pointers(&good, String::new(), &mut places);
    assert!(places.len() > 50);
    for place in places.iter().filter(|place| *place != "/version") {
        for value in &wrong {
            let mut saved = good.clone();
            *saved.pointer_mut(place).unwrap() = value.clone();
            let state = restored(&saved);
            check(&state);
            assert_eq!(snapshot(&restored(&snapshot(&state))), snapshot(&state), "{place} = {value}");
            // And the page works with it.
            let mut world = World::new();
            world.state = state;
            let mut world = world.sign_in(View::Assistant);
            world.act(EditorAction::Open(None));
            world.act(EditorAction::Set(EditorField::StartTime, "23:59".into()));
            world.act(EditorAction::Send);
            world.act(AssistantAction::Duration(60));
            world.act(AssistantAction::Schedule);
        }
    }
}

#[test]
fn a_snapshot_names_nobody_twice() {
    let people = json!([{ "address": "a@x.com", "name": "A" }, { "address": "A@X.com" }, { "address": "" }, {}, 7, null]);
    let state =
        restored(&json!({ "version": 1, "assistant": { "invitees": people }, "editor": { "transactionId": "id", "attendees": people } }));
    assert_eq!(state.assistant.invitees.len(), 1);
    assert_eq!(attendee_addresses(&state.editor.unwrap().attendees), ["a@x.com"]);
}

/// Every place in a value.
fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    let mut go = |key: String, value: &Value| {
        let place = [at.as_str(), "/", &key].concat();
        into.push(place.clone());
        pointers(value, place, into);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| go(key.clone(), value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| go(index.to_string(), value)),
        _ => {}
    }
}

/// What no snapshot may bring about.
fn check(state: &State) {
    assert!(state.assistant.chosen.is_none_or(|(start, end)| start < end));
    assert!((5..=1440).contains(&state.assistant.duration));
    for editor in [&state.editor, &state.kept_draft].into_iter().flatten() {
        assert!(!editor.transaction_id.is_empty() && !editor.sending);
    }
}
