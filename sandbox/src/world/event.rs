//! An event as it is stored in one mailbox: local wall times, the series with its exceptions inside. Owns the record; leaves expansion to
//! `occurrences`, invitations to `meetings`, JSON to `graph`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::{
    recurrence::Recurrence,
    wire::{AttendeeKind, Importance, Response, Sensitivity, ShowAs},
    zones::ZonedTime,
};

/// A name with an SMTP address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Address {
    pub(crate) name: String,
    pub(crate) address: String,
}

/// A text with its kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Body {
    pub(crate) html: bool,
    pub(crate) content: String,
}

/// A span that somebody proposed instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub(crate) start: ZonedTime,
    pub(crate) end: ZonedTime,
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attendee {
    pub(crate) kind: AttendeeKind,
    pub(crate) email: Address,
    pub(crate) response: Response,
    pub(crate) response_time: Option<DateTime<Utc>>,
    pub(crate) proposal: Option<Proposal>,
}

/// The meeting's place on the net.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnlineMeeting {
    pub(crate) provider: String,
    pub(crate) join_url: String,
    pub(crate) conference_id: String,
}

/// Something attached to an event or a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) content: Vec<u8>,
    pub(crate) inline: bool,
    pub(crate) content_id: Option<String>,
    /// An attached event, message or contact as it was sent; then there is no content.
    pub(crate) item: Option<Value>,
    pub(crate) modified: DateTime<Utc>,
}

/// A single event or a whole series; inside `exceptions`, one changed occurrence.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) calendar_id: String,
    /// Of the single event or the series: what links the copies of a meeting.
    pub(crate) ical_uid: String,
    pub(crate) created: DateTime<Utc>,
    pub(crate) modified: DateTime<Utc>,
    /// The world's counter at the last change; change key and ETag follow from it.
    pub(crate) change: u64,
    pub(crate) categories: Vec<String>,
    pub(crate) subject: String,
    pub(crate) body: Body,
    pub(crate) importance: Importance,
    pub(crate) sensitivity: Sensitivity,
    pub(crate) show_as: ShowAs,
    pub(crate) all_day: bool,
    pub(crate) cancelled: bool,
    pub(crate) is_organizer: bool,
    pub(crate) start: ZonedTime,
    pub(crate) end: ZonedTime,
    pub(crate) recurrence: Option<Recurrence>,
    /// Changed occurrences by the date on which the pattern had put them.
    pub(crate) exceptions: BTreeMap<NaiveDate, Event>,
    /// Dates of the pattern that do not happen.
    pub(crate) cancelled_dates: BTreeSet<NaiveDate>,
    /// Graph's location objects.
    pub(crate) locations: Vec<Map<String, Value>>,
    pub(crate) attendees: Vec<Attendee>,
    pub(crate) organizer: Address,
    pub(crate) reminder_minutes: i64,
    pub(crate) reminder_on: bool,
    /// When a snoozed reminder fires next.
    pub(crate) snoozed_until: Option<DateTime<Utc>>,
    pub(crate) allow_new_time_proposals: bool,
    pub(crate) response_requested: bool,
    pub(crate) hide_attendees: bool,
    pub(crate) response: Response,
    pub(crate) response_time: Option<DateTime<Utc>>,
    pub(crate) online: Option<OnlineMeeting>,
    pub(crate) transaction_id: Option<String>,
    pub(crate) attachments: Vec<Attachment>,
}

impl Event {
    /// How long each occurrence lasts on the wall clock.
    pub(crate) fn wall_duration(&self) -> TimeDelta {
        if self.start.zone == self.end.zone { self.end.local - self.start.local } else { self.end.instant() - self.start.instant() }
    }

    /// Whether others are invited.
    pub(crate) fn is_meeting(&self) -> bool {
        !self.attendees.is_empty()
    }

    /// The one line that names the place.
    pub(crate) fn location_name(&self) -> String {
        let names: Vec<&str> = self.locations.iter().filter_map(|location| location.get("displayName")?.as_str()).collect();
        names.join("; ")
    }

    /// The attendee with this address.
    pub(crate) fn attendee_mut(&mut self, address: &str) -> Option<&mut Attendee> {
        self.attendees.iter_mut().find(|attendee| attendee.email.address.eq_ignore_ascii_case(address))
    }

    /// Marks this record and the exceptions inside as changed.
    pub(crate) fn touch(&mut self, change: u64, now: DateTime<Utc>) {
        self.change = change;
        self.modified = now;
    }
}
