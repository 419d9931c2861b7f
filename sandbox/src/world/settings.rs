//! Mailbox settings: zone, working hours, automatic replies. Owns the record and what working time means; leaves JSON to `graph`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde_json::Value;

use super::zones::Zone;

/// A zone of an Outlook that knows no names: standard offset plus rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CustomZone {
    /// Minutes that are added to local standard time to get UTC (480 is the US Pacific coast's), the sign of the documentation's sample.
    pub(crate) bias: i32,
    /// Added to `bias` in summer, e.g. -60.
    pub(crate) daylight_bias: i32,
    pub(crate) to_standard: Transition,
    pub(crate) to_daylight: Transition,
}

/// The nth weekday of a month at a wall time; `occurrence` 5 is the last one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Transition {
    pub(crate) time: NaiveTime,
    pub(crate) occurrence: u8,
    pub(crate) weekday: Weekday,
    pub(crate) month: u32,
}

/// The zone of working hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HoursZone {
    Named(Zone),
    Custom(CustomZone),
}

/// When somebody works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WorkingHours {
    pub(crate) days: Vec<Weekday>,
    pub(crate) start: NaiveTime,
    pub(crate) end: NaiveTime,
    pub(crate) zone: HoursZone,
}

/// What a mailbox is for: Graph's userPurpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    User,
    Room,
    Others,
}

/// Graph's mailboxSettings.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) zone: Zone,
    pub(crate) hours: WorkingHours,
    pub(crate) locale: String,
    pub(crate) date_format: String,
    pub(crate) time_format: String,
    pub(crate) delivery: String,
    /// Graph's automaticRepliesSetting as JSON: the sandbox stores it and nothing follows from it.
    pub(crate) automatic_replies: Value,
    pub(crate) purpose: Purpose,
}

impl Transition {
    fn local(&self, year: i32) -> Option<chrono::NaiveDateTime> {
        let date = (1..=self.occurrence).rev().find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, self.month, self.weekday, nth))?;
        Some(date.and_time(self.time))
    }
}

impl CustomZone {
    /// The instant of a wall time.
    fn instant(&self, local: chrono::NaiveDateTime) -> DateTime<Utc> {
        let (daylight, standard) = (self.to_daylight.local(local.year()), self.to_standard.local(local.year()));
        let summer = match (daylight, standard) {
            (Some(daylight), Some(standard)) if daylight < standard => (daylight..standard).contains(&local),
            (Some(daylight), Some(standard)) => !(standard..daylight).contains(&local),
            _ => false,
        };
        let bias = self.bias + if summer { self.daylight_bias } else { 0 };
        (local + TimeDelta::minutes(i64::from(bias))).and_utc()
    }
}

impl WorkingHours {
    /// The instant of a wall time in the hours' own zone.
    fn instant(&self, local: chrono::NaiveDateTime) -> DateTime<Utc> {
        match &self.zone {
            HoursZone::Named(zone) => zone.instant(local),
            HoursZone::Custom(zone) => zone.instant(local),
        }
    }

    /// Whether `from..to` lies within one working day; `weekends`: Saturday and Sunday count as working days too.
    pub(crate) fn contain(&self, from: DateTime<Utc>, to: DateTime<Utc>, weekends: bool) -> bool {
        // The local date is the UTC date or a neighbour of it.
        (-1..=1).any(|shift| {
            let date = from.date_naive() + TimeDelta::days(shift);
            let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
            let works = self.days.contains(&date.weekday()) || (weekends && weekend);
            works && self.instant(date.and_time(self.start)) <= from && to <= self.instant(date.and_time(self.end))
        })
    }
}
