//! Windows zone names ↔ IANA zone names. Owns the look-up; leaves the table to `windows_table`.

use super::windows_table::TABLE;

/// The IANA zone of a Windows name (case ignored), by CLDR's default territory: `W. Europe Standard Time` is `Europe/Berlin`.
#[must_use]
pub fn windows_to_iana(windows: &str) -> Option<&'static str> {
    lines().find(|(name, _)| name.eq_ignore_ascii_case(windows)).and_then(|(_, zones)| zones.split(' ').next())
}

/// The Windows name of an IANA zone (case ignored), by CLDR's territories and aliases: `Europe/Vienna` is `W. Europe Standard Time`.
#[must_use]
pub fn iana_to_windows(iana: &str) -> Option<&'static str> {
    lines().find(|(_, zones)| zones.split(' ').any(|zone| zone.eq_ignore_ascii_case(iana))).map(|(name, _)| name)
}

// A scan of 15 kB, a few times per session, is cheaper than the code and the bytes of anything cleverer.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| line.split_once('='))
}
