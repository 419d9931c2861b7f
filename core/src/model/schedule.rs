//! Free/busy of people and rooms, and how they are read. Sources: `scheduleInformation` and `meetingTimeSuggestionsResult` of Microsoft Graph v1.0.

use serde_json::{Map, Value};

use super::{
    DateTimeTimeZone, EmailAddress,
    read::{flag, list, number, others, some_text, text},
};

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
    /// What else Graph sent, untouched; among it a `status` that this version does not know.
    pub other: Map<String, Value>,
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
    /// Graph's `responseCode` beside it, e.g. `5009` for an address that does not exist; empty where there is none.
    pub error_code: String,
    /// What else Graph sent, untouched.
    pub other: Map<String, Value>,
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

impl FreeBusy {
    /// The value that Graph's word stands for, whatever its case.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        let known = [Self::Free, Self::Tentative, Self::Busy, Self::Oof, Self::WorkingElsewhere];
        known.into_iter().find(|status| status.as_word().eq_ignore_ascii_case(word)).unwrap_or_default()
    }

    /// Graph's word.
    #[must_use]
    pub fn as_word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Tentative => "tentative",
            Self::Busy => "busy",
            Self::Oof => "oof",
            Self::WorkingElsewhere => "workingElsewhere",
            Self::Unknown => "unknown",
        }
    }

    fn from_member(value: Option<&Value>) -> Self {
        value.and_then(Value::as_str).map(Self::from_word).unwrap_or_default()
    }
}

impl ScheduleInformation {
    /// Reads `scheduleInformation`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        let error = object.get("error").filter(|error| error.is_object());
        let error_code = text(error.and_then(|error| error.get("responseCode"))).unwrap_or_default();
        let message = error.map(|error| some_text(error.get("message")).unwrap_or_else(|| error_code.clone()));
        Some(Self {
            schedule_id: text(object.get("scheduleId")).unwrap_or_default(),
            availability_view: some_text(object.get("availabilityView")),
            items: object
                .get("scheduleItems")
                .and_then(Value::as_array)
                .map(|items| items.iter().filter_map(ScheduleItem::from_json).collect()),
            working_hours: object.get("workingHours").and_then(WorkingHours::from_json),
            error: message,
            error_code,
            other: others(object, &["scheduleId", "availabilityView", "scheduleItems", "workingHours", "error"]),
        })
    }
}

impl ScheduleItem {
    /// Reads `scheduleItem`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        let status = FreeBusy::from_member(object.get("status"));
        let mut other = others(object, &["status", "start", "end", "subject", "location", "isPrivate"]);
        if let (FreeBusy::Unknown, Some(word)) = (status, object.get("status")) {
            other.insert("status".into(), word.clone());
        }
        Some(Self {
            status,
            start: DateTimeTimeZone::from_json(object.get("start")),
            end: DateTimeTimeZone::from_json(object.get("end")),
            subject: some_text(object.get("subject")),
            location: some_text(object.get("location")),
            is_private: flag(object.get("isPrivate")).unwrap_or_default(),
            other,
        })
    }
}

impl WorkingHours {
    /// Reads `workingHours`; `None` where it names neither days nor times.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        let hours = Self {
            days_of_week: list(object.get("daysOfWeek")).iter().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect(),
            start_time: text(object.get("startTime")).unwrap_or_default(),
            end_time: text(object.get("endTime")).unwrap_or_default(),
            time_zone: object.get("timeZone").cloned().unwrap_or_default(),
        };
        (!hours.days_of_week.is_empty() || !hours.start_time.is_empty()).then_some(hours)
    }
}

impl MeetingTimes {
    /// Reads `meetingTimeSuggestionsResult`; `None` where there is no object.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let object = value.as_object()?;
        // Graph writes these words in either case of their first letter.
        let reason = text(object.get("emptySuggestionsReason")).unwrap_or_default();
        let mut rest = reason.chars();
        let empty_reason = rest.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(rest).collect();
        Some(Self {
            suggestions: list(object.get("meetingTimeSuggestions")).iter().filter_map(MeetingTimeSuggestion::from_json).collect(),
            empty_reason,
        })
    }
}

impl MeetingTimeSuggestion {
    /// Reads `meetingTimeSuggestion`; `None` where it has no slot.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let slot = value.get("meetingTimeSlot").filter(|slot| slot.is_object())?;
        let attendee = |entry: &Value| {
            let email = EmailAddress::from_json(entry.get("attendee")?.get("emailAddress"))?;
            Some((email, FreeBusy::from_member(entry.get("availability"))))
        };
        Some(Self {
            start: DateTimeTimeZone::from_json(slot.get("start")),
            end: DateTimeTimeZone::from_json(slot.get("end")),
            confidence: number(value.get("confidence")).unwrap_or_default(),
            reason: text(value.get("suggestionReason")).unwrap_or_default(),
            organizer: FreeBusy::from_member(value.get("organizerAvailability")),
            attendees: list(value.get("attendeeAvailability")).iter().filter_map(attendee).collect(),
        })
    }
}
