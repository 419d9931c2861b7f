//! The calendar screen: one week of events, and the event that is open. Owns which local day an event stands on.

use std::rc::Rc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::{CalendarAction, Effect, Env, Load, Notice, Route, State, View, assistant_reduce as assistant, session::note_expiry};
use crate::{
    Error, ErrorCode,
    model::{Event, EventResponse},
    sort::sort_by,
    time::{Zone, Zones, instant_of, parse_local, week_start},
};

/// The calendar screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Calendar {
    /// The first day of the week that is shown.
    pub week: NaiveDate,
    /// The week's events, as Graph gave them.
    pub events: Load<Rc<Vec<Rc<Event>>>>,
    /// The week that `events` belongs to; another than `week` while a new one is fetched.
    pub events_week: Option<NaiveDate>,
    /// Reading stopped early, and why there may be more.
    pub incomplete: bool,
    /// The event that is open.
    pub open: Option<OpenEvent>,
    /// Counts the events that were opened.
    pub opened: u32,
    /// Answers that are on their way, or did not go out and were not shown yet.
    pub answers: Vec<Answer>,
}

/// An answer to an invitation, which outlives the pane that it was given in.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// To what.
    pub event: Rc<Event>,
    /// How.
    pub response: EventResponse,
    /// Why it did not go out; nothing while it is on its way.
    pub error: Option<Error>,
}

/// An event in its pane.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenEvent {
    /// What the list knew when it was opened, replaced by the whole event once that came.
    pub event: Rc<Event>,
    /// The whole event, with its body.
    pub whole: Load<()>,
    /// The answer that is on its way.
    pub answering: Option<EventResponse>,
    /// Why the last answer did not go out.
    pub answer_error: Option<Error>,
}

/// An event at its place in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The event.
    pub event: Rc<Event>,
    /// Start in the viewer's zone; for whole days the date at midnight, in no zone.
    pub start: NaiveDateTime,
    /// End in the viewer's zone, exclusive.
    pub end: NaiveDateTime,
    /// The zone that the event names is not known: the time is read as UTC and marked.
    pub zone_unknown: bool,
}

impl Placed {
    /// Whether any of it lies between two wall times. An event without length lies where it starts.
    fn touches(&self, from: NaiveDateTime, until: NaiveDateTime) -> bool {
        self.start < until && (self.end > from || self.start >= from)
    }
}

/// A day and what stands on it.
#[derive(Debug, Clone, PartialEq)]
pub struct DayOfEvents {
    /// The local date.
    pub date: NaiveDate,
    /// Whole days first, then by start.
    pub events: Vec<Placed>,
}

/// What to ask Graph for, so that nothing of the week is missed: Graph places whole days at UTC's midnights, so the window is a day wider
/// on both sides, and `days` leaves out what is too much.
#[must_use]
pub(super) fn query_window(week: NaiveDate, zone: &Zone) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = week.checked_sub_days(Days::new(1)).unwrap_or(week);
    let last = week.checked_add_days(Days::new(8)).unwrap_or(week);
    (zone.resolve(first.and_time(NaiveTime::MIN)).instant, zone.resolve(last.and_time(NaiveTime::MIN)).instant)
}

/// Where an event stands in the viewer's zone. `None` where its times cannot be read at all.
#[must_use]
pub fn place(event: &Rc<Event>, zone: &Zone, zones: &Zones) -> Option<Placed> {
    if event.is_all_day {
        let start = parse_local(&event.start.date_time)?.date();
        let end = parse_local(&event.end.date_time).map_or(start, |end| end.date());
        // A whole day lasts at least one day, whatever its end says.
        let end = end.max(start.succ_opt().unwrap_or(start));
        return Some(Placed {
            event: Rc::clone(event),
            start: start.and_time(NaiveTime::MIN),
            end: end.and_time(NaiveTime::MIN),
            zone_unknown: false,
        });
    }
    let start = instant_of(&event.start, zones)?;
    // Without an end that can be read the event still stands where it starts.
    let end = instant_of(&event.end, zones).unwrap_or(start);
    Some(Placed {
        event: Rc::clone(event),
        start: zone.local(start.instant),
        end: zone.local(end.instant.max(start.instant)),
        zone_unknown: start.unknown_zone || end.unknown_zone,
    })
}

/// The seven days of the week with their events; an event over several days stands on each of them.
#[must_use]
pub fn days_of_events(week: NaiveDate, events: &[Rc<Event>], zone: &Zone, zones: &Zones) -> Vec<DayOfEvents> {
    let placed: Vec<Placed> = events.iter().filter_map(|event| place(event, zone, zones)).collect();
    (0..7)
        .filter_map(|offset| week.checked_add_days(Days::new(offset)))
        .map(|date| {
            let midnight = date.and_time(NaiveTime::MIN);
            let next = date.succ_opt().unwrap_or(date).and_time(NaiveTime::MIN);
            let mut events: Vec<Placed> = placed.iter().filter(|placed| placed.touches(midnight, next)).cloned().collect();
            sort_by(&mut events, |a, b| {
                (!a.event.is_all_day, a.start, a.end)
                    .cmp(&(!b.event.is_all_day, b.start, b.end))
                    .then_with(|| a.event.subject.cmp(&b.event.subject))
            });
            DayOfEvents { date, events }
        })
        .collect()
}

pub(super) fn reduce(state: &mut State, action: CalendarAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        CalendarAction::Move(weeks) => {
            let days = Days::new(weeks.unsigned_abs().saturating_mul(7));
            let week = state.calendar.week;
            let moved = if weeks < 0 { week.checked_sub_days(days) } else { week.checked_add_days(days) };
            go_to(state, moved.unwrap_or(week), env)
        }
        CalendarAction::Today => {
            let today = env.zone(state).local(env.now).date();
            go_to(state, today, env)
        }
        CalendarAction::Show(date) => go_to(state, date, env),
        CalendarAction::Reload => load(state, env),
        CalendarAction::Page(generation, events) => {
            let shown = state.calendar.events.value.as_ref().map_or(0, |events| events.len());
            // A week that is read anew stays whole until more of it is known than is on screen.
            if state.calendar.events.wants(generation) && events.len() >= shown {
                state.calendar.events.value = Some(Rc::new(events));
                state.calendar.events_week = Some(state.calendar.week);
            }
            Vec::new()
        }
        CalendarAction::Loaded(generation, answer) => {
            let answer = note_expiry(state, answer);
            let (answer, incomplete) = match answer {
                Ok((events, incomplete)) => (Ok(Rc::new(events)), incomplete),
                Err(error) => (Err(error), state.calendar.incomplete),
            };
            let read = answer.as_ref().ok().cloned();
            if state.calendar.events.finish(generation, env.now, answer)
                && let Some(events) = read
            {
                state.calendar.incomplete = incomplete;
                state.calendar.events_week = Some(state.calendar.week);
                let count = count(state.calendar.week, &events, env, &env.zone(state));
                state.say(Notice::EventsLoaded(count), env.now);
            }
            Vec::new()
        }
        CalendarAction::Open(event) => {
            let generation = open(&mut state.calendar, &event);
            vec![Effect::LoadEvent { generation, id: event.id.clone() }]
        }
        CalendarAction::Opened(generation, answer) => opened(state, generation, *answer, env),
        CalendarAction::Close => {
            state.calendar.open = None;
            Vec::new()
        }
        CalendarAction::Respond(response) => {
            let Some(open) = &mut state.calendar.open else { return Vec::new() };
            // A second click while the first is on its way would be a second answer.
            if open.answering.is_some() {
                return Vec::new();
            }
            open.answering = Some(response);
            open.answer_error = None;
            state.calendar.answers.push(Answer { event: Rc::clone(&open.event), response, error: None });
            vec![Effect::Respond { id: open.event.id.clone(), response }]
        }
        CalendarAction::Responded(id, response, answer) => responded(state, &id, response, answer, env),
    }
}

fn opened(state: &mut State, generation: u32, answer: Result<Event, Error>, env: &Env<'_>) -> Vec<Effect> {
    let answer = note_expiry(state, answer);
    let Some(open) = &mut state.calendar.open else { return Vec::new() };
    if !open.whole.wants(generation) {
        return Vec::new();
    }
    let answer = match answer {
        Ok(event) => {
            open.event = Rc::new(event);
            Ok(())
        }
        Err(error) => {
            if error.code() == ErrorCode::NotFound {
                let gone = open.event.id.clone();
                forget_event(&mut state.calendar, &gone);
            }
            Err(error)
        }
    };
    if let Some(open) = &mut state.calendar.open {
        open.whole.finish(generation, env.now, answer);
    }
    Vec::new()
}

fn responded(state: &mut State, id: &str, response: EventResponse, answer: Result<(), Error>, env: &Env<'_>) -> Vec<Effect> {
    let answer = note_expiry(state, answer);
    let calendar = &mut state.calendar;
    let Some(at) = calendar.answers.iter().position(|given| given.event.id == id && given.error.is_none()) else { return Vec::new() };
    let mut given = calendar.answers.remove(at);
    let pane = calendar.open.as_mut().filter(|open| open.event.id == id);
    match answer {
        Err(error) => {
            if let Some(open) = pane {
                open.answering = None;
                open.answer_error = Some(error);
                return Vec::new();
            }
            // Who closed the pane trusts that the answer went out: the event opens again, now if nothing is in the way.
            let event = Rc::clone(&given.event);
            given.error = Some(error);
            calendar.answers.push(given);
            if calendar.open.is_some() || state.editor.is_some() || state.route.view != View::Calendar {
                return Vec::new();
            }
            let generation = open(calendar, &event);
            vec![Effect::LoadEvent { generation, id: event.id.clone() }]
        }
        Ok(()) => {
            if let Some(open) = pane {
                open.answering = None;
                let mut event = (*open.event).clone();
                event.response = response.as_response();
                open.event = Rc::new(event);
            }
            state.say(Notice::Responded(response, given.event.subject.clone()), env.now);
            assistant::forget_schedules(state);
            // Graph moves a declined event to Deleted Items, and free/busy changes with every answer: read the truth.
            load(state, env)
        }
    }
}

/// Opens an event with what is known of it; returns the generation that the whole event must carry.
fn open(calendar: &mut Calendar, event: &Rc<Event>) -> u32 {
    let given = calendar.answers.iter().position(|given| given.event.id == event.id);
    let (answering, answer_error) = match given.map(|at| (at, calendar.answers[at].error.clone())) {
        Some((at, Some(error))) => {
            calendar.answers.remove(at);
            (None, Some(error))
        }
        Some((at, None)) => (Some(calendar.answers[at].response), None),
        None => (None, None),
    };
    let mut open = OpenEvent { event: Rc::clone(event), whole: Load::default(), answering, answer_error };
    // The counter goes on over all events that are opened, so that a late answer to an earlier one is not taken.
    open.whole.generation = calendar.opened;
    calendar.opened = open.whole.begin();
    calendar.open = Some(open);
    calendar.opened
}

/// How many of these events stand in the week; the window that is read is wider.
fn count(week: NaiveDate, events: &[Rc<Event>], env: &Env<'_>, zone: &Zone) -> usize {
    let Some(after) = week.checked_add_days(Days::new(7)) else { return events.len() };
    let (first, after) = (week.and_time(NaiveTime::MIN), after.and_time(NaiveTime::MIN));
    events.iter().filter_map(|event| place(event, zone, env.zones)).filter(|placed| placed.touches(first, after)).count()
}

fn forget_event(calendar: &mut Calendar, id: &str) {
    if let Some(events) = &calendar.events.value {
        calendar.events.value = Some(Rc::new(events.iter().filter(|event| event.id != id).cloned().collect()));
    }
}

fn go_to(state: &mut State, date: NaiveDate, env: &Env<'_>) -> Vec<Effect> {
    let week = week_start(date, state.preferences.first_day);
    let this_week = week_start(env.zone(state).local(env.now).date(), state.preferences.first_day);
    let route = Route { view: View::Calendar, date: (week != this_week).then_some(week) };
    state.route = route;
    let mut effects = vec![Effect::Navigate(route)];
    effects.extend(show(state, Some(week), env));
    effects
}

/// Shows the week of this date, of today where there is none; reads it unless it is on screen already.
pub(super) fn show(state: &mut State, date: Option<NaiveDate>, env: &Env<'_>) -> Vec<Effect> {
    let date = date.unwrap_or_else(|| env.zone(state).local(env.now).date());
    let week = week_start(date, state.preferences.first_day);
    let known = state.calendar.week == week
        && state.calendar.events.error.is_none()
        && (state.calendar.events.loading || state.calendar.events.value.is_some());
    if state.calendar.week != week {
        state.calendar.week = week;
        state.calendar.events.value = None;
        state.calendar.incomplete = false;
    }
    if known { Vec::new() } else { load(state, env) }
}

/// Reads the week that is shown; what is on screen stays until the answer is there.
pub(super) fn load(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let (start, end) = query_window(state.calendar.week, &env.zone(state));
    vec![Effect::LoadWeek { generation: state.calendar.events.begin(), start, end }]
}
