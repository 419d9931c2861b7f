//! The scheduling assistant: who, how long, in which days, and what follows from their calendars. Owns the question that the engine
//! gets; the answer is the engine's.

use std::{collections::BTreeMap, rc::Rc};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use super::{Env, Load, Rank, State, state::parse_date};
use crate::{
    Error,
    model::{FreeBusy, MeetingTimes, Person, ScheduleInformation, WorkingHours},
    schedule::{
        Hours, HoursPolicy, RankAttendee, RankRequest, RankResult, Role, StatusSpan, Suggestion, View, statuses, working_spans, worst,
    },
    time::{Span, Zone, Zones},
};

/// The scheduling assistant.
#[derive(Debug, Clone, PartialEq)]
pub struct Assistant {
    /// Who is invited, without the organizer.
    pub invitees: Vec<Invitee>,
    /// How long, in minutes.
    pub duration: u32,
    /// "From", as typed.
    pub from: String,
    /// "To", as typed; the last day counts.
    pub to: String,
    /// What working hours are worth.
    pub hours: HoursPolicy,
    /// Free/busy by address in lower case.
    pub schedules: BTreeMap<String, Schedule>,
    /// How far the current reading of calendars is: parts done, parts in all.
    pub progress: Option<(usize, usize)>,
    /// What the engine says, for what is known now.
    pub result: Rc<RankResult>,
    /// Microsoft's own opinion.
    pub microsoft: Load<Rc<MeetingTimes>>,
    /// The question that this is the answer to.
    pub microsoft_asked: Option<serde_json::Value>,
    /// The time that is chosen.
    pub chosen: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The person chose it. Until then the choice follows the best suggestion.
    pub chosen_by_person: bool,
    /// The grid's focused cell: row (0 is the roll-up) and column.
    pub cell: (usize, usize),
    /// "Schedule meeting" is reading the calendars once more.
    pub rechecking: Option<u32>,
    /// Counts readings of calendars, so that late answers are known as such.
    pub generation: u32,
}

impl Default for Assistant {
    fn default() -> Self {
        Self {
            invitees: Vec::new(),
            duration: 30,
            from: String::new(),
            to: String::new(),
            hours: HoursPolicy::Require,
            schedules: BTreeMap::new(),
            progress: None,
            result: Rc::default(),
            microsoft: Load::default(),
            microsoft_asked: None,
            chosen: None,
            chosen_by_person: false,
            cell: (0, 0),
            rechecking: None,
            generation: 0,
        }
    }
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitee {
    /// Who.
    pub person: Person,
    /// Required or optional.
    pub role: Role,
}

/// What is known of somebody's time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schedule {
    /// What getSchedule said.
    pub info: Load<Rc<ScheduleInformation>>,
    /// The stretch that it covers.
    pub window: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The stretch that was asked for last.
    pub asked: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// What is known is out of date, and is read again with the next question.
    pub old: bool,
}

/// Somebody who became less free since the grid was read.
pub type ChangedSince = (String, FreeBusy);

/// How wide a digit of getSchedule's `availabilityView` is, in minutes, as it is asked for.
pub const VIEW_MINUTES: u16 = 30;

/// Longest range that is offered. Graph reads less than 62 days at once; a grid of more than eight weeks is not read by people.
pub(super) const MAX_DAYS: i64 = 56;

/// What is wrong with the range of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeProblem {
    /// "From" is no date.
    From,
    /// "To" is no date.
    To,
    /// "To" lies before "From".
    Backwards,
    /// More than eight weeks.
    TooLong,
    /// All of it is over.
    Past,
}

impl Assistant {
    /// The days, first and last.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn range(&self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), RangeProblem> {
        let from = parse_date(&self.from).ok_or(RangeProblem::From)?;
        let to = parse_date(&self.to).ok_or(RangeProblem::To)?;
        if to < from {
            Err(RangeProblem::Backwards)
        } else if (to - from).num_days() >= MAX_DAYS {
            Err(RangeProblem::TooLong)
        } else if to < today {
            Err(RangeProblem::Past)
        } else {
            Ok((from, to))
        }
    }

    /// The whole range as instants, midnight to midnight, or nothing where the range is wrong.
    #[must_use]
    pub fn window(&self, zone: &Zone, now: DateTime<Utc>) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let (from, to) = self.range(zone.local(now).date()).ok()?;
        let after = to.checked_add_days(Days::new(1))?;
        Some((zone.resolve(from.and_time(NaiveTime::MIN)).instant, zone.resolve(after.and_time(NaiveTime::MIN)).instant))
    }

    /// The grid's and the engine's step in minutes: the half hour, or finer where the meeting does not fill it.
    #[must_use]
    pub fn step(&self) -> u32 {
        if self.duration.is_multiple_of(30) { 30 } else { 15 }
    }

    /// The suggestion for the chosen time, if the engine made one.
    #[must_use]
    pub fn chosen_suggestion(&self) -> Option<&Suggestion> {
        let (start, end) = self.chosen?;
        self.result.suggestions.iter().find(|suggestion| suggestion.start == start && suggestion.end == end)
    }

    /// The addresses whose time is not known for this window yet, nor on its way.
    #[must_use]
    pub fn unread(&self, organizer: &str, window: (DateTime<Utc>, DateTime<Utc>)) -> Vec<String> {
        std::iter::once(organizer)
            .chain(self.invitees.iter().map(|invitee| invitee.person.address.as_str()))
            .filter(|address| !address.is_empty())
            .filter(|address| {
                self.schedules.get(&address.to_lowercase()).is_none_or(|known| {
                    let covers =
                        |have: Option<(DateTime<Utc>, DateTime<Utc>)>| have.is_some_and(|have| have.0 <= window.0 && have.1 >= window.1);
                    if known.info.loading { !covers(known.asked) } else { known.old || known.info.error.is_some() || !covers(known.window) }
                })
            })
            .map(str::to_owned)
            .collect()
    }
}

/// The people of the grid: the organizer first, then everyone invited, in the order in which they were added.
#[must_use]
pub fn attendees(state: &State) -> Vec<(Person, Role)> {
    let organizer = state.me.value.clone().unwrap_or_default();
    std::iter::once((organizer, Role::Organizer))
        .chain(state.assistant.invitees.iter().map(|invitee| (invitee.person.clone(), invitee.role)))
        .collect()
}

/// The question to the engine, or nothing where the range is wrong or over.
#[must_use]
pub fn question(state: &State, zone: &Rc<Zone>, zones: &Zones, now: DateTime<Utc>) -> Option<RankRequest> {
    let assistant = &state.assistant;
    let (start, end) = assistant.window(zone, now)?;
    let start = start.max(next_step(now, zone, assistant.step()));
    if start >= end {
        return None;
    }
    Some(RankRequest {
        step_minutes: assistant.step(),
        time_zone: zone.name().to_owned(),
        working_hours: assistant.hours,
        attendees: rank_attendees(state, Span::new(start, end), zones),
        ..RankRequest::new(Span::new(start, end), assistant.duration)
    })
}

/// Everybody of the grid as the engine needs them for a stretch of time.
pub(super) fn rank_attendees(state: &State, stretch: Span, zones: &Zones) -> Vec<RankAttendee> {
    let attendee = |(person, role): (Person, Role)| {
        let known = state.assistant.schedules.get(&person.address.to_lowercase());
        let window = known.and_then(|known| known.window);
        // The engine marks what lies after the known stretch; of what lies before it nothing is known either.
        let schedule =
            known.and_then(|known| known.info.value.as_deref()).filter(|_| window.is_some_and(|window| window.0 <= stretch.start));
        // The mailbox's own settings are what the organizer changes; getSchedule repeats them with a delay.
        let own_hours =
            if role == Role::Organizer { state.settings.value.as_ref().and_then(|settings| settings.working_hours.clone()) } else { None };
        let mut attendee = RankAttendee {
            known_until: window.map(|window| window.1),
            schedule: schedule.cloned(),
            view: window.map(|window| View { start: window.0, interval_minutes: VIEW_MINUTES.into() }),
            working_hours: own_hours.map_or(Hours::OfSchedule, |hours| Hours::Own(vec![hours])),
            ..RankAttendee::new(person.address, role)
        };
        // One answer that makes no sense must not cost everybody the suggestions.
        if statuses(&attendee, stretch, zones).is_err() {
            attendee.schedule = None;
        }
        attendee
    };
    attendees(state).into_iter().map(attendee).collect()
}

/// Somebody's time, as the grid draws it.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonTime {
    /// Who.
    pub person: Person,
    /// In which role.
    pub role: Role,
    /// What is known of the window: what no span covers is free.
    pub spans: Vec<StatusSpan>,
    /// When they work; `None` where that is not known.
    pub hours: Option<Vec<Span>>,
    /// Their own zone, where it is known.
    pub zone: Option<Rc<Zone>>,
    /// Their calendar is being read.
    pub loading: bool,
    /// Why their calendar could not be read.
    pub error: Option<Error>,
    /// Why Microsoft gives nothing for this address, in its words.
    pub refusal: Option<String>,
    /// When it was read.
    pub at: Option<DateTime<Utc>>,
}

impl PersonTime {
    /// Their state during a slot.
    #[must_use]
    pub fn during(&self, slot: Span) -> FreeBusy {
        worst(&self.spans, slot)
    }

    /// How many minutes of a slot lie outside their working hours; `None` where these are not known.
    #[must_use]
    pub fn minutes_outside(&self, slot: Span) -> Option<i64> {
        let hours = self.hours.as_ref()?;
        Some(slot.minutes() - hours.iter().filter_map(|period| period.intersection(&slot)).map(|part| part.minutes()).sum::<i64>())
    }
}

/// Everybody's time over the whole range, the organizer first.
#[must_use]
pub fn people_times(state: &State, zone: &Rc<Zone>, zones: &Zones, now: DateTime<Utc>) -> Vec<PersonTime> {
    let Some((start, end)) = state.assistant.window(zone, now) else { return Vec::new() };
    let window = Span::new(start, end);
    let unknown = || vec![StatusSpan { span: window, status: FreeBusy::Unknown }];
    attendees(state)
        .into_iter()
        .zip(rank_attendees(state, window, zones))
        .map(|((person, role), question)| {
            let known = state.assistant.schedules.get(&person.address.to_lowercase());
            let hours: Option<Vec<WorkingHours>> = match &question.working_hours {
                Hours::Own(hours) => Some(hours.clone()),
                Hours::NoneKnown => None,
                Hours::OfSchedule => {
                    question.schedule.as_ref().and_then(|schedule| schedule.working_hours.clone()).map(|hours| vec![hours])
                }
            };
            PersonTime {
                spans: statuses(&question, window, zones).unwrap_or_else(|_| unknown()),
                zone: hours.as_ref().and_then(|hours| hours.first()).and_then(|hours| zones.from_json(&hours.time_zone)),
                hours: hours.and_then(|hours| working_spans(&hours, window, zones)),
                loading: known.is_none_or(|schedule| schedule.info.loading),
                error: known.and_then(|schedule| schedule.info.error.clone()),
                refusal: known.and_then(|schedule| schedule.refusal().map(str::to_owned)),
                at: known.and_then(|schedule| schedule.info.at),
                person,
                role,
            }
        })
        .collect()
}

/// Asks the engine anew. A choice that nobody made by hand follows the best suggestion, once everybody's time is known.
pub(super) fn rank_again(state: &mut State, env: &Env<'_>) {
    let zone = env.zone(state);
    let answer = |rank: Rank| rank(&question(state, &zone, env.zones, env.now)?, env.zones).ok();
    let result = env.rank.and_then(answer).unwrap_or_default();
    let window = state.assistant.window(&zone, env.now);
    let reading = state.assistant.schedules.values().any(|schedule| schedule.info.loading);
    let assistant = &mut state.assistant;
    // A choice outside the days that are shown could be booked without being seen.
    if let (Some(window), Some(chosen)) = (window, assistant.chosen)
        && (chosen.0 < window.0 || chosen.1 > window.1)
    {
        (assistant.chosen, assistant.chosen_by_person) = (None, false);
    }
    if !assistant.chosen_by_person && !reading {
        assistant.chosen = result.suggestions.first().map(|best| (best.start, best.end));
    }
    assistant.result = Rc::new(result);
}

/// The first instant after `now` that lies on the step in local time: the past is never suggested.
#[must_use]
pub(super) fn next_step(now: DateTime<Utc>, zone: &Zone, step: u32) -> DateTime<Utc> {
    let local = zone.local(now);
    let minute_of_day = local.hour() * 60 + local.minute();
    let whole = local.second() == 0 && local.nanosecond() == 0 && minute_of_day.is_multiple_of(step);
    let next = if whole { minute_of_day } else { (minute_of_day / step + 1) * step };
    let ahead = TimeDelta::minutes(i64::from(next - minute_of_day))
        - TimeDelta::seconds(i64::from(local.second()))
        - TimeDelta::nanoseconds(i64::from(local.nanosecond()));
    now + ahead
}
