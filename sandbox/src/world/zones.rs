//! Time zones as Graph names them and times as Outlook stores them: local, with a zone. Owns the reading of Windows, IANA and documented
//! odd names and the conversion to instants; leaves JSON to `graph`.

use chrono::{DateTime, Duration, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use super::windows_zones::WINDOWS_ZONES;

/// A zone under the name that somebody gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    /// As given, e.g. `W. Europe Standard Time` or `Europe/Berlin`.
    pub(crate) name: String,
    /// Its rules.
    pub(crate) tz: Tz,
}

impl Zone {
    /// Reads a Windows name (case does not matter), an IANA name, or one of the list's oddities such as `Europe/Kyiv (Kiev)`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("UTC") {
            return Some(Self::utc());
        }
        if let Some((windows, iana)) = WINDOWS_ZONES.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(name)) {
            return iana.parse().ok().map(|tz| Self { name: (*windows).to_owned(), tz });
        }
        // "Asia/Toshkent (Tashkent)": the name in brackets is the one that the zone database knows where the first is unknown to it.
        if let Some((first, alternative)) = name.split_once(" (") {
            let area = first.split('/').next().unwrap_or_default();
            let in_brackets = format!("{area}/{}", alternative.trim_end_matches(')'));
            return first.parse().or_else(|_| in_brackets.parse()).ok().map(|tz| Self { name: name.to_owned(), tz });
        }
        name.parse().ok().map(|tz| Self { name: name.to_owned(), tz })
    }

    /// Coordinated Universal Time.
    pub(crate) fn utc() -> Self {
        Self { name: "UTC".to_owned(), tz: Tz::UTC }
    }

    /// The instant of a wall time here. Of two (clocks go back) the first; a time that is skipped (clocks go forward) counts on from
    /// the offset before, as Outlook shows it an hour later.
    pub(crate) fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        if let Some(instant) = self.tz.from_local_datetime(&local).earliest() {
            return instant.with_timezone(&Utc);
        }
        let before = local - Duration::hours(3);
        let offset = self.tz.offset_from_utc_datetime(&before).fix();
        (local - offset).and_utc()
    }

    /// The wall time here at an instant.
    pub(crate) fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.tz).naive_local()
    }
}

/// A wall time in a zone: Graph's dateTimeTimeZone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ZonedTime {
    pub(crate) local: NaiveDateTime,
    pub(crate) zone: Zone,
}

impl ZonedTime {
    /// The instant that it means.
    pub(crate) fn instant(&self) -> DateTime<Utc> {
        self.zone.instant(self.local)
    }

    /// Whether the wall time is 00:00:00.
    pub(crate) fn is_midnight(&self) -> bool {
        self.local.time() == NaiveTime::MIN
    }
}

/// All Windows names with the label that Outlook's list shows: offset and city.
pub(crate) fn windows_names(now: DateTime<Utc>) -> impl Iterator<Item = (&'static str, String)> {
    let label = move |iana: &str| {
        let tz: Tz = iana.parse().ok()?;
        let winter = [1, 7].map(|month| {
            let instant = Utc.with_ymd_and_hms(chrono::Datelike::year(&now), month, 1, 0, 0, 0).earliest().unwrap_or(now);
            tz.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
        });
        let minutes = winter[0].min(winter[1]) / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let city = iana.rsplit('/').next().unwrap_or(iana).replace('_', " ");
        Some(format!("(UTC{sign}{:02}:{:02}) {city}", minutes.abs() / 60, minutes.abs() % 60))
    };
    WINDOWS_ZONES.iter().filter_map(move |(windows, iana)| Some((*windows, label(iana)?)))
}
