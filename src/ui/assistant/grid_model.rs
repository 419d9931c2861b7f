//! What the availability grid draws, computed once for each change of people or question: columns, rows and the sentences of days.

use chrono::{DateTime, Timelike, Utc};
use convoke_core::{
    model::FreeBusy,
    schedule::{
        HoursPolicy,
        grid::{Announcement, Grid, GridSpec, RollUp, Row, RowInput},
    },
    store::PersonTime,
    time::{Zone, parse_date},
};

/// How many minutes around the organizer's working hours are drawn.
const MARGIN: u32 = 60;

/// Everything that is drawn, without words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct GridModel {
    /// The columns.
    pub grid: Grid,
    /// A row for each person, in the order of the people.
    pub rows: Vec<Row>,
    /// The first row.
    pub roll_up: Vec<RollUp>,
}

impl GridModel {
    /// The grid of these people over the days from and to, as typed; nothing where these are no dates.
    #[must_use]
    pub(super) fn new(zone: &Zone, people: &[PersonTime], from: &str, to: &str, duration: u32, hours: HoursPolicy) -> Option<Self> {
        let (first_day, last_day) = (parse_date(from)?, parse_date(to)?);
        let days = u32::try_from((last_day - first_day).num_days() + 1).ok()?;
        if people.is_empty() {
            return None;
        }
        let (from_minute, to_minute) = if hours == HoursPolicy::Ignore { (0, 24 * 60) } else { hours_drawn(people, zone) };
        let step_minutes = if duration.is_multiple_of(30) { 30 } else { 15 };
        let grid = Grid::new(&GridSpec { first_day, days, from_minute, to_minute, step_minutes }, zone);
        let inputs: Vec<RowInput<'_>> = people.iter().map(input).collect();
        let rows = inputs.iter().map(|input| grid.row(input)).collect();
        let roll_up = grid.roll_up(&inputs);
        Some(Self { grid, rows, roll_up })
    }

    /// What is to be said of a meeting from this column on.
    #[must_use]
    pub(super) fn announce(&self, people: &[PersonTime], column: usize, duration: u32) -> Option<Announcement> {
        let inputs: Vec<RowInput<'_>> = people.iter().map(input).collect();
        self.grid.announce(&inputs, column, duration)
    }

    /// One cell of a person's row.
    #[must_use]
    pub(super) fn cell(&self, person: &PersonTime, column: usize) -> FreeBusy {
        self.grid.cell(&input(person), column)
    }

    /// What a person's row says of one day.
    #[must_use]
    pub(super) fn day(&self, person: &PersonTime, day: usize) -> Vec<convoke_core::schedule::StatusSpan> {
        self.grid.day_summary(&input(person), day)
    }

    /// Where a meeting's bar lies: left edge and width, in columns.
    #[must_use]
    pub(super) fn bar(&self, chosen: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Option<(f32, f32)> {
        let (start, end) = chosen?;
        let first = self.grid.columns.first()?.span.start;
        let last = self.grid.columns.last()?.span.end;
        if end <= first || start >= last {
            return None;
        }
        let (from, to) = (self.grid.x_of(start), self.grid.x_of(end));
        (to > from).then_some((from, to - from))
    }
}

/// What the engine needs to know of a person to draw their row.
fn input(person: &PersonTime) -> RowInput<'_> {
    RowInput { id: &person.person.address, role: person.role, spans: &person.spans, hours: person.hours.as_deref() }
}

/// From the organizer's first working minute to the last, with a margin, in whole hours of the organizer's zone; the day from eight to
/// six where no hours are known.
fn hours_drawn(people: &[PersonTime], zone: &Zone) -> (u32, u32) {
    let periods = people.first().and_then(|organizer| organizer.hours.as_deref()).unwrap_or_default();
    let minute = |instant| {
        let local = zone.local(instant);
        local.hour() * 60 + local.minute()
    };
    let starts = periods.iter().map(|period| minute(period.start)).min().unwrap_or(8 * 60);
    let ends = periods.iter().map(|period| minute(period.end)).map(|end| if end == 0 { 24 * 60 } else { end }).max().unwrap_or(18 * 60);
    if ends <= starts {
        return (0, 24 * 60);
    }
    let from = starts.saturating_sub(MARGIN) / 60 * 60;
    let to = (ends + MARGIN).div_ceil(60) * 60;
    (from, to.min(24 * 60))
}
