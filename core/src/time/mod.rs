//! Instants, spans, wall times and zones. Owns reading and writing of ISO 8601, time zones as tables of transitions, Windows names and
//! calendar days; leaves "what time is it" and the tables themselves to the caller, who reads them from the browser's `Intl`.

mod calendar;
mod custom;
mod iso;
mod parse;
mod span;
mod wall;
mod windows;
mod windows_table;
mod zone;
mod zones;

#[cfg(test)]
pub(crate) mod fixtures;

pub use calendar::{day_range, parse_weekday, week_start, weekday_name};
pub use iso::{LocalTime, iso_local, iso_utc, iso_with_offset};
pub use parse::{InstantError, Resolution, instant_of, parse_date, parse_instant, parse_local, parse_time_of_day};
pub use span::Span;
pub use wall::DateTimeTimeZone;
pub use windows::{iana_to_windows, windows_to_iana};
pub use zone::{Resolved, Transition, Zone};
pub use zones::Zones;
#[cfg(test)]
mod tests;
