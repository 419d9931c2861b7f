//! Whatever happens, in whichever order: nothing panics, and what must always hold does.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::{
    config::{ConnectForm, Theme},
    model::{EventResponse, MeetingTimes},
    schedule::{HoursPolicy, Role},
};

const ADDRESSES: [&str; 4] = ["adele@contoso.com", "ADELE@contoso.com", "lee@contoso.com", ME];

/// A step: something that somebody does, or the answer to something that was asked.
#[derive(Debug, Clone)]
enum Step {
    Act(Action),
    /// The n-th question that waits gets a good (or bad) answer.
    Answer(usize, bool),
    Wait(i64),
    Reload,
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("Offsite".to_owned()),
        prop::sample::select(&ADDRESSES[..]).prop_map(str::to_owned),
        prop::sample::select(vec!["2026-03-17", "2026-03-29", "0002-01-01", "9998-12-31", "2026-06-01"]).prop_map(str::to_owned),
        prop::sample::select(vec!["09:00", "02:30", "24:00", "9"]).prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

fn owner() -> impl Strategy<Value = PickerOwner> {
    prop::sample::select(vec![PickerOwner::Assistant, PickerOwner::Editor])
}

fn address() -> impl Strategy<Value = String> {
    prop::sample::select(&ADDRESSES[..]).prop_map(str::to_owned)
}

fn day() -> impl Strategy<Value = chrono::NaiveDate> {
    prop_oneof![
        (-400_i64..400).prop_map(|days| chrono::NaiveDate::from_ymd_opt(2026, 3, 17).unwrap() + TimeDelta::days(days)),
        Just(chrono::NaiveDate::MAX),
        Just(chrono::NaiveDate::MIN),
    ]
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    prop_oneof![20 => (-40_000_i64..40_000).prop_map(|minutes| utc("2026-03-17T08:10:00Z") + TimeDelta::minutes(minutes)), 1 => Just(DateTime::<Utc>::MAX_UTC)]
}

fn session() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(SessionAction::SignIn),
        Just(SessionAction::SignOut),
        Just(SessionAction::SignedOut),
        Just(SessionAction::SignOutEverywhere),
        Just(SessionAction::OtherAccount),
        Just(SessionAction::Switch("2".into())),
        Just(SessionAction::Ask(vec!["People.Read".into()])),
        Just(SessionAction::Check),
        Just(SessionAction::Test),
        Just(SessionAction::StopTest),
        Just(SessionAction::LookUp),
        text().prop_map(SessionAction::Reported),
        Just(SessionAction::DismissExpired),
        Just(SessionAction::SignInFailed(error(ErrorCode::Network))),
        text().prop_map(SessionAction::Organization),
        text().prop_map(|client_id| SessionAction::Form(ConnectForm { client_id, ..ConnectForm::default() })),
        any::<bool>().prop_map(|id| {
            let account = account(if id { "1" } else { "2" });
            SessionAction::Started(Ok(Some(SignedIn { account, granted: Rc::default() })))
        }),
    ]
    .prop_map(Action::Session)
}

fn calendar() -> impl Strategy<Value = Action> {
    prop_oneof![
        prop_oneof![-3_i64..4, Just(i64::MIN), Just(i64::MAX)].prop_map(CalendarAction::Move),
        Just(CalendarAction::Today),
        day().prop_map(CalendarAction::Show),
        Just(CalendarAction::Reload),
        Just(CalendarAction::Close),
        (0_u8..3).prop_map(|id| CalendarAction::Open(event(&id.to_string(), "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC"))),
        prop::sample::select(vec![EventResponse::Accept, EventResponse::Decline]).prop_map(CalendarAction::Respond),
    ]
    .prop_map(Action::Calendar)
}

fn editor() -> impl Strategy<Value = Action> {
    use EditorField::{Description, EndDate, EndTime, Location, StartDate, StartTime, Title};
    prop_oneof![
        1 => prop::option::of(day()).prop_map(EditorAction::Open),
        4 => (prop::sample::select(vec![Title, Location, Description, StartDate, StartTime, EndDate, EndTime]), text()).prop_map(|(field, text)| EditorAction::Set(field, text)),
        1 => Just(EditorAction::Set(Title, "Offsite".into())),
        1 => address().prop_map(EditorAction::Remove),
        1 => Just(EditorAction::FindTime),
        4 => Just(EditorAction::Send),
        1 => Just(EditorAction::Close),
        1 => Just(EditorAction::Discard),
    ]
    .prop_map(Action::Editor)
}

fn picker() -> impl Strategy<Value = Action> {
    prop_oneof![
        (owner(), text()).prop_map(|(owner, text)| PickerAction::Type(owner, text)),
        any::<isize>().prop_map(PickerAction::Move),
        owner().prop_map(PickerAction::Enter),
        (owner(), 0_usize..4).prop_map(|(owner, index)| PickerAction::Choose(owner, index)),
        (owner(), prop::collection::vec(address(), 0..4)).prop_map(|(owner, list)| PickerAction::Paste(owner, list.join(";"))),
        Just(PickerAction::Close),
    ]
    .prop_map(Action::Picker)
}

fn assistant() -> impl Strategy<Value = Action> {
    let role = prop::sample::select(vec![Role::Organizer, Role::Required, Role::Optional, Role::Resource]);
    prop_oneof![
        1 => (address(), role).prop_map(|(address, role)| AssistantAction::SetRole(address, role)),
        1 => address().prop_map(AssistantAction::Remove),
        1 => prop_oneof![Just(0), Just(30), Just(45), Just(u32::MAX)].prop_map(AssistantAction::Duration),
        1 => text().prop_map(AssistantAction::From),
        1 => text().prop_map(AssistantAction::To),
        1 => prop::sample::select(vec![HoursPolicy::Require, HoursPolicy::Prefer, HoursPolicy::Ignore]).prop_map(AssistantAction::Hours),
        1 => (instant(), instant()).prop_map(|(start, end)| AssistantAction::Choose(start, end)),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(row, column)| AssistantAction::Cell(row, column, String::new())),
        1 => Just(AssistantAction::Retry),
        2 => Just(AssistantAction::Schedule),
    ]
    .prop_map(Action::Assistant)
}

fn step() -> impl Strategy<Value = Step> {
    let view = prop::sample::select(vec![View::Calendar, View::Assistant, View::Connection]);
    prop_oneof![
        1 => session().prop_map(Step::Act),
        3 => calendar().prop_map(Step::Act),
        5 => editor().prop_map(Step::Act),
        4 => picker().prop_map(Step::Act),
        5 => assistant().prop_map(Step::Act),
        2 => (view, prop::option::of(day())).prop_map(|(view, date)| Step::Act(Action::Navigated(Route { view, date }))),
        1 => any::<bool>().prop_map(|online| Step::Act(Action::Online(online))),
        1 => Just(Step::Act(Action::Theme(Theme::Dark))),
        1 => Just(Step::Act(Action::Refresh)),
        12 => (any::<usize>(), prop::bool::weighted(0.8)).prop_map(|(which, good)| Step::Answer(which, good)),
        2 => (0_i64..600).prop_map(Step::Wait),
        1 => Just(Step::Reload),
    ]
}

/// The world's answer to something that was asked of it.
fn answer(effect: Effect, good: bool) -> Option<Action> {
    fn or<T>(good: bool, value: T) -> Result<T, Error> {
        if good { Ok(value) } else { Err(error(ErrorCode::SessionExpired)) }
    }
    let some_event = || (*event("0", "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC")).clone();
    Some(match effect {
        Effect::LoadProfile(generation) => SessionAction::Profile(generation, or(good, person("Megan Bowen", ME))).into(),
        Effect::LoadSettings(generation) => SessionAction::Settings(generation, or(good, crate::model::MailboxSettings::default())).into(),
        Effect::Check(generation) => SessionAction::Checked(generation, or(good, ())).into(),
        Effect::LoadLater(generation) => Action::Later(generation, or(good, ())),
        Effect::SignOut | Effect::SignOutEverywhere => SessionAction::SignedOut.into(),
        Effect::Test(generation) => SessionAction::Tested(generation).into(),
        Effect::LoadWeek { generation, .. } => CalendarAction::Loaded(generation, or(good, (vec![Rc::new(some_event())], false))).into(),
        Effect::LoadEvent { generation, .. } => CalendarAction::Opened(generation, Box::new(or(good, some_event()))).into(),
        Effect::Respond { id, response } => CalendarAction::Responded(id, response, or(good, ())).into(),
        Effect::Create(draft) => EditorAction::Sent(draft.transaction_id, Box::new(or(good, some_event()))).into(),
        Effect::Search { generation, .. } => {
            PickerAction::Found(generation, or(good, vec![person("Adele", ADDRESSES[0]), person("Lee", ADDRESSES[2])])).into()
        }
        Effect::LoadSchedules { generation, addresses, start, end } => {
            let list =
                addresses.iter().map(|address| schedule(address, &[("busy", "2026-03-17T10:00:00", "2026-03-18T10:00:00")])).collect();
            AssistantAction::Schedules(generation, (start, end), addresses, or(good, list)).into()
        }
        Effect::FindMeetingTimes { generation, .. } => AssistantAction::Microsoft(generation, or(good, MeetingTimes::default())).into(),
        Effect::Configure
        | Effect::Prefer
        | Effect::StartSession
        | Effect::SignIn { .. }
        | Effect::SignOutOf(_)
        | Effect::Switch(_)
        | Effect::OpenWindowAgain
        | Effect::CancelSignIn
        | Effect::StopTest
        | Effect::Remember
        | Effect::Forget
        | Effect::Navigate(_) => return None,
    })
}

fn each_once<'a>(addresses: impl Iterator<Item = &'a str>) -> bool {
    let mut seen = BTreeSet::new();
    addresses.into_iter().all(|address| seen.insert(address.to_lowercase()))
}

fn check(state: &State, waiting: &[Effect]) {
    let of = |wanted: fn(&Effect) -> bool| waiting.iter().filter(|effect| wanted(effect)).count();
    assert!(state.assistant.chosen.is_none_or(|(start, end)| start < end), "a time has a length");
    assert!(each_once(state.assistant.invitees.iter().map(|invitee| invitee.person.address.as_str())), "nobody is invited twice");
    let own = state.me.value.as_ref().is_some_and(|me| state.assistant.invitees.iter().any(|invitee| invitee.person.address == me.address));
    assert!(!own, "the organizer is no invitee");
    for editor in [&state.editor, &state.kept_draft].into_iter().flatten() {
        assert!(each_once(editor.attendees.iter().map(|attendee| attendee.email.address.as_str())));
        let under_way = waiting
            .iter()
            .filter(|effect| matches!(effect, Effect::Create(draft) if draft.transaction_id == editor.transaction_id))
            .count();
        assert!(under_way <= 1, "an event is sent once");
        assert!(!editor.sending || under_way == 1, "who waits, waits for something");
    }
    assert!(of(|effect| matches!(effect, Effect::Respond { .. })) <= 3, "each invitation has one answer on its way");
    if state.session.account().is_none() {
        assert_eq!(
            (&state.me.value, &state.calendar.events.value, &state.calendar.open),
            (&None, &None, &None),
            "nobody's data is shown to nobody"
        );
    }
    if let Some(generation) = state.assistant.rechecking {
        let asked = waiting.iter().any(|effect| matches!(effect, Effect::LoadSchedules { generation: asked, .. } if *asked == generation));
        assert!(asked, "the last look waits for an answer that comes");
    }
    let saved = snapshot(state);
    let mut back = State::default();
    restore(&mut back, &saved);
    assert_eq!(snapshot(&back), saved, "a snapshot restores to itself");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_in_any_order(zone in prop::sample::select(vec!["Europe/Berlin", "Asia/Kathmandu", "America/New_York", "UTC", "Mars/Olympus_Mons"]), steps in prop::collection::vec(step(), 1..60)) {
        let mut world = World::at("2026-03-17T08:10:00Z", zone);
        let mut waiting: Vec<Effect> = world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
        waiting.extend(world.start("1"));
        for step in steps {
            let effects = match step {
                Step::Act(action) => world.act(action),
                Step::Answer(which, good) => {
                    if waiting.is_empty() {
                        continue;
                    }
                    let effect = waiting.remove(which % waiting.len());
                    answer(effect, good).map(|action| world.act(action)).unwrap_or_default()
                }
                Step::Wait(minutes) => {
                    world.now += TimeDelta::minutes(minutes);
                    Vec::new()
                }
                Step::Reload => {
                    // The page goes, and with it everything that was under way.
                    let saved = snapshot(&world.state);
                    world.state = State { preferences: world.state.preferences.clone(), ..State::default() };
                    waiting.clear();
                    world.act(SessionAction::Restored(Box::new(Restored(saved))));
                    let mut effects = world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
                    effects.extend(world.start("1"));
                    effects
                }
            };
            waiting.extend(effects.into_iter().filter(|effect| answer(effect.clone(), true).is_some()));
            check(&world.state, &waiting);
        }
    }
}
