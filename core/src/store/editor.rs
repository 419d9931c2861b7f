//! The dialog for a new event. Owns what is typed there, what is wrong with it, and how it becomes a request; nothing typed is changed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{EditorAction, Effect, Env, Notice, Route, State, View, assistant_reduce as assistant, calendar, session::note_expiry};
use crate::{
    Error,
    model::{Attendee, AttendeeKind, DateTimeTimeZone, EmailAddress, EventDraft, FreeBusy, Person, PersonKind},
    time::Zone,
};

/// What is typed in the dialog, as it is typed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Editor {
    /// Minted when the dialog opens, stored with the draft before the first POST: a repeated send never books twice.
    pub transaction_id: String,
    /// "Title"
    pub title: String,
    /// "Location"
    pub location: String,
    /// "Description"
    pub description: String,
    /// "Start date", `2026-03-17`
    pub start_date: String,
    /// "Start time", `10:00`
    pub start_time: String,
    /// "End date"
    pub end_date: String,
    /// "End time"
    pub end_time: String,
    /// The zone that these times are in, an IANA name.
    pub time_zone: String,
    /// "Attendees"
    pub attendees: Vec<Attendee>,
    /// What is wrong, by field; filled when sending was tried.
    pub problems: Vec<(EditorField, FieldProblem)>,
    /// The request is under way.
    pub sending: bool,
    /// Why the last request failed.
    pub error: Option<Error>,
    /// Opened by "Schedule meeting": who became less free since the grid was read.
    pub changed: Vec<(String, FreeBusy)>,
    /// Opened by "Schedule meeting".
    pub from_assistant: bool,
}

/// A field that can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditorField {
    /// "Title"
    Title,
    /// "Location"
    Location,
    /// "Description"
    Description,
    /// "Start date"
    StartDate,
    /// "Start time"
    StartTime,
    /// "End date"
    EndDate,
    /// "End time"
    EndTime,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldProblem {
    /// Nothing stands there.
    Missing,
    /// No date.
    NotADate,
    /// No time of day.
    NotATime,
    /// Not after the start.
    NotAfterStart,
    /// Longer than Graph takes (255 characters).
    TooLong,
    /// That hour does not exist on this day: the clock is put forward.
    InGap,
}

impl Editor {
    /// A new event from the next full half hour on, half an hour long.
    #[must_use]
    pub fn new(transaction_id: String, now: DateTime<Utc>, zone: &Zone, date: Option<NaiveDate>) -> Self {
        let local = zone.local(now);
        let time = date.filter(|date| *date != local.date()).map_or_else(
            || local + TimeDelta::minutes(30 - i64::from(chrono::Timelike::minute(&local)) % 30),
            |date| date.and_time(NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default()),
        );
        let mut editor = Self { transaction_id, time_zone: zone.name().to_owned(), ..Self::default() };
        editor.set_times(time, time + TimeDelta::minutes(30));
        editor
    }

    /// Puts both times into the four fields.
    pub fn set_times(&mut self, start: NaiveDateTime, end: NaiveDateTime) {
        self.start_date = start.date().to_string();
        self.start_time = clock(start.time());
        self.end_date = end.date().to_string();
        self.end_time = clock(end.time());
    }

    /// Takes a typed text. Moving the start moves the end along, so that the length stays.
    pub fn set(&mut self, field: EditorField, text: String) {
        let before = self.times();
        match field {
            EditorField::Title => self.title = text,
            EditorField::Location => self.location = text,
            EditorField::Description => self.description = text,
            EditorField::StartDate => self.start_date = text,
            EditorField::StartTime => self.start_time = text,
            EditorField::EndDate => self.end_date = text,
            EditorField::EndTime => self.end_time = text,
        }
        if matches!(field, EditorField::StartDate | EditorField::StartTime)
            && let Some((start, end)) = before
            && end > start
            && let Some(moved) = self.start()
            && let Some(end) = moved.checked_add_signed(end - start)
        {
            self.end_date = end.date().to_string();
            self.end_time = clock(end.time());
        }
        self.problems.retain(|(at, _)| *at != field);
    }

    /// Adds somebody, once.
    pub fn add(&mut self, person: &Person) {
        if self.attendees.iter().any(|attendee| attendee.email.address.eq_ignore_ascii_case(&person.address)) {
            return;
        }
        self.attendees.push(Attendee {
            email: EmailAddress { name: person.name.clone(), address: person.address.clone() },
            kind: if person.kind == PersonKind::Room { AttendeeKind::Resource } else { AttendeeKind::Required },
            ..Attendee::default()
        });
    }

    /// Start and end as wall times, where both can be read.
    #[must_use]
    pub fn times(&self) -> Option<(NaiveDateTime, NaiveDateTime)> {
        Some((self.start()?, parse_date(&self.end_date)?.and_time(parse_clock(&self.end_time)?)))
    }

    fn start(&self) -> Option<NaiveDateTime> {
        Some(parse_date(&self.start_date)?.and_time(parse_clock(&self.start_time)?))
    }

    /// What is wrong with what stands in the fields, in the order of the fields.
    #[must_use]
    pub fn check(&self, zone: &Zone) -> Vec<(EditorField, FieldProblem)> {
        let mut problems = Vec::new();
        if self.title.trim().is_empty() {
            problems.push((EditorField::Title, FieldProblem::Missing));
        } else if self.title.chars().count() > 255 {
            problems.push((EditorField::Title, FieldProblem::TooLong));
        }
        for (field, text) in [(EditorField::StartDate, &self.start_date), (EditorField::EndDate, &self.end_date)] {
            if parse_date(text).is_none() {
                problems.push((field, FieldProblem::NotADate));
            }
        }
        for (field, text) in [(EditorField::StartTime, &self.start_time), (EditorField::EndTime, &self.end_time)] {
            if parse_clock(text).is_none() {
                problems.push((field, FieldProblem::NotATime));
            }
        }
        if let Some((start, end)) = self.times() {
            if zone.resolve(start).gap {
                problems.push((EditorField::StartTime, FieldProblem::InGap));
            }
            if end <= start {
                let field = if self.end_date < self.start_date { EditorField::EndDate } else { EditorField::EndTime };
                problems.push((field, FieldProblem::NotAfterStart));
            }
        }
        problems
    }

    /// The request, where nothing is wrong.
    #[must_use]
    pub fn draft(&self, zone: &Zone) -> Option<EventDraft> {
        if !self.check(zone).is_empty() {
            return None;
        }
        let (start, end) = self.times()?;
        let at = |time: NaiveDateTime| DateTimeTimeZone { date_time: crate::time::iso_local(time), time_zone: self.time_zone.clone() };
        Some(EventDraft {
            transaction_id: self.transaction_id.clone(),
            subject: self.title.trim().to_owned(),
            location: self.location.trim().to_owned(),
            body_text: self.description.clone(),
            start: at(start),
            end: at(end),
            attendees: self.attendees.clone(),
        })
    }

    /// Whether something would be lost if the dialog were forgotten.
    #[must_use]
    pub fn has_text(&self) -> bool {
        !self.title.trim().is_empty() || !self.location.trim().is_empty() || !self.description.trim().is_empty() || !self.attendees.is_empty()
    }
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    text.trim().parse().ok()
}

/// Reads `9:00`, `09:00`, `9.00` and `0900`.
fn parse_clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let (hour, minute) = match text.split_once([':', '.']) {
        Some(parts) => parts,
        None if text.len() == 4 && text.is_ascii() => text.split_at(2),
        None => (text, "0"),
    };
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

fn clock(time: NaiveTime) -> String {
    let mut text = time.to_string();
    text.truncate(5);
    text
}

pub(super) fn reduce(state: &mut State, action: EditorAction, env: &Env<'_>) -> Vec<Effect> {
    match action {
        EditorAction::Open(date) => {
            let zone = env.zone(state);
            state.editor = Some(state.kept_draft.take().unwrap_or_else(|| Editor::new((env.fresh_id)(), env.now, &zone, date)));
            vec![Effect::Remember]
        }
        EditorAction::Set(field, text) => {
            if let Some(editor) = &mut state.editor {
                editor.set(field, text);
            }
            vec![Effect::Remember]
        }
        EditorAction::Remove(address) => {
            if let Some(editor) = &mut state.editor {
                editor.attendees.retain(|attendee| !attendee.email.address.eq_ignore_ascii_case(&address));
            }
            vec![Effect::Remember]
        }
        EditorAction::FindTime => find_time(state, env),
        EditorAction::Send => send(state, env),
        EditorAction::Sent(transaction_id, answer) => sent(state, &transaction_id, *answer, env),
        EditorAction::Close => {
            let kept = state.editor.take().filter(Editor::has_text);
            if kept.is_some() {
                state.say(Notice::DraftKept, env.now);
            }
            state.kept_draft = kept;
            vec![Effect::Remember]
        }
        EditorAction::Discard => {
            state.editor = None;
            state.kept_draft = None;
            vec![Effect::Remember]
        }
    }
}

fn send(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let zone = state.editor.as_ref().and_then(|editor| env.zones.get(&editor.time_zone)).unwrap_or_else(|| env.zone(state));
    let Some(editor) = &mut state.editor else { return Vec::new() };
    if editor.sending {
        return Vec::new();
    }
    editor.problems = editor.check(&zone);
    let Some(draft) = editor.draft(&zone) else { return Vec::new() };
    editor.sending = true;
    editor.error = None;
    // Stored before the first POST: if the page dies now, the next visit repeats it under the same id, and Graph books once.
    vec![Effect::Remember, Effect::Create(Box::new(draft))]
}

fn sent(state: &mut State, transaction_id: &str, answer: Result<crate::model::Event, Error>, env: &Env<'_>) -> Vec<Effect> {
    let answer = note_expiry(state, answer);
    let Some(editor) = state.editor.as_mut().filter(|editor| editor.transaction_id == transaction_id) else { return Vec::new() };
    editor.sending = false;
    match answer {
        Err(error) => {
            editor.error = Some(error);
            vec![Effect::Remember]
        }
        Ok(_) => {
            let booked = Notice::Booked { subject: editor.title.trim().to_owned(), invited: editor.attendees.len() };
            let from_assistant = editor.from_assistant;
            state.editor = None;
            state.say(booked, env.now);
            if from_assistant {
                assistant::forget_schedules(state);
            }
            let mut effects = vec![Effect::Remember];
            effects.extend(if state.route.view == View::Assistant { assistant::changed(state, env) } else { calendar::load(state, env) });
            // The calendar must not show a week that was read before the booking.
            if state.route.view != View::Calendar {
                state.calendar.events.clear();
            }
            effects
        }
    }
}

fn find_time(state: &mut State, env: &Env<'_>) -> Vec<Effect> {
    let Some(editor) = state.editor.take() else { return Vec::new() };
    for attendee in &editor.attendees {
        assistant::invite(state, Person { name: attendee.email.name.clone(), address: attendee.email.address.clone(), ..Person::default() });
    }
    if let Some((start, end)) = editor.times()
        && let Ok(minutes) = u32::try_from((end - start).num_minutes())
        && (5..=480).contains(&minutes)
    {
        state.assistant.duration = minutes;
    }
    state.kept_draft = Some(editor);
    state.route = Route { view: View::Assistant, date: None };
    let mut effects = vec![Effect::Remember, Effect::Navigate(state.route)];
    effects.extend(assistant::open(state, env));
    effects
}
