//! What the engine answers. Owns the result's types and the contract's words for them; leaves sentences to the interface.

use std::rc::Rc;

use chrono::{DateTime, Utc};

use crate::{model::FreeBusy, time::LocalTime};

/// The slots that fit, best first, or why there are none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RankResult {
    /// Best first.
    pub suggestions: Vec<Suggestion>,
    /// Why there are none.
    pub empty_reason: EmptyReason,
    /// What one change would open up; `None` where it was not asked for.
    pub almost: Option<Vec<Almost>>,
}

/// A slot, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Start.
    pub start: DateTime<Utc>,
    /// End, exclusive.
    pub end: DateTime<Utc>,
    /// 0 to 1000, in tenths.
    pub score_tenths: u32,
    /// Graph's definition, 0 to 10000, in hundredths.
    pub confidence_hundredths: u32,
    /// Everybody's state, rooms included, in input order.
    pub attendees: Vec<AttendeeState>,
    /// The room that was matched.
    pub resource: Option<String>,
    /// Why, in the contract's order.
    pub reasons: Vec<Reason>,
}

impl Suggestion {
    /// 0 to 100, one decimal.
    #[must_use]
    pub fn score(&self) -> f64 {
        f64::from(self.score_tenths) / 10.0
    }

    /// 0 to 100, two decimals.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        f64::from(self.confidence_hundredths) / 100.0
    }
}

/// Somebody's state during a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttendeeState {
    /// Who; shared by all suggestions.
    pub id: Rc<str>,
    /// The worst during the slot and its buffers.
    pub status: FreeBusy,
    /// Whether any part lies outside their hours; `None` where these are not known.
    pub outside_hours: Option<bool>,
    /// How much lies outside.
    pub minutes_outside: u32,
    /// The start as they see it.
    pub local_start: LocalTime,
}

/// One reason and whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What.
    pub code: ReasonCode,
    /// Ids in input order.
    pub attendees: Vec<Rc<str>>,
}

/// What speaks for or against a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonCode {
    /// Nothing against it.
    AllFree,
    /// These are tentative.
    Tentative,
    /// Nobody knows about these.
    Unknown,
    /// These would have to come outside their hours.
    OutsideHours,
    /// These may come, but are busy.
    OptionalBusy,
    /// These are required and busy; the quorum is met without them.
    RequiredBusy,
    /// Rooms are listed, none is needed, none fits.
    NoRoom,
    /// These cannot come to a later occurrence.
    OccurrenceConflict,
}

impl ReasonCode {
    /// The contract's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AllFree => "all-free",
            Self::Tentative => "tentative",
            Self::Unknown => "unknown",
            Self::OutsideHours => "outside-hours",
            Self::OptionalBusy => "optional-busy",
            Self::RequiredBusy => "required-busy",
            Self::NoRoom => "no-room",
            Self::OccurrenceConflict => "occurrence-conflict",
        }
    }
}

/// Why there is no suggestion, in Graph's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EmptyReason {
    /// There are suggestions.
    #[default]
    None,
    /// Somebody who is needed is never free.
    AttendeesUnavailable,
    /// The same, and of some nobody knows.
    AttendeesUnavailableOrUnknown,
    /// Without the need for a room there would be a slot.
    LocationsUnavailable,
    /// Without the organizer there would be a slot.
    OrganizerUnavailable,
    /// The window holds no slot at all.
    Unknown,
}

impl EmptyReason {
    /// Graph's word; empty where there are suggestions.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::AttendeesUnavailable => "attendeesUnavailable",
            Self::AttendeesUnavailableOrUnknown => "attendeesUnavailableOrUnknown",
            Self::LocationsUnavailable => "locationsUnavailable",
            Self::OrganizerUnavailable => "organizerUnavailable",
            Self::Unknown => "unknown",
        }
    }
}

/// The best slot under one change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Almost {
    /// What would have to change.
    pub change: Change,
    /// The slot that it opens up.
    pub suggestion: Suggestion,
}

/// One change that opens up a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Count tentative people as attending.
    Tentative,
    /// Allow time outside working hours.
    OutsideHours,
    /// Cut the meeting.
    Shorter {
        /// By so much.
        minutes: u32,
    },
    /// Let later occurrences clash.
    Occurrences,
    /// Do without a room.
    NoRoom,
    /// Do without somebody who is required.
    Without {
        /// Their id.
        attendee: String,
    },
}

impl Change {
    /// The contract's `kind`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Tentative => "tentative",
            Self::OutsideHours => "outside-hours",
            Self::Shorter { .. } => "shorter",
            Self::Occurrences => "occurrences",
            Self::NoRoom => "no-room",
            Self::Without { .. } => "without",
        }
    }
}
