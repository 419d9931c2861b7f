//! Events, their people and their answers: what they are made of. Leaves reading and writing to `event_json`.
//! Source: the `event` resource of Microsoft Graph v1.0.

use serde_json::{Map, Value};

use super::DateTimeTimeZone;

/// What is kept of a body: more than any page shows, little enough for any page to hold.
pub const BODY_LIMIT: usize = 256 * 1024;

/// A name and an SMTP address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EmailAddress {
    /// What to show; falls back to the address where Graph has none.
    pub name: String,
    /// The SMTP address, empty where Graph has none.
    pub address: String,
}

/// Whether somebody has to come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum AttendeeKind {
    /// Has to come.
    #[default]
    Required,
    /// May come.
    Optional,
    /// A room or equipment.
    Resource,
    /// A value that this version does not know, kept as it came.
    Other(String),
}

/// What somebody answered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Response {
    /// Nothing is known; the same as `NotResponded` to a person.
    #[default]
    None,
    /// Called the meeting.
    Organizer,
    /// Will perhaps come.
    TentativelyAccepted,
    /// Will come.
    Accepted,
    /// Will not come.
    Declined,
    /// Has not answered yet.
    NotResponded,
    /// A value that this version does not know, kept as it came.
    Other(String),
}

/// How the time shows in free/busy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ShowAs {
    /// Free.
    Free,
    /// Tentative.
    Tentative,
    /// Busy.
    #[default]
    Busy,
    /// Out of office.
    Oof,
    /// Working elsewhere.
    WorkingElsewhere,
    /// Graph says `unknown`.
    Unknown,
    /// A value that this version does not know, kept as it came.
    Other(String),
}

/// How confidential an event is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sensitivity {
    /// Not at all.
    #[default]
    Normal,
    /// Personal.
    Personal,
    /// Private.
    Private,
    /// Confidential.
    Confidential,
    /// A value that this version does not know, kept as it came.
    Other(String),
}

/// Alone, or part of a series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EventType {
    /// Alone.
    #[default]
    SingleInstance,
    /// One of a series.
    Occurrence,
    /// One of a series, changed by itself.
    Exception,
    /// The series.
    SeriesMaster,
    /// A value that this version does not know, kept as it came.
    Other(String),
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attendee {
    /// Who.
    pub email: EmailAddress,
    /// Whether they have to come.
    pub kind: AttendeeKind,
    /// What they answered.
    pub response: Response,
    /// What else Graph sent, untouched; among it a `proposedNewTime`.
    pub other: Map<String, Value>,
}

/// An event, an occurrence or a series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Event {
    /// Graph's id, opaque and case-sensitive.
    pub id: String,
    /// `@odata.etag`, for If-Match.
    pub etag: Option<String>,
    /// The same meeting in everybody's calendar.
    pub ical_uid: Option<String>,
    /// The title; empty where Graph has none.
    pub subject: String,
    /// Start, in the zone that was asked for.
    pub start: DateTimeTimeZone,
    /// End, exclusive.
    pub end: DateTimeTimeZone,
    /// Whole days: then only the date parts count, and no zone ever shifts them.
    pub is_all_day: bool,
    /// Where, in words.
    pub location: String,
    /// How it shows in free/busy.
    pub show_as: ShowAs,
    /// How confidential it is.
    pub sensitivity: Sensitivity,
    /// Alone, or part of a series.
    pub kind: EventType,
    /// The series that an occurrence or exception belongs to.
    pub series_master_id: Option<String>,
    /// The organizer cancelled it.
    pub is_cancelled: bool,
    /// The mailbox's owner called it.
    pub is_organizer: bool,
    /// Whether an answer is wanted.
    pub response_requested: bool,
    /// Whether an answer may propose another time.
    pub allow_new_time_proposals: bool,
    /// The mailbox owner's own answer.
    pub response: Response,
    /// Who called it.
    pub organizer: Option<EmailAddress>,
    /// Who is invited, without the organizer.
    pub attendees: Vec<Attendee>,
    /// The body as text, where it was asked for; else the first 255 characters. At most [`BODY_LIMIT`] bytes.
    pub body_text: String,
    /// Where to join an online meeting; `https` only.
    pub join_url: Option<String>,
    /// The event in Outlook on the web; `https` only.
    pub web_link: Option<String>,
    /// What else Graph sent, untouched.
    pub other: Map<String, Value>,
}

/// What the mailbox's owner answers to an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventResponse {
    /// `accept`.
    Accept,
    /// `tentativelyAccept`.
    TentativelyAccept,
    /// `decline`.
    Decline,
}

/// A new event as the editor holds it, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventDraft {
    /// Minted once when the editor opens, so that a repeated send never books twice (Graph: `transactionId`).
    pub transaction_id: String,
    /// The title.
    pub subject: String,
    /// Where, in words; may be empty.
    pub location: String,
    /// The description, plain text; may be empty.
    pub body_text: String,
    /// Start.
    pub start: DateTimeTimeZone,
    /// End, exclusive.
    pub end: DateTimeTimeZone,
    /// Who is invited.
    pub attendees: Vec<Attendee>,
}

impl EventResponse {
    /// What the mailbox's own `responseStatus` becomes by this answer.
    #[must_use]
    pub fn as_response(self) -> Response {
        match self {
            Self::Accept => Response::Accepted,
            Self::TentativelyAccept => Response::TentativelyAccepted,
            Self::Decline => Response::Declined,
        }
    }
}
