//! Behaviours of Graph that are known at second hand only, each with the value that the sources report. Owns their names; each is used where
//! the behaviour is.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Second-hand facts as switches. `Default` is what was reported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Switches {
    /// calendarView accepts at most this many days; one third party saw 1825.
    pub calendar_view_max_days: i64,
    /// getSchedule accepts a period of up to this many days; 62 passed and 63 failed in one third party's test.
    pub schedule_max_days: i64,
    /// getSchedule's answer for an address that it cannot resolve: 5009 in a public issue, 5016 ("Proxy web request failed.") elsewhere.
    pub unresolvable_response_code: u32,
    /// Suggestions of findMeetingTimes without `maxCandidates`; 5 in the documentation's sample.
    pub default_max_candidates: usize,
    /// The most suggestions that findMeetingTimes gives; 10 was seen.
    pub most_candidates: usize,
    /// `emptySuggestionsReason` in PascalCase, as documented examples have it, although the resource's page says camelCase.
    pub pascal_case_reasons: bool,
    /// The status for a `transactionId` that made another event: 409 for most clients, 400 for one.
    pub duplicate_transaction_status: u16,
    /// The status for a stale `If-Match`: 412 as documented in general; 409 was seen for Outlook.
    pub stale_etag_status: u16,
    /// All-day events match a window as midnight to midnight of UTC, whatever zone is preferred.
    pub all_day_matches_utc: bool,
    /// `onlineMeeting` shows in a calendar view only if `isOnlineMeeting` is selected too.
    pub online_meeting_needs_flag: bool,
    /// Outlook serves this many requests of one application to one mailbox at a time (documented); more are answered 429.
    pub mailbox_concurrency: u32,
    /// How long a request to a mailbox takes at least. Zero unless a test wants requests to overlap.
    #[serde(rename = "mailboxLatencyMs", with = "milliseconds")]
    pub mailbox_latency: Duration,
    /// A file up to this many bytes can be put in one request: 4 MB as documented in 2021, newer pages say 250 MB.
    pub simple_upload_bytes: usize,
    /// How many delta tokens a mailbox keeps before the oldest are gone (410).
    pub delta_tokens: usize,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            calendar_view_max_days: 1825,
            schedule_max_days: 62,
            unresolvable_response_code: 5009,
            default_max_candidates: 5,
            most_candidates: 10,
            pascal_case_reasons: true,
            duplicate_transaction_status: 409,
            stale_etag_status: 412,
            all_day_matches_utc: true,
            online_meeting_needs_flag: true,
            mailbox_concurrency: 4,
            mailbox_latency: Duration::ZERO,
            simple_upload_bytes: 4 * 1024 * 1024,
            delta_tokens: 1000,
        }
    }
}

mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}
