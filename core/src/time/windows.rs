//! Windows zone names ↔ IANA zone names. Owns the look-up; leaves the tables to `windows_table`.

use super::windows_table::{OTHERS, ZONES};

/// The IANA zone of a Windows name (case ignored), by CLDR's default territory: `W. Europe Standard Time` is `Europe/Berlin`.
#[must_use]
pub fn windows_to_iana(windows: &str) -> Option<&'static str> {
    lines(ZONES).find(|(name, _)| name.eq_ignore_ascii_case(windows)).map(|(_, zone)| zone)
}

/// The Windows name of an IANA zone (case ignored), by CLDR's territories and aliases: `Europe/Vienna` is `W. Europe Standard Time`.
#[must_use]
pub fn iana_to_windows(iana: &str) -> Option<&'static str> {
    let named = |(_, zones): &(&str, &str)| zones.split(' ').any(|zone| zone.eq_ignore_ascii_case(iana));
    lines(ZONES).chain(lines(OTHERS)).find(named).map(|(name, _)| name)
}

// A scan of some kilobytes, a few times per session, is cheaper than the code and the bytes of anything cleverer.
fn lines(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter_map(|line| line.split_once('='))
}
