//! Who is free when. Owns turning what is known of somebody (items, Graph's digits, errors, silence) into one timeline; leaves working
//! hours to `hours` and the counting to `tally`.

use chrono::{DateTime, Utc};

use super::{RankAttendee, View};
use crate::{
    Error, ErrorCode,
    model::{FreeBusy, ScheduleInformation, ScheduleItem},
    time::{Span, Zones, instant_of, parse_local},
};

/// Beyond every instant, in minutes; far enough from the ends of `i64` that minutes can be added.
pub(super) const FOREVER: i64 = i64::MAX / 4;

/// A stretch of time in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusSpan {
    /// From when until when.
    pub span: Span,
    /// Never free: what no span covers is free.
    pub status: FreeBusy,
}

/// What is known of somebody's time within a window: merged, worst first where items overlap, in order. What no span covers is free; what
/// nobody knows is a span of `Unknown`. Bounds are whole minutes, rounded outward.
///
/// # Errors
/// `invalid-request` that names the field: an item without a date, a view whose interval is 0.
pub fn statuses(attendee: &RankAttendee, window: Span, zones: &Zones) -> Result<Vec<StatusSpan>, Error> {
    let minutes = (minute_after(window.start), minute_before(window.end));
    let timeline = Timeline::of(attendee, minutes, None, zones)?;
    let spans = timeline.runs.iter().filter_map(|run| {
        let (start, end) = (run.start.max(minutes.0), run.end.min(minutes.1));
        (start < end).then(|| StatusSpan { span: Span::new(instant(start), instant(end)), status: status_of(run.severity) })
    });
    Ok(spans.collect())
}

/// How bad a status is: 5 out of office, 4 busy, 3 unknown, 2 tentative, 1 working elsewhere, 0 free.
#[must_use]
pub fn severity(status: FreeBusy) -> u8 {
    match status {
        FreeBusy::Free => 0,
        FreeBusy::WorkingElsewhere => 1,
        FreeBusy::Tentative => TENTATIVE,
        FreeBusy::Unknown => UNKNOWN,
        FreeBusy::Busy => BUSY,
        FreeBusy::Oof => 5,
    }
}

/// The worst status within a slot; free where no span overlaps it. `spans` are those of [`statuses`].
#[must_use]
pub fn worst(spans: &[StatusSpan], slot: Span) -> FreeBusy {
    let first = spans.partition_point(|span| span.span.end <= slot.start);
    let within = spans[first..].iter().take_while(|span| span.span.start < slot.end);
    within.map(|span| span.status).max_by_key(|status| severity(*status)).unwrap_or(FreeBusy::Free)
}

pub(super) const TENTATIVE: u8 = 2;
pub(super) const UNKNOWN: u8 = 3;
pub(super) const BUSY: u8 = 4;

pub(super) fn status_of(severity: u8) -> FreeBusy {
    match severity {
        0 => FreeBusy::Free,
        1 => FreeBusy::WorkingElsewhere,
        TENTATIVE => FreeBusy::Tentative,
        UNKNOWN => FreeBusy::Unknown,
        BUSY => FreeBusy::Busy,
        _ => FreeBusy::Oof,
    }
}

/// The last whole minute at or before an instant, since the epoch.
pub(super) fn minute_before(instant: DateTime<Utc>) -> i64 {
    instant.timestamp().div_euclid(60)
}

/// The first whole minute at or after an instant.
pub(super) fn minute_after(instant: DateTime<Utc>) -> i64 {
    let seconds = instant.timestamp() + i64::from(instant.timestamp_subsec_nanos() > 0);
    (seconds + 59).div_euclid(60)
}

/// The instant of a minute; the calendar's end beyond it.
pub(super) fn instant(minute: i64) -> DateTime<Utc> {
    minute.checked_mul(60).and_then(|second| DateTime::from_timestamp(second, 0)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// An `invalid-request` from a field's name and what is wrong with it.
pub(super) fn invalid(field: &[&str], problem: &str) -> Error {
    let mut message = field.concat();
    message.push_str(problem);
    Error::new(ErrorCode::InvalidRequest, message)
}

/// Where an attendee stands in the request, for errors; nothing for one who stands in none.
pub(super) fn attendee_field(number: Option<usize>) -> String {
    number.map(|number| ["attendees[", &number.to_string(), "]."].concat()).unwrap_or_default()
}

/// One stretch in minutes since the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) severity: u8,
}

/// Everything that is known of somebody: runs in order, none free, none overlapping.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    pub(super) runs: Vec<Run>,
}

impl Timeline {
    /// `window` in minutes, rounded inward; `number` is the attendee's position in the request, for errors.
    pub(super) fn of(attendee: &RankAttendee, window: (i64, i64), number: Option<usize>, zones: &Zones) -> Result<Self, Error> {
        let items = attendee.busy.as_ref().map_or(0, Vec::len);
        let mut reader = Reader { window, ignore: attendee.ignore.clone(), runs: Vec::with_capacity(items) };
        if attendee.busy.is_none() && attendee.schedule.is_none() {
            reader.unknown_window();
        }
        for item in attendee.busy.iter().flatten() {
            if item.end > item.start {
                reader.item(item.start, item.end, item.status);
            }
        }
        if let Some(schedule) = &attendee.schedule {
            reader.schedule(schedule, attendee.view, number, zones)?;
        }
        if let Some(until) = attendee.known_until {
            reader.push(minute_before(until), FOREVER, UNKNOWN);
        }
        Ok(Self { runs: flatten(reader.runs) })
    }

    /// The worst severity within [start, end).
    pub(super) fn worst(&self, start: i64, end: i64) -> u8 {
        let first = self.runs.partition_point(|run| run.end <= start);
        self.runs[first..].iter().take_while(|run| run.start < end).map(|run| run.severity).max().unwrap_or(0)
    }
}

/// Collects stretches, still overlapping.
struct Reader {
    window: (i64, i64),
    /// Those that have not yet met their item.
    ignore: Vec<Span>,
    runs: Vec<Run>,
}

impl Reader {
    fn push(&mut self, start: i64, end: i64, severity: u8) {
        if start < end && severity > 0 {
            self.runs.push(Run { start, end, severity });
        }
    }

    fn unknown_window(&mut self) {
        self.push(self.window.0, self.window.1, UNKNOWN);
    }

    /// An item by its exact bounds, unless it is the meeting that is being moved.
    fn item(&mut self, start: DateTime<Utc>, end: DateTime<Utc>, status: FreeBusy) {
        match self.ignore.iter().position(|bounds| bounds.start == start && bounds.end == end) {
            Some(entry) => drop(self.ignore.remove(entry)),
            None => self.push(minute_before(start), minute_after(end), severity(status)),
        }
    }

    fn schedule(
        &mut self,
        schedule: &ScheduleInformation,
        view: Option<View>,
        attendee: Option<usize>,
        zones: &Zones,
    ) -> Result<(), Error> {
        let digits = schedule.availability_view.as_deref();
        if view.is_some_and(|view| view.interval_minutes == 0) {
            return Err(invalid(&[&attendee_field(attendee), "view.intervalMinutes"], " must be at least 1"));
        }
        if schedule.error.is_some() {
            self.unknown_window();
            return Ok(());
        }
        match (schedule.items.as_deref(), digits) {
            (Some(items), digits) if digits.is_none() || !items.is_empty() => {
                for (number, item) in items.iter().enumerate() {
                    self.schedule_item(item, zones).map_err(|member| {
                        let number = number.to_string();
                        invalid(&[&attendee_field(attendee), "schedule.scheduleItems[", &number, "].", member], " is not a date and time")
                    })?;
                }
                if let Some(digits) = digits {
                    self.digits(digits, view, true);
                }
            }
            (_, Some(digits)) => self.digits(digits, view, false),
            (_, None) => self.unknown_window(),
        }
        Ok(())
    }

    fn schedule_item(&mut self, item: &ScheduleItem, zones: &Zones) -> Result<(), &'static str> {
        let start = instant_of(&item.start, zones).ok_or("start.dateTime")?;
        let end = instant_of(&item.end, zones).ok_or("end.dateTime")?;
        if start.unknown_zone || end.unknown_zone {
            self.unknown_window();
            return Ok(());
        }
        // "As given" is by the wall where both stand on the same one: around a change of the clock the instants may say otherwise.
        let same_wall = item.start.time_zone == item.end.time_zone && start.is_wall && end.is_wall;
        let in_order =
            if same_wall { parse_local(&item.end.date_time) > parse_local(&item.start.date_time) } else { end.instant > start.instant };
        if in_order {
            self.item(start.instant, end.late, item.status);
        }
        Ok(())
    }

    /// Graph's digits, slot by slot. Beside items they only count outside the window.
    fn digits(&mut self, digits: &str, view: Option<View>, beside_items: bool) {
        let (from, to) = self.window;
        let interval = view.map_or(30, |view| i64::from(view.interval_minutes));
        let (first, rounded) = view.map_or((from, from), |view| (minute_before(view.start), minute_after(view.start)));
        let mut end = first;
        for digit in digits.chars() {
            let severity = match digit {
                '0' => 0,
                '1' => TENTATIVE,
                '2' => BUSY,
                '3' => severity(FreeBusy::Oof),
                '4' => severity(FreeBusy::WorkingElsewhere),
                _ => UNKNOWN,
            };
            let start = end;
            end += interval;
            let slot_end = end + (rounded - first);
            if beside_items {
                self.push(start, slot_end.min(from), severity);
                self.push(start.max(to), slot_end, severity);
            } else {
                self.push(start, slot_end, severity);
            }
        }
        if !beside_items {
            self.push(from, rounded.min(to), UNKNOWN);
            self.push(end.max(from), to, UNKNOWN);
        }
    }
}

/// Overlapping stretches made disjoint, the worst first; equal neighbours become one.
fn flatten(mut runs: Vec<Run>) -> Vec<Run> {
    // As calendars mostly come: in order and apart.
    if runs.windows(2).all(|pair| pair[0].end <= pair[1].start) {
        runs.dedup_by(|next, kept| {
            let continues = kept.end == next.start && kept.severity == next.severity;
            if continues {
                kept.end = next.end;
            }
            continues
        });
        return runs;
    }
    let mut bounds: Vec<(i64, u8, bool)> =
        runs.iter().flat_map(|run| [(run.start, run.severity, true), (run.end, run.severity, false)]).collect();
    bounds.sort_unstable_by_key(|bound| bound.0);
    let mut open = [0_u32; 6];
    let mut flat: Vec<Run> = Vec::with_capacity(runs.len());
    let mut since = 0;
    let mut current = 0;
    let mut at = 0;
    while let Some(&(minute, ..)) = bounds.get(at) {
        while let Some(&(_, severity, opens)) = bounds.get(at).filter(|bound| bound.0 == minute) {
            let count = &mut open[usize::from(severity)];
            // Both bounds of a stretch never fall on one minute, but one stretch may end where another begins, in any order.
            *count = if opens { count.wrapping_add(1) } else { count.wrapping_sub(1) };
            at += 1;
        }
        let worst = open.iter().rposition(|count| *count > 0).map_or(0, |severity| severity as u8);
        if worst != current {
            if current > 0 {
                flat.push(Run { start: since, end: minute, severity: current });
            }
            since = minute;
            current = worst;
        }
    }
    flat
}
