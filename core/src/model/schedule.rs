//! Free/busy of people and rooms. Sources: `scheduleInformation` and `meetingTimeSuggestionsResult` of Microsoft Graph v1.0.

use serde_json::Value;

use super::{DateTimeTimeZone, EmailAddress};

/// Free, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum FreeBusy {
    /// Free.
    Free,
    /// Asked for, not yet accepted.
    Tentative,
    /// Busy.
    Busy,
    /// Out of office.
    Oof,
    /// Working elsewhere: free, in another place.
    WorkingElsewhere,
    /// No information, also for words that this version does not know. Never counted as free.
    #[default]
    Unknown,
}

/// One stretch of somebody's time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScheduleItem {
    /// Free, or why not.
    pub status: FreeBusy,
    /// Start, in the zone that was asked for.
    pub start: DateTimeTimeZone,
    /// End, exclusive.
    pub end: DateTimeTimeZone,
    /// The title, where its owner lets the caller see it.
    pub subject: Option<String>,
    /// Where, likewise.
    pub location: Option<String>,
    /// Marked private.
    pub is_private: bool,
}

/// When somebody works.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkingHours {
    /// English names in lower case, `monday` …
    pub days_of_week: Vec<String>,
    /// `08:00:00.0000000`, local.
    pub start_time: String,
    /// Local; at or before `start_time` it runs into the next day.
    pub end_time: String,
    /// A name as a JSON string, or Graph's `timeZoneBase` / `customTimeZone` object.
    pub time_zone: Value,
}

/// What getSchedule says of one address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScheduleInformation {
    /// The address that was asked for.
    pub schedule_id: String,
    /// A digit for each interval, where Graph gave one.
    pub availability_view: Option<String>,
    /// The stretches, where Graph gave them.
    pub items: Option<Vec<ScheduleItem>>,
    /// When they work, where Graph gave it.
    pub working_hours: Option<WorkingHours>,
    /// Why there is nothing, in Graph's words.
    pub error: Option<String>,
}

/// One of Microsoft's own suggestions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeetingTimeSuggestion {
    /// Start, in the zone that was asked for.
    pub start: DateTimeTimeZone,
    /// End, exclusive.
    pub end: DateTimeTimeZone,
    /// 0 to 100.
    pub confidence: f64,
    /// Microsoft's own sentence; may be empty.
    pub reason: String,
    /// The organizer's state then.
    pub organizer: FreeBusy,
    /// Each attendee's state then.
    pub attendees: Vec<(EmailAddress, FreeBusy)>,
}

/// What findMeetingTimes answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MeetingTimes {
    /// In the order given.
    pub suggestions: Vec<MeetingTimeSuggestion>,
    /// Why there are none, in lower camel case whatever Graph's casing; empty where there are some.
    pub empty_reason: String,
}
