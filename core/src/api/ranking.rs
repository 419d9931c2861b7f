//! `rankSlots`. Owns reading its request; leaves ranking to `schedule`, and writing the result to `answer`.

use serde_json::Value;

use super::{answer, field::Field, quick, view::busy_item};
use crate::{
    Error, ErrorCode,
    model::{ScheduleInformation, WorkingHours},
    schedule::{self, Hours, HoursPolicy, Quorum, RankAttendee, RankRequest, Recurrence, Role, View},
    time::{Zones, parse_time_of_day, parse_weekday},
};

/// Ranks the slots of a `RankRequest` and answers with a `RankResult`, both in the module's declared shapes.
///
/// # Errors
/// `invalid-request` that names the field: a missing or wrongly typed member, and whatever [`schedule::rank`] refuses.
pub fn rank_slots(request: &Value, zones: &Zones) -> Result<Value, Error> {
    let answer = answer::write(&schedule::rank(&rank_request(request)?, zones)?);
    // What was written just now can be read.
    Ok(serde_json::from_slice(answer.as_bytes()).unwrap_or_default())
}

/// The same from JSON text to JSON text, which is how values reach the module and leave it: several times faster for hundreds of people,
/// because their items never become values.
///
/// # Errors
/// As [`rank_slots`], and `invalid-request` for what is no JSON.
pub fn rank_slots_text(request: &str, zones: &Zones) -> Result<String, Error> {
    schedule::rank(&rank_request_text(request)?, zones).map(|result| answer::write(&result))
}

/// The request alone, as the engine takes it.
///
/// # Errors
/// As [`rank_slots`], as far as reading goes.
pub fn rank_request(request: &Value) -> Result<RankRequest, Error> {
    read(&Field::object(request, "request")?)
}

/// The same from text.
///
/// # Errors
/// As [`rank_slots_text`], as far as reading goes.
pub fn rank_request_text(request: &str) -> Result<RankRequest, Error> {
    if let Some(read) = quick::read(request, |rest| rank_request(rest).ok()) {
        return Ok(read);
    }
    let value = serde_json::from_slice(request.as_bytes());
    rank_request(&value.map_err(|_| Error::new(ErrorCode::InvalidRequest, "request is no JSON, or nested too deeply"))?)
}

const ROLES: [(&str, Role); 4] =
    [("organizer", Role::Organizer), ("required", Role::Required), ("optional", Role::Optional), ("resource", Role::Resource)];

const POLICIES: [(&str, HoursPolicy); 3] =
    [("require", HoursPolicy::Require), ("prefer", HoursPolicy::Prefer), ("ignore", HoursPolicy::Ignore)];

fn read(request: &Field<'_>) -> Result<RankRequest, Error> {
    let window = request.member("window").span()?;
    let mut read = RankRequest::new(window, request.member("durationMinutes").whole(1)?);
    if let Some(step) = request.given("stepMinutes") {
        read.step_minutes = step.whole(1)?;
    }
    if let Some(zone) = request.given("timeZone") {
        read.time_zone = zone.text()?.to_owned();
    }
    read.attendees = request.member("attendees").entries()?.map(|attendee| read_attendee(&attendee)).collect::<Result<_, _>>()?;
    if let Some(policy) = request.given("workingHours") {
        read.working_hours = policy.word(&POLICIES, " must be one of require, prefer and ignore")?;
    }
    if let Some(minutes) = request.given("bufferBeforeMinutes") {
        read.buffer_before_minutes = minutes.whole(0)?;
    }
    if let Some(minutes) = request.given("bufferAfterMinutes") {
        read.buffer_after_minutes = minutes.whole(0)?;
    }
    if let Some(quorum) = request.given("quorum") {
        quorum.as_object()?;
        read.quorum = Quorum {
            min_required: quorum.given("minRequired").map(|number| number.whole(0)).transpose()?,
            min_percentage: quorum.given("minPercentage").map(|share| share.whole(0)).transpose()?,
        };
    }
    if let Some(flag) = request.given("allowTentative") {
        read.allow_tentative = flag.flag()?;
    }
    read.needs_resource = request.given("needsResource").map(|flag| flag.flag()).transpose()?;
    if let Some(number) = request.given("maxResults") {
        read.max_results = number.whole(1)?;
    }
    if let Some(recurrence) = request.given("recurrence") {
        read.recurrence = Some(Recurrence::from_json(recurrence.as_object()?.value(), "recurrence")?);
    }
    if let Some(flag) = request.given("relax") {
        read.relax = flag.flag()?;
    }
    Ok(read)
}

fn read_attendee(attendee: &Field<'_>) -> Result<RankAttendee, Error> {
    attendee.as_object()?;
    let role = attendee.given("kind").map(|kind| kind.word(&ROLES, " must be one of organizer, required, optional and resource"));
    let mut read = RankAttendee::new(attendee.member("id").text()?, role.transpose()?.unwrap_or_default());
    if let Some(busy) = attendee.given("busy") {
        read.busy = Some(busy.entries()?.map(|item| busy_item(&item)).collect::<Result<_, _>>()?);
    }
    if let Some(schedule) = attendee.given("schedule") {
        read.schedule = ScheduleInformation::from_json(schedule.as_object()?.value());
    }
    if let Some(view) = attendee.given("view") {
        view.as_object()?;
        read.view = Some(View { start: view.member("start").instant()?, interval_minutes: view.member("intervalMinutes").whole(1)? });
    }
    read.known_until = attendee.given("knownUntil").map(|until| until.instant()).transpose()?;
    if let Some(ignore) = attendee.given("ignore") {
        read.ignore = ignore.entries()?.map(|bounds| bounds.span()).collect::<Result<_, _>>()?;
    }
    let hours = attendee.member("workingHours");
    read.working_hours = match hours.value() {
        // Null is said on purpose; only a member that is not there leaves the schedule's.
        Value::Null if attendee.value().get("workingHours").is_some() => Hours::NoneKnown,
        Value::Null => Hours::OfSchedule,
        Value::Array(_) => Hours::Own(hours.entries()?.map(|entry| read_hours(&entry)).collect::<Result<_, _>>()?),
        _ => Hours::Own(vec![read_hours(&hours)?]),
    };
    read.capacity = attendee.given("capacity").map(|capacity| capacity.whole(0)).transpose()?;
    Ok(read)
}

fn read_hours(hours: &Field<'_>) -> Result<WorkingHours, Error> {
    hours.as_object()?;
    let day = |day: Field<'_>| {
        let name = day.value().as_str().filter(|name| parse_weekday(name).is_some());
        name.map(str::to_owned).ok_or_else(|| day.refuse(" must be an English name of a day, like monday"))
    };
    let time = |name| {
        let time = hours.member(name);
        let text = time.value().as_str().filter(|text| parse_time_of_day(text).is_some());
        text.map(str::to_owned).ok_or_else(|| time.refuse(" must be a time of day like 08:00:00"))
    };
    let zone = hours.member("timeZone");
    if !zone.value().is_string() && !zone.value().is_object() {
        return Err(zone.refuse(" must be the name of a time zone, or Graph's object of one"));
    }
    Ok(WorkingHours {
        days_of_week: hours.member("daysOfWeek").entries()?.map(day).collect::<Result<_, _>>()?,
        start_time: time("startTime")?,
        end_time: time("endTime")?,
        time_zone: zone.value().clone(),
    })
}
