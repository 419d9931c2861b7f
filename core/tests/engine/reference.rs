//! The engine by brute force: every minute of everybody, every candidate by itself, zones by chrono-tz. Written from the engine's
//! specification and not from its code; slow on purpose, so that it is plain.
#![expect(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test fails loudly, and its numbers are small")]

use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use convoke_core::{
    model::{FreeBusy, WorkingHours},
    schedule::*,
    time::LocalTime,
};

/// The names that the tests use.
pub(crate) fn tz(name: &str) -> Option<Tz> {
    match name {
        "W. Europe Standard Time" => Some(Tz::Europe__Berlin),
        name => name.parse().ok(),
    }
}

pub(crate) fn instant(zone: Tz, wall: NaiveDateTime, late: bool) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(time) => time.to_utc(),
        LocalResult::Ambiguous(first, second) => if late { second } else { first }.to_utc(),
        // The gaps of these tests are an hour at most: shifted by the gap is read by the offset of three hours earlier.
        LocalResult::None => {
            let before = zone.from_local_datetime(&(wall - Duration::hours(3))).earliest().unwrap().offset().fix();
            (wall - before).and_utc()
        }
    }
}

/// What the clock shows for a wall time: itself, or the shifted one in a gap.
pub(crate) fn shown(zone: Tz, wall: NaiveDateTime) -> NaiveDateTime {
    local(zone, instant(zone, wall, false)).wall
}

pub(crate) fn local(zone: Tz, at: DateTime<Utc>) -> LocalTime {
    let local = at.with_timezone(&zone);
    LocalTime { wall: local.naive_local(), offset_seconds: local.offset().fix().local_minus_utc() }
}

fn floor(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

fn ceil(at: DateTime<Utc>) -> i64 {
    -(-at.timestamp()).div_euclid(60)
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap()
}

/// Worst last.
pub(crate) const ORDER: [FreeBusy; 6] =
    [FreeBusy::Free, FreeBusy::WorkingElsewhere, FreeBusy::Tentative, FreeBusy::Unknown, FreeBusy::Busy, FreeBusy::Oof];

pub(crate) fn rank_of(status: FreeBusy) -> usize {
    ORDER.iter().position(|known| *known == status).unwrap()
}

fn chance(status: FreeBusy) -> i64 {
    match status {
        FreeBusy::Busy | FreeBusy::Oof => 0,
        FreeBusy::Unknown => 49,
        FreeBusy::Tentative => 50,
        _ => 100,
    }
}

/// One attendee, minute by minute.
struct Row<'a> {
    given: &'a RankAttendee,
    /// The minute that the two lists begin with.
    from: i64,
    status: Vec<usize>,
    /// `None` where nobody knows their hours.
    works: Option<Vec<bool>>,
    zone: Tz,
}

impl Row<'_> {
    fn status(&self, start: i64, end: i64) -> FreeBusy {
        ORDER[*self.status[(start - self.from) as usize..(end - self.from) as usize].iter().max().unwrap()]
    }

    fn minutes_outside(&self, start: i64, end: i64) -> u32 {
        if self.given.role == Role::Resource {
            return 0;
        }
        let Some(works) = &self.works else { return 0 };
        works[(start - self.from) as usize..(end - self.from) as usize].iter().filter(|works| !**works).count() as u32
    }
}

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

fn rows<'a>(request: &'a RankRequest, window: (i64, i64), zone: Tz) -> Vec<Row<'a>> {
    let reach = request.attendees.iter().filter_map(|attendee| attendee.known_until.map(floor)).max().unwrap_or(0);
    let from = window.0 - i64::from(request.buffer_before_minutes);
    let to = window.1.max(reach) + i64::from(request.buffer_after_minutes) + 1;
    request.attendees.iter().map(|attendee| row(attendee, window, from, to, zone)).collect()
}

fn row<'a>(given: &'a RankAttendee, window: (i64, i64), from: i64, to: i64, zone: Tz) -> Row<'a> {
    let mut status = vec![0; (to - from).max(0) as usize];
    let mut mark = |start: i64, end: i64, word: FreeBusy| {
        for minute in start.max(from)..end.min(to) {
            let known = &mut status[(minute - from) as usize];
            *known = rank_of(word).max(*known);
        }
    };
    let mut ignore = given.ignore.clone();
    let mut items: Vec<(DateTime<Utc>, DateTime<Utc>, FreeBusy)> = Vec::new();
    let mut view = None;
    if given.busy.is_none() && given.schedule.is_none() {
        mark(window.0, window.1, FreeBusy::Unknown);
    }
    items.extend(given.busy.iter().flatten().filter(|item| item.end > item.start).map(|item| (item.start, item.end, item.status)));
    if let Some(schedule) = &given.schedule {
        match (&schedule.error, &schedule.items, &schedule.availability_view) {
            (Some(_), ..) | (None, None, None) => mark(window.0, window.1, FreeBusy::Unknown),
            (None, listed, digits) => {
                let items_rule = listed.as_ref().is_some_and(|listed| !listed.is_empty() || digits.is_none());
                if items_rule {
                    for item in listed.iter().flatten() {
                        let wall = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").unwrap();
                        match (tz(&item.start.time_zone), tz(&item.end.time_zone)) {
                            (Some(starts), Some(ends)) if wall(&item.end.date_time) > wall(&item.start.date_time) => items.push((
                                instant(starts, wall(&item.start.date_time), false),
                                instant(ends, wall(&item.end.date_time), true),
                                item.status,
                            )),
                            (Some(_), Some(_)) => {}
                            _ => mark(window.0, window.1, FreeBusy::Unknown),
                        }
                    }
                }
                view = digits.as_ref().map(|digits| (digits, items_rule));
            }
        }
    }
    for (start, end, word) in items {
        match ignore.iter().position(|entry| (entry.start, entry.end) == (start, end)) {
            Some(entry) => drop(ignore.remove(entry)),
            None => mark(floor(start), ceil(end), word),
        }
    }
    if let Some((digits, items_rule)) = view {
        let interval = given.view.map_or(30, |view| i64::from(view.interval_minutes));
        let first = given.view.map_or(window.0 * 60, |view| view.start.timestamp());
        let slot = |number: usize| first + 60 * interval * number as i64;
        let reached = first..slot(digits.chars().count());
        for (number, digit) in digits.chars().enumerate() {
            let word = match digit {
                '0' => FreeBusy::Free,
                '1' => FreeBusy::Tentative,
                '2' => FreeBusy::Busy,
                '3' => FreeBusy::Oof,
                '4' => FreeBusy::WorkingElsewhere,
                _ => FreeBusy::Unknown,
            };
            for minute in slot(number).div_euclid(60)..slot(number + 1).div_euclid(60) + i64::from(slot(number + 1) % 60 != 0) {
                if !(items_rule && (window.0..window.1).contains(&minute)) {
                    mark(minute, minute + 1, word);
                }
            }
        }
        for minute in (window.0..window.1).filter(|minute| minute * 60 < reached.start || (minute + 1) * 60 > reached.end) {
            if !items_rule {
                mark(minute, minute + 1, FreeBusy::Unknown);
            }
        }
    }
    if let Some(until) = given.known_until {
        mark(floor(until), to, FreeBusy::Unknown);
    }
    let hours: &[WorkingHours] = match &given.working_hours {
        Hours::Own(hours) => hours,
        Hours::NoneKnown => &[],
        Hours::OfSchedule => given.schedule.as_ref().and_then(|schedule| schedule.working_hours.as_ref()).map_or(&[], std::slice::from_ref),
    };
    let zones: Option<Vec<Tz>> = hours.iter().map(|hours| tz(hours.time_zone.as_str().unwrap())).collect();
    let works = zones.filter(|zones| !zones.is_empty()).map(|zones| {
        let mut works = vec![false; (to - from).max(0) as usize];
        for (hours, zone) in hours.iter().zip(zones) {
            for date in local(zone, at(from)).wall.date().pred_opt().unwrap().iter_days() {
                let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M:%S%.f").unwrap();
                let (opens, closes) = (time(&hours.start_time), time(&hours.end_time));
                let closing_day = if closes <= opens { date.succ_opt().unwrap() } else { date };
                let start = floor(instant(zone, date.and_time(opens), false));
                let end = floor(instant(zone, closing_day.and_time(closes), false));
                if start >= to && date > local(zone, at(to)).wall.date() {
                    break;
                }
                let name = date.weekday().to_string();
                if hours.days_of_week.iter().any(|day| day[..3].eq_ignore_ascii_case(&name)) {
                    for minute in start.max(from)..end.min(to) {
                        works[(minute - from) as usize] = true;
                    }
                }
            }
        }
        works
    });
    let zone = hours.iter().find_map(|hours| tz(hours.time_zone.as_str().unwrap())).unwrap_or(zone);
    Row { given, from, status, works, zone }
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
        starts.sort_by_key(|start| (std::cmp::Reverse(self.score_tenths(*start)), self.inconvenience(*start), *start));
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
                    id: row.given.id.clone(),
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
        let ids = |wanted: &dyn Fn(&Row<'_>) -> bool| people.iter().filter(|row| wanted(row)).map(|row| row.given.id.clone()).collect();
        let busy = |row: &Row<'_>| chance(self.status(row, start)) == 0;
        let mut reasons = vec![
            (ReasonCode::Tentative, ids(&|row| self.status(row, start) == FreeBusy::Tentative)),
            (ReasonCode::Unknown, ids(&|row| self.status(row, start) == FreeBusy::Unknown)),
            (ReasonCode::OutsideHours, ids(&|row| self.request.working_hours != HoursPolicy::Ignore && self.outside(row, start) > 0)),
            (ReasonCode::OptionalBusy, ids(&|row| row.given.role == Role::Optional && busy(row))),
            (ReasonCode::RequiredBusy, ids(&|row| row.given.role == Role::Required && busy(row))),
        ];
        if !self.needs_room() && self.room(start).is_none() {
            reasons.push((ReasonCode::NoRoom, self.of(Role::Resource).map(|row| row.given.id.clone()).collect::<Vec<_>>()));
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
        let attendees = self.rows.iter().filter(fails).map(|row| row.given.id.clone()).collect();
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

/// The dates of a recurrence from a first possible one, day by day until `last`.
pub(crate) fn dates(recurrence: &Recurrence, start: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let interval = i64::from(recurrence.pattern.interval);
    let month_number = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
    // The first date that fits, whatever the interval: months and years count from it.
    let mut first = None;
    let mut dates = Vec::new();
    for date in start.iter_days().take_while(|date| *date <= last) {
        let listed = match &recurrence.pattern.kind {
            PatternKind::Daily => true,
            PatternKind::Weekly { days, .. } => days.contains(&date.weekday()),
            PatternKind::AbsoluteMonthly { day } => is_day(date, *day),
            PatternKind::AbsoluteYearly { month, day } => date.month() == *month && is_day(date, *day),
            PatternKind::RelativeMonthly { days, index } => is_nth(date, days, *index),
            PatternKind::RelativeYearly { month, days, index } => date.month() == *month && is_nth(date, days, *index),
        };
        if !listed {
            continue;
        }
        let first = *first.get_or_insert(date);
        let turn = match &recurrence.pattern.kind {
            PatternKind::Daily => (date - start).num_days(),
            PatternKind::Weekly { first_day, .. } => {
                let week = |date: NaiveDate| date - Duration::days(i64::from((7 + date.weekday() as u32 - *first_day as u32) % 7));
                (week(date) - week(start)).num_weeks()
            }
            PatternKind::AbsoluteMonthly { .. } | PatternKind::RelativeMonthly { .. } => month_number(date) - month_number(first),
            _ => i64::from(date.year() - first.year()),
        };
        if turn % interval == 0 {
            dates.push(date);
        }
    }
    match recurrence.range.end {
        RangeEnd::Never => {}
        RangeEnd::Date(end) => dates.retain(|date| *date <= end),
        RangeEnd::Count(count) => dates.truncate(count as usize),
    }
    dates
}

fn is_day(date: NaiveDate, day: u32) -> bool {
    let last_of_month = date.succ_opt().unwrap().month() != date.month();
    date.day() == day || last_of_month && date.day() < day
}

fn is_nth(date: NaiveDate, days: &[chrono::Weekday], index: Index) -> bool {
    let month = date.with_day(1).unwrap();
    let listed: Vec<NaiveDate> =
        month.iter_days().take_while(|day| day.month() == date.month()).filter(|day| days.contains(&day.weekday())).collect();
    let nth = match index {
        Index::First => 0,
        Index::Second => 1,
        Index::Third => 2,
        Index::Fourth => 3,
        Index::Last => listed.len() - 1,
    };
    listed.get(nth) == Some(&date)
}
