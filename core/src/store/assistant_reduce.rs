//! How the assistant changes: what is read when somebody or something is added, and when the engine is asked again.

use std::rc::Rc;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use serde_json::{Value, json};

use super::{
    AssistantAction, Editor, Effect, Env, Invitee, Notice, Schedule, State,
    assistant::{attendees, next_step, rank_again, rank_attendees},
    session::{is_own, missing, note_expiry},
    state::{is_meant, parse_date},
};
use crate::{
    Error, ErrorCode,
    model::{AttendeeKind, FreeBusy, ScheduleInformation},
    schedule::{HoursPolicy, Role, severity, statuses, worst},
    time::{Span, Zone, iso_local},
};

/// How long somebody's time is taken for what it was when it was read, once the page is visible again.
const FRESH_FOR: TimeDelta = TimeDelta::minutes(5);

pub(super) fn reduce(state: &mut State, action: AssistantAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        AssistantAction::SetRole(address, role) => {
            let known = state.assistant.invitees.iter_mut().find(|invitee| invitee.person.address.eq_ignore_ascii_case(&address));
            // There is one organizer, and it is whoever is signed in.
            if let Some(invitee) = known.filter(|_| role != Role::Organizer) {
                invitee.role = role;
            }
            changed(state, env)
        }
        AssistantAction::Remove(address) => {
            let invitees = &mut state.assistant.invitees;
            if let Some(at) = invitees.iter().position(|invitee| invitee.person.address.eq_ignore_ascii_case(&address)) {
                let gone = invitees.remove(at);
                state.say(Notice::Removed(gone.person.name), env.now);
            }
            changed(state, env)
        }
        AssistantAction::Duration(minutes) => {
            set_duration(state, minutes);
            changed(state, env)
        }
        AssistantAction::From(text) => {
            move_range(state, text);
            changed(state, env)
        }
        AssistantAction::To(text) => {
            state.assistant.to = text;
            changed(state, env)
        }
        AssistantAction::Hours(hours) => {
            state.assistant.hours = hours;
            changed(state, env)
        }
        AssistantAction::SchedulesProgress(generation, done, total) => {
            if state.assistant.generation == generation {
                state.assistant.progress = Some((done, total));
            }
            Vec::new()
        }
        AssistantAction::Schedules(generation, window, asked, answer) => schedules(state, generation, window, &asked, answer, env),
        AssistantAction::Microsoft(generation, answer) => {
            let answer = note_expiry(state, answer);
            state.assistant.microsoft.finish(generation, env.now, answer.map(Rc::new));
            Vec::new()
        }
        AssistantAction::Choose(start, end) => {
            if start < end && [start, end].iter().all(|instant| is_meant(&instant.date_naive())) {
                state.assistant.chosen = Some((start, end));
                state.assistant.chosen_by_person = true;
                // What is being read again was asked for another time.
                state.assistant.rechecking = None;
            }
            vec![Effect::Remember]
        }
        AssistantAction::Cell(row, column, sentence) => {
            state.assistant.cell = (row, column);
            state.say(Notice::Said(sentence), env.now);
            Vec::new()
        }
        AssistantAction::Retry => {
            // Addresses whose part of the answer failed; asking again for one that does not exist costs little.
            for schedule in state.assistant.schedules.values_mut() {
                schedule.old |= schedule.refusal().is_some();
            }
            let mut effects = missing(state);
            effects.extend(changed(state, env));
            effects
        }
        AssistantAction::Schedule => schedule(state, env),
    }
}

/// The screen is shown: fills in the coming five working days where no days are chosen yet, and reads what is missing.
pub(super) fn open(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let today = env.zone(state).local(env.now).date();
    let over = parse_date(&state.assistant.to).is_some_and(|to| to < today);
    if state.assistant.from.is_empty() || over {
        let weekend = matches!(today.weekday(), Weekday::Sat | Weekday::Sun);
        let ahead = if weekend { 7 - today.weekday().num_days_from_monday() } else { 0 };
        set_week(state, today.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(today));
    }
    if state.assistant.chosen.is_some_and(|(start, _)| start < env.now) {
        // Chosen on an earlier visit, and over since.
        (state.assistant.chosen, state.assistant.chosen_by_person) = (None, false);
    }
    changed(state, env)
}

/// "Find a time": the question for a meeting of this length about this day.
pub(super) fn ask_around(state: &mut State, day: NaiveDate, minutes: u32, env: &Env<'_>) {
    if (5..=24 * 60).contains(&minutes) {
        set_duration(state, minutes);
    }
    let today = env.zone(state).local(env.now).date();
    if day >= today && !state.assistant.range(today).is_ok_and(|(from, to)| (from..=to).contains(&day)) {
        set_week(state, day);
    }
}

fn set_duration(state: &mut State, minutes: u32) {
    let assistant = &mut state.assistant;
    assistant.duration = minutes.clamp(5, 24 * 60);
    let length = TimeDelta::minutes(i64::from(assistant.duration));
    assistant.chosen = assistant.chosen.and_then(|(start, _)| Some((start, start.checked_add_signed(length)?)));
}

fn set_week(state: &mut State, from: NaiveDate) {
    state.assistant.from = from.to_string();
    state.assistant.to = from.checked_add_days(Days::new(6)).unwrap_or(from).to_string();
}

/// People or the question changed: reads the calendars that are missing, asks the engine with what is known, and asks Microsoft.
pub(super) fn changed(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let zone = env.zone(state);
    let mut effects = vec![Effect::Remember];
    let own = state.me.value.as_ref().map(|me| me.address.clone()).unwrap_or_default();
    if let Some(window) = state.assistant.window(&zone, env.now)
        && !own.is_empty()
    {
        let addresses = state.assistant.unread(&own, window);
        effects.extend(read(state, window, addresses));
        effects.extend(ask_microsoft(state, &zone, env));
    }
    rank_again(state, env);
    effects
}

/// Adds somebody once, never the organizer, never who has no address. Returns whether they are new.
pub(super) fn invite(state: &mut State, new: Invitee) -> bool {
    let address = &new.person.address;
    let known = state.assistant.invitees.iter().any(|invitee| invitee.person.address.eq_ignore_ascii_case(address));
    if address.is_empty() || known || is_own(state, address) {
        return false;
    }
    state.assistant.invitees.push(new);
    true
}

/// A meeting was booked: everybody's time is another one, and the next choice is free again.
pub(super) fn booked(state: &mut State) {
    forget_schedules(state);
    (state.assistant.chosen, state.assistant.chosen_by_person) = (None, false);
}

/// What was read is out of date.
pub(super) fn forget_schedules(state: &mut State) {
    state.assistant.schedules.values_mut().for_each(|schedule| schedule.old = true);
}

/// What was read a while ago is out of date.
pub(super) fn forget_old_schedules(state: &mut State, now: DateTime<Utc>) {
    for schedule in state.assistant.schedules.values_mut() {
        schedule.old |= schedule.info.at.is_some_and(|at| now - at >= FRESH_FOR);
    }
}

fn read(state: &mut State, window: (DateTime<Utc>, DateTime<Utc>), addresses: Vec<String>) -> Option<Effect> {
    if addresses.is_empty() {
        return None;
    }
    // A reading that replaces a part of the one before "Schedule meeting" would let the dialog open on half of the answer.
    state.assistant.rechecking = None;
    state.assistant.generation = state.assistant.generation.wrapping_add(1);
    let generation = state.assistant.generation;
    for address in &addresses {
        let schedule = state.assistant.schedules.entry(address.to_lowercase()).or_default();
        schedule.info.generation = generation;
        schedule.info.loading = true;
        schedule.info.error = None;
        schedule.asked = Some(window);
    }
    Some(Effect::LoadSchedules { generation, addresses, start: window.0, end: window.1 })
}

fn schedules(
    state: &mut State,
    generation: u32,
    window: (DateTime<Utc>, DateTime<Utc>),
    asked: &[String],
    answer: Result<Vec<ScheduleInformation>, Error>,
    env: &Env<'_>,
) -> Vec<Effect> {
    let answer = note_expiry(state, answer);
    if state.assistant.generation == generation {
        state.assistant.progress = None;
    }
    let zone = env.zone(state);
    let before = chosen_statuses(state, env);
    let mut taken = false;
    for address in asked {
        // An address that nobody waits for any more gets no entry.
        let Some(schedule) = state.assistant.schedules.get_mut(&address.to_lowercase()) else { continue };
        let found = match &answer {
            Ok(list) => list
                .iter()
                .find(|info| info.schedule_id.eq_ignore_ascii_case(address))
                .map(|info| Rc::new(info.clone()))
                .ok_or_else(|| Error::new(ErrorCode::InvalidResponse, "Microsoft 365 gave no answer for this address.")),
            Err(error) => Err(error.clone()),
        };
        let known = found.is_ok();
        if schedule.info.finish(generation, env.now, found) {
            taken = true;
            if known {
                (schedule.window, schedule.old) = (Some(window), false);
            }
        }
    }
    if taken {
        rank_again(state, env);
    }
    if taken && env.rank.is_some() {
        let count = state.assistant.result.suggestions.len();
        state.say(Notice::Suggested(count), env.now);
    }
    if state.assistant.rechecking != Some(generation) {
        return Vec::new();
    }
    state.assistant.rechecking = None;
    match answer {
        // Booking would fail for the same reason; the rows say so.
        Err(error) if error.retryable() || error.needs_sign_in() => Vec::new(),
        // Where calendars cannot be read at all (personal accounts), a meeting can be called all the same.
        Err(_) | Ok(_) => open_editor(state, &before, &zone, env),
    }
}

/// "Schedule meeting": reads everybody's time once more, since the grid may be old.
fn schedule(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let zone = env.zone(state);
    let Some((start, end)) = state.assistant.chosen else { return Vec::new() };
    if state.assistant.rechecking.is_some() || state.editor.is_some() {
        return Vec::new();
    }
    // What is read now may favour another time; this one is what was asked for.
    state.assistant.chosen_by_person = true;
    let window = state.assistant.window(&zone, env.now).unwrap_or((start, end));
    let window = (window.0.min(start), window.1.max(end));
    let everybody = attendees(state).into_iter().map(|(person, _)| person.address).filter(|address| !address.is_empty()).collect();
    match read(state, window, everybody) {
        Some(effect) => {
            state.assistant.rechecking = Some(state.assistant.generation);
            vec![effect]
        }
        None => open_editor(state, &[], &zone, env),
    }
}

fn open_editor(state: &mut State, before: &[(String, FreeBusy)], zone: &Rc<Zone>, env: &Env<'_>) -> Vec<Effect> {
    let Some((start, end)) = state.assistant.chosen.filter(|_| state.editor.is_none()) else { return Vec::new() };
    let after = chosen_statuses(state, env);
    let names = attendees(state);
    let changed = before
        .iter()
        .zip(&after)
        .zip(&names)
        .filter(|((was, is), _)| severity(is.1) > severity(was.1) && is.1 != FreeBusy::WorkingElsewhere)
        .map(|((_, is), (person, _))| (person.name.clone(), is.1))
        .collect();
    let mut editor = state.kept_draft.take().unwrap_or_else(|| Editor::new((env.fresh_id)(), env.now, zone, None));
    zone.name().clone_into(&mut editor.time_zone);
    editor.set_times(zone.local(start), zone.local(end));
    editor.attendees.retain(|attendee| {
        state.assistant.invitees.iter().any(|invitee| invitee.person.address.eq_ignore_ascii_case(&attendee.email.address))
    });
    for invitee in &state.assistant.invitees {
        editor.add(&invitee.person);
        if let Some(attendee) =
            editor.attendees.iter_mut().find(|attendee| attendee.email.address.eq_ignore_ascii_case(&invitee.person.address))
        {
            attendee.kind = kind_of(invitee.role);
        }
    }
    editor.changed = changed;
    editor.from_assistant = true;
    state.editor = Some(editor);
    vec![Effect::Remember]
}

fn kind_of(role: Role) -> AttendeeKind {
    match role {
        Role::Organizer | Role::Required => AttendeeKind::Required,
        Role::Optional => AttendeeKind::Optional,
        Role::Resource => AttendeeKind::Resource,
    }
}

/// Everybody's state at the chosen time, in the grid's order.
fn chosen_statuses(state: &State, env: &Env<'_>) -> Vec<(String, FreeBusy)> {
    let Some((start, end)) = state.assistant.chosen else { return Vec::new() };
    let slot = Span::new(start, end);
    let status = |attendee| statuses(attendee, slot, env.zones).map_or(FreeBusy::Unknown, |spans| worst(&spans, slot));
    rank_attendees(state, slot, env.zones).iter().map(|attendee| (attendee.id.clone(), status(attendee))).collect()
}

/// Microsoft's opinion on the same question. Personal accounts lack it; then it is left out by the client's error.
fn ask_microsoft(state: &mut State, zone: &Zone, env: &Env<'_>) -> Option<Effect> {
    let (start, end) = state.assistant.window(zone, env.now)?;
    let start = start.max(next_step(env.now, zone, state.assistant.step()));
    if state.assistant.invitees.is_empty() || start >= end {
        state.assistant.microsoft.clear();
        state.assistant.microsoft_asked = None;
        return None;
    }
    let people: Vec<Value> = state
        .assistant
        .invitees
        .iter()
        .map(|invitee| {
            let kind = if invitee.role == Role::Resource {
                "resource"
            } else if invitee.role == Role::Optional {
                "optional"
            } else {
                "required"
            };
            json!({ "type": kind, "emailAddress": { "name": invitee.person.name, "address": invitee.person.address } })
        })
        .collect();
    let at = |instant: DateTime<Utc>| json!({ "dateTime": iso_local(instant.naive_utc()), "timeZone": "UTC" });
    let mut duration = String::from("PT");
    duration.push_str(&state.assistant.duration.to_string());
    duration.push('M');
    let body = json!({
        "attendees": people,
        "meetingDuration": duration,
        "returnSuggestionReasons": true,
        "minimumAttendeePercentage": 50,
        "timeConstraint": {
            "activityDomain": if state.assistant.hours == HoursPolicy::Require { "work" } else { "unrestricted" },
            "timeSlots": [{ "start": at(start), "end": at(end) }],
        },
    });
    // The same question is not asked twice: a role that changes from required to required, a date typed back.
    if state.assistant.microsoft_asked.as_ref() == Some(&body) && state.assistant.microsoft.error.is_none() {
        return None;
    }
    state.assistant.microsoft_asked = Some(body.clone());
    Some(Effect::FindMeetingTimes { generation: state.assistant.microsoft.begin(), body })
}

/// A new first day moves the last day along, so that the length of the range stays.
fn move_range(state: &mut State, text: String) {
    let assistant = &mut state.assistant;
    if let Some(moved) = parse_date(&text) {
        let days = match (parse_date(&assistant.from), parse_date(&assistant.to)) {
            (Some(from), Some(to)) if to >= from => Some(to - from),
            // The field was empty for a moment: the last day stays unless the first one passes it.
            (None, Some(to)) if moved > to => Some(TimeDelta::days(6)),
            _ => None,
        };
        if let Some(to) = days.and_then(|days| moved.checked_add_signed(days)) {
            assistant.to = to.to_string();
        }
    }
    assistant.from = text;
}

impl Schedule {
    /// Why nothing is known, in Microsoft's words.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.info.value.as_ref().and_then(|info| info.error.as_deref())
    }
}
