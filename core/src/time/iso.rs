//! Writing of ISO 8601. Owns digits; leaves everything that a person reads to the browser's `Intl`.
//! Written by hand: chrono's formatting machinery would weigh more in the wasm than all of this file.

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, Timelike, Utc};

use super::Zone;

/// A wall time and how far east of UTC it is: an instant as somebody sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// What the clock shows.
    pub wall: NaiveDateTime,
    /// Seconds east of UTC.
    pub offset_seconds: i32,
}

impl LocalTime {
    /// An instant as the people of a zone see it.
    #[must_use]
    pub fn of(instant: DateTime<Utc>, zone: &Zone) -> Self {
        Self { wall: zone.local(instant), offset_seconds: zone.offset_at(instant) }
    }

    /// The instant.
    #[must_use]
    pub fn instant(&self) -> DateTime<Utc> {
        moved(self.wall, -self.offset_seconds).and_utc()
    }

    /// `2026-05-04T09:00:00+02:00`.
    #[must_use]
    pub fn to_iso(&self) -> String {
        iso_with_offset(self.instant(), self.offset_seconds)
    }
}

/// An instant as `2026-05-04T09:00:00Z`; parts of a second are cut.
#[must_use]
pub fn iso_utc(instant: DateTime<Utc>) -> String {
    let mut text = iso_local(instant.naive_utc());
    text.push('Z');
    text
}

/// A wall time as `2026-05-04T09:00:00`; parts of a second are cut.
#[must_use]
pub fn iso_local(local: NaiveDateTime) -> String {
    let mut text = String::with_capacity(25);
    if local.year() < 0 {
        text.push('-');
    }
    push(&mut text, local.year().unsigned_abs(), 4);
    for (separator, number) in [('-', local.month()), ('-', local.day()), ('T', local.hour()), (':', local.minute()), (':', local.second())]
    {
        text.push(separator);
        push(&mut text, number, 2);
    }
    text
}

/// An instant as the wall time of an offset, `2026-05-04T09:00:00+02:00`. Seconds of an offset (local mean time, before zones) are cut,
/// and the wall time with them, so that the text names exactly this instant.
#[must_use]
pub fn iso_with_offset(instant: DateTime<Utc>, offset_seconds: i32) -> String {
    let minutes = offset_seconds / 60;
    let mut text = iso_local(moved(instant.naive_utc(), minutes * 60));
    text.push(if minutes < 0 { '-' } else { '+' });
    push(&mut text, minutes.unsigned_abs() / 60, 2);
    text.push(':');
    push(&mut text, minutes.unsigned_abs() % 60, 2);
    text
}

fn moved(time: NaiveDateTime, seconds: i32) -> NaiveDateTime {
    time.checked_add_signed(TimeDelta::seconds(seconds.into())).unwrap_or(time)
}

/// Pushes a number with at least so many digits.
fn push(text: &mut String, number: u32, width: u32) {
    let mut unit = 10_u32.pow(width - 1);
    while number / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        text.push(char::from(b'0' + (number / unit % 10) as u8));
        unit /= 10;
    }
}
