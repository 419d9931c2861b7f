//! The scheduling engine: when can these people meet, and why then? Owns availability, ranking, recurrence and the geometry of the
//! availability grid, all of it pure; leaves fetching, JSON and words to others.

mod almost;
mod availability;
mod bits;
mod explain;
mod field;
pub mod grid;
mod hours;
mod later;
mod pattern;
mod prepare;
mod rank;
mod recurrence;
mod recurrence_json;
mod request;
mod result;
mod search;
mod tally;
mod view;

pub use availability::{StatusSpan, severity, statuses, worst};
pub use hours::working_spans;
pub use rank::rank;
pub use recurrence::{Index, Occurrence, Pattern, PatternKind, Range, RangeEnd, Recurrence, expand_recurrence};
pub use request::{BusyItem, Hours, HoursPolicy, Quorum, RankAttendee, RankRequest, Role, View};
pub use result::{Almost, AttendeeState, Change, EmptyReason, RankResult, Reason, ReasonCode, Suggestion};
pub use view::availability_view;
#[cfg(test)]
mod tests;
