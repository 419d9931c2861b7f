//! Columns of days. Owns where an instant lies across the grid; leaves what is drawn there to `row`.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

use super::{ClockChange, Column, Day, Grid, GridSpec, Run};
use crate::time::{Span, Zone, day_range};

/// No grid is wider: at 5 minutes these are two years.
const MOST_COLUMNS: usize = 200_000;

impl Grid {
    /// Lays out the columns of some days in a zone. Nothing is drawn of a day that the zone skips. A step of 0 counts as 1.
    #[must_use]
    pub fn new(spec: &GridSpec, zone: &Zone) -> Self {
        let step_minutes = spec.step_minutes.max(1);
        let step = TimeDelta::minutes(step_minutes.into());
        let mut grid = Self { columns: Vec::new(), days: Vec::new(), step_minutes };
        let dates = (0..spec.days).map_while(|day| spec.first_day.checked_add_days(Days::new(day.into())));
        for (day, date) in dates.enumerate() {
            let span = drawn(date, spec, zone);
            let first_column = grid.columns.len();
            let mut start = span.start;
            while start < span.end && grid.columns.len() < MOST_COLUMNS {
                let column = Span::new(start, (start + step).min(span.end));
                let local = zone.local(start).time();
                let change = zone.transitions_between(column.start, column.end).first().map(|change| {
                    let minutes = (change.after - change.before).unsigned_abs() / 60;
                    if change.is_forward() { ClockChange::Forward(minutes) } else { ClockChange::Back(minutes) }
                });
                grid.columns.push(Column { span: column, day, minute: local.num_seconds_from_midnight() / 60, clock_change: change });
                start = column.end;
            }
            grid.days.push(Day { date, span, first_column, columns: grid.columns.len() - first_column });
        }
        grid
    }

    /// The column that holds an instant.
    #[must_use]
    pub fn column_at(&self, instant: DateTime<Utc>) -> Option<usize> {
        let after = self.columns.partition_point(|column| column.span.start <= instant);
        let column = after.checked_sub(1)?;
        self.columns[column].span.contains(instant).then_some(column)
    }

    /// Where an instant lies, in columns; between two days it is where the later one begins, beyond the last one the grid's end.
    #[must_use]
    pub fn x_of(&self, instant: DateTime<Utc>) -> f32 {
        let day = self.days.partition_point(|day| day.span.end <= instant);
        self.days.get(day).map_or(self.columns.len() as f32, |day| self.x_within(day, instant))
    }

    /// The runs of a stretch of time, one for each day that it touches.
    #[must_use]
    pub fn runs(&self, span: Span) -> Vec<Run> {
        let first = self.days.partition_point(|day| day.span.end <= span.start);
        let days = self.days[first..].iter().take_while(|day| day.span.start < span.end);
        let parts = days.filter_map(|day| day.span.intersection(&span).map(|part| (day, part)));
        parts.map(|(day, part)| Run { x0: self.x_within(day, part.start), x1: self.x_within(day, part.end) }).collect()
    }

    fn x_within(&self, day: &Day, instant: DateTime<Utc>) -> f32 {
        let seconds = (instant.clamp(day.span.start, day.span.end.max(day.span.start)) - day.span.start).num_seconds();
        let columns = seconds as f32 / (self.step_minutes as f32 * 60.0);
        // The last column of a day is as wide as the others, even where it is shorter.
        let columns = if instant >= day.span.end { day.columns as f32 } else { columns };
        day.first_column as f32 + columns
    }
}

/// What is drawn of a date, as instants.
fn drawn(date: NaiveDate, spec: &GridSpec, zone: &Zone) -> Span {
    let wall = |minute: u32| {
        let midnight = date.and_time(NaiveTime::MIN);
        midnight.checked_add_signed(TimeDelta::minutes(minute.into())).unwrap_or(midnight)
    };
    let start = zone.resolve(wall(spec.from_minute.min(24 * 60))).instant;
    let end = if spec.to_minute < 24 * 60 {
        // An end that comes twice is drawn to its second time, so that no hour of the day is lost.
        zone.resolve_late(wall(spec.to_minute))
    } else {
        day_range(zone, date).1
    };
    Span::new(start, end.max(start))
}
