//! findMeetingTimes. Owns which times are suggested, how sure and in which order: deterministic, within the documented rules.

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde_json::{Map, Value, json};

use super::{
    access::{self, Owner},
    error::{Error, Result},
    events::render::zoned,
    input::Input,
    reply::Reply,
    request::Call,
    schedule::refuse_personal,
    scopes,
};
use crate::world::{
    World,
    event::Address,
    mailbox::Mailbox,
    wire::{AttendeeKind, ShowAs},
    zones::{Zone, ZonedTime},
};

/// More attendees than this were seen to make the organizer unavailable.
const MOST_ATTENDEES: usize = 100;
/// Where no span is given, the service looks ahead; how far is not documented.
const DEFAULT_AHEAD: TimeDelta = TimeDelta::days(7);
/// Suggestions were seen to begin on the hour or half past.
const STEP_MINUTES: u32 = 30;
/// Longer spans would be expanded half-hour by half-hour without use.
const LONGEST_SPAN: TimeDelta = TimeDelta::days(366);

/// Which hours count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Domain {
    Work,
    Personal,
    Unrestricted,
}

struct Attendee<'a> {
    /// As it came, to be given back.
    input: Value,
    /// One, or a list's members; empty if nobody here is known by the address.
    mailboxes: Vec<&'a Mailbox>,
}

struct Question<'a> {
    organizer: &'a Mailbox,
    organizer_optional: bool,
    attendees: Vec<Attendee<'a>>,
    duration: TimeDelta,
    domain: Domain,
    spans: Vec<(ZonedTime, ZonedTime)>,
    least_percentage: f64,
    places: Places,
}

/// A locationConstraint.
#[derive(Default)]
struct Places {
    required: bool,
    suggest: bool,
    /// Graph's location and whether its availability is looked up.
    wanted: Vec<(Map<String, Value>, bool)>,
}

struct Candidate {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    confidence: f64,
    organizer: ShowAs,
    /// `None`: unknown.
    statuses: Vec<Option<ShowAs>>,
    locations: Vec<Value>,
}

/// Why nothing is suggested, from the reason found first to the one found last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Empty {
    OrganizerUnavailable,
    AttendeesUnavailable,
    AttendeesUnavailableOrUnknown,
    LocationsUnavailable,
}

/// `POST …/findMeetingTimes`.
pub(crate) fn find(world: &World, call: &Call<'_>, owner: &Owner) -> Result {
    if call.caller.user_id.is_none() {
        return Err(Error::access_denied());
    }
    scopes::outlook(call, scopes::CALENDARS_READ_SHARED)?;
    refuse_personal(world, &owner.id)?;
    let input = call.json()?;
    let zone = call.zone()?;
    let most = match input.integer("maxCandidates")? {
        None | Some(0) => world.switches.default_max_candidates,
        Some(number) if number > 0 => usize::try_from(number).unwrap_or(usize::MAX).min(world.switches.most_candidates),
        Some(_) => return Err(Error::parameter("'maxCandidates' must not be negative.")),
    };
    let reasons = input.boolean("returnSuggestionReasons")?.unwrap_or(false);
    let question = read(world, call, owner, &input)?;
    let (candidates, empty) = candidates(world, call, &question)?;
    let chosen = choose(candidates, most);
    let reason = if chosen.is_empty() { reason(empty, world.switches.pascal_case_reasons) } else { String::new() };
    let suggestions: Vec<Value> =
        chosen.iter().enumerate().map(|(index, candidate)| render(candidate, index, &question, &zone, reasons)).collect();
    Ok(Reply::ok(json!({
        "@odata.context": call.context("microsoft.graph.meetingTimeSuggestionsResult"),
        "emptySuggestionsReason": reason,
        "meetingTimeSuggestions": suggestions,
    })))
}

fn read<'a>(world: &'a World, call: &Call<'_>, owner: &Owner, input: &Input) -> Result<Question<'a>> {
    let organizer = access::mailbox(world, owner)?;
    let mut attendees = Vec::new();
    for object in input.objects("attendees")?.unwrap_or_default() {
        let email: Address = object.address("emailAddress")?.ok_or_else(|| Error::parameter("An attendee needs 'emailAddress'."))?;
        object.choice("type", AttendeeKind::parse)?;
        let known = world.recipients(&email.address).into_iter().filter(|id| {
            let tenant = world.user(id).map(|user| &user.tenant_id).or_else(|| world.group(id).map(|group| &group.tenant_id));
            tenant.is_some_and(|tenant| *tenant == call.caller.tenant_id) && world.group(id).is_none()
        });
        let mailboxes = known.filter_map(|id| world.mailboxes.get(&id)).collect();
        attendees.push(Attendee { input: Value::Object(object.members().clone()), mailboxes });
    }
    let duration = input.duration("meetingDuration")?.unwrap_or(TimeDelta::minutes(30));
    if duration <= TimeDelta::zero() || duration > LONGEST_SPAN {
        return Err(Error::parameter("'meetingDuration' must be positive and at most a year."));
    }
    let least_percentage = input.number("minimumAttendeePercentage")?.unwrap_or(50.0);
    if !(0.0..=100.0).contains(&least_percentage) {
        return Err(Error::parameter("'minimumAttendeePercentage' must be 0 to 100."));
    }
    let constraint = input.object("timeConstraint")?.unwrap_or_default();
    let domain = constraint.choice("activityDomain", |text| match text.to_ascii_lowercase().as_str() {
        "work" | "unknown" => Some(Domain::Work),
        "personal" => Some(Domain::Personal),
        "unrestricted" => Some(Domain::Unrestricted),
        _ => None,
    })?;
    let mut spans = Vec::new();
    for slot in constraint.objects("timeSlots")?.unwrap_or_default() {
        let missing = || Error::parameter("A time slot needs 'start' and 'end'.");
        let (start, end) = (slot.time("start")?.ok_or_else(missing)?, slot.time("end")?.ok_or_else(missing)?);
        if end.instant() <= start.instant() || end.instant() - start.instant() > LONGEST_SPAN {
            return Err(Error::parameter("A time slot ends after its start, and within a year."));
        }
        spans.push((start, end));
    }
    if spans.is_empty() {
        let zone = organizer.settings.zone.clone();
        let at = |instant| ZonedTime { local: zone.local(instant), zone: zone.clone() };
        spans.push((at(call.now), at(call.now + DEFAULT_AHEAD)));
    }
    Ok(Question {
        organizer,
        organizer_optional: input.boolean("isOrganizerOptional")?.unwrap_or(false),
        attendees,
        duration,
        domain: domain.unwrap_or(Domain::Work),
        spans,
        least_percentage,
        places: places(input)?,
    })
}

fn places(input: &Input) -> Result<Places> {
    let Some(constraint) = input.object("locationConstraint")? else { return Ok(Places::default()) };
    let mut wanted = Vec::new();
    for location in constraint.objects("locations")?.unwrap_or_default() {
        let mut members = location.members().clone();
        let resolve = location.boolean("resolveAvailability")?.unwrap_or(true);
        members.retain(|name, _| !name.eq_ignore_ascii_case("resolveAvailability"));
        wanted.push((members, resolve));
    }
    let required = constraint.boolean("isRequired")?.unwrap_or(false);
    Ok(Places { required, suggest: constraint.boolean("suggestLocation")?.unwrap_or(false), wanted })
}

/// All times that satisfy the question, in time order, and how far the best of the others came.
fn candidates(world: &World, call: &Call<'_>, question: &Question<'_>) -> Result<(Vec<Candidate>, Option<Empty>)> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut empty = Some(Empty::OrganizerUnavailable);
    if question.attendees.len() > MOST_ATTENDEES {
        return Ok((found, empty));
    }
    for (from, to) in &question.spans {
        let mut start = aligned(from);
        while start + question.duration <= to.instant() {
            match candidate(world, call, question, start, start + question.duration) {
                Ok(candidate) => found.push(candidate),
                Err(reason) => empty = empty.max(Some(reason)),
            }
            start += TimeDelta::minutes(i64::from(STEP_MINUTES));
        }
    }
    Ok((found, empty))
}

/// The first half hour on the wall clock of the span's zone that is not before it.
fn aligned(from: &ZonedTime) -> DateTime<Utc> {
    let past = TimeDelta::minutes(i64::from(from.local.minute() % STEP_MINUTES)) + TimeDelta::seconds(i64::from(from.local.second()));
    let step = if past.is_zero() { TimeDelta::zero() } else { TimeDelta::minutes(i64::from(STEP_MINUTES)) - past };
    from.instant() + step
}

fn candidate(
    world: &World,
    call: &Call<'_>,
    question: &Question<'_>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
) -> std::result::Result<Candidate, Empty> {
    let known = question.attendees.iter().flat_map(|attendee| attendee.mailboxes.iter().copied());
    let organizer = (!question.organizer_optional).then_some(question.organizer);
    let within = |mailbox: &Mailbox| match question.domain {
        Domain::Unrestricted => true,
        domain => mailbox.settings.hours.contain(start, end, domain == Domain::Personal),
    };
    // Seen: a time outside of anybody's working hours is answered as if the organizer had none.
    if !known.chain(organizer).all(within) {
        return Err(Empty::OrganizerUnavailable);
    }
    let status = question.organizer.status(start, end);
    // The documented sample suggests times at which the organizer is tentative.
    if !question.organizer_optional && matches!(status, ShowAs::Busy | ShowAs::Oof) {
        return Err(Empty::OrganizerUnavailable);
    }
    let statuses: Vec<Option<ShowAs>> = question.attendees.iter().map(|attendee| worst(&attendee.mailboxes, start, end)).collect();
    let confidence = confidence(&statuses);
    if confidence < question.least_percentage {
        let unknown = statuses.iter().any(Option::is_none);
        return Err(if unknown { Empty::AttendeesUnavailableOrUnknown } else { Empty::AttendeesUnavailable });
    }
    let locations = locations(world, call, &question.places, start, end).ok_or(Empty::LocationsUnavailable)?;
    Ok(Candidate { start, end, confidence, organizer: status, statuses, locations })
}

/// A list is as free as its busiest member.
fn worst(mailboxes: &[&Mailbox], start: DateTime<Utc>, end: DateTime<Utc>) -> Option<ShowAs> {
    let statuses = mailboxes.iter().map(|mailbox| mailbox.status(start, end));
    statuses.min_by(|one, other| chance(Some(*one)).total_cmp(&chance(Some(*other))))
}

/// How likely somebody comes, in percent. Documented for free, unknown and busy; who works elsewhere is at work, tentative is as open as unknown.
const fn chance(status: Option<ShowAs>) -> f64 {
    match status {
        Some(ShowAs::Free | ShowAs::WorkingElsewhere) => 100.0,
        Some(ShowAs::Busy | ShowAs::Oof) => 0.0,
        Some(ShowAs::Tentative | ShowAs::Unknown) | None => 49.0,
    }
}

/// The mean over the attendees; the organizer is not among them.
fn confidence(statuses: &[Option<ShowAs>]) -> f64 {
    if statuses.is_empty() {
        return 100.0;
    }
    statuses.iter().map(|status| chance(*status)).sum::<f64>() / statuses.len() as f64
}

/// Where: the wanted places, or free rooms instead; `None` if a place is required and there is none.
fn locations(world: &World, call: &Call<'_>, places: &Places, start: DateTime<Utc>, end: DateTime<Utc>) -> Option<Vec<Value>> {
    let free = |email: &str| {
        let mailbox = world.mailbox_at(email).and_then(|id| world.mailboxes.get(id));
        mailbox.is_some_and(|mailbox| mailbox.status(start, end) == ShowAs::Free)
    };
    let mut rooms = world.rooms.iter().filter(|room| room.tenant_id == call.caller.tenant_id && !room.reserved);
    let mut any = || rooms.find(|room| free(&room.email)).map(place);
    let mut chosen = Vec::new();
    for (wanted, resolve) in &places.wanted {
        let text = |name: &str| {
            wanted.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_str()).unwrap_or_default()
        };
        let email = text("locationEmailAddress");
        let room = world
            .rooms
            .iter()
            .find(|room| room.email.eq_ignore_ascii_case(email) || room.display_name.eq_ignore_ascii_case(text("displayName")));
        match room {
            Some(room) if *resolve && !free(&room.email) => chosen.extend(any()),
            _ => chosen.push(Value::Object(wanted.clone())),
        }
    }
    if places.wanted.is_empty() && places.suggest {
        chosen.extend(any());
    }
    let needed = places.required && (places.suggest || !places.wanted.is_empty());
    (!needed || !chosen.is_empty()).then_some(chosen)
}

fn place(room: &crate::world::directory::Room) -> Value {
    json!({ "displayName": room.display_name, "locationEmailAddress": room.email })
}

/// The best that do not overlap: surest first, then those at which the organizer is free, then the earliest.
fn choose(mut candidates: Vec<Candidate>, most: usize) -> Vec<Candidate> {
    candidates.sort_by(|one, other| {
        let tentative = |candidate: &Candidate| chance(Some(candidate.organizer)) < 100.0;
        other.confidence.total_cmp(&one.confidence).then(tentative(one).cmp(&tentative(other))).then(one.start.cmp(&other.start))
    });
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let overlaps = |other: &Candidate| other.start < candidate.end && candidate.start < other.end;
        if chosen.len() < most && !chosen.iter().any(overlaps) {
            chosen.push(candidate);
        }
    }
    chosen
}

fn render(candidate: &Candidate, index: usize, question: &Question<'_>, zone: &Zone, reasons: bool) -> Value {
    let time = |instant| zoned(&ZonedTime { local: Zone::utc().local(instant), zone: Zone::utc() }, false, zone);
    let attendees = question
        .attendees
        .iter()
        .zip(&candidate.statuses)
        .map(|(attendee, status)| json!({ "availability": status.map_or("unknown", ShowAs::as_str), "attendee": attendee.input }));
    let mut suggestion = json!({
        "confidence": candidate.confidence,
        "order": index + 1,
        "organizerAvailability": candidate.organizer.as_str(),
        "attendeeAvailability": attendees.collect::<Vec<_>>(),
        "locations": candidate.locations,
        "meetingTimeSlot": { "start": time(candidate.start), "end": time(candidate.end) },
    });
    if reasons {
        let all = candidate.statuses.iter().all(|status| chance(*status) >= 100.0);
        suggestion["suggestionReason"] = if all {
            "Suggested because it is one of the nearest times when all attendees are available.".into()
        } else {
            "Suggested because it is one of the nearest times when most attendees are available.".into()
        };
    }
    suggestion
}

fn reason(empty: Option<Empty>, pascal_case: bool) -> String {
    let reason = empty.map_or_else(|| "Unknown".to_owned(), |empty| format!("{empty:?}"));
    if pascal_case { reason } else { reason.chars().take(1).flat_map(char::to_lowercase).chain(reason.chars().skip(1)).collect() }
}
