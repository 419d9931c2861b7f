//! Graph's resources as Convoke sees them. Owns tolerant reading (missing, null and unknown members, unknown enum values) and strict
//! writing; leaves URLs and headers to `graph`.
//!
//! Resources are read from a `serde_json::Value` by hand instead of by derived `Deserialize`: one JSON parser instead of one for each
//! type (bytes), a wrong member costs that member instead of the whole page (faults), and what is not known here is kept in `other`.

mod calendar;
mod event;
mod event_json;
mod person;
mod read;
mod schedule;
mod schedule_json;

pub use crate::time::DateTimeTimeZone;
pub use calendar::Calendar;
pub use event::{
    Attendee, AttendeeKind, BODY_LIMIT, EmailAddress, Event, EventDraft, EventResponse, EventType, Response, Sensitivity, ShowAs,
};
pub use person::{MailboxSettings, Person, PersonKind};
pub use schedule::{FreeBusy, MeetingTimeSuggestion, MeetingTimes, ScheduleInformation, ScheduleItem, WorkingHours};

#[cfg(test)]
mod tests;
