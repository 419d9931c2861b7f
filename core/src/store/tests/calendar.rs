//! The week: which days, which events on them, and which answers count.

use chrono::{NaiveDate, Weekday};

use super::*;
use crate::time::fixtures::zone;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn week_of(effects: &[Effect]) -> (u32, String, String) {
    match effects.iter().find(|effect| matches!(effect, Effect::LoadWeek { .. })) {
        Some(Effect::LoadWeek { generation, start, end }) => (*generation, start.to_rfc3339(), end.to_rfc3339()),
        _ => panic!("no week among {effects:?}"),
    }
}

/// The dates on which each of these events stands, for a viewer, in the week given.
fn days(viewer: &str, week: &str, events: &[Rc<Event>]) -> Vec<(String, Vec<String>)> {
    days_of_events(date(week), events, &zone(viewer), &zones())
        .into_iter()
        .filter(|day| !day.events.is_empty())
        .map(|day| (day.date.to_string(), day.events.iter().map(|placed| placed.event.id.clone()).collect()))
        .collect()
}

fn dates(viewer: &str, week: &str, event: &Rc<Event>) -> Vec<String> {
    days(viewer, week, std::slice::from_ref(event)).into_iter().map(|(date, _)| date).collect()
}

fn all_day(id: &str, start: &str, end: &str) -> Rc<Event> {
    let mut event = (*event(id, &[start, "T00:00:00.0000000"].concat(), &[end, "T00:00:00.0000000"].concat(), "UTC")).clone();
    event.is_all_day = true;
    Rc::new(event)
}

#[test]
fn weeks_begin_where_the_person_is_used_to() {
    for (first, now, week) in [
        (Weekday::Mon, "2026-03-22T12:00:00Z", "2026-03-16"),
        (Weekday::Sun, "2026-03-22T12:00:00Z", "2026-03-22"),
        (Weekday::Sat, "2026-03-20T12:00:00Z", "2026-03-14"),
        // Still Sunday in UTC, Monday in Berlin.
        (Weekday::Mon, "2026-03-22T23:30:00Z", "2026-03-23"),
    ] {
        let mut world = World::at(now, "Europe/Berlin");
        world.state.preferences.first_day = first;
        let world = world.sign_in(View::Calendar);
        assert_eq!(world.state.calendar.week, date(week), "{first} {now}");
    }
}

#[test]
fn previous_next_and_today_say_so_in_the_address() {
    let mut world = World::signed_in(View::Calendar);
    let effects = world.act(CalendarAction::Move(1));
    assert_eq!(effects[0], Effect::Navigate(Route { view: View::Calendar, date: Some(date("2026-03-23")) }));
    // A day more on each side, and the clock change within: Graph places whole days at UTC's midnights.
    let (_, start, end) = week_of(&effects);
    assert_eq!((start.as_str(), end.as_str()), ("2026-03-21T23:00:00+00:00", "2026-03-30T22:00:00+00:00"));
    // What the address bar then reports back asks for nothing more.
    assert_eq!(world.act(Action::Navigated(world.state.route)), []);
    world.act(CalendarAction::Move(-3));
    assert_eq!(world.state.calendar.week, date("2026-03-02"));
    let effects = world.act(CalendarAction::Today);
    assert_eq!(effects[0], Effect::Navigate(Route { view: View::Calendar, date: None }));
    assert_eq!(world.state.calendar.week, date("2026-03-16"));
    assert!(!world.act(CalendarAction::Today).iter().any(|effect| matches!(effect, Effect::LoadWeek { .. })), "it is on its way already");
}

#[test]
fn the_ends_of_time_are_no_place_to_go_to() {
    let mut world = World::signed_in(View::Calendar);
    for weeks in [i64::MIN, i64::MAX, i64::MAX / 7] {
        world.act(CalendarAction::Move(weeks));
        assert_eq!(world.state.calendar.week, date("2026-03-16"));
    }
    world.act(CalendarAction::Show(NaiveDate::MAX));
    world.act(CalendarAction::Move(1));
    world.act(CalendarAction::Show(NaiveDate::MIN));
    world.act(CalendarAction::Move(-1));
}

#[test]
fn whole_days_never_shift() {
    let holiday = all_day("holiday", "2026-03-17", "2026-03-19");
    for viewer in ["UTC", "Asia/Kathmandu", "Pacific/Auckland", "Pacific/Pago_Pago", "Pacific/Kiritimati", "America/Los_Angeles"] {
        assert_eq!(dates(viewer, "2026-03-16", &holiday), ["2026-03-17", "2026-03-18"], "{viewer}");
    }
    // Graph in another zone than was asked for: the date parts alone count.
    let mut elsewhere = (*holiday).clone();
    elsewhere.start.time_zone = "Tokyo Standard Time".into();
    elsewhere.end.time_zone = "Tokyo Standard Time".into();
    assert_eq!(dates("America/Los_Angeles", "2026-03-16", &Rc::new(elsewhere)), ["2026-03-17", "2026-03-18"]);
}

#[test]
fn a_whole_day_lasts_one_day_at_least() {
    for end in ["2026-03-17", "2026-03-12", "never"] {
        assert_eq!(dates("Europe/Berlin", "2026-03-16", &all_day("odd", "2026-03-17", end)), ["2026-03-17"], "{end}");
    }
}

#[test]
fn events_stand_on_the_local_day() {
    let late = event("late", "2026-03-17T20:00:00", "2026-03-17T21:00:00", "UTC");
    assert_eq!(dates("Europe/Berlin", "2026-03-16", &late), ["2026-03-17"]);
    assert_eq!(dates("Asia/Kathmandu", "2026-03-16", &late), ["2026-03-18"]);
    assert_eq!(dates("Pacific/Auckland", "2026-03-16", &late), ["2026-03-18"]);
    let early = event("early", "2026-03-17T03:00:00", "2026-03-17T04:00:00", "UTC");
    assert_eq!(dates("America/New_York", "2026-03-16", &early), ["2026-03-16"]);
}

#[test]
fn an_event_over_several_days_stands_on_each_and_not_on_the_day_it_ends_before() {
    let long = event("long", "2026-03-17T22:00:00", "2026-03-20T00:00:00", "Europe/Berlin");
    assert_eq!(dates("Europe/Berlin", "2026-03-16", &long), ["2026-03-17", "2026-03-18", "2026-03-19"]);
    let over = event("over", "2026-03-10T22:00:00", "2026-04-20T00:00:00", "Europe/Berlin");
    assert_eq!(dates("Europe/Berlin", "2026-03-16", &over).len(), 7);
}

#[test]
fn events_without_length_or_with_an_end_before_their_start_stand_where_they_start() {
    for (start, end) in [
        ("2026-03-18T00:00:00", "2026-03-18T00:00:00"),
        ("2026-03-18T10:00:00", "2026-03-18T10:00:00"),
        ("2026-03-18T10:00:00", "2026-03-17T09:00:00"),
        ("2026-03-18T10:00:00", "soon"),
    ] {
        assert_eq!(dates("Europe/Berlin", "2026-03-16", &event("odd", start, end, "Europe/Berlin")), ["2026-03-18"], "{start} {end}");
    }
    assert_eq!(dates("Europe/Berlin", "2026-03-16", &event("no start", "soon", "later", "UTC")), Vec::<String>::new());
}

#[test]
fn a_week_with_a_clock_change_has_seven_days() {
    for (week, sunday) in [("2026-03-23", "2026-03-29"), ("2026-10-19", "2026-10-25")] {
        // From before the change until after it, and the last minutes of the day.
        let night = event("night", &[sunday, "T00:30:00"].concat(), &[sunday, "T04:00:00"].concat(), "Europe/Berlin");
        let last = event("last", &[sunday, "T23:30:00"].concat(), &[sunday, "T23:59:00"].concat(), "Europe/Berlin");
        assert_eq!(days("Europe/Berlin", week, &[last, night]), [(sunday.to_owned(), vec!["night".to_owned(), "last".to_owned()])]);
    }
}

#[test]
fn a_zone_that_nobody_knows_is_read_as_utc_and_marked() {
    let odd = event("odd", "2026-03-17T10:00:00", "2026-03-17T11:00:00", "Mars/Olympus_Mons");
    let placed = place(&odd, &zone("Europe/Berlin"), &zones()).unwrap();
    assert!(placed.zone_unknown);
    assert_eq!(placed.start.to_string(), "2026-03-17 11:00:00");
    let known = event("known", "2026-03-17T10:00:00", "2026-03-17T11:00:00", "W. Europe Standard Time");
    assert!(!place(&known, &zone("Europe/Berlin"), &zones()).unwrap().zone_unknown);
}

#[test]
fn whole_days_come_first_then_the_order_of_the_clock() {
    let events = [
        event("b", "2026-03-17T10:00:00", "2026-03-17T11:00:00", "UTC"),
        event("a", "2026-03-17T10:00:00", "2026-03-17T11:00:00", "UTC"),
        event("short", "2026-03-17T10:00:00", "2026-03-17T10:30:00", "UTC"),
        event("early", "2026-03-17T08:00:00", "2026-03-17T18:00:00", "UTC"),
        all_day("day", "2026-03-17", "2026-03-18"),
    ];
    assert_eq!(days("UTC", "2026-03-16", &events)[0].1, ["day", "early", "short", "a", "b"]);
}

#[test]
fn only_the_answer_to_the_last_question_counts() {
    let mut world = World::signed_in(View::Calendar);
    let first = world.state.calendar.events.generation;
    world.act(CalendarAction::Move(1));
    let old = event("old", "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC");
    world.act(CalendarAction::Page(first, vec![Rc::clone(&old)]));
    world.act(CalendarAction::Loaded(first, Ok((vec![old], true))));
    assert_eq!(world.state.calendar.events.value, None);
    assert!(!world.state.calendar.incomplete, "what is said of another week is not said of this one");
    world.act(CalendarAction::Loaded(first, Err(error(ErrorCode::NotFound))));
    assert_eq!(world.state.calendar.events.error, None);
    world.act(CalendarAction::Loaded(first + 1, Ok((Vec::new(), true))));
    assert!(world.state.calendar.incomplete && world.state.calendar.events.value.is_some());
    world.act(CalendarAction::Loaded(first + 1, Ok((vec![event("twice", "2026-03-24T09:00:00", "2026-03-24T10:00:00", "UTC")], false))));
    assert_eq!(world.state.calendar.events.value.as_ref().unwrap().len(), 0, "an answer comes once");
}

#[test]
fn the_number_that_is_said_is_that_of_the_week() {
    let mut world = World::signed_in(View::Calendar);
    let generation = world.state.calendar.events.generation;
    let events = vec![
        // The window that is read is wider than the week.
        event("sunday before", "2026-03-15T09:00:00", "2026-03-15T10:00:00", "Europe/Berlin"),
        event("into monday", "2026-03-15T23:00:00", "2026-03-16T01:00:00", "Europe/Berlin"),
        all_day("holiday", "2026-03-22", "2026-03-23"),
        all_day("monday after", "2026-03-23", "2026-03-24"),
    ];
    world.act(CalendarAction::Loaded(generation, Ok((events, false))));
    assert_eq!(world.state.notice, Some(Notice::EventsLoaded(2)));
}

#[test]
fn reading_anew_takes_nothing_off_the_screen_before_more_is_known() {
    let mut world = World::signed_in(View::Calendar);
    let events: Vec<_> = ["a", "b", "c"].map(|id| event(id, "2026-03-17T09:00:00", "2026-03-17T10:00:00", "UTC")).into();
    let shown = |world: &World| world.state.calendar.events.value.as_ref().map_or(0, |events| events.len());
    let generation = world.state.calendar.events.generation;
    world.act(CalendarAction::Page(generation, events[..2].to_vec()));
    assert_eq!(shown(&world), 2, "the first page is shown at once");
    world.act(CalendarAction::Loaded(generation, Ok((events.clone(), false))));
    let (generation, ..) = week_of(&world.act(CalendarAction::Reload));
    world.act(CalendarAction::Page(generation, events[..1].to_vec()));
    assert_eq!(shown(&world), 3);
    world.act(CalendarAction::Loaded(generation, Err(error(ErrorCode::Timeout))));
    assert_eq!((shown(&world), world.state.calendar.events.error.is_some()), (3, true));
    // Coming back to a week that failed tries again.
    let here = world.state.route;
    week_of(&world.act(Action::Navigated(here)));
}
