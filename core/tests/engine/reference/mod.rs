//! The engine by brute force: every minute of everybody, every candidate by itself, zones by chrono-tz. Written from the engine's
//! specification and not from its code; slow on purpose, so that it is plain.
#![expect(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test fails loudly, and its numbers are small")]

mod dates;
mod minutes;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use convoke_core::{model::FreeBusy, schedule::*};

pub(crate) use dates::dates;
pub(crate) use minutes::{ORDER, instant, local, rank_of, shown, tz};
use minutes::{Row, at, ceil, chance, floor, rows};

/// The request as minutes.
pub(crate) struct Reference<'a> {
    request: &'a RankRequest,
    rows: Vec<Row<'a>>,
    zone: Tz,
    window: (i64, i64),
    horizon: i64,
    /// `occurrences`: later ones do not count.
    first_only: bool,
}

impl<'a> Reference<'a> {
    pub(crate) fn new(request: &'a RankRequest) -> Self {
        let window = (ceil(request.window.start), floor(request.window.end));
        let zone = tz(&request.time_zone).unwrap();
        let horizon = request.attendees.iter().filter_map(|attendee| attendee.known_until.map(floor)).min().unwrap_or(window.1);
        Self { request, rows: rows(request, window, zone), zone, window, horizon, first_only: false }
    }

    fn duration(&self) -> i64 {
        i64::from(self.request.duration_minutes)
    }

    fn candidates(&self) -> impl Iterator<Item = i64> + '_ {
        (0..).map(|k| self.window.0 + k * i64::from(self.request.step_minutes)).take_while(|start| start + self.duration() <= self.window.1)
    }

    fn of(&self, role: Role) -> impl Iterator<Item = &Row<'a>> {
        self.rows.iter().filter(move |row| row.given.role == role)
    }

    fn status(&self, row: &Row<'_>, start: i64) -> FreeBusy {
        let before = i64::from(self.request.buffer_before_minutes);
        let after = i64::from(self.request.buffer_after_minutes);
        row.status(start - before, start + self.duration() + after)
    }

    fn outside(&self, row: &Row<'_>, start: i64) -> u32 {
        row.minutes_outside(start, start + self.duration())
    }

    fn hours_allow(&self, row: &Row<'_>, start: i64) -> bool {
        self.request.working_hours != HoursPolicy::Require || self.outside(row, start) == 0
    }

    fn attends(&self, row: &Row<'_>, start: i64) -> bool {
        let status = match self.status(row, start) {
            FreeBusy::Free | FreeBusy::WorkingElsewhere => true,
            FreeBusy::Tentative => self.request.allow_tentative,
            _ => false,
        };
        status && self.hours_allow(row, start)
    }

    fn let_through(&self, row: &Row<'_>, start: i64) -> bool {
        self.attends(row, start) || self.status(row, start) == FreeBusy::Unknown && self.hours_allow(row, start)
    }

    /// How many required people must attend.
    fn quorum(&self) -> Option<usize> {
        let required = self.of(Role::Required).count();
        let number = self.request.quorum.min_required.map(|number| number as usize);
        let share =
            self.request.quorum.min_percentage.map(|share| (share as f64 * required as f64 / 100.0 - 1e-9).ceil().max(0.0) as usize);
        match (number, share) {
            (Some(number), Some(share)) => Some(number.max(share)),
            (one, other) => one.or(other),
        }
    }

    fn required_pass(&self, start: i64) -> bool {
        match self.quorum() {
            None => self.of(Role::Required).all(|row| self.let_through(row, start)),
            Some(needed) => self.of(Role::Required).filter(|row| self.attends(row, start)).count() >= needed,
        }
    }

    fn needs_room(&self) -> bool {
        self.request.needs_resource.unwrap_or(self.of(Role::Resource).next().is_some())
    }

    fn room(&self, start: i64) -> Option<&Row<'a>> {
        let people = self.rows.iter().filter(|row| row.given.role != Role::Resource).count() as u32;
        let free = |row: &&Row<'_>| matches!(self.status(row, start), FreeBusy::Free | FreeBusy::WorkingElsewhere);
        let fits = |row: &&Row<'_>| row.given.capacity.is_none_or(|capacity| capacity >= people);
        self.of(Role::Resource).filter(free).filter(fits).min_by_key(|row| row.given.capacity.unwrap_or(u32::MAX))
    }

    /// One occurrence, whatever comes later.
    fn works(&self, start: i64, organizer: bool) -> bool {
        let organizer = !organizer || self.of(Role::Organizer).all(|row| self.let_through(row, start));
        organizer && self.required_pass(start) && (!self.needs_room() || self.room(start).is_some())
    }

    /// The later occurrences that count; `None` where the candidate's date does not fit.
    fn later(&self, start: i64) -> Option<Vec<i64>> {
        let Some(recurrence) = &self.request.recurrence else { return Some(Vec::new()) };
        let wall = local(self.zone, at(start)).wall;
        let last = local(self.zone, at(self.horizon.max(start))).wall.date() + Duration::days(1);
        let dates = dates(recurrence, wall.date(), last);
        if dates.first() != Some(&wall.date()) {
            return None;
        }
        let starts = dates[1..].iter().map(|date| floor(instant(self.zone, date.and_time(wall.time()), false)));
        Some(starts.filter(|start| start + self.duration() <= self.horizon).collect())
    }

    /// Whether a series that begins here has later occurrences that count.
    pub(crate) fn recurs(&self, start: DateTime<Utc>) -> bool {
        self.later(floor(start)).is_some_and(|later| !later.is_empty())
    }

    fn counts(&self, start: i64, organizer: bool) -> bool {
        let Some(later) = self.later(start) else { return false };
        self.works(start, organizer) && (self.first_only || later.iter().all(|start| self.works(*start, organizer)))
    }

    fn score_tenths(&self, start: i64) -> u32 {
        let (mut sum, mut weights) = (0, 0);
        for row in self.rows.iter().filter(|row| row.given.role != Role::Resource) {
            let weight = if row.given.role == Role::Optional { 1 } else { 4 };
            let outside = self.request.working_hours != HoursPolicy::Ignore && self.outside(row, start) > 0;
            sum += weight * chance(self.status(row, start)) * if outside { 6 } else { 10 };
            weights += weight;
        }
        if weights == 0 { 1000 } else { ((sum as f64 / weights as f64) + 0.5 + 1e-9).floor() as u32 }
    }

    fn inconvenience(&self, start: i64) -> (u32, u32) {
        if self.request.working_hours == HoursPolicy::Ignore {
            return (0, 0);
        }
        let minutes: Vec<u32> = self.rows.iter().map(|row| self.outside(row, start)).collect();
        (minutes.iter().copied().max().unwrap_or(0), minutes.iter().sum())
    }

    fn best(&self, limit: usize) -> Vec<i64> {
        let mut starts: Vec<i64> = self.candidates().filter(|start| self.counts(*start, true)).collect();
        starts.sort_by_cached_key(|start| (std::cmp::Reverse(self.score_tenths(*start)), self.inconvenience(*start), *start));
        starts.truncate(limit);
        starts
    }

    fn suggestion(&self, start: i64) -> Suggestion {
        let people: Vec<&Row<'_>> = self.rows.iter().filter(|row| row.given.role != Role::Resource).collect();
        let invited: Vec<i64> =
            people.iter().filter(|row| row.given.role != Role::Organizer).map(|row| chance(self.status(row, start))).collect();
        let confidence = if invited.is_empty() { 10_000 } else { invited.iter().sum::<i64>() * 100 / invited.len() as i64 };
        Suggestion {
            start: at(start),
            end: at(start + self.duration()),
            score_tenths: self.score_tenths(start),
            confidence_hundredths: confidence as u32,
            attendees: self
                .rows
                .iter()
                .map(|row| AttendeeState {
                    id: row.given.id.as_str().into(),
                    status: self.status(row, start),
                    outside_hours: row.works.as_ref().map(|_| self.outside(row, start) > 0),
                    minutes_outside: self.outside(row, start),
                    local_start: local(row.zone, at(start)),
                })
                .collect(),
            resource: self.room(start).map(|row| row.given.id.clone()),
            reasons: self.reasons(start, &people),
        }
    }

    fn reasons(&self, start: i64, people: &[&Row<'_>]) -> Vec<Reason> {
        let ids =
            |wanted: &dyn Fn(&Row<'_>) -> bool| people.iter().filter(|row| wanted(row)).map(|row| row.given.id.as_str().into()).collect();
        let busy = |row: &Row<'_>| chance(self.status(row, start)) == 0;
        let mut reasons = vec![
            (ReasonCode::Tentative, ids(&|row| self.status(row, start) == FreeBusy::Tentative)),
            (ReasonCode::Unknown, ids(&|row| self.status(row, start) == FreeBusy::Unknown)),
            (ReasonCode::OutsideHours, ids(&|row| self.request.working_hours != HoursPolicy::Ignore && self.outside(row, start) > 0)),
            (ReasonCode::OptionalBusy, ids(&|row| row.given.role == Role::Optional && busy(row))),
            (ReasonCode::RequiredBusy, ids(&|row| row.given.role == Role::Required && busy(row))),
        ];
        if !self.needs_room() && self.room(start).is_none() {
            reasons.push((ReasonCode::NoRoom, self.of(Role::Resource).map(|row| row.given.id.as_str().into()).collect::<Vec<_>>()));
        }
        reasons.retain(|(_, ids)| !ids.is_empty());
        if reasons.is_empty() {
            reasons.push((ReasonCode::AllFree, Vec::new()));
        }
        reasons.into_iter().map(|(code, attendees)| Reason { code, attendees }).collect()
    }

    fn empty_reason(&self) -> EmptyReason {
        let mut roomless = self.request.clone();
        roomless.needs_resource = Some(false);
        if self.candidates().next().is_none() {
            EmptyReason::Unknown
        } else if self.needs_room() && !Reference::new(&roomless).best(1).is_empty() {
            EmptyReason::LocationsUnavailable
        } else if self.candidates().any(|start| self.counts(start, false)) {
            EmptyReason::OrganizerUnavailable
        } else if self.candidates().any(|start| {
            let mut others = self.of(Role::Required).chain(self.of(Role::Optional));
            others.any(|row| self.status(row, start) == FreeBusy::Unknown)
        }) {
            EmptyReason::AttendeesUnavailableOrUnknown
        } else {
            EmptyReason::AttendeesUnavailable
        }
    }

    fn almost(&self) -> Vec<Almost> {
        let mut found = Vec::new();
        let mut attempt = |change: Change, edit: &dyn Fn(&mut RankRequest)| {
            let mut request = self.request.clone();
            edit(&mut request);
            let mut changed = Reference::new(&request);
            changed.first_only = change == Change::Occurrences;
            if let Some(start) = changed.best(1).first() {
                let mut suggestion = changed.suggestion(*start);
                if changed.first_only {
                    suggestion.reasons.retain(|reason| reason.code != ReasonCode::AllFree);
                    suggestion.reasons.push(changed.conflict(*start));
                }
                found.push(Almost { change, suggestion });
            }
        };
        if !self.request.allow_tentative {
            attempt(Change::Tentative, &|request| request.allow_tentative = true);
        }
        if self.request.working_hours == HoursPolicy::Require {
            attempt(Change::OutsideHours, &|request| request.working_hours = HoursPolicy::Prefer);
        }
        for minutes in [15, 30] {
            if self.request.duration_minutes >= 15 + minutes {
                attempt(Change::Shorter { minutes }, &|request| request.duration_minutes -= minutes);
            }
        }
        if self.request.recurrence.is_some() {
            attempt(Change::Occurrences, &|_| {});
        }
        if self.needs_room() {
            attempt(Change::NoRoom, &|request| request.needs_resource = Some(false));
        }
        let needed = |role: Role| matches!(role, Role::Organizer | Role::Required);
        if self.rows.iter().filter(|row| needed(row.given.role)).count() > 1 {
            for (index, row) in self.rows.iter().enumerate().filter(|(_, row)| needed(row.given.role)) {
                attempt(Change::Without { attendee: row.given.id.clone() }, &|request| {
                    request.attendees.remove(index);
                    let left = request.attendees.iter().filter(|attendee| attendee.role == Role::Required).count() as u32;
                    request.quorum.min_required = request.quorum.min_required.map(|number| number.min(left));
                });
            }
        }
        found
    }

    fn conflict(&self, start: i64) -> Reason {
        let later = self.later(start).unwrap();
        let fails = |row: &&Row<'_>| {
            later.iter().any(|start| match row.given.role {
                Role::Organizer => !self.let_through(row, *start),
                Role::Required if self.quorum().is_none() => !self.let_through(row, *start),
                Role::Required => !self.required_pass(*start) && !self.attends(row, *start),
                _ => false,
            })
        };
        let attendees = self.rows.iter().filter(fails).map(|row| row.given.id.as_str().into()).collect();
        Reason { code: ReasonCode::OccurrenceConflict, attendees }
    }

    pub(crate) fn result(&self) -> RankResult {
        let suggestions: Vec<_> = self.best(self.request.max_results as usize).into_iter().map(|start| self.suggestion(start)).collect();
        let empty = suggestions.is_empty();
        RankResult {
            empty_reason: if empty { self.empty_reason() } else { EmptyReason::None },
            almost: self.request.relax.then(|| if empty { self.almost() } else { Vec::new() }),
            suggestions,
        }
    }
}
