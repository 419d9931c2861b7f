//! The assistant's question: which days, whose calendars, and what follows from what is known.

use chrono::TimeDelta;

use super::*;
use crate::{
    model::{FreeBusy, MailboxSettings, MeetingTimes, WorkingHours},
    schedule::{HoursPolicy, Role},
    time::fixtures::zone,
};

const ADELE: &str = "Adele@contoso.com";
const LEE: &str = "lee@contoso.com";

type Asked = (u32, Vec<String>, DateTime<Utc>, DateTime<Utc>);

/// The one reading of calendars among these effects.
pub(super) fn reading(effects: &[Effect]) -> Option<Asked> {
    let mut all = effects.iter().filter_map(|effect| match effect {
        Effect::LoadSchedules { generation, addresses, start, end } => Some((*generation, addresses.clone(), *start, *end)),
        _ => None,
    });
    let first = all.next();
    assert_eq!(all.next(), None, "one reading, with all addresses");
    first
}

fn opinion(effects: &[Effect]) -> Option<(u32, Value)> {
    effects.iter().find_map(|effect| match effect {
        Effect::FindMeetingTimes { generation, body } => Some((*generation, body.clone())),
        _ => None,
    })
}

pub(super) fn invite(world: &mut World, addresses: &str) -> Vec<Effect> {
    world.act(PickerAction::Paste(PickerOwner::Assistant, addresses.into()))
}

/// Answers a reading: everybody free but for these stretches.
pub(super) fn answer(world: &mut World, asked: &Asked, busy: &[(&str, &str, &str, &str)]) -> Vec<Effect> {
    let list = asked
        .1
        .iter()
        .map(|address| {
            let items: Vec<_> = busy.iter().filter(|item| item.0 == address).map(|item| (item.1, item.2, item.3)).collect();
            schedule(address, &items)
        })
        .collect();
    world.act(AssistantAction::Schedules(asked.0, (asked.2, asked.3), asked.1.clone(), Ok(list)))
}

/// Megan in the assistant with these people, everything read.
pub(super) fn with_people(people: &str, busy: &[(&str, &str, &str, &str)]) -> World {
    let mut world = World::new();
    world.state.route.view = View::Assistant;
    world.act(SessionAction::Configured(Box::new(Ok(found(&json!({ "clientId": CLIENT }))))));
    world.start("1");
    let generation = world.state.me.generation;
    let effects = world.act(SessionAction::Profile(generation, Ok(person("Megan Bowen", ME))));
    answer(&mut world, &reading(&effects).unwrap(), busy);
    if let Some(asked) = reading(&invite(&mut world, people)) {
        answer(&mut world, &asked, busy);
    }
    world
}

fn first(world: &World) -> String {
    world.state.assistant.result.suggestions[0].start.to_rfc3339()
}

fn range(world: &World) -> (String, String) {
    (world.state.assistant.from.clone(), world.state.assistant.to.clone())
}

fn statuses_at(world: &World, instant: &str) -> Vec<FreeBusy> {
    let slot = crate::time::Span::new(utc(instant), utc(instant) + TimeDelta::minutes(30));
    let zone = world.zones.get("Europe/Berlin").unwrap();
    people_times(&world.state, &zone, &world.zones, world.now).iter().map(|person| person.during(slot)).collect()
}

#[test]
fn the_coming_seven_days_are_proposed_after_a_weekend_the_next_monday_on() {
    for (now, expected) in [
        ("2026-03-17T08:00:00Z", ("2026-03-17", "2026-03-23")),
        ("2026-03-20T08:00:00Z", ("2026-03-20", "2026-03-26")),
        ("2026-03-21T08:00:00Z", ("2026-03-23", "2026-03-29")),
        ("2026-03-22T22:59:00Z", ("2026-03-23", "2026-03-29")),
        ("2026-03-22T23:00:00Z", ("2026-03-23", "2026-03-29")),
    ] {
        let world = World::at(now, "Europe/Berlin").sign_in(View::Assistant);
        assert_eq!(range(&world), (expected.0.to_owned(), expected.1.to_owned()), "{now}");
    }
}

#[test]
fn a_range_that_is_over_is_replaced_and_a_chosen_one_kept() {
    for (to, expected) in
        [("2026-03-16", ("2026-03-17", "2026-03-23")), ("2026-03-17", ("2026-03-01", "2026-03-17")), ("soon", ("2026-03-01", "soon"))]
    {
        let mut world = World::new();
        (world.state.assistant.from, world.state.assistant.to) = ("2026-03-01".into(), to.into());
        let world = world.sign_in(View::Assistant);
        assert_eq!(range(&world), (expected.0.to_owned(), expected.1.to_owned()));
    }
}

#[test]
fn what_is_wrong_with_the_range_is_named_and_nothing_is_asked() {
    for (from, to, expected) in [
        ("", "2026-03-20", RangeProblem::From),
        ("0202-03-18", "2026-03-20", RangeProblem::From),
        ("2026-03-18", "20.3.2026", RangeProblem::To),
        ("2026-03-20", "2026-03-19", RangeProblem::Backwards),
        ("2026-03-18", "2026-05-13", RangeProblem::TooLong),
        ("2026-03-10", "2026-03-16", RangeProblem::Past),
    ] {
        let mut world = with_people(ADELE, &[]);
        (world.state.assistant.from, world.state.assistant.to) = (from.into(), "2026-03-20".into());
        let effects = world.act(AssistantAction::To(to.into()));
        assert_eq!(world.state.assistant.range("2026-03-17".parse().unwrap()), Err(expected), "{from} {to}");
        assert_eq!((reading(&effects), opinion(&effects)), (None, None));
        assert!(world.state.assistant.result.suggestions.is_empty());
    }
    let eight_weeks = Assistant { from: "2026-03-18".into(), to: "2026-05-12".into(), ..Assistant::default() };
    assert!(eight_weeks.range("2026-03-17".parse().unwrap()).is_ok());
}

#[test]
fn a_new_first_day_moves_the_last_one() {
    let mut world = with_people(ADELE, &[]);
    for text in ["0002-04-01", "0202-04-01", "", "2026-04-01"] {
        world.act(AssistantAction::From(text.into()));
    }
    assert_eq!(range(&world), ("2026-04-01".to_owned(), "2026-04-07".to_owned()));
    world.act(AssistantAction::To("2026-04-02".into()));
    world.act(AssistantAction::From("2026-04-10".into()));
    assert_eq!(range(&world).1, "2026-04-11");
}

#[test]
fn the_past_is_never_suggested_and_starts_fall_on_the_local_step() {
    for (zone_name, now, duration, expected) in [
        ("Europe/Berlin", "2026-03-17T08:10:00Z", 30, "2026-03-17T08:30:00+00:00"),
        ("Europe/Berlin", "2026-03-17T08:30:00Z", 30, "2026-03-17T08:30:00+00:00"),
        ("Europe/Berlin", "2026-03-17T08:30:01Z", 45, "2026-03-17T08:45:00+00:00"),
        // Quarters and halves of an hour by their clocks, not by UTC's.
        ("Asia/Kathmandu", "2026-03-17T08:10:00Z", 60, "2026-03-17T08:15:00+00:00"),
        ("Asia/Kolkata", "2026-03-17T08:10:00Z", 30, "2026-03-17T08:30:00+00:00"),
        ("Asia/Kathmandu", "2026-03-17T08:20:00Z", 30, "2026-03-17T08:45:00+00:00"),
    ] {
        let mut world = World::at(now, zone_name).sign_in(View::Assistant);
        world.act(AssistantAction::Hours(HoursPolicy::Ignore));
        world.act(AssistantAction::Duration(duration));
        // What the screen asked for when it opened.
        let window = world.state.assistant.window(&zone(zone_name), world.now).unwrap();
        let asked = (world.state.assistant.generation, vec![ME.to_owned()], window.0, window.1);
        answer(&mut world, &asked, &[]);
        let earliest = world.state.assistant.result.suggestions.iter().map(|suggestion| suggestion.start).min().unwrap();
        assert_eq!(earliest.to_rfc3339(), expected, "{zone_name} {now}");
    }
}

#[test]
fn only_what_is_missing_is_read() {
    let mut world = with_people(ADELE, &[]);
    assert_eq!(reading(&invite(&mut world, ADELE)), None, "nobody new");
    assert_eq!(reading(&world.act(AssistantAction::Duration(60))), None);
    let (_, addresses, ..) = reading(&invite(&mut world, "lee@contoso.com; joni@contoso.com")).unwrap();
    assert_eq!(addresses, [LEE, "joni@contoso.com"]);
    assert_eq!(reading(&world.act(AssistantAction::Retry)), None, "it is on its way");
    assert_eq!(reading(&world.act(AssistantAction::Remove(LEE.into()))), None);
    assert_eq!(reading(&world.act(AssistantAction::To("2026-03-20".into()))), None, "less is known already");
    let (_, addresses, start, end) = reading(&world.act(AssistantAction::To("2026-03-31".into()))).unwrap();
    assert_eq!(addresses, [ME, ADELE, "joni@contoso.com"], "more is not");
    assert_eq!((start, end), (utc("2026-03-16T23:00:00Z"), utc("2026-03-31T22:00:00Z")));
}

#[test]
fn a_superseded_answer_is_dropped() {
    let mut world = with_people(ADELE, &[]);
    let old = reading(&world.act(AssistantAction::To("2026-03-31".into()))).unwrap();
    let new = reading(&world.act(AssistantAction::To("2026-04-15".into()))).unwrap();
    let said = world.state.notice.clone();
    answer(&mut world, &old, &[(ADELE, "busy", "2026-03-17T00:00:00", "2026-03-31T00:00:00")]);
    assert!(world.state.assistant.schedules.values().all(|schedule| schedule.info.loading));
    assert_eq!(world.state.notice, said);
    world.act(AssistantAction::SchedulesProgress(old.0, 1, 2));
    assert_eq!(world.state.assistant.progress, None);
    world.act(AssistantAction::SchedulesProgress(new.0, 1, 2));
    assert_eq!(world.state.assistant.progress, Some((1, 2)));
    answer(&mut world, &new, &[]);
    assert_eq!((world.state.assistant.progress, statuses_at(&world, "2026-03-20T10:00:00Z")), (None, vec![FreeBusy::Free; 2]));
    let before = world.state.clone();
    world.act(AssistantAction::Schedules(new.0 + 7, (new.2, new.3), vec!["stranger@contoso.com".into()], Ok(Vec::new())));
    assert_eq!(world.state, before, "an answer about nobody we asked for");
}

#[test]
fn time_that_was_not_read_is_not_free() {
    let busy = |address| (address, "busy", "2026-03-19T10:00:00", "2026-03-19T11:00:00");
    let mut world = with_people(ADELE, &[busy(ME), busy(ADELE)]);
    assert_eq!(statuses_at(&world, "2026-03-20T10:00:00Z"), [FreeBusy::Free; 2]);
    // Until the answer for the wider range is there, nobody knows of its days.
    let (from, to) = range(&world);
    world.act(AssistantAction::To("2026-03-31".into()));
    assert_eq!(statuses_at(&world, "2026-03-20T10:00:00Z"), [FreeBusy::Free; 2]);
    assert_eq!(statuses_at(&world, "2026-03-30T10:00:00Z"), [FreeBusy::Unknown; 2]);
    assert_eq!(from, "2026-03-17");
    world.act(AssistantAction::To(to));
    let mut earlier = World { now: utc("2026-03-10T08:00:00Z"), ..world };
    earlier.state.assistant.from = "2026-03-10".into();
    assert_eq!(statuses_at(&earlier, "2026-03-11T10:00:00Z"), [FreeBusy::Unknown; 2], "nor of the days before");
}

#[test]
fn digits_without_items_are_read_from_where_they_begin() {
    let mut world = World::signed_in(View::Assistant);
    let window = world.state.assistant.window(&zone("Europe/Berlin"), world.now).unwrap();
    // From midnight in Berlin: free until ten, busy until eleven.
    let digits = ["0".repeat(20), "22".into(), "0".repeat(314)].concat();
    let info = ScheduleInformation::from_json(&json!({ "scheduleId": ME, "availabilityView": digits })).unwrap();
    let generation = world.state.assistant.generation;
    world.act(AssistantAction::Schedules(generation, window, vec![ME.into()], Ok(vec![info])));
    world.act(AssistantAction::Hours(HoursPolicy::Ignore));
    assert_eq!(statuses_at(&world, "2026-03-17T09:00:00Z"), [FreeBusy::Busy]);
    let busy = (utc("2026-03-17T09:00:00Z"), utc("2026-03-17T10:00:00Z"));
    let starts: Vec<_> = world.state.assistant.result.suggestions.iter().map(|suggestion| suggestion.start).collect();
    assert!(starts.contains(&utc("2026-03-17T08:30:00Z")), "{starts:?}");
    assert!(starts.iter().all(|start| *start < busy.0 || *start >= busy.1), "{starts:?}");
}

#[test]
fn a_partial_failure_costs_nobody_else_and_can_be_retried() {
    let mut world = with_people("", &[]);
    let asked = reading(&invite(&mut world, &[ADELE, LEE, "gone@contoso.com"].join(";"))).unwrap();
    let refused = ScheduleInformation::from_json(
        &json!({ "scheduleId": "gone@contoso.com", "error": { "message": "No mailbox", "responseCode": "5009" } }),
    )
    .unwrap();
    let list = vec![schedule("adele@contoso.com", &[]), refused];
    world.act(AssistantAction::Schedules(asked.0, (asked.2, asked.3), asked.1, Ok(list)));
    assert_eq!(statuses_at(&world, "2026-03-20T10:00:00Z"), [FreeBusy::Free, FreeBusy::Free, FreeBusy::Unknown, FreeBusy::Unknown]);
    let people = people_times(&world.state, &world.zones.get("Europe/Berlin").unwrap(), &world.zones, world.now);
    assert_eq!(people[2].error.as_ref().unwrap().code(), ErrorCode::InvalidResponse);
    assert_eq!((people[3].error.as_ref(), people[3].refusal.as_deref()), (None, Some("No mailbox")));
    for suggestion in &world.state.assistant.result.suggestions {
        let free = suggestion.attendees.iter().filter(|attendee| attendee.status == FreeBusy::Free).count();
        assert_eq!(free, 2, "who is not known is not counted as free");
    }
    let (_, addresses, ..) = reading(&world.act(AssistantAction::Retry)).unwrap();
    assert_eq!(addresses, [LEE, "gone@contoso.com"]);
}

#[test]
fn one_answer_that_makes_no_sense_does_not_cost_the_suggestions() {
    let mut world = with_people("", &[]);
    let asked = reading(&invite(&mut world, LEE)).unwrap();
    answer(&mut world, &asked, &[(LEE, "busy", "yesterday", "tomorrow")]);
    assert!(!world.state.assistant.result.suggestions.is_empty());
    assert_eq!(statuses_at(&world, "2026-03-20T10:00:00Z"), [FreeBusy::Free, FreeBusy::Unknown]);
}

#[test]
fn the_choice_follows_the_best_time_until_somebody_chooses() {
    let mut world = with_people(ADELE, &[(ADELE, "busy", "2026-03-17T08:30:00", "2026-03-17T09:00:00")]);
    assert_eq!(first(&world), "2026-03-17T09:00:00+00:00");
    let best = world.state.assistant.chosen.unwrap();
    assert_eq!(best.0, utc("2026-03-17T09:00:00Z"));
    let asked = reading(&invite(&mut world, LEE)).unwrap();
    assert_eq!(world.state.assistant.chosen, Some(best), "it stays while calendars are read");
    answer(&mut world, &asked, &[(LEE, "busy", "2026-03-17T09:00:00", "2026-03-17T10:00:00")]);
    assert_eq!(world.state.assistant.chosen.unwrap().0, utc("2026-03-17T10:00:00Z"));
    let mine = (utc("2026-03-18T09:00:00Z"), utc("2026-03-18T09:30:00Z"));
    world.act(AssistantAction::Choose(mine.0, mine.1));
    world.act(AssistantAction::SetRole(LEE.into(), Role::Optional));
    world.act(AssistantAction::Choose(mine.1, mine.0));
    world.act(AssistantAction::Choose(mine.0, mine.0));
    assert_eq!(world.state.assistant.chosen, Some(mine), "a time without length is none");
    world.act(AssistantAction::Duration(90));
    assert_eq!(world.state.assistant.chosen, Some((mine.0, utc("2026-03-18T10:30:00Z"))));
    // What lies outside the days that are shown could be booked without being seen.
    world.act(AssistantAction::To("2026-03-17".into()));
    assert_ne!(world.state.assistant.chosen.map(|chosen| chosen.0), Some(mine.0));
    assert!(!world.state.assistant.chosen_by_person);
}

#[test]
fn a_choice_from_an_earlier_visit_that_is_over_is_forgotten() {
    let mut world = World::new();
    world.state.assistant.chosen = Some((utc("2026-03-17T07:00:00Z"), utc("2026-03-17T07:30:00Z")));
    world.state.assistant.chosen_by_person = true;
    let world = world.sign_in(View::Assistant);
    assert!(!world.state.assistant.chosen_by_person);
    assert!(world.state.assistant.chosen.is_none_or(|chosen| chosen.0 >= world.now));
}

#[test]
fn ones_own_hours_are_those_of_the_mailbox() {
    let mut world = with_people("", &[]);
    let hours = json!({ "daysOfWeek": ["thursday"], "startTime": "13:00:00", "endTime": "14:00:00", "timeZone": { "name": "W. Europe Standard Time" } });
    let settings = MailboxSettings { time_zone: String::new(), working_hours: WorkingHours::from_json(&hours) };
    let generation = world.state.settings.generation;
    world.act(SessionAction::Settings(generation, Ok(settings)));
    assert_eq!(first(&world), "2026-03-19T12:00:00+00:00");
    assert_eq!(world.state.assistant.result.suggestions.len(), 2);
}

#[test]
fn microsoft_is_asked_when_the_question_changes_and_only_then() {
    let mut world = with_people("", &[]);
    assert_eq!(opinion(&world.act(AssistantAction::Retry)), None, "nobody is invited");
    let (first, body) = opinion(&invite(&mut world, ADELE)).unwrap();
    assert_eq!(body["attendees"][0]["emailAddress"]["address"], ADELE);
    assert_eq!(body["meetingDuration"], "PT30M");
    let slot = &body["timeConstraint"]["timeSlots"][0];
    assert_eq!(slot["start"], json!({ "dateTime": "2026-03-17T08:30:00", "timeZone": "UTC" }), "not from this morning on");
    assert_eq!(opinion(&world.act(AssistantAction::SetRole(ADELE.into(), Role::Required))), None);
    assert_eq!(opinion(&world.act(AssistantAction::SetRole(ADELE.into(), Role::Organizer))), None, "there is one organizer");
    let (second, _) = opinion(&world.act(AssistantAction::SetRole(ADELE.into(), Role::Optional))).unwrap();
    world.act(AssistantAction::Microsoft(first, Ok(MeetingTimes::default())));
    assert_eq!(world.state.assistant.microsoft.value, None);
    world.act(AssistantAction::Microsoft(second, Err(error(ErrorCode::Throttled))));
    let (third, _) = opinion(&world.act(AssistantAction::Retry)).expect("a failure is tried again");
    world.act(AssistantAction::Microsoft(third, Ok(MeetingTimes::default())));
    assert_eq!(opinion(&world.act(AssistantAction::Retry)), None);
    // Who is taken off and added again is asked for again, in the very same words.
    opinion(&world.act(AssistantAction::SetRole(ADELE.into(), Role::Required))).unwrap();
    world.act(AssistantAction::Remove(ADELE.into()));
    assert_eq!((&world.state.assistant.microsoft.value, world.state.assistant.microsoft.loading), (&None, false));
    assert_eq!(opinion(&invite(&mut world, ADELE)).unwrap().1, body);
}

#[test]
fn what_is_old_is_read_anew_when_the_page_comes_back() {
    let mut world = with_people(ADELE, &[]);
    assert_eq!(reading(&world.act(Action::Refresh)), None);
    world.now += TimeDelta::minutes(5);
    assert_eq!(reading(&world.act(Action::Refresh)).unwrap().1, [ME, ADELE]);
}

#[test]
fn an_answer_to_an_invitation_changes_ones_own_time() {
    let mut world = with_people(ADELE, &[]);
    world.act(Action::Navigated(Route::default()));
    let invitation = event("invitation", "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC");
    world.act(CalendarAction::Open(invitation));
    world.act(CalendarAction::Respond(crate::model::EventResponse::Accept));
    world.act(CalendarAction::Responded("invitation".into(), crate::model::EventResponse::Accept, Ok(())));
    assert!(reading(&world.act(Action::Navigated(Route { view: View::Assistant, date: None }))).is_some());
}
