//! Everybody's time, minute by minute: what is known of it, and when they work.
#![expect(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test fails loudly, and its numbers are small")]

use crate::zones;
use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use convoke_core::{
    model::{FreeBusy, WorkingHours},
    schedule::{Hours, RankAttendee, RankRequest, Role},
    time::LocalTime,
};

pub(crate) fn tz(name: &str) -> Option<Tz> {
    zones::tz(&name.into())
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

pub(super) fn floor(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

pub(super) fn ceil(at: DateTime<Utc>) -> i64 {
    -(-at.timestamp()).div_euclid(60)
}

pub(super) fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap()
}

/// Worst last.
pub(crate) const ORDER: [FreeBusy; 6] =
    [FreeBusy::Free, FreeBusy::WorkingElsewhere, FreeBusy::Tentative, FreeBusy::Unknown, FreeBusy::Busy, FreeBusy::Oof];

pub(crate) fn rank_of(status: FreeBusy) -> usize {
    ORDER.iter().position(|known| *known == status).unwrap()
}

pub(super) fn chance(status: FreeBusy) -> i64 {
    match status {
        FreeBusy::Busy | FreeBusy::Oof => 0,
        FreeBusy::Unknown => 49,
        FreeBusy::Tentative => 50,
        _ => 100,
    }
}

/// One attendee, minute by minute.
pub(super) struct Row<'a> {
    pub(super) given: &'a RankAttendee,
    /// The minute that the two lists begin with.
    from: i64,
    status: Vec<usize>,
    /// `None` where nobody knows their hours.
    pub(super) works: Option<Vec<bool>>,
    pub(super) zone: Tz,
}

impl Row<'_> {
    pub(super) fn status(&self, start: i64, end: i64) -> FreeBusy {
        ORDER[*self.status[(start - self.from) as usize..(end - self.from) as usize].iter().max().unwrap()]
    }

    pub(super) fn minutes_outside(&self, start: i64, end: i64) -> u32 {
        if self.given.role == Role::Resource {
            return 0;
        }
        let Some(works) = &self.works else { return 0 };
        works[(start - self.from) as usize..(end - self.from) as usize].iter().filter(|works| !**works).count() as u32
    }
}

pub(super) fn rows<'a>(request: &'a RankRequest, window: (i64, i64), zone: Tz) -> Vec<Row<'a>> {
    let reach = request.attendees.iter().filter_map(|attendee| attendee.known_until.map(floor)).max().unwrap_or(0);
    let from = window.0 - i64::from(request.buffer_before_minutes);
    let to = window.1.max(reach) + i64::from(request.buffer_after_minutes) + 1;
    request.attendees.iter().map(|attendee| row(attendee, window, from, to, zone)).collect()
}

fn row<'a>(given: &'a RankAttendee, window: (i64, i64), from: i64, to: i64, zone: Tz) -> Row<'a> {
    let mut status = vec![0; (to - from).max(0) as usize];
    let mut mark = |start: i64, end: i64, word: FreeBusy| {
        let (start, end, rank) = (start.max(from), end.min(to), rank_of(word));
        if start < end {
            for known in &mut status[(start - from) as usize..(end - from) as usize] {
                if *known < rank {
                    *known = rank;
                }
            }
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
    let zones: Option<Vec<Tz>> = hours.iter().map(|hours| zones::tz(&hours.time_zone)).collect();
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
                    let (start, end) = (start.max(from), end.min(to));
                    if start < end {
                        works[(start - from) as usize..(end - from) as usize].fill(true);
                    }
                }
            }
        }
        works
    });
    let zone = hours.iter().find_map(|hours| zones::tz(&hours.time_zone)).unwrap_or(zone);
    Row { given, from, status, works, zone }
}
