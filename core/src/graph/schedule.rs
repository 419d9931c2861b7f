//! Free/busy of any number of people over any window, within Graph's limits; and Microsoft's own suggestions.
//! Owns the splitting and merging of getSchedule; leaves ranking to `schedule` beside `graph`.
//! Sources: "calendar: getSchedule" and "user: findMeetingTimes" of Microsoft Graph v1.0.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::{Map, Value};

use super::{Call, Request, Safety, errors::unreadable};
use crate::model::{DateTimeTimeZone, MeetingTimes, ScheduleInformation, ScheduleItem};
use crate::sort::sort_by_key;
use crate::time::iso_local;
use crate::{Error, ErrorCode};

/// How many schedules one call may ask for; a distribution list's members count.
pub const SCHEDULES_PER_CALL: usize = 20;
/// How many days one call may span.
pub const WINDOW_DAYS: i64 = 62;

/// A question for free/busy, cut into calls that Graph accepts, and the way back to one answer.
#[derive(Debug, Clone)]
pub struct SchedulePlan {
    /// As they were given.
    addresses: Vec<String>,
    /// Each once, whatever its case.
    asked: Vec<String>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    interval: TimeDelta,
    parts: Vec<SchedulePart>,
}

/// One call of a [`SchedulePlan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchedulePart {
    people: Range<usize>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl SchedulePlan {
    /// Plans the calls for these SMTP addresses between two instants; `interval_minutes` is the width of a digit of `availabilityView`.
    ///
    /// A window that ends before it starts, or an interval outside 5 to 1440 minutes, is `invalid-request`. No addresses: no calls.
    pub fn new(addresses: &[String], start: DateTime<Utc>, end: DateTime<Utc>, interval_minutes: u16) -> Result<Self, Error> {
        if end <= start {
            return Err(Error::new(ErrorCode::InvalidRequest, "`end` must be after `start`."));
        }
        if !(5..=1440).contains(&interval_minutes) {
            return Err(Error::new(ErrorCode::InvalidRequest, "`intervalMinutes` must lie between 5 and 1440."));
        }
        let interval = TimeDelta::minutes(i64::from(interval_minutes));
        let mut asked: Vec<String> = Vec::new();
        for address in addresses {
            if !asked.iter().any(|known| known.eq_ignore_ascii_case(address)) {
                asked.push(address.clone());
            }
        }
        // A window that ends between two digits would shift all digits that follow, so windows are whole numbers of intervals.
        let digits = TimeDelta::days(WINDOW_DAYS).num_minutes() / interval.num_minutes();
        let step = interval * i32::try_from(digits).unwrap_or(i32::MAX);
        let mut parts = Vec::new();
        let mut from = start;
        while from < end {
            let to = from.checked_add_signed(step).map_or(end, |to| to.min(end));
            for first in (0..asked.len()).step_by(SCHEDULES_PER_CALL) {
                let people = first..asked.len().min(first + SCHEDULES_PER_CALL);
                parts.push(SchedulePart { people, start: from, end: to });
            }
            from = to;
        }
        Ok(Self { addresses: addresses.to_vec(), asked, start, end, interval, parts })
    }

    /// The calls to make, in any order.
    #[must_use]
    pub fn parts(&self) -> &[SchedulePart] {
        &self.parts
    }

    /// One of them.
    #[must_use]
    pub fn call(&self, part: &SchedulePart) -> Call<Vec<ScheduleInformation>> {
        get_schedule(self.asked.get(part.people.clone()).unwrap_or_default(), part.start, part.end, self.interval)
    }

    /// What to ask instead where Graph refused a part as a whole: its halves, so that one bad address or one list with many members
    /// does not cost the others. `None` where the refusal has another reason or there is nothing to halve.
    #[must_use]
    pub fn halves(&self, part: &SchedulePart, error: &Error) -> Option<[SchedulePart; 2]> {
        let refused = matches!(error.code(), ErrorCode::InvalidRequest | ErrorCode::TooLarge);
        (refused && part.people.len() > 1).then(|| {
            let middle = part.people.start + part.people.len() / 2;
            let half = |people| SchedulePart { people, start: part.start, end: part.end };
            [half(part.people.start..middle), half(middle..part.people.end)]
        })
    }

    /// The parts' answers as one, a schedule for each address in the order given.
    ///
    /// A part that failed gives its addresses an `error`, and then nothing else: half of somebody's time must not look like all of it.
    /// Fails only where every part failed.
    pub fn merge(
        &self,
        mut answers: Vec<(SchedulePart, Result<Vec<ScheduleInformation>, Error>)>,
    ) -> Result<Vec<ScheduleInformation>, Error> {
        if !answers.is_empty() && answers.iter().all(|(_, answer)| answer.is_err()) {
            return answers.swap_remove(0).1;
        }
        sort_by_key(&mut answers, |(part, _)| part.start);
        let mut merged: Vec<Option<ScheduleInformation>> = vec![None; self.asked.len()];
        for (part, answer) in answers {
            let mut answer = answer.map(|list| list.into_iter().map(Some).collect::<Vec<_>>());
            for index in part.people.clone() {
                let (Some(address), Some(whole)) = (self.asked.get(index), merged.get_mut(index)) else { continue };
                let found = match &mut answer {
                    Ok(list) => take_schedule(list, address),
                    Err(error) => failed(address, error.details().graph_code.clone(), error.message()),
                };
                *whole = Some(match whole.take() {
                    None => self.checked(found, &part),
                    Some(before) => join(before, self.checked(found, &part)),
                });
            }
        }
        let all = self.addresses.iter().map(|address| {
            let index = self.asked.iter().position(|known| known.eq_ignore_ascii_case(address));
            let found = index.and_then(|index| merged.get(index).cloned().flatten());
            let mut found = found.unwrap_or_else(|| failed(address, None, UNANSWERED));
            found.schedule_id.clone_from(address);
            found
        });
        Ok(all.collect())
    }

    /// Drops a view that has not one digit for each interval of its part where others follow: it would shift them.
    fn checked(&self, mut schedule: ScheduleInformation, part: &SchedulePart) -> ScheduleInformation {
        let minutes = (part.end - part.start).num_minutes();
        let expected = usize::try_from((minutes + self.interval.num_minutes() - 1) / self.interval.num_minutes()).unwrap_or(0);
        let alone = part.start == self.start && part.end == self.end;
        if !alone && schedule.availability_view.as_ref().is_some_and(|view| view.len() != expected) {
            schedule.availability_view = None;
        }
        schedule
    }
}

/// Free/busy of up to 20 addresses over up to 62 days, in one call. [`SchedulePlan`] has no such limits.
#[must_use]
pub fn get_schedule(addresses: &[String], start: DateTime<Utc>, end: DateTime<Utc>, interval: TimeDelta) -> Call<Vec<ScheduleInformation>> {
    let utc = |instant: DateTime<Utc>| DateTimeTimeZone { date_time: iso_local(instant.naive_utc()), time_zone: "UTC".into() }.to_json();
    let mut body = Map::new();
    body.insert("schedules".into(), Value::Array(addresses.iter().map(|address| Value::from(address.as_str())).collect()));
    body.insert("startTime".into(), utc(start));
    body.insert("endTime".into(), utc(end));
    body.insert("availabilityViewInterval".into(), interval.num_minutes().into());
    let request = Request::mailbox(Method::POST, &["calendar", "getSchedule"], "Calendars.Read").body(Value::Object(body), Safety::Safe);
    Call::new(request, |answer| match answer.body.get("value").and_then(Value::as_array) {
        Some(list) => Ok(list.iter().filter_map(ScheduleInformation::from_json).collect()),
        None => Err(unreadable("Graph's answer holds no list of schedules.")),
    })
}

/// Microsoft's own suggestions. `body` is Graph's; delegated work accounts only.
#[must_use]
pub fn find_meeting_times(body: Value) -> Call<MeetingTimes> {
    let request = Request::mailbox(Method::POST, &["findMeetingTimes"], "Calendars.Read.Shared").body(body, Safety::Safe);
    Call::new(request, |answer| MeetingTimes::from_json(&answer.body).ok_or_else(|| unreadable("Graph's answer holds no suggestions.")))
}

const UNANSWERED: &str = "Graph did not answer for this address.";

/// Takes the schedule of this address out of an answer.
fn take_schedule(list: &mut [Option<ScheduleInformation>], address: &str) -> ScheduleInformation {
    let matches = |entry: &&mut Option<ScheduleInformation>| {
        entry.as_ref().is_some_and(|schedule| schedule.schedule_id.trim().eq_ignore_ascii_case(address.trim()))
    };
    list.iter_mut().find(matches).and_then(Option::take).unwrap_or_else(|| failed(address, None, UNANSWERED))
}

fn failed(address: &str, code: Option<String>, message: &str) -> ScheduleInformation {
    ScheduleInformation {
        schedule_id: address.into(),
        error: Some(message.into()),
        error_code: code.unwrap_or_default(),
        ..ScheduleInformation::default()
    }
}

/// Joins two windows of one schedule, the earlier first.
fn join(mut before: ScheduleInformation, after: ScheduleInformation) -> ScheduleInformation {
    if before.error.is_some() {
        return before;
    }
    if after.error.is_some() {
        return after;
    }
    before.availability_view = match (before.availability_view, after.availability_view) {
        (Some(first), Some(second)) => Some(first + &second),
        _ => None,
    };
    before.items = match (before.items, after.items) {
        (Some(mut items), Some(more)) => {
            // What reaches over the border comes with both windows.
            let fresh: Vec<ScheduleItem> = more.into_iter().filter(|item| !items.contains(item)).collect();
            items.extend(fresh);
            Some(items)
        }
        _ => None,
    };
    before.working_hours = before.working_hours.or(after.working_hours);
    before
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
