//! What the engine is asked. Owns the request's types and defaults; leaves their meaning to the modules that compute with them.

use chrono::{DateTime, Utc};

use super::Recurrence;
use crate::{
    model::{FreeBusy, ScheduleInformation, WorkingHours},
    time::Span,
};

/// Who may meet when, and what counts.
#[derive(Debug, Clone, PartialEq)]
pub struct RankRequest {
    /// The meeting lies wholly in it, buffers apart.
    pub window: Span,
    /// How long the meeting lasts, at least 1.
    pub duration_minutes: u32,
    /// Starts are this far apart, at least 1.
    pub step_minutes: u32,
    /// The organizer's zone, an IANA or Windows name.
    pub time_zone: String,
    /// People and rooms; at most one organizer.
    pub attendees: Vec<RankAttendee>,
    /// What working hours mean.
    pub working_hours: HoursPolicy,
    /// Must be free before the meeting, too.
    pub buffer_before_minutes: u32,
    /// Must be free after the meeting, too.
    pub buffer_after_minutes: u32,
    /// How many of the required people are enough; none of both: all of them.
    pub quorum: Quorum,
    /// Whether a tentative person attends.
    pub allow_tentative: bool,
    /// Whether a room is needed; `None`: whether any is listed.
    pub needs_resource: Option<bool>,
    /// How many suggestions at most, at least 1.
    pub max_results: u32,
    /// Every occurrence must work.
    pub recurrence: Option<Recurrence>,
    /// Whether to say what one change would open up where nothing fits.
    pub relax: bool,
}

impl RankRequest {
    /// A request with the contract's defaults: step 30, UTC, hours required, tentative people attend, 20 results.
    #[must_use]
    pub fn new(window: Span, duration_minutes: u32) -> Self {
        Self {
            window,
            duration_minutes,
            step_minutes: 30,
            time_zone: "UTC".into(),
            attendees: Vec::new(),
            working_hours: HoursPolicy::Require,
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            quorum: Quorum::default(),
            allow_tentative: true,
            needs_resource: None,
            max_results: 20,
            recurrence: None,
            relax: false,
        }
    }
}

/// Whether somebody has to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Calls the meeting; at most one.
    Organizer,
    /// Has to come.
    #[default]
    Required,
    /// May come.
    Optional,
    /// A room or equipment.
    Resource,
}

/// What working hours mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HoursPolicy {
    /// Nobody who is required may be outside.
    #[default]
    Require,
    /// Outside scores less.
    Prefer,
    /// They do not count.
    Ignore,
}

/// How many of the required people (the organizer apart) are enough. Both given: both hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quorum {
    /// At least so many.
    pub min_required: Option<u32>,
    /// At least this share, 0 to 100, rounded up to whole people.
    pub min_percentage: Option<u32>,
}

/// A person or a room, and what is known of their time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RankAttendee {
    /// Whatever the caller knows them by.
    pub id: String,
    /// Whether they have to come.
    pub role: Role,
    /// Stretches of time by instants.
    pub busy: Option<Vec<BusyItem>>,
    /// What getSchedule said; united with `busy` where both are given.
    pub schedule: Option<ScheduleInformation>,
    /// Where the slots of `schedule.availability_view` lie; `None`: from the window's start, 30 minutes each.
    pub view: Option<View>,
    /// Later time is unknown.
    pub known_until: Option<DateTime<Utc>>,
    /// Bounds of items that do not count: the meeting that is being moved.
    pub ignore: Vec<Span>,
    /// When they work.
    pub working_hours: Hours,
    /// A room's seats.
    pub capacity: Option<u32>,
}

impl RankAttendee {
    /// Somebody of whom nothing is known.
    #[must_use]
    pub fn new(id: impl Into<String>, role: Role) -> Self {
        Self { id: id.into(), role, ..Self::default() }
    }
}

/// Where working hours come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Hours {
    /// Those of the schedule, where it has some.
    #[default]
    OfSchedule,
    /// None are known, whatever the schedule says.
    NoneKnown,
    /// These; several make split hours.
    Own(Vec<WorkingHours>),
}

/// One stretch of somebody's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusyItem {
    /// From when.
    pub start: DateTime<Utc>,
    /// Until when, exclusive.
    pub end: DateTime<Utc>,
    /// Free, or why not.
    pub status: FreeBusy,
}

/// Where the slots of an availability view lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Where the first slot starts.
    pub start: DateTime<Utc>,
    /// How long each is, at least 1.
    pub interval_minutes: u32,
}
