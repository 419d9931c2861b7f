//! When an event is: dates, instants, or wall times of a zone. Owns which of these is written, the first date of a series and its
//! exceptions; leaves rules and zones to their files.

use std::rc::Rc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{
    lines::{Lines, date, is_writable, utc, wall},
    rule, texts, zone,
};
use crate::{
    Error, ErrorCode,
    model::{DateTimeTimeZone, Event},
    schedule::{RangeEnd, Recurrence},
    time::{Zone, Zones, instant_of, parse_date, parse_local},
};

/// How the times of an event are written.
#[derive(Clone)]
enum Form {
    /// Whole days.
    Dates,
    /// Instants.
    Utc,
    /// Wall times of a zone.
    Zoned(Rc<Zone>),
}

impl Form {
    fn property(&self, name: &str, at: NaiveDateTime, lines: &mut Lines) {
        match self {
            Self::Dates => lines.raw(&[name, ";VALUE=DATE"].concat(), &date(at.date())),
            Self::Utc => lines.raw(name, &utc(at.and_utc())),
            Self::Zoned(zone) => lines.raw(&[name, &zone::tzid(zone)].concat(), &wall(at)),
        }
    }
}

/// Start, end and repetition of an event.
pub(super) struct Times {
    form: Form,
    /// In UTC, or as the clock shows it, by the form.
    start: NaiveDateTime,
    end: NaiveDateTime,
    /// The rule of a series, and the dates that were cancelled.
    series: Option<(String, Vec<NaiveDateTime>)>,
    /// Which occurrence of its series this one replaces, in the series' form.
    replaces: Option<(Form, NaiveDateTime)>,
}

impl Times {
    pub(super) fn of_event(event: &Event, zones: &Zones) -> Result<Self, Error> {
        let recurrence = event.other.get("recurrence").filter(|recurrence| !recurrence.is_null());
        let recurrence = recurrence.map(|recurrence| Recurrence::from_json(recurrence, "recurrence")).transpose()?;
        let form = match &recurrence {
            _ if event.is_all_day => Form::Dates,
            None => Form::Utc,
            Some(recurrence) => {
                let (name, field) = match &recurrence.range.time_zone {
                    Some(name) => (name, "recurrence.range.recurrenceTimeZone"),
                    None => (&event.start.time_zone, "start.timeZone"),
                };
                let zone = zones.get(name).ok_or_else(|| refuse(field, NO_ZONE))?;
                // A clock that never changes and shows UTC needs no zone.
                if *zone == Zone::fixed(zone.name(), 0) { Form::Utc } else { Form::Zoned(zone) }
            }
        };
        let (start, end) = bounds(event, &form, zones)?;
        let mut times = Self { form, start, end, series: None, replaces: None };
        if let Some(recurrence) = recurrence {
            times.repeat(event, &recurrence)?;
        }
        Ok(times)
    }

    /// An occurrence that differs from its series, which stood at `original`.
    pub(super) fn of_exception(event: &Event, series: &Self, original: DateTime<Utc>, zones: &Zones) -> Result<Self, Error> {
        let form = match (event.is_all_day, &series.form) {
            (true, _) => Form::Dates,
            (false, Form::Zoned(zone)) => Form::Zoned(zone.clone()),
            (false, Form::Dates | Form::Utc) => Form::Utc,
        };
        let (start, end) = bounds(event, &form, zones)?;
        let replaces = match &series.form {
            Form::Zoned(zone) => zone.local(original),
            Form::Dates | Form::Utc => original.naive_utc(),
        };
        Ok(Self { form, start, end, series: None, replaces: Some((series.form.clone(), replaces)) })
    }

    pub(super) fn is_series(&self) -> bool {
        self.series.is_some()
    }

    /// When it starts; midnight UTC of a whole day.
    pub(super) fn start(&self) -> DateTime<Utc> {
        match &self.form {
            Form::Zoned(zone) => zone.resolve(self.start).instant,
            Form::Dates | Form::Utc => self.start.and_utc(),
        }
    }

    /// The zone that the other lines name, where they name one.
    pub(super) fn write_zone(&self, lines: &mut Lines) {
        if let Form::Zoned(zone) = &self.form {
            zone::write(zone, self.start(), lines);
        }
    }

    pub(super) fn write(&self, lines: &mut Lines) {
        if let Some((form, at)) = &self.replaces {
            form.property("RECURRENCE-ID", *at, lines);
        }
        self.form.property("DTSTART", self.start, lines);
        // What takes no time has no end: one at the start is forbidden.
        if self.end > self.start {
            self.form.property("DTEND", self.end, lines);
        }
        if let Some((rule, cancelled)) = &self.series {
            if !rule.is_empty() {
                lines.raw("RRULE", rule);
            }
            for start in cancelled {
                self.form.property("EXDATE", *start, lines);
            }
        }
    }

    /// Makes it a series whose DTSTART is the first date of the recurrence: a rule counts DTSTART in, whether it fits or not.
    fn repeat(&mut self, event: &Event, recurrence: &Recurrence) -> Result<(), Error> {
        let length = self.end - self.start;
        let time = self.start.time();
        let from = recurrence.range.start_date.unwrap_or(self.start.date());
        let Some(first) = recurrence.first_date(from) else {
            // The range ends before it begins; what is left is the event by itself.
            self.series = Some((String::new(), Vec::new()));
            return Ok(());
        };
        self.start = first.and_time(time);
        self.end = self.start.checked_add_signed(length).unwrap_or(self.start);
        check(self.end.date(), "recurrence.range.startDate")?;
        let until = match recurrence.range.end {
            RangeEnd::Date(last) => self.until(last),
            RangeEnd::Count(_) | RangeEnd::Never => None,
        };
        let cancelled = texts(&event.other, "cancelledOccurrences").filter_map(occurrence_date).map(|date| date.and_time(time));
        self.series = Some((rule::rule(recurrence, until.as_deref()), cancelled.collect()));
        Ok(())
    }

    /// The end of a date, as `UNTIL` wants it: a date for dates, else an instant. None where no calendar goes so far.
    fn until(&self, last: NaiveDate) -> Option<String> {
        let end = last.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::seconds(86_399))?;
        let end = match &self.form {
            Form::Dates => return is_writable(last).then(|| date(last)),
            Form::Utc => end.and_utc(),
            Form::Zoned(zone) => zone.resolve_late(end),
        };
        is_writable(end.date_naive()).then(|| utc(end))
    }
}

const NO_ZONE: &str = " is no time zone that is known here; ask for the event in another zone";

/// The date in an occurrence's id, `OID.<id of the series>.2026-05-04`.
fn occurrence_date(id: &str) -> Option<NaiveDate> {
    parse_date(id.rsplit_once('.')?.1)
}

fn bounds(event: &Event, form: &Form, zones: &Zones) -> Result<(NaiveDateTime, NaiveDateTime), Error> {
    let (start, end) = match form {
        Form::Dates => {
            // Whatever the zone and the time of day: no zone ever shifts a whole day.
            let (start, end) = (day(&event.start, "start.dateTime")?, day(&event.end, "end.dateTime")?);
            let next = start.checked_add_days(Days::new(1)).unwrap_or(start);
            (start.and_time(NaiveTime::MIN), end.max(next).and_time(NaiveTime::MIN))
        }
        Form::Utc | Form::Zoned(_) => {
            let bound = |value: &DateTimeTimeZone, field: &str, late: bool| {
                let resolved = instant_of(value, zones).ok_or_else(|| refuse(&[field, ".dateTime"].concat(), NO_DATE))?;
                if resolved.unknown_zone {
                    return Err(refuse(&[field, ".timeZone"].concat(), NO_ZONE));
                }
                let instant = if late { resolved.late } else { resolved.instant };
                Ok(match form {
                    Form::Zoned(zone) => zone.local(instant),
                    _ => instant.naive_utc(),
                })
            };
            let start = bound(&event.start, "start", false)?;
            // No end comes before its start; RFC 5545 forbids it.
            (start, bound(&event.end, "end", true)?.max(start))
        }
    };
    check(start.date(), "start.dateTime")?;
    check(end.date(), "end.dateTime")?;
    Ok((start, end))
}

fn day(value: &DateTimeTimeZone, field: &str) -> Result<NaiveDate, Error> {
    parse_local(&value.date_time).map(|local| local.date()).ok_or_else(|| refuse(field, NO_DATE))
}

const NO_DATE: &str = " is not a date and time; give it as Graph does, like 2026-05-04T09:00:00";

fn check(date: NaiveDate, field: &str) -> Result<(), Error> {
    if is_writable(date) { Ok(()) } else { Err(refuse(field, " lies beyond the years that iCalendar can write, 0 to 9999")) }
}

fn refuse(field: &str, problem: &str) -> Error {
    Error::new(ErrorCode::InvalidRequest, [field, problem].concat())
}
