//! The keys of the availability grid. Owns where each leads; a key that leads nowhere leaves everything as it is.

use chrono::{DateTime, Utc};
use convoke_core::schedule::{
    RankResult,
    grid::{Grid, next_slot, previous_slot},
};

/// Where the focus is: row 0 is the roll-up.
pub(crate) type Cell = (usize, usize);

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The focus goes there.
    Go(Cell),
    /// The meeting is placed at the focused cell.
    Place,
    /// The meeting gets longer or shorter by so many columns.
    Stretch(i32),
    /// The meeting is placed on this suggestion, and the focus goes to it.
    Suggestion(usize),
}

/// Where a key is pressed.
pub(crate) struct Place<'a> {
    /// The focused cell.
    pub cell: Cell,
    /// How many rows there are, the roll-up among them.
    pub rows: usize,
    /// The columns.
    pub grid: &'a Grid,
    /// The suggestions.
    pub result: &'a RankResult,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// Later times lie to the left.
    pub right_to_left: bool,
}

/// What a key does there.
#[must_use]
pub(crate) fn step(key: &str, shift: bool, place: &Place<'_>) -> Option<Step> {
    let Place { cell: (row, column), rows, grid, result, now, right_to_left } = *place;
    let last = grid.columns.len().checked_sub(1)?;
    let column = column.min(last);
    let (later, earlier) = if right_to_left { ("ArrowLeft", "ArrowRight") } else { ("ArrowRight", "ArrowLeft") };
    let at = grid.columns.get(column)?;
    let go = |column: usize| Some(Step::Go((row, column)));
    match key {
        _ if key == later && shift => Some(Step::Stretch(1)),
        _ if key == earlier && shift => Some(Step::Stretch(-1)),
        _ if key == later => go((column + 1).min(last)),
        _ if key == earlier => go(column.saturating_sub(1)),
        "ArrowDown" => Some(Step::Go(((row + 1).min(rows.saturating_sub(1)), column))),
        "ArrowUp" => Some(Step::Go((row.saturating_sub(1), column))),
        "Home" => go(grid.days.get(at.day)?.first_column),
        "End" => {
            let day = grid.days.get(at.day)?;
            go((day.first_column + day.columns).saturating_sub(1))
        }
        "PageDown" => go(same_time(grid, column, at.day + 1)?),
        "PageUp" => go(same_time(grid, column, at.day.checked_sub(1)?)?),
        "Enter" | " " => Some(Step::Place),
        "n" | "N" => position(result, next_slot(&result.suggestions, at.span.start)?.start).map(Step::Suggestion),
        "p" | "P" => position(result, previous_slot(&result.suggestions, at.span.start)?.start).map(Step::Suggestion),
        "t" | "T" => go(grid.columns.iter().position(|column| column.span.end > now)?),
        _ => None,
    }
}

fn position(result: &RankResult, start: DateTime<Utc>) -> Option<usize> {
    result.suggestions.iter().position(|suggestion| suggestion.start == start)
}

/// The column of another day that shows the same time of day, or that day's last.
fn same_time(grid: &Grid, column: usize, day: usize) -> Option<usize> {
    let minute = grid.columns.get(column)?.minute;
    let day = grid.days.get(day)?;
    let last = (day.first_column + day.columns).checked_sub(1)?;
    (day.first_column..=last).find(|column| grid.columns.get(*column).is_some_and(|at| at.minute >= minute)).or(Some(last))
}
