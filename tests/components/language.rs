//! The pseudo-language: whatever is read or heard comes from the table of texts, on every screen, and is set from right to left.

use convoke::ui::format::Formats;
use convoke_core::{
    ErrorCode,
    auth::machine::Note,
    config::{AccountType, ConnectForm},
    model::{EventResponse, MeetingTimes},
    store::{Action, AssistantAction, CalendarAction, EditorAction, EditorField, Menu, PickerAction, PickerOwner, SessionAction, View},
};
use serde_json::json;

use crate::world::{ADDRESS, CLIENT, ME, World, error, event, person};

/// What is data and not language: names of zones, addresses, ids, permissions.
const DATA: [&str; 30] = [
    "Europe/Berlin",
    "Berlin",
    "UTC",
    "Megan Bowen",
    "MB",
    ADDRESS,
    CLIENT,
    ME,
    "https://graph.microsoft.com",
    "https://login.microsoftonline.com/organizations",
    "https://login.microsoftonline.com",
    "English (United Kingdom)",
    "English (United States)",
    "Asia/Tokyo",
    "en-XB",
    "User.ReadBasic.All",
    "User.Read",
    "Calendars.ReadWrite",
    "Calendars.Read.Shared",
    "Calendars.Read",
    "GroupMember.Read.All",
    "Place.Read.All",
    "Contacts.Read",
    "MailboxSettings.Read",
    ".Shared",
    "r-1",
    "People.Read",
    "openid",
    "profile",
    "offline_access",
];

/// Every letter that stands neither in brackets nor in what is data. Dates come as digits and people's texts in Greek, so no Latin letter
/// is left unless somebody wrote it into a component.
fn untranslated(world: &mut World) -> Vec<String> {
    world.state.preferences.locale = "en-XB".into();
    world.formats = Formats::new(|at, _| at.format("%d·%H:%M").to_string());
    world.draw().pieces().into_iter().filter(|piece| has_latin_outside_brackets(piece)).collect()
}

fn has_latin_outside_brackets(piece: &str) -> bool {
    let mut text = piece.to_owned();
    for data in DATA {
        text = text.replace(data, "");
    }
    let mut depth = 0_u32;
    text.chars().any(|c| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c.is_ascii_alphabetic()
    })
}

#[track_caller]
pub(crate) fn check(world: &mut World) {
    assert_eq!(untranslated(world), Vec::<String>::new());
}

#[test]
fn the_check_finds_what_it_is_for() {
    for (piece, found) in [
        ("Today", true),
        ("[Today]", false),
        ("[Times in Europe/Berlin]", false),
        ("[a] b", true),
        ("17·10:00–11:00 %", false),
        (ME, false),
    ] {
        assert_eq!(has_latin_outside_brackets(piece), found, "{piece}");
    }
}

#[test]
fn before_signing_in() {
    check(&mut World::new());
    check(&mut World::signed_out(&json!({ "clientId": CLIENT })));
    let mut world = World::signed_out(&json!({}));
    world.act(SessionAction::Form(ConnectForm { account_type: AccountType::Tenant("θ".into()), ..world.state.connect.form.clone() }));
    check(&mut world);
    world.act(SessionAction::SignInFailed(error(ErrorCode::UserCancelled)));
    check(&mut world);
    for text in ["", "50011", "650053", "90094", "1234567"] {
        world.act(SessionAction::Reported(text.into()));
        world.act(SessionAction::LookUp);
        check(&mut world);
    }
    world.act(SessionAction::Noted(Note::Stray));
    world.act(Action::Menu(Some(Menu::Settings)));
    check(&mut world);
    let mut world = World::new();
    world.act(SessionAction::Configured(Box::new(Err(error(ErrorCode::Unavailable)))));
    check(&mut world);
}

#[test]
fn accounts_and_pauses() {
    let mut world = World::with_events(Vec::new());
    world.act(Action::Menu(Some(Menu::Account)));
    world.act(Action::Paused("2026-03-17T08:10:42Z".parse().unwrap()));
    check(&mut world);
    world.act(Action::Copied);
    check(&mut world);
}

#[test]
fn problems_of_the_connect_form() {
    let mut world = World::signed_out(&json!({}));
    world.act(SessionAction::SignIn);
    check(&mut world);
}

#[test]
fn the_calendar_and_an_event() {
    let mut world = World::with_events(vec![
        event("1", "Σύσκεψη", "2026-03-17T09:00:00", "2026-03-17T09:30:00", &json!({ "location": { "displayName": "Αίθουσα" } })),
        event("2", "", "2026-03-18T09:00:00", "2026-03-20T09:30:00", &json!({ "isCancelled": true, "showAs": "workingElsewhere" })),
        event("3", "Ταξίδι", "2026-03-18T00:00:00", "2026-03-19T00:00:00", &json!({ "isAllDay": true, "isOrganizer": true })),
    ]);
    check(&mut world);
    let mut world = world.open("1");
    check(&mut world);
    world.act(CalendarAction::Respond(EventResponse::Decline));
    check(&mut world);
    world.act(CalendarAction::Responded("1".into(), EventResponse::Decline, Err(error(ErrorCode::Conflict))));
    check(&mut world);
}

#[test]
fn a_zone_that_nobody_knows() {
    let at = |time: &str| json!({ "dateTime": time, "timeZone": "Άρης" });
    check(&mut World::with_events(vec![event(
        "1",
        "Σύσκεψη",
        "",
        "",
        &json!({ "start": at("2026-03-17T09:00:00"), "end": at("2026-03-17T10:00:00") }),
    )]));
}

#[test]
fn the_dialog_for_a_new_event_with_every_problem() {
    let mut world = World::with_events(Vec::new());
    world.act(EditorAction::Open(None));
    check(&mut world);
    for (field, text) in [(EditorField::StartDate, "π"), (EditorField::StartTime, "π"), (EditorField::EndTime, "π")] {
        world.act(EditorAction::Set(field, text.into()));
    }
    world.act(EditorAction::Send);
    world.act(PickerAction::Type(PickerOwner::Editor, "π".into()));
    let generation = world.state.picker.found.generation;
    world.act(PickerAction::Found(generation, Ok(vec![person("Λίνα", "λ@π.ελ")])));
    check(&mut world);
    world.act(PickerAction::Type(PickerOwner::Editor, "λ@π.ελ".into()));
    world.act(PickerAction::Enter(PickerOwner::Editor));
    world.act(PickerAction::Type(PickerOwner::Editor, "ωω".into()));
    world.act(PickerAction::Found(world.state.picker.found.generation, Ok(Vec::new())));
    world.act(PickerAction::Enter(PickerOwner::Editor));
    check(&mut world);
}

#[test]
fn the_assistant() {
    let mut world = World::with_people("Λίνα <λ@π.ελ>; Νίκος <ν@π.ελ>", &[("λ@π.ελ", "2026-03-17T08:00:00", "2026-03-17T12:00:00")]);
    check(&mut world);
    let answer = json!({ "meetingTimeSuggestions": [{ "confidence": 50, "meetingTimeSlot": {
        "start": { "dateTime": "2026-03-17T09:00:00", "timeZone": "UTC" }, "end": { "dateTime": "2026-03-17T09:30:00", "timeZone": "UTC" } } }] });
    world.act(AssistantAction::Microsoft(world.state.assistant.microsoft.generation, Ok(MeetingTimes::from_json(&answer).unwrap())));
    check(&mut world);
    world.act(AssistantAction::Duration(90));
    check(&mut world);
    world.act(AssistantAction::Schedule);
    check(&mut world);
    world.answer_schedules(&[("λ@π.ελ", "2026-03-16T00:00:00", "2026-03-24T00:00:00")]);
    check(&mut world);
    world.act(EditorAction::Discard);
    world.act(AssistantAction::From(String::new()));
    check(&mut world);
}

#[test]
fn the_connection() {
    let mut world = World::signed_in(View::Connection);
    world.act(SessionAction::Check);
    check(&mut world);
    for code in [ErrorCode::Network, ErrorCode::Forbidden, ErrorCode::Throttled, ErrorCode::SessionExpired] {
        world.act(SessionAction::Check);
        world.act(SessionAction::Checked(world.state.check.generation, Err(error(code))));
        check(&mut world);
    }
    world.act(SessionAction::Check);
    world.act(SessionAction::Checked(world.state.check.generation, Ok(())));
    check(&mut world);
}
