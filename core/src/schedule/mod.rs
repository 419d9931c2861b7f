//! The scheduling engine: when can these people meet, and why then? Owns availability, ranking, recurrence and the geometry of the
//! availability grid, all of it pure; leaves fetching, JSON and words to others.

mod availability;
pub mod grid;
mod rank;
mod recurrence;
mod request;
mod result;
mod view;

pub use availability::{StatusSpan, severity, statuses, working_spans, worst};
pub use rank::rank;
pub use recurrence::{Index, Occurrence, Pattern, PatternKind, Range, RangeEnd, Recurrence, expand_recurrence};
pub use request::{BusyItem, Hours, HoursPolicy, Quorum, RankAttendee, RankRequest, Role, View};
pub use result::{Almost, AttendeeState, Change, EmptyReason, RankResult, Reason, ReasonCode, Suggestion};
pub use view::availability_view;
