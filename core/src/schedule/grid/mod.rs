//! Geometry of the availability grid: numbers only. Owns columns, runs, paths, cells and what is said of them; leaves drawing and words
//! to the interface. One column is `step` minutes of real time, so a day on which the clock changes has fewer or more columns.

mod layout;
mod row;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Role, StatusSpan, Suggestion};
use crate::{model::FreeBusy, time::Span};

pub use row::{number, path};

/// Which days and hours are drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridSpec {
    /// The first local date.
    pub first_day: NaiveDate,
    /// How many days.
    pub days: u32,
    /// Where each day's drawing begins, minutes since local midnight.
    pub from_minute: u32,
    /// Where it ends, up to 1440.
    pub to_minute: u32,
    /// Minutes per column, at least 1.
    pub step_minutes: u32,
}

/// The columns of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// In order, all days one after another.
    pub columns: Vec<Column>,
    /// In order.
    pub days: Vec<Day>,
    /// Minutes per column.
    pub step_minutes: u32,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// From when until when; the last one of a day may be shorter than a step.
    pub span: Span,
    /// Index into `days`.
    pub day: usize,
    /// What the clock shows at its start, minutes since local midnight.
    pub minute: u32,
    /// The clock changes at its start or within.
    pub clock_change: Option<ClockChange>,
}

/// What the clock does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockChange {
    /// It leaves out so many minutes.
    Forward(u32),
    /// It repeats so many minutes.
    Back(u32),
}

/// One local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// What of it is drawn.
    pub span: Span,
    /// Its first column.
    pub first_column: usize,
    /// How many columns.
    pub columns: usize,
}

/// A run along a row, in columns: `x0` 2.5 is the middle of the third column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// From here.
    pub x0: f32,
    /// To here.
    pub x1: f32,
}

/// What a row is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct RowInput<'a> {
    /// Who.
    pub id: &'a str,
    /// Whether they have to come.
    pub role: Role,
    /// From [`super::statuses`].
    pub spans: &'a [StatusSpan],
    /// From [`super::working_spans`]; `None` where not known.
    pub hours: Option<&'a [Span]>,
}

/// How a row is drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// For each status that occurs, its runs; free is not drawn.
    pub runs: Vec<(FreeBusy, Vec<Run>)>,
    /// Where it is outside working hours.
    pub outside: Vec<Run>,
}

/// One cell of the first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollUp {
    /// How many are free (or working elsewhere).
    pub free: usize,
    /// How many there are.
    pub total: usize,
    /// The worst status of the organizer and the required people.
    pub worst: FreeBusy,
}

/// What is said of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// The slot.
    pub span: Span,
    /// How many are free (or working elsewhere) all the time.
    pub free: usize,
    /// How many there are.
    pub total: usize,
    /// Who is not, in input order, and why not.
    pub not_free: Vec<(String, FreeBusy)>,
}

/// The first suggestion, by time, that starts after an instant.
#[must_use]
pub fn next_slot(suggestions: &[Suggestion], after: DateTime<Utc>) -> Option<&Suggestion> {
    suggestions.iter().filter(|slot| slot.start > after).min_by_key(|slot| slot.start)
}

/// The last suggestion, by time, that starts before an instant.
#[must_use]
pub fn previous_slot(suggestions: &[Suggestion], before: DateTime<Utc>) -> Option<&Suggestion> {
    suggestions.iter().filter(|slot| slot.start < before).max_by_key(|slot| slot.start)
}

#[cfg(test)]
mod tests;
