//! Graph's own pair of wall time and zone (`dateTimeTimeZone`), as text. Leaves reading it to `parse`.

/// A wall time and the zone that it is in, as Graph writes both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DateTimeTimeZone {
    /// E.g. `2026-05-04T09:00:00.0000000`, without an offset.
    pub date_time: String,
    /// A Windows or IANA name.
    pub time_zone: String,
}
