//! Reading of ISO 8601 and of Graph's `dateTimeTimeZone`. Owns tolerance: what Graph, Outlook and people write is read or refused, never a
//! panic; leaves zones to `zones`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{DateTimeTimeZone, Zone, Zones};
use crate::{Error, ErrorCode};

/// Why a text is no instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstantError {
    /// It is no date and time.
    Syntax,
    /// It is a wall time: it has neither an offset nor `Z`.
    NoOffset,
}

impl InstantError {
    /// The public error, which names the field.
    #[must_use]
    pub fn of_field(self, field: &str) -> Error {
        let problem = match self {
            Self::Syntax => " is not a date and time; write it like 2026-05-04T09:00:00Z",
            Self::NoOffset => " has no offset; add Z or one like +02:00",
        };
        Error::new(ErrorCode::InvalidRequest, [field, problem].concat())
    }
}

/// What a `dateTimeTimeZone` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolution {
    /// The instant; the earlier one of two, shifted forward in a gap.
    pub instant: DateTime<Utc>,
    /// The later one where the wall time happens twice, else the same.
    pub late: DateTime<Utc>,
    /// The wall time happens twice.
    pub ambiguous: bool,
    /// The wall time never happens.
    pub gap: bool,
    /// It is a wall time in a zone; else `dateTime` names the instant by itself.
    pub is_wall: bool,
    /// Nobody knows the zone: the wall time was taken as UTC, and whoever shows it must say so.
    pub unknown_zone: bool,
}

/// An instant from ISO 8601 with an offset or `Z`, as tolerant otherwise as [`parse_local`].
///
/// # Errors
/// [`InstantError::Syntax`] for what is no date and time, [`InstantError::NoOffset`] for a wall time.
pub fn parse_instant(text: &str) -> Result<DateTime<Utc>, InstantError> {
    // What programs write, and lists of thousands are made of.
    if let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = text.as_bytes() {
        let pair = |tens: u8, ones: u8| u32::from(tens.wrapping_sub(b'0')) * 10 + u32::from(ones.wrapping_sub(b'0'));
        let digits = [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2].iter().all(u8::is_ascii_digit);
        let date = NaiveDate::from_ymd_opt((pair(y1, y2) * 100 + pair(y3, y4)) as i32, pair(m1, m2), pair(d1, d2));
        let time = NaiveTime::from_hms_opt(pair(h1, h2), pair(n1, n2), pair(s1, s2));
        // What is not so plain (24:00, second 60, a mistake) is left to the reader below.
        if let (true, Some(date), Some(time)) = (digits, date, time) {
            return Ok(date.and_time(time).and_utc());
        }
    }
    let (local, offset) = parse(text).ok_or(InstantError::Syntax)?;
    offset.map(|offset| at_offset(local, offset)).ok_or(InstantError::NoOffset)
}

/// A date as people type it and date fields give it: `2026-05-04`, also `2026-5-4`.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let mut parts = text.trim().split('-').map(|part| {
        let digits = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    });
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}

/// A wall time: `2026-05-04T09:00`, with or without seconds, any number of decimals, a date alone (midnight). An offset is read over;
/// 24:00 is the next midnight, second 60 the next minute.
#[must_use]
pub fn parse_local(text: &str) -> Option<NaiveDateTime> {
    parse(text).map(|parts| parts.0)
}

/// A time of day such as `08:00:00.0000000`, as time since midnight (up to 24:00).
#[must_use]
pub fn parse_time_of_day(text: &str) -> Option<TimeDelta> {
    let mut reader = Reader(text.trim().as_bytes());
    let time = reader.time()?;
    reader.0.is_empty().then_some(time)
}

/// The instant of Graph's `dateTimeTimeZone`. An offset inside `dateTime` wins over `timeZone`; in a zone that nobody knows the wall time
/// is taken as UTC, and marked. `None` where `dateTime` is no date.
#[must_use]
pub fn instant_of(value: &DateTimeTimeZone, zones: &Zones) -> Option<Resolution> {
    let (local, offset) = parse(&value.date_time)?;
    if let Some(offset) = offset {
        let instant = at_offset(local, offset);
        return Some(Resolution { instant, late: instant, ambiguous: false, gap: false, is_wall: false, unknown_zone: false });
    }
    let found = zones.get(&value.time_zone);
    let in_zone = |zone: &Zone, unknown_zone| {
        let resolved = zone.resolve(local);
        let late = if resolved.ambiguous { zone.resolve_late(local) } else { resolved.instant };
        Resolution { instant: resolved.instant, late, ambiguous: resolved.ambiguous, gap: resolved.gap, is_wall: true, unknown_zone }
    };
    Some(match found {
        Some(zone) => in_zone(&zone, false),
        None => in_zone(&Zone::utc(), true),
    })
}

fn at_offset(local: NaiveDateTime, offset: TimeDelta) -> DateTime<Utc> {
    local.checked_sub_signed(offset).unwrap_or(local).and_utc()
}

/// The wall time and, where the text has one, its offset east of UTC.
fn parse(text: &str) -> Option<(NaiveDateTime, Option<TimeDelta>)> {
    let mut reader = Reader(text.trim().as_bytes());
    let date = reader.date()?;
    if reader.0.is_empty() {
        return Some((date.and_time(NaiveTime::MIN), None));
    }
    if !matches!(reader.next()?, b'T' | b't' | b' ') {
        return None;
    }
    let local = date.and_time(NaiveTime::MIN).checked_add_signed(reader.time()?)?;
    let offset = reader.offset()?;
    reader.0.is_empty().then_some((local, offset))
}

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        (0..count).try_fold(0, |number, _| {
            let digit = self.next()?.checked_sub(b'0').filter(|digit| *digit < 10)?;
            Some(number * 10 + u32::from(digit))
        })
    }

    fn date(&mut self) -> Option<NaiveDate> {
        let year = i32::try_from(self.digits(4)?).ok()?;
        let month = self.take(b'-').then(|| self.digits(2))??;
        let day = self.take(b'-').then(|| self.digits(2))??;
        // chrono has a year 0, which no calendar that Graph speaks has; it is read like any other.
        NaiveDate::from_ymd_opt(year, month, day)
    }

    /// `08:00`, `08:00:30`, `08:00:30.1234567`; 24:00 and second 60 are carried over.
    fn time(&mut self) -> Option<TimeDelta> {
        let hour = self.digits(2).filter(|hour| *hour <= 24)?;
        let minute = self.take(b':').then(|| self.digits(2))?.filter(|minute| *minute < 60)?;
        let mut seconds = i64::from(hour * 3600 + minute * 60);
        let mut nanos = 0;
        if self.take(b':') {
            seconds += i64::from(self.digits(2).filter(|second| *second <= 60)?);
            if self.take(b'.') || self.take(b',') {
                nanos = self.fraction()?;
            }
        }
        let time = TimeDelta::new(seconds, nanos)?;
        (hour < 24 || time == TimeDelta::days(1)).then_some(time)
    }

    /// The digits after the decimal sign, at least one; beyond nanoseconds they are read over.
    fn fraction(&mut self) -> Option<u32> {
        let mut nanos = 0;
        let mut unit = 100_000_000;
        let mut any = false;
        while let Some(digit) = self.0.first().and_then(|byte| byte.checked_sub(b'0')).filter(|digit| *digit < 10) {
            nanos += u32::from(digit) * unit;
            unit /= 10;
            any = true;
            self.0 = &self.0[1..];
        }
        any.then_some(nanos)
    }

    /// `Z`, `+02:00`, `+0200`, `+02`, or nothing.
    fn offset(&mut self) -> Option<Option<TimeDelta>> {
        let sign = match self.0.first() {
            None => return Some(None),
            Some(b'Z' | b'z') => {
                self.0 = &self.0[1..];
                return Some(Some(TimeDelta::zero()));
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return None,
        };
        self.0 = &self.0[1..];
        let hours = self.digits(2).filter(|hours| *hours < 24)?;
        let minutes = if self.take(b':') || !self.0.is_empty() { self.digits(2).filter(|minutes| *minutes < 60)? } else { 0 };
        Some(Some(TimeDelta::minutes(sign * i64::from(hours * 60 + minutes))))
    }
}
