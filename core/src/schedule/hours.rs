//! Working hours. Owns the periods in which somebody works, split hours and night shifts included; leaves what being outside means to the
//! engine.

use std::rc::Rc;

use chrono::{Datelike, Days, NaiveTime, TimeDelta};

use super::availability::{instant, minute_after, minute_before};
use crate::{
    model::WorkingHours,
    sort::sort_by,
    time::{Span, Zone, Zones, parse_time_of_day, parse_weekday},
};

/// When somebody works within a window, merged and in order; `None` where no hours are given, in a zone that nobody knows, or where a time
/// of day cannot be read.
#[must_use]
pub fn working_spans(hours: &[WorkingHours], window: Span, zones: &Zones) -> Option<Vec<Span>> {
    let shifts = shifts(hours, zones).ok().flatten()?;
    let (from, to) = (minute_after(window.start), minute_before(window.end));
    let clipped = periods(&shifts, from, to).into_iter().map(|(start, end)| (start.max(from), end.min(to)));
    Some(clipped.filter(|(start, end)| start < end).map(|(start, end)| Span::new(instant(start), instant(end))).collect())
}

/// One entry of working hours, read.
#[derive(Debug, Clone)]
pub(super) struct Shift {
    pub(super) zone: Rc<Zone>,
    /// Monday first.
    days: [bool; 7],
    start: TimeDelta,
    /// After `start`: past midnight it is more than a day.
    end: TimeDelta,
}

/// The member that cannot be read, and of which entry.
pub(super) struct Unreadable {
    pub(super) entry: usize,
    pub(super) member: &'static str,
}

/// `Ok(None)`: no hours are known, because none are given or in a zone that nobody knows.
pub(super) fn shifts(hours: &[WorkingHours], zones: &Zones) -> Result<Option<Vec<Shift>>, Unreadable> {
    let mut shifts = Vec::with_capacity(hours.len());
    let mut known = !hours.is_empty();
    for (entry, hours) in hours.iter().enumerate() {
        let time = |text: &str, member| parse_time_of_day(text).ok_or(Unreadable { entry, member });
        let start = time(&hours.start_time, "startTime")?;
        let end = time(&hours.end_time, "endTime")?;
        let mut days = [false; 7];
        for day in hours.days_of_week.iter().filter_map(|name| parse_weekday(name)) {
            days[day.num_days_from_monday() as usize] = true;
        }
        match zones.from_json(&hours.time_zone) {
            Some(zone) => shifts.push(Shift { zone, days, start, end: if end <= start { end + TimeDelta::days(1) } else { end } }),
            None => known = false,
        }
    }
    Ok(known.then_some(shifts))
}

/// The periods that may touch [from, to], in minutes, merged where they overlap or touch, in order.
pub(super) fn periods(shifts: &[Shift], from: i64, to: i64) -> Vec<(i64, i64)> {
    let mut periods = Vec::new();
    for shift in shifts {
        // A shift that began the day before may still run; one more day for a clock that changes by as much.
        let first = shift.zone.local(instant(from)).date().checked_sub_days(Days::new(2));
        let last = shift.zone.local(instant(to)).date();
        let mut next = first;
        while let Some(date) = next.filter(|date| *date <= last) {
            next = date.succ_opt();
            if !shift.days[date.weekday().num_days_from_monday() as usize] {
                continue;
            }
            let bound = |time: TimeDelta| {
                let wall = date.and_time(NaiveTime::MIN).checked_add_signed(time)?;
                Some(shift.zone.resolve(wall).instant)
            };
            if let (Some(start), Some(end)) = (bound(shift.start), bound(shift.end)) {
                let (start, end) = (minute_after(start), minute_before(end));
                if start < end {
                    periods.push((start, end));
                }
            }
        }
    }
    sort_by(&mut periods, Ord::cmp);
    periods.dedup_by(|next, kept| {
        let touches = next.0 <= kept.1;
        if touches {
            kept.1 = kept.1.max(next.1);
        }
        touches
    });
    periods
}

/// How many minutes of [start, end) lie in no period.
pub(super) fn minutes_outside(periods: &[(i64, i64)], start: i64, end: i64) -> i64 {
    let first = periods.partition_point(|period| period.1 <= start);
    let within = periods[first..].iter().take_while(|period| period.0 < end);
    end - start - within.map(|period| period.1.min(end) - period.0.max(start)).sum::<i64>()
}
