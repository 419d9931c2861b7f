//! What the arbitrary requests were made of and what came of them. Owns the shares below which the generator counts as degenerate.
#![expect(clippy::print_stdout, reason = "a test that reports; shown with --nocapture")]

use std::collections::BTreeMap;

use convoke_core::{
    model::{FreeBusy, WorkingHours},
    schedule::*,
};

/// How many requests had a trait.
#[derive(Default)]
pub(crate) struct Distribution(BTreeMap<&'static str, usize>);

/// Every trait, and its least share in thousandths of all requests.
const LEAST: [(&str, usize); 57] = [
    ("window: hours", 400),
    ("window: days", 100),
    ("window: weeks", 50),
    ("window: eight weeks", 1),
    ("starts at an odd second", 100),
    ("nobody", 50),
    ("organizer", 200),
    ("optional", 200),
    ("resource", 200),
    ("resource with capacity", 100),
    ("a room is matched", 50),
    ("needs a room by default", 50),
    ("needs a room", 100),
    ("buffers", 300),
    ("quorum", 150),
    ("recurrence", 200),
    ("recurrence: something fits", 70),
    ("recurrence: what fits recurs", 30),
    ("tentative does not attend", 300),
    ("tentative item", 400),
    ("unknown item", 100),
    ("workingElsewhere item", 100),
    ("nothing known of somebody", 100),
    ("availability view", 100),
    ("items beside a view", 50),
    ("schedule with an error", 40),
    ("knownUntil", 200),
    ("ignore", 200),
    ("hours: required", 200),
    ("hours: preferred", 200),
    ("hours: ignored", 200),
    ("hours: overnight", 250),
    ("hours: split", 100),
    ("hours: in several zones", 100),
    ("hours: half an hour's zone", 50),
    ("hours: three quarters' zone", 70),
    ("hours: southern zone", 100),
    ("hours: zone that never changes", 100),
    ("hours: custom zone", 200),
    ("hours: unknown zone", 30),
    ("suggestions", 350),
    ("suggestions cut by maxResults", 150),
    ("empty: attendeesUnavailable", 30),
    ("empty: attendeesUnavailableOrUnknown", 30),
    ("empty: locationsUnavailable", 20),
    ("empty: organizerUnavailable", 10),
    ("empty: unknown", 3),
    ("almost: tentative", 10),
    ("almost: outside-hours", 10),
    ("almost: shorter", 3),
    ("almost: occurrences", 4),
    ("almost: no-room", 20),
    ("almost: without", 20),
    ("reason: no-room", 20),
    ("reason: occurrence-conflict", 4),
    ("reason: required-busy", 10),
    ("reason: outside-hours", 50),
];

impl Distribution {
    pub(crate) fn add(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    /// Prints the shares; fails where one is too small.
    pub(crate) fn check(&self, cases: usize) {
        println!("{cases} requests");
        let mut poor = Vec::new();
        for (name, least) in LEAST {
            let count = self.0.get(name).copied().unwrap_or_default();
            println!("{:7.1} %  {name}", count as f64 * 100.0 / cases as f64);
            if count * 1000 < least * cases {
                poor.push(name);
            }
        }
        // Of a few cases nothing can be said.
        assert!(poor.is_empty() || cases < 5_000, "too rare: {}", poor.join(", "));
    }

    /// `recurs`: the best slot has later occurrences.
    pub(crate) fn note(&mut self, request: &RankRequest, found: &RankResult, recurs: bool) {
        let mut has = |name: &'static str, yes: bool| *self.0.entry(name).or_default() += usize::from(yes);
        note_request(request, &mut has);
        note_people(request, &mut has);
        note_hours(request, &mut has);
        note_result(request, found, &mut has);
        has("recurrence: what fits recurs", recurs);
    }
}

fn note_request(request: &RankRequest, has: &mut impl FnMut(&'static str, bool)) {
    let minutes = request.window.minutes();
    has("window: hours", minutes <= 43 * 60);
    has("window: days", (24 * 60..14 * 24 * 60).contains(&minutes));
    has("window: weeks", minutes >= 13 * 24 * 60);
    has("window: eight weeks", minutes >= 55 * 24 * 60);
    has("starts at an odd second", request.window.start.timestamp() % 60 != 0);
    let rooms = request.attendees.iter().any(|attendee| attendee.role == Role::Resource);
    has("needs a room by default", request.needs_resource.is_none() && rooms);
    has("needs a room", request.needs_resource == Some(true));
    has("buffers", request.buffer_before_minutes + request.buffer_after_minutes > 0);
    has("quorum", request.quorum != Quorum::default());
    has("recurrence", request.recurrence.is_some());
    has("tentative does not attend", !request.allow_tentative);
    has("hours: required", request.working_hours == HoursPolicy::Require);
    has("hours: preferred", request.working_hours == HoursPolicy::Prefer);
    has("hours: ignored", request.working_hours == HoursPolicy::Ignore);
}

fn note_people(request: &RankRequest, has: &mut impl FnMut(&'static str, bool)) {
    let people = &request.attendees;
    let mut any = |name, test: &dyn Fn(&RankAttendee) -> bool| has(name, people.iter().any(test));
    any("organizer", &|person| person.role == Role::Organizer);
    any("optional", &|person| person.role == Role::Optional);
    any("resource", &|person| person.role == Role::Resource);
    any("resource with capacity", &|person| person.role == Role::Resource && person.capacity.is_some());
    let word = |person: &RankAttendee, status| {
        let items = person.schedule.as_ref().and_then(|schedule| schedule.items.as_ref());
        person.busy.iter().flatten().any(|item| item.status == status) || items.into_iter().flatten().any(|item| item.status == status)
    };
    any("tentative item", &|person| word(person, FreeBusy::Tentative));
    any("unknown item", &|person| word(person, FreeBusy::Unknown));
    any("workingElsewhere item", &|person| word(person, FreeBusy::WorkingElsewhere));
    any("nothing known of somebody", &|person| person.busy.is_none() && person.schedule.is_none());
    let view = |person: &RankAttendee| person.schedule.as_ref().is_some_and(|schedule| schedule.availability_view.is_some());
    any("availability view", &view);
    any("items beside a view", &|person| view(person) && person.schedule.as_ref().is_some_and(|schedule| schedule.items.is_some()));
    any("schedule with an error", &|person| person.schedule.as_ref().is_some_and(|schedule| schedule.error.is_some()));
    any("knownUntil", &|person| person.known_until.is_some());
    any("ignore", &|person| !person.ignore.is_empty());
    has("nobody", people.is_empty());
}

fn note_hours(request: &RankRequest, has: &mut impl FnMut(&'static str, bool)) {
    let of = |person: &RankAttendee| -> Vec<WorkingHours> {
        match &person.working_hours {
            Hours::Own(hours) => hours.clone(),
            Hours::NoneKnown => Vec::new(),
            Hours::OfSchedule => person.schedule.iter().flat_map(|schedule| schedule.working_hours.clone()).collect(),
        }
    };
    let all: Vec<WorkingHours> = request.attendees.iter().flat_map(of).collect();
    let mut zones: Vec<String> = all.iter().map(|hours| hours.time_zone.to_string()).collect();
    zones.sort();
    zones.dedup();
    has("hours: in several zones", zones.len() > 1);
    has("hours: overnight", all.iter().any(|hours| hours.end_time <= hours.start_time));
    has("hours: split", request.attendees.iter().any(|person| of(person).len() > 1));
    has("hours: custom zone", all.iter().any(|hours| hours.time_zone.is_object()));
    let mut named = |name, zones: &[&str]| {
        has(name, all.iter().any(|hours| hours.time_zone.as_str().is_some_and(|zone| zones.contains(&zone))));
    };
    named("hours: half an hour's zone", &["Asia/Kolkata", "America/St_Johns"]);
    named("hours: three quarters' zone", &["Asia/Kathmandu", "Pacific/Chatham"]);
    named("hours: southern zone", &["Australia/Lord_Howe", "Pacific/Chatham", "America/Santiago"]);
    named("hours: zone that never changes", &["UTC", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo"]);
    named("hours: unknown zone", &["Nowhere"]);
}

fn note_result(request: &RankRequest, found: &RankResult, has: &mut impl FnMut(&'static str, bool)) {
    has("suggestions", !found.suggestions.is_empty());
    has("suggestions cut by maxResults", found.suggestions.len() == request.max_results as usize);
    has("a room is matched", found.suggestions.iter().any(|slot| slot.resource.is_some()));
    has("recurrence: something fits", request.recurrence.is_some() && !found.suggestions.is_empty());
    has("empty: attendeesUnavailable", found.empty_reason == EmptyReason::AttendeesUnavailable);
    has("empty: attendeesUnavailableOrUnknown", found.empty_reason == EmptyReason::AttendeesUnavailableOrUnknown);
    has("empty: locationsUnavailable", found.empty_reason == EmptyReason::LocationsUnavailable);
    has("empty: organizerUnavailable", found.empty_reason == EmptyReason::OrganizerUnavailable);
    has("empty: unknown", found.empty_reason == EmptyReason::Unknown);
    let almost = |kind: &str| found.almost.iter().flatten().any(|almost| almost.change.kind() == kind);
    has("almost: tentative", almost("tentative"));
    has("almost: outside-hours", almost("outside-hours"));
    has("almost: shorter", almost("shorter"));
    has("almost: occurrences", almost("occurrences"));
    has("almost: no-room", almost("no-room"));
    has("almost: without", almost("without"));
    let slots = found.suggestions.iter().chain(found.almost.iter().flatten().map(|almost| &almost.suggestion));
    let codes: Vec<ReasonCode> = slots.flat_map(|slot| slot.reasons.iter().map(|reason| reason.code)).collect();
    has("reason: no-room", codes.contains(&ReasonCode::NoRoom));
    has("reason: occurrence-conflict", codes.contains(&ReasonCode::OccurrenceConflict));
    has("reason: required-busy", codes.contains(&ReasonCode::RequiredBusy));
    has("reason: outside-hours", codes.contains(&ReasonCode::OutsideHours));
}
