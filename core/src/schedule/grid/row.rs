//! What is drawn and said of a row. Owns runs by status, cells and sentences' material; leaves words to the interface.

use chrono::TimeDelta;

use super::{Announcement, Grid, RollUp, Row, RowInput, Run};
use crate::{
    model::FreeBusy,
    schedule::{Role, StatusSpan, severity, worst},
    time::Span,
};

impl Grid {
    /// One row's drawing.
    #[must_use]
    pub fn row(&self, input: &RowInput<'_>) -> Row {
        let mut row = Row::default();
        for span in input.spans {
            let runs = self.runs(span.span);
            if runs.is_empty() {
                continue;
            }
            match row.runs.iter_mut().find(|(status, _)| *status == span.status) {
                Some((_, known)) => known.extend(runs),
                None => row.runs.push((span.status, runs)),
            }
        }
        if let Some(hours) = input.hours {
            row.outside = self.days.iter().flat_map(|day| gaps(day.span, hours)).flat_map(|gap| self.runs(gap)).collect();
        }
        row
    }

    /// The status of one cell: the worst within the column; `Unknown` where there is no such column.
    #[must_use]
    pub fn cell(&self, input: &RowInput<'_>, column: usize) -> FreeBusy {
        self.columns.get(column).map_or(FreeBusy::Unknown, |column| worst(input.spans, column.span))
    }

    /// What a row says of one day: everything that is not free, merged, in order, cut to what is drawn.
    #[must_use]
    pub fn day_summary(&self, input: &RowInput<'_>, day: usize) -> Vec<StatusSpan> {
        let Some(day) = self.days.get(day) else { return Vec::new() };
        let first = input.spans.partition_point(|span| span.span.end <= day.span.start);
        let within = input.spans[first..].iter().take_while(|span| span.span.start < day.span.end);
        within.filter_map(|span| Some(StatusSpan { span: span.span.intersection(&day.span)?, status: span.status })).collect()
    }

    /// The first row: for each column how many are free. Rooms count like people, but not in `worst`.
    #[must_use]
    pub fn roll_up(&self, rows: &[RowInput<'_>]) -> Vec<RollUp> {
        let mut cells = vec![RollUp { free: rows.len(), total: rows.len(), worst: FreeBusy::Free }; self.columns.len()];
        for row in rows {
            let needed = matches!(row.role, Role::Organizer | Role::Required);
            // Spans are in order, so each column is counted once, however many spans fall into it.
            let mut counted = 0;
            for span in row.spans {
                let first = self.columns.partition_point(|column| column.span.end <= span.span.start);
                let end = self.columns.partition_point(|column| column.span.start < span.span.end);
                for (number, cell) in cells.iter_mut().enumerate().take(end).skip(first) {
                    if !is_free(span.status) && number >= counted {
                        cell.free -= 1;
                        counted = number + 1;
                    }
                    if needed && severity(span.status) > severity(cell.worst) {
                        cell.worst = span.status;
                    }
                }
            }
        }
        cells
    }

    /// Who is free for a meeting of so many minutes from a column's start; `None` where there is no such column.
    #[must_use]
    pub fn announce(&self, rows: &[RowInput<'_>], column: usize, duration_minutes: u32) -> Option<Announcement> {
        let start = self.columns.get(column)?.span.start;
        let span = Span::new(start, start.checked_add_signed(TimeDelta::minutes(duration_minutes.into()))?);
        let states = rows.iter().map(|row| (row.id, worst(row.spans, span)));
        let not_free: Vec<_> = states.filter(|(_, status)| !is_free(*status)).map(|(id, status)| (id.to_owned(), status)).collect();
        Some(Announcement { span, free: rows.len() - not_free.len(), total: rows.len(), not_free })
    }
}

fn is_free(status: FreeBusy) -> bool {
    matches!(status, FreeBusy::Free | FreeBusy::WorkingElsewhere)
}

/// What of a span lies in none of these, which are in order and apart.
fn gaps(span: Span, hours: &[Span]) -> Vec<Span> {
    let mut gaps = Vec::new();
    let mut start = span.start;
    for hours in hours.iter().filter(|hours| hours.overlaps(&span)) {
        gaps.push(Span::new(start, hours.start));
        start = hours.end;
    }
    gaps.push(Span::new(start, span.end));
    gaps.retain(|gap| !gap.is_empty());
    gaps
}

/// An SVG path (`d`) of filled rectangles: runs in columns, `column_width` and `height` in user units.
#[must_use]
pub fn path(runs: &[Run], column_width: f32, height: f32) -> String {
    let mut path = String::with_capacity(runs.len() * 24);
    for run in runs {
        path.push('M');
        push(&mut path, run.x0 * column_width);
        path.push_str(" 0H");
        push(&mut path, run.x1 * column_width);
        path.push('V');
        push(&mut path, height);
        path.push('H');
        push(&mut path, run.x0 * column_width);
        path.push('z');
    }
    path
}

/// A number with at most two decimals, as SVG and CSS read it.
#[must_use]
pub fn number(number: f32) -> String {
    let mut text = String::new();
    push(&mut text, number);
    text
}

/// The same, at the end of a path. By hand: formatting of floats would weigh more in the wasm than all of this module.
fn push(path: &mut String, number: f32) {
    // A cast of what is not a number or too large saturates; such a path is merely wrong, and nothing panics.
    let hundredths = (number * 100.0).round() as i32;
    if hundredths < 0 {
        path.push('-');
    }
    let hundredths = hundredths.unsigned_abs();
    let (whole, mut rest) = (hundredths / 100, hundredths % 100);
    let mut unit = 1;
    while whole / unit >= 10 {
        unit *= 10;
    }
    while unit > 0 {
        path.push(char::from(b'0' + (whole / unit % 10) as u8));
        unit /= 10;
    }
    if rest > 0 {
        path.push('.');
        path.push(char::from(b'0' + (rest / 10) as u8));
        rest %= 10;
        if rest > 0 {
            path.push(char::from(b'0' + rest as u8));
        }
    }
}
