//! The dialog for a new event. Owns what is typed there, what is wrong with it, and how it becomes a request; nothing typed is changed.
//! Leaves opening, sending and closing to `editor_reduce`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{assistant::next_step, state::parse_date};
use crate::{
    Error,
    model::{Attendee, AttendeeKind, DateTimeTimeZone, EmailAddress, EventDraft, FreeBusy, Person, PersonKind},
    time::{Zone, iana_to_windows, iso_local},
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
    /// How long the event is while its start moves, by the wall; nothing once its end was typed before its start.
    pub length: Option<TimeDelta>,
    /// The zone that these times are in, an IANA name.
    pub time_zone: String,
    /// "Attendees"
    pub attendees: Vec<Attendee>,
    /// What is wrong, by field; filled when sending was tried, and shorter with each field that is mended.
    pub problems: Vec<(EditorField, FieldProblem)>,
    /// How often sending was tried in vain because of `problems`.
    pub tries: u32,
    /// The request is under way.
    pub sending: bool,
    /// Why the last request failed.
    pub error: Option<Error>,
    /// Opened by "Schedule meeting": who became less free since the grid was read.
    pub changed: Vec<(String, FreeBusy)>,
    /// Opened by "Schedule meeting".
    pub from_assistant: bool,
}

/// Graph takes this many characters as a title.
const LONGEST: usize = 255;

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
    /// A new event of half an hour: from the next full half hour on, on another date at nine.
    #[must_use]
    pub fn new(transaction_id: String, now: DateTime<Utc>, zone: &Zone, date: Option<NaiveDate>) -> Self {
        // Going by instants keeps the proposal out of the hour that a clock change leaves out.
        let soon = zone.local(next_step(now + TimeDelta::nanoseconds(1), zone, 30));
        let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
        let start = date.filter(|date| *date != zone.local(now).date()).map_or(soon, |date| date.and_time(nine));
        let mut editor = Self { transaction_id, time_zone: zone.name().to_owned(), ..Self::default() };
        editor.set_times(start, start + TimeDelta::minutes(30));
        editor
    }

    /// Puts both times into the four fields.
    pub fn set_times(&mut self, start: NaiveDateTime, end: NaiveDateTime) {
        self.start_date = start.date().to_string();
        self.start_time = clock(start.time());
        self.end_date = end.date().to_string();
        self.end_time = clock(end.time());
        self.measure();
    }

    /// Takes a typed text. Moving the start moves the end along, so that the length stays.
    pub fn set(&mut self, field: EditorField, text: String) {
        match field {
            EditorField::Title => self.title = text,
            EditorField::Location => self.location = text,
            EditorField::Description => self.description = text,
            EditorField::StartDate => self.start_date = text,
            EditorField::StartTime => self.start_time = text,
            EditorField::EndDate => self.end_date = text,
            EditorField::EndTime => self.end_time = text,
        }
        match field {
            // The length is kept apart from the fields: while a start is typed, they pass through dates that nobody means, and through none.
            EditorField::StartDate | EditorField::StartTime => {
                if let Some((length, start)) = self.length.zip(self.start())
                    && let Some(end) = start.checked_add_signed(length)
                {
                    self.end_date = end.date().to_string();
                    self.end_time = clock(end.time());
                }
            }
            EditorField::EndDate | EditorField::EndTime => self.measure(),
            EditorField::Title | EditorField::Location | EditorField::Description => {}
        }
    }

    /// Takes the length from the fields.
    pub(super) fn measure(&mut self) {
        self.length = self.times().map(|(start, end)| end - start).filter(|length| *length > TimeDelta::zero());
    }

    /// Adds somebody, once. Who has no address cannot be invited.
    pub fn add(&mut self, person: &Person) {
        if person.address.is_empty() || self.attendees.iter().any(|attendee| attendee.email.address.eq_ignore_ascii_case(&person.address)) {
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
        } else if self.title.trim().chars().count() > LONGEST {
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
                let field = if end.date() < start.date() { EditorField::EndDate } else { EditorField::EndTime };
                problems.push((field, FieldProblem::NotAfterStart));
            } else if zone.resolve(end).gap {
                problems.push((EditorField::EndTime, FieldProblem::InGap));
            }
        }
        problems
    }

    /// The request, where nothing is wrong; `zone` is the one that the times are in.
    #[must_use]
    pub fn draft(&self, zone: &Zone) -> Option<EventDraft> {
        if !self.check(zone).is_empty() {
            return None;
        }
        let (start, end) = self.times()?;
        // Graph knows every Windows name, of IANA's only some: what has no Windows name is written as the instant itself.
        let windows = iana_to_windows(zone.name());
        let at = |time: NaiveDateTime| DateTimeTimeZone {
            date_time: iso_local(windows.map_or_else(|| zone.resolve(time).instant.naive_utc(), |_| time)),
            time_zone: windows.unwrap_or("UTC").to_owned(),
        };
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
        !self.title.trim().is_empty()
            || !self.location.trim().is_empty()
            || !self.description.trim().is_empty()
            || !self.attendees.is_empty()
    }
}

/// Reads `9:00`, `09:00`, `9.00`, `0900`, `900` and `9`; seconds are read over.
fn parse_clock(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    let mut parts = text.split([':', '.']);
    let (hour, minute, second) = match (parts.next()?, parts.next(), parts.next()) {
        (digits, None, _) if matches!(digits.len(), 3 | 4) && digits.is_ascii() => {
            let (hour, minute) = digits.split_at(digits.len() - 2);
            (hour, minute, "0")
        }
        (hour, minute, second) => (hour, minute.unwrap_or("0"), second.unwrap_or("0")),
    };
    // `parse` alone would take a sign.
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    number(second).filter(|second| *second < 60 && parts.next().is_none())?;
    NaiveTime::from_hms_opt(number(hour)?, number(minute)?, 0)
}

fn clock(time: NaiveTime) -> String {
    let mut text = time.to_string();
    text.truncate(5);
    text
}
