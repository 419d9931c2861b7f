//! `rankSlots`. Owns reading its request and writing its result; leaves ranking to `schedule`.

use serde_json::{Map, Value};

use super::{field::Field, view::busy_item};
use crate::{
    Error,
    model::{ScheduleInformation, WorkingHours},
    schedule::{self, Change, Hours, HoursPolicy, Quorum, RankAttendee, RankRequest, RankResult, Recurrence, Role, Suggestion, View},
    time::{Zones, iso_utc, parse_time_of_day, parse_weekday},
};

/// Ranks the slots of a `RankRequest` and answers with a `RankResult`, both in the module's declared shapes.
///
/// # Errors
/// `invalid-request` that names the field: a missing or wrongly typed member, and whatever [`schedule::rank`] refuses.
pub fn rank_slots(request: &Value, zones: &Zones) -> Result<Value, Error> {
    Ok(write(&schedule::rank(&rank_request(request)?, zones)?))
}

/// The request alone, as the engine takes it.
///
/// # Errors
/// As [`rank_slots`], as far as reading goes.
pub fn rank_request(request: &Value) -> Result<RankRequest, Error> {
    read(&Field::object(request, "request")?)
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

fn write(result: &RankResult) -> Value {
    let mut object = Map::new();
    object.insert("suggestions".into(), result.suggestions.iter().map(write_suggestion).collect());
    object.insert("emptyReason".into(), result.empty_reason.as_str().into());
    if let Some(almost) = &result.almost {
        let entries = almost.iter().map(|almost| {
            let mut entry = Map::new();
            entry.insert("change".into(), write_change(&almost.change));
            entry.insert("suggestion".into(), write_suggestion(&almost.suggestion));
            Value::Object(entry)
        });
        object.insert("almost".into(), entries.collect());
    }
    Value::Object(object)
}

fn write_change(change: &Change) -> Value {
    let mut object = Map::new();
    object.insert("kind".into(), change.kind().into());
    match change {
        Change::Shorter { minutes } => drop(object.insert("minutes".into(), (*minutes).into())),
        Change::Without { attendee } => drop(object.insert("attendee".into(), attendee.as_str().into())),
        Change::Tentative | Change::OutsideHours | Change::Occurrences | Change::NoRoom => {}
    }
    Value::Object(object)
}

fn write_suggestion(suggestion: &Suggestion) -> Value {
    let attendees = suggestion.attendees.iter().map(|state| {
        let mut object = Map::new();
        object.insert("id".into(), state.id.as_str().into());
        object.insert("status".into(), state.status.as_word().into());
        object.insert("outsideHours".into(), state.outside_hours.into());
        object.insert("minutesOutside".into(), state.minutes_outside.into());
        object.insert("localStart".into(), state.local_start.to_iso().into());
        Value::Object(object)
    });
    let reasons = suggestion.reasons.iter().map(|reason| {
        let mut object = Map::new();
        object.insert("code".into(), reason.code.as_str().into());
        object.insert("attendees".into(), reason.attendees.iter().map(String::as_str).collect());
        Value::Object(object)
    });
    let mut object = Map::new();
    object.insert("start".into(), iso_utc(suggestion.start).into());
    object.insert("end".into(), iso_utc(suggestion.end).into());
    object.insert("score".into(), suggestion.score().into());
    object.insert("confidence".into(), suggestion.confidence().into());
    object.insert("attendees".into(), attendees.collect());
    if let Some(resource) = &suggestion.resource {
        object.insert("resource".into(), resource.as_str().into());
    }
    object.insert("reasons".into(), reasons.collect());
    Value::Object(object)
}
