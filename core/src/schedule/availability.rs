//! Who is free when.
use super::RankAttendee;
use crate::{
    Error,
    model::{FreeBusy, WorkingHours},
    time::{Span, Zones},
};

/// A stretch of time in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusSpan {
    /// From when until when.
    pub span: Span,
    /// Never free: what no span covers is free.
    pub status: FreeBusy,
}

/// What is known of somebody's time within a window, merged, worst first where items overlap, in order, without gaps inside a span.
/// What no span covers is free; what nobody knows is a span of `Unknown`.
///
/// # Errors
/// `invalid-request` that names the field.
pub fn statuses(attendee: &RankAttendee, window: Span, zones: &Zones) -> Result<Vec<StatusSpan>, Error> {
    todo!()
}

/// When somebody works within a window, merged and in order; `None` where it is not known, or in a zone that nobody knows.
#[must_use]
pub fn working_spans(hours: &[WorkingHours], window: Span, zones: &Zones) -> Option<Vec<Span>> {
    todo!()
}

/// How bad a status is: 5 out of office, 4 busy, 3 unknown, 2 tentative, 1 working elsewhere, 0 free.
#[must_use]
pub fn severity(status: FreeBusy) -> u8 {
    todo!()
}

/// The worst status within a slot; free where no span overlaps it. `spans` are those of [`statuses`].
#[must_use]
pub fn worst(spans: &[StatusSpan], slot: Span) -> FreeBusy {
    todo!()
}
