//! Why a slot is suggested. Owns everybody's state, the match of a room and the reasons; leaves the choice to `search`.

use std::rc::Rc;

use super::{
    AttendeeState, HoursPolicy, Reason, ReasonCode, Role, Suggestion,
    availability::{BUSY, TENTATIVE, UNKNOWN, instant, status_of},
    hours::{minutes_outside, periods},
    prepare::{Person, Prepared, Room, Rules},
    search::Pick,
};
use crate::time::LocalTime;

/// The suggestion for a candidate that was chosen.
pub(super) fn suggestion(prepared: &Prepared<'_>, rules: &Rules, pick: Pick) -> Suggestion {
    let slot = Slot::new(prepared, rules, pick.start);
    let resource = slot.room();
    let chances: Vec<u32> = slot
        .people()
        .filter(|(person, _)| person.role != Role::Organizer)
        .map(|(_, severity)| match severity {
            BUSY.. => 0,
            UNKNOWN => 49,
            TENTATIVE => 50,
            _ => 100,
        })
        .collect();
    let people = u32::try_from(chances.len()).unwrap_or(u32::MAX);
    Suggestion {
        start: instant(slot.start),
        end: instant(slot.end),
        score_tenths: pick.score_tenths,
        confidence_hundredths: (chances.iter().sum::<u32>() * 100).checked_div(people).unwrap_or(10_000),
        attendees: slot.states(),
        resource: resource.map(|room| prepared.request.attendees[room.index].id.clone()),
        reasons: slot.reasons(resource),
    }
}

/// Who keeps a slot from passing, by position in the request: the organizer, and the required people if these fail it.
pub(super) fn blockers(prepared: &Prepared<'_>, rules: &Rules, start: i64) -> Vec<usize> {
    let slot = Slot::new(prepared, rules, start);
    let quorum = prepared.quorum(rules);
    let absent = |person: &Person, severity: u8| {
        let unknown = quorum.is_some() && person.role == Role::Required && severity == UNKNOWN;
        let tentative = !rules.allow_tentative && severity == TENTATIVE;
        let outside = rules.hours == HoursPolicy::Require && slot.outside[person.group].is_some_and(|minutes| minutes > 0);
        severity >= BUSY || unknown || tentative || outside
    };
    let of_role = |role: Role| {
        let people = slot.people().filter(move |(person, _)| person.role == role);
        people.filter(|(person, severity)| absent(person, *severity)).map(|(person, _)| person.index).collect::<Vec<_>>()
    };
    let mut blockers = of_role(Role::Required);
    let required = prepared.listed(rules).filter(|(_, person)| person.role == Role::Required).count();
    if quorum.is_some_and(|needed| required - blockers.len() >= needed) {
        blockers.clear();
    }
    if rules.needs_organizer {
        blockers.extend(of_role(Role::Organizer));
    }
    blockers
}

/// Everybody's state at one start.
struct Slot<'a> {
    prepared: &'a Prepared<'a>,
    rules: &'a Rules,
    start: i64,
    end: i64,
    /// With the buffers.
    wide: (i64, i64),
    /// Severity of everybody in `people`, also of whoever is left out.
    severities: Vec<u8>,
    /// Minutes outside of each group; `None` where nobody is ever outside.
    outside: Vec<Option<i64>>,
}

impl<'a> Slot<'a> {
    fn new(prepared: &'a Prepared<'a>, rules: &'a Rules, start: i64) -> Self {
        let end = start + rules.duration;
        let request = prepared.request;
        let wide = (start - i64::from(request.buffer_before_minutes), end + i64::from(request.buffer_after_minutes));
        let outside = |shifts| minutes_outside(&periods(shifts, start, end), start, end);
        Self {
            prepared,
            rules,
            start,
            end,
            wide,
            severities: prepared.people.iter().map(|person| person.timeline.worst(wide.0, wide.1)).collect(),
            outside: prepared.groups.iter().map(|group| group.shifts().map(outside)).collect(),
        }
    }

    fn people(&self) -> impl Iterator<Item = (&'a Person, u8)> + '_ {
        self.prepared.listed(self.rules).map(|(number, person)| (person, self.severities[number]))
    }

    fn id(&self, index: usize) -> Rc<str> {
        self.prepared.ids[index].clone()
    }

    fn ids(&self, chosen: impl Fn(&Person, u8) -> bool) -> Vec<Rc<str>> {
        self.people().filter(|(person, severity)| chosen(person, *severity)).map(|(person, _)| self.id(person.index)).collect()
    }

    /// Least sufficient capacity, unknown capacity last, then input order.
    fn room(&self) -> Option<&'a Room> {
        let seats = self.prepared.seats(self.rules);
        let free = |room: &&Room| room.timeline.worst(self.wide.0, self.wide.1) < TENTATIVE;
        let rooms = self.prepared.rooms.iter().filter(|room| room.fits(seats)).filter(free);
        rooms.min_by_key(|room| (room.capacity.is_none(), room.capacity, room.index))
    }

    fn states(&self) -> Vec<AttendeeState> {
        let start = instant(self.start);
        let clocks: Vec<LocalTime> = self.prepared.groups.iter().map(|group| LocalTime::of(start, &group.zone)).collect();
        let mut states: Vec<Option<AttendeeState>> = Vec::new();
        states.resize_with(self.prepared.request.attendees.len(), || None);
        let mut state = |index: usize, severity: u8, outside: Option<i64>, group: usize| {
            states[index] = Some(AttendeeState {
                id: self.id(index),
                status: status_of(severity),
                outside_hours: outside.map(|minutes| minutes > 0),
                minutes_outside: outside.and_then(|minutes| u32::try_from(minutes).ok()).unwrap_or_default(),
                local_start: clocks[group],
            });
        };
        for (person, severity) in self.people() {
            state(person.index, severity, self.outside[person.group], person.group);
        }
        for room in &self.prepared.rooms {
            // A room that has hours is never outside them.
            let outside = self.outside[room.group].map(|_| 0);
            state(room.index, room.timeline.worst(self.wide.0, self.wide.1), outside, room.group);
        }
        // Whoever is left out has none.
        states.into_iter().flatten().collect()
    }

    fn reasons(&self, resource: Option<&Room>) -> Vec<Reason> {
        let outside = |person: &Person| self.outside[person.group].is_some_and(|minutes| minutes > 0);
        let hours_count = self.rules.hours != HoursPolicy::Ignore;
        let no_room = !self.rules.needs_room && resource.is_none();
        let rooms = self.prepared.rooms.iter().filter(|_| no_room).map(|room| self.id(room.index));
        let mut reasons = vec![
            (ReasonCode::Tentative, self.ids(|_, severity| severity == TENTATIVE)),
            (ReasonCode::Unknown, self.ids(|_, severity| severity == UNKNOWN)),
            (ReasonCode::OutsideHours, self.ids(|person, _| hours_count && outside(person))),
            (ReasonCode::OptionalBusy, self.ids(|person, severity| person.role == Role::Optional && severity >= BUSY)),
            (ReasonCode::RequiredBusy, self.ids(|person, severity| person.role == Role::Required && severity >= BUSY)),
            (ReasonCode::NoRoom, rooms.collect()),
        ];
        reasons.retain(|(_, ids)| !ids.is_empty());
        if reasons.is_empty() {
            reasons.push((ReasonCode::AllFree, Vec::new()));
        }
        reasons.into_iter().map(|(code, attendees)| Reason { code, attendees }).collect()
    }
}
