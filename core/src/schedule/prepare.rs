//! The request made ready to be computed with: checked, in minutes, people by their hours. Owns the validation of requests; leaves
//! candidates to `tally`.

use std::rc::Rc;

use super::{
    Hours, HoursPolicy, Quorum, RankRequest, Role,
    availability::{Timeline, attendee_field, invalid, minute_after, minute_before},
    hours::{self, Shift, Unreadable},
    recurrence::Series,
};
use crate::{
    Error,
    model::WorkingHours,
    time::{Zone, Zones},
};

/// `⌈attendees / 64⌉ × candidates` may not be more.
const MOST_WORK: i64 = 10_000_000;

/// More attendees than any meeting has; sums of weights stay far within their type.
const MOST_ATTENDEES: usize = 100_000;

/// No search looks at more working days, each kind of hours counted apart: these are eight weeks of 170 000 kinds.
const MOST_WORKING_DAYS: i64 = 10_000_000;

/// A request that is known to make sense.
pub(super) struct Prepared<'a> {
    pub(super) request: &'a RankRequest,
    /// Everybody's, in input order.
    pub(super) ids: Vec<Rc<str>>,
    pub(super) zone: Rc<Zone>,
    /// In minutes, rounded inward.
    pub(super) window: (i64, i64),
    /// Organizer, required and optional, in input order.
    pub(super) people: Vec<Person>,
    pub(super) rooms: Vec<Room>,
    pub(super) groups: Vec<Group<'a>>,
    pub(super) series: Option<Series<'a>>,
}

/// Somebody who has a weight.
pub(super) struct Person {
    /// Position in the request.
    pub(super) index: usize,
    pub(super) role: Role,
    pub(super) timeline: Timeline,
    /// Position in `groups`.
    pub(super) group: usize,
}

impl Person {
    pub(super) fn weight(&self) -> i32 {
        if self.role == Role::Optional { 1 } else { 4 }
    }
}

/// A room or equipment.
pub(super) struct Room {
    pub(super) index: usize,
    pub(super) timeline: Timeline,
    pub(super) capacity: Option<u32>,
    /// Position in `groups`, which does not have it among its members.
    pub(super) group: usize,
}

impl Room {
    /// Whether so many people find a seat; where nobody knows its size, they do.
    pub(super) fn fits(&self, seats: usize) -> bool {
        self.capacity.is_none_or(|capacity| capacity as usize >= seats)
    }
}

/// Everybody who works by the same hours.
pub(super) struct Group<'a> {
    /// Nothing where none are given.
    given: &'a [WorkingHours],
    shifts: Result<Option<Vec<Shift>>, Unreadable>,
    /// How their clocks go.
    pub(super) zone: Rc<Zone>,
    /// Positions in `people`.
    pub(super) members: Vec<usize>,
}

impl Group<'_> {
    /// When they work; `None` where nobody is ever outside.
    pub(super) fn shifts(&self) -> Option<&[Shift]> {
        self.shifts.as_ref().ok()?.as_deref()
    }
}

/// What counts in one search: the request's own rules, or those with one change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) duration: i64,
    pub(super) allow_tentative: bool,
    pub(super) hours: HoursPolicy,
    pub(super) needs_room: bool,
    pub(super) needs_organizer: bool,
    /// Whether later occurrences count.
    pub(super) whole_series: bool,
    /// Somebody who was never listed, as a position in `people`.
    pub(super) without: Option<usize>,
}

impl<'a> Prepared<'a> {
    /// # Errors
    /// `invalid-request` that names the field.
    pub(super) fn new(request: &'a RankRequest, zones: &Zones) -> Result<Self, Error> {
        check(request)?;
        let zone = zones.get(&request.time_zone).ok_or_else(|| invalid(&["timeZone"], " is no time zone that is known here"))?;
        let window = (minute_after(request.window.start), minute_before(request.window.end));
        let series = request.recurrence.as_ref().map(|recurrence| Series::new(recurrence, "recurrence")).transpose()?;
        let mut prepared = Self {
            request,
            ids: request.attendees.iter().map(|attendee| attendee.id.as_str().into()).collect(),
            zone,
            window,
            people: Vec::with_capacity(request.attendees.len()),
            rooms: Vec::new(),
            groups: Vec::new(),
            series,
        };
        let mut known = Vec::new();
        for (index, attendee) in request.attendees.iter().enumerate() {
            let timeline = Timeline::of(attendee, window, Some(index), zones)?;
            let group = prepared.group(index, &mut known, zones)?;
            if attendee.role == Role::Resource {
                prepared.rooms.push(Room { index, timeline, capacity: attendee.capacity, group });
                continue;
            }
            prepared.groups[group].members.push(prepared.people.len());
            prepared.people.push(Person { index, role: attendee.role, timeline, group });
        }
        let shifts: usize = prepared.groups.iter().filter_map(Group::shifts).map(<[Shift]>::len).sum();
        let days = (window.1 - window.0).max(0) / (24 * 60);
        if days.saturating_mul(i64::try_from(shifts).unwrap_or(i64::MAX)) > MOST_WORKING_DAYS {
            return Err(invalid(&["window.end"], " is too late for so many different working hours; ask for less time at once"));
        }
        Ok(prepared)
    }

    pub(super) fn rules(&self) -> Rules {
        Rules {
            duration: self.request.duration_minutes.into(),
            allow_tentative: self.request.allow_tentative,
            hours: self.request.working_hours,
            needs_room: self.request.needs_resource.unwrap_or(!self.rooms.is_empty()),
            needs_organizer: true,
            whole_series: true,
            without: None,
        }
    }

    /// Everybody who is listed under these rules, with their position in `people`.
    pub(super) fn listed(&self, rules: &Rules) -> impl Iterator<Item = (usize, &Person)> {
        let without = rules.without;
        self.people.iter().enumerate().filter(move |(number, _)| without != Some(*number))
    }

    /// Until when later occurrences are tested: the earliest end of anybody's availability, the window's where nobody gives one.
    pub(super) fn horizon(&self, rules: &Rules) -> i64 {
        let left_out = rules.without.map(|number| self.people[number].index);
        let listed = self.request.attendees.iter().enumerate().filter(|(index, _)| left_out != Some(*index));
        listed.filter_map(|(_, attendee)| attendee.known_until).min().map_or(self.window.1, minute_before)
    }

    /// How many seats a room must have.
    pub(super) fn seats(&self, rules: &Rules) -> usize {
        self.people.len() - usize::from(rules.without.is_some())
    }

    /// How many of the required people (the organizer apart) must attend; `None` without a quorum.
    pub(super) fn quorum(&self, rules: &Rules) -> Option<usize> {
        let Quorum { min_required, min_percentage } = self.request.quorum;
        let required = self.listed(rules).filter(|(_, person)| person.role == Role::Required).count();
        let number = min_required.map(|number| (number as usize).min(required));
        let share = min_percentage.map(|share| (required * share as usize).div_ceil(100));
        number.max(share)
    }

    /// The position of the group that this attendee belongs to. `known`: the groups by the hash of their hours, in order.
    fn group(&mut self, index: usize, known: &mut Vec<(u32, usize)>, zones: &Zones) -> Result<usize, Error> {
        let attendee = &self.request.attendees[index];
        let given: &[WorkingHours] = match &attendee.working_hours {
            Hours::Own(hours) => hours,
            Hours::NoneKnown => &[],
            Hours::OfSchedule => {
                attendee.schedule.as_ref().and_then(|schedule| schedule.working_hours.as_ref()).map_or(&[], std::slice::from_ref)
            }
        };
        let hash = hash(given);
        let place = known.partition_point(|(other, _)| *other < hash);
        let same = known[place..].iter().take_while(|(other, _)| *other == hash).map(|(_, group)| *group);
        let group = same.into_iter().find(|group| self.groups[*group].given == given).unwrap_or_else(|| {
            let zone = given.iter().find_map(|hours| zones.from_json(&hours.time_zone)).unwrap_or_else(|| self.zone.clone());
            let shifts = hours::shifts(given, zones);
            self.groups.push(Group { given, shifts, zone, members: Vec::new() });
            known.insert(place, (hash, self.groups.len() - 1));
            self.groups.len() - 1
        });
        match &self.groups[group].shifts {
            // What Graph sent is read as far as it goes; what the caller wrote has to make sense.
            Err(problem) if attendee.working_hours != Hours::OfSchedule => {
                let entry = problem.entry.to_string();
                let field = attendee_field(Some(index));
                Err(invalid(&[&field, "workingHours[", &entry, "].", problem.member], " is not a time of day like 08:00:00"))
            }
            _ => Ok(group),
        }
    }
}

/// Tells most hours apart without comparing all of them (FNV-1a over the texts; 0 for none).
fn hash(hours: &[WorkingHours]) -> u32 {
    let mut hash = 0;
    let mut add = |text: &str| {
        for byte in text.bytes() {
            hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    };
    for hours in hours {
        hours.days_of_week.iter().for_each(|day| add(day));
        add(&hours.start_time);
        add(&hours.end_time);
        add(hours.time_zone.as_str().or_else(|| hours.time_zone.get("name")?.as_str()).unwrap_or_default());
    }
    hash
}

fn check(request: &RankRequest) -> Result<(), Error> {
    if request.window.end < request.window.start {
        return Err(invalid(&["window.end"], " is before window.start"));
    }
    for (field, number) in
        [("durationMinutes", request.duration_minutes), ("stepMinutes", request.step_minutes), ("maxResults", request.max_results)]
    {
        if number < 1 {
            return Err(invalid(&[field], " must be at least 1"));
        }
    }
    if request.attendees.len() > MOST_ATTENDEES {
        return Err(invalid(&["attendees"], " are more than 100000"));
    }
    let count = |role| request.attendees.iter().filter(|attendee| attendee.role == role).count();
    if count(Role::Organizer) > 1 {
        let last = request.attendees.iter().rposition(|attendee| attendee.role == Role::Organizer).unwrap_or_default();
        return Err(invalid(&["attendees[", &last.to_string(), "].kind"], " names a second organizer; there can be one"));
    }
    if request.quorum.min_required.is_some_and(|number| number as usize > count(Role::Required)) {
        return Err(invalid(&["quorum.minRequired"], " is more than there are required people"));
    }
    if request.quorum.min_percentage.is_some_and(|share| share > 100) {
        return Err(invalid(&["quorum.minPercentage"], " must lie in 0 to 100"));
    }
    let length = minute_before(request.window.end).saturating_sub(minute_after(request.window.start));
    let slack = length.saturating_sub(request.duration_minutes.into());
    let candidates = if slack < 0 { 0 } else { slack / i64::from(request.step_minutes) + 1 };
    let people = i64::try_from(request.attendees.len().div_ceil(64).max(1)).unwrap_or(i64::MAX);
    if candidates.saturating_mul(people) > MOST_WORK {
        return Err(invalid(&["stepMinutes"], " is too small for so long a window and so many attendees"));
    }
    Ok(())
}
