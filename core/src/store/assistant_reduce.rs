//! How the assistant changes: what is read when somebody or something is added, and when the engine is asked again.

use chrono::{DateTime, Days, Datelike, Utc, Weekday};
use serde_json::{Value, json};

use super::{
    AssistantAction, Editor, Effect, Env, Invitee, Notice, Schedule, State,
    assistant::{attendees, rank_again},
    session::note_expiry,
};
use std::rc::Rc;

use crate::{
    Error, ErrorCode,
    model::{AttendeeKind, FreeBusy, Person, PersonKind, ScheduleInformation},
    schedule::{HoursPolicy, Role, statuses, worst},
    time::{Span, Zone, iso_local},
};

pub(super) fn reduce(state: &mut State, action: AssistantAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        AssistantAction::SetRole(address, role) => {
            if let Some(invitee) = state.assistant.invitees.iter_mut().find(|invitee| invitee.person.address.eq_ignore_ascii_case(&address)) {
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
            state.assistant.duration = minutes.clamp(5, 24 * 60);
            state.assistant.chosen = state.assistant.chosen.map(|(start, _)| (start, start + chrono::TimeDelta::minutes(i64::from(state.assistant.duration))));
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
            state.assistant.chosen = Some((start, end));
            state.assistant.chosen_by_person = true;
            vec![Effect::Remember]
        }
        AssistantAction::Cell(row, column, sentence) => {
            state.assistant.cell = (row, column);
            state.say(Notice::Said(sentence), env.now);
            Vec::new()
        }
        AssistantAction::Retry => changed(state, env),
        AssistantAction::Schedule => schedule(state, env),
    }
}

/// The screen is shown: fills in the coming five working days where no days are chosen yet, and reads what is missing.
pub(super) fn open(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let today = env.zone(state).local(env.now).date();
    let over = state.assistant.to.parse().is_ok_and(|to: chrono::NaiveDate| to < today);
    if state.assistant.from.is_empty() || over {
        let weekend = matches!(today.weekday(), Weekday::Sat | Weekday::Sun);
        let ahead = if weekend { 7 - today.weekday().num_days_from_monday() } else { 0 };
        let from = today.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(today);
        let to = from.checked_add_days(Days::new(6)).unwrap_or(from);
        state.assistant.from = from.to_string();
        state.assistant.to = to.to_string();
    }
    changed(state, env)
}

/// People or the question changed: reads the calendars that are missing, asks the engine with what is known, and asks Microsoft.
pub(super) fn changed(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let zone = env.zone(state);
    let mut effects = vec![Effect::Remember];
    let own = state.me.value.as_ref().map(|me| me.address.clone()).unwrap_or_default();
    if let Some(window) = state.assistant.window(&zone, env.now)
        && !own.is_empty()
    {
        effects.extend(read(state, window, &own));
        effects.extend(ask_microsoft(state, &zone, env));
    }
    rank_again(state, &zone, env.zones, env.now);
    effects
}

/// Adds somebody once. Returns whether they are new.
pub(super) fn invite(state: &mut State, person: Person) -> bool {
    let own = state.me.value.as_ref().is_some_and(|me| me.address.eq_ignore_ascii_case(&person.address));
    if own || state.assistant.invitees.iter().any(|invitee| invitee.person.address.eq_ignore_ascii_case(&person.address)) {
        return false;
    }
    let role = if person.kind == PersonKind::Room { Role::Resource } else { Role::Required };
    state.assistant.invitees.push(Invitee { person, role });
    true
}

/// What was read is out of date.
pub(super) fn forget_schedules(state: &mut State) {
    for schedule in state.assistant.schedules.values_mut() {
        schedule.window = None;
    }
}

fn read(state: &mut State, window: (DateTime<Utc>, DateTime<Utc>), own: &str) -> Option<Effect> {
    let addresses = state.assistant.unread(own, window);
    if addresses.is_empty() {
        return None;
    }
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
    let before = chosen_statuses(state, &zone, env);
    for address in asked {
        let schedule = state.assistant.schedules.entry(address.to_lowercase()).or_default();
        let found = match &answer {
            Ok(list) => list
                .iter()
                .find(|info| info.schedule_id.eq_ignore_ascii_case(address))
                .map(|info| Rc::new(info.clone()))
                .ok_or_else(|| Error::new(ErrorCode::InvalidResponse, "Microsoft 365 gave no answer for this address.")),
            Err(error) => Err(error.clone()),
        };
        let known = found.is_ok();
        if schedule.info.finish(generation, env.now, found) && known {
            schedule.window = Some(window);
        }
    }
    rank_again(state, &zone, env.zones, env.now);
    let count = state.assistant.result.suggestions.len();
    state.say(Notice::Suggested(count), env.now);
    if state.assistant.rechecking != Some(generation) {
        return Vec::new();
    }
    state.assistant.rechecking = None;
    if answer.is_err() { Vec::new() } else { open_editor(state, &before, &zone, env) }
}

/// "Schedule meeting": reads everybody's time once more, since the grid may be old.
fn schedule(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let zone = env.zone(state);
    let own = state.me.value.as_ref().map(|me| me.address.clone()).unwrap_or_default();
    let Some((start, end)) = state.assistant.chosen else { return Vec::new() };
    if state.assistant.rechecking.is_some() {
        return Vec::new();
    }
    forget_schedules(state);
    let window = state.assistant.window(&zone, env.now).unwrap_or((start, end));
    let window = (window.0.min(start), window.1.max(end));
    let effect = read(state, window, &own);
    state.assistant.rechecking = effect.is_some().then_some(state.assistant.generation);
    effect.into_iter().collect()
}

fn open_editor(state: &mut State, before: &[(String, FreeBusy)], zone: &Rc<Zone>, env: &Env<'_>) -> Vec<Effect> {
    let Some((start, end)) = state.assistant.chosen else { return Vec::new() };
    let after = chosen_statuses(state, zone, env);
    let names = attendees(state);
    let changed = before
        .iter()
        .zip(&after)
        .zip(&names)
        .filter(|((was, is), _)| was.1 != is.1 && !matches!(is.1, FreeBusy::Free | FreeBusy::WorkingElsewhere))
        .map(|((_, is), (person, _))| (person.name.clone(), is.1))
        .collect();
    let mut editor = state.kept_draft.take().unwrap_or_else(|| Editor::new((env.fresh_id)(), env.now, zone, None));
    zone.name().clone_into(&mut editor.time_zone);
    editor.set_times(zone.local(start), zone.local(end));
    editor.attendees.retain(|attendee| state.assistant.invitees.iter().any(|invitee| invitee.person.address.eq_ignore_ascii_case(&attendee.email.address)));
    for invitee in &state.assistant.invitees {
        editor.add(&invitee.person);
        if let Some(attendee) = editor.attendees.iter_mut().find(|attendee| attendee.email.address.eq_ignore_ascii_case(&invitee.person.address)) {
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
fn chosen_statuses(state: &State, zone: &Rc<Zone>, env: &Env<'_>) -> Vec<(String, FreeBusy)> {
    let Some((start, end)) = state.assistant.chosen else { return Vec::new() };
    let Some(question) = super::assistant::question(state, zone, env.now) else { return Vec::new() };
    let slot = Span::new(start, end);
    let status = |attendee| statuses(attendee, slot, env.zones).map_or(FreeBusy::Unknown, |spans| worst(&spans, slot));
    question.attendees.iter().map(|attendee| (attendee.id.clone(), status(attendee))).collect()
}

/// Microsoft's opinion on the same question. Personal accounts lack it; then it is left out by the client's error.
fn ask_microsoft(state: &mut State, zone: &Zone, env: &Env<'_>) -> Option<Effect> {
    let (start, end) = state.assistant.window(zone, env.now)?;
    let start = start.max(super::assistant::next_step(env.now, zone, state.assistant.step()));
    if state.assistant.invitees.is_empty() || start >= end {
        state.assistant.microsoft.clear();
        return None;
    }
    let people: Vec<Value> = state
        .assistant
        .invitees
        .iter()
        .map(|invitee| {
            let kind = if invitee.role == Role::Resource { "resource" } else if invitee.role == Role::Optional { "optional" } else { "required" };
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
    let before: Option<(chrono::NaiveDate, chrono::NaiveDate)> = assistant.from.parse().ok().zip(assistant.to.parse().ok());
    if let (Some((from, to)), Ok(moved)) = (before, text.parse::<chrono::NaiveDate>())
        && to >= from
        && let Some(to) = moved.checked_add_signed(to - from)
    {
        assistant.to = to.to_string();
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
