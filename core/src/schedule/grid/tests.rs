//! Geometry on ordinary days and on those on which the clock changes.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use chrono::NaiveDate;

use super::*;
use crate::{
    schedule::worst,
    time::fixtures::{utc, zone},
};

fn grid(date: (i32, u32, u32), days: u32, hours: (u32, u32), step_minutes: u32, name: &str) -> Grid {
    let first_day = NaiveDate::from_ymd_opt(date.0, date.1, date.2).unwrap();
    Grid::new(&GridSpec { first_day, days, from_minute: hours.0 * 60, to_minute: hours.1 * 60, step_minutes }, &zone(name))
}

fn span(start: &str, end: &str, status: FreeBusy) -> StatusSpan {
    StatusSpan { span: Span::new(utc(start), utc(end)), status }
}

fn row<'a>(id: &'a str, role: Role, spans: &'a [StatusSpan]) -> RowInput<'a> {
    RowInput { id, role, spans, hours: None }
}

#[test]
fn a_day_has_the_columns_that_its_clock_gives_it() {
    let check = |date, name: &str, columns: usize, around: std::ops::Range<usize>, labels: &[(u32, Option<ClockChange>)]| {
        let grid = grid(date, 1, (0, 24), 30, name);
        assert_eq!((grid.columns.len(), grid.days[0].columns), (columns, columns), "{date:?} in {name}");
        let found: Vec<_> = grid.columns[around].iter().map(|column| (column.minute, column.clock_change)).collect();
        assert_eq!(found, labels, "{date:?} in {name}");
    };
    check((2026, 5, 4), "Europe/Berlin", 48, 2..4, &[(60, None), (90, None)]);
    check((2026, 3, 29), "Europe/Berlin", 46, 3..5, &[(90, None), (180, Some(ClockChange::Forward(60)))]);
    check((2026, 10, 25), "Europe/Berlin", 50, 4..8, &[(120, None), (150, None), (120, Some(ClockChange::Back(60))), (150, None)]);
    check((2018, 11, 4), "America/Sao_Paulo", 46, 0..1, &[(60, Some(ClockChange::Forward(60)))]);
    check((2026, 10, 4), "Australia/Lord_Howe", 47, 4..5, &[(150, Some(ClockChange::Forward(30)))]);
    check((2011, 12, 30), "Pacific/Apia", 0, 0..0, &[]);
}

#[test]
fn both_hours_of_an_overlap_have_a_place() {
    let grid = grid((2026, 10, 25), 1, (0, 24), 30, "Europe/Berlin");
    let places = ["2026-10-25T00:30Z", "2026-10-25T01:30Z"].map(|instant| (grid.column_at(utc(instant)), grid.x_of(utc(instant))));
    assert_eq!(places, [(Some(5), 5.0), (Some(7), 7.0)]);
}

#[test]
fn runs_stop_where_nothing_is_drawn() {
    let grid = grid((2026, 5, 4), 3, (8, 18), 60, "UTC");
    let runs =
        |from: &str, to: &str| -> Vec<(f32, f32)> { grid.runs(Span::new(utc(from), utc(to))).iter().map(|run| (run.x0, run.x1)).collect() };
    assert_eq!(runs("2026-05-04T09:30Z", "2026-05-04T11:00Z"), [(1.5, 3.0)]);
    assert_eq!(runs("2026-05-04T17:00Z", "2026-05-06T09:00Z"), [(9.0, 10.0), (10.0, 20.0), (20.0, 21.0)]);
    assert_eq!(runs("2026-04-01T00:00Z", "2026-07-01T00:00Z"), [(0.0, 10.0), (10.0, 20.0), (20.0, 30.0)]);
    assert_eq!(runs("2026-05-04T19:00Z", "2026-05-05T07:00Z"), []);
    assert_eq!(runs("2026-05-04T12:00Z", "2026-05-04T11:00Z"), []);
    assert_eq!((grid.x_of(utc("2026-05-05T03:00Z")), grid.x_of(utc("2027-01-01T00:00Z"))), (10.0, 30.0));
    assert_eq!((grid.column_at(utc("2026-05-05T03:00Z")), grid.column_at(utc("2026-05-05T08:59Z"))), (None, Some(10)));
}

#[test]
fn a_row_is_drawn_by_status_and_hours() {
    let grid = grid((2026, 5, 4), 2, (8, 18), 60, "UTC");
    let spans = [
        span("2026-05-04T09:00Z", "2026-05-04T10:00Z", FreeBusy::Busy),
        span("2026-05-04T13:00Z", "2026-05-04T13:30Z", FreeBusy::Tentative),
        span("2026-05-04T17:30Z", "2026-05-05T09:00Z", FreeBusy::Busy),
    ];
    let hours = [Span::new(utc("2026-05-04T09:00Z"), utc("2026-05-04T17:00Z"))];
    let input = RowInput { hours: Some(&hours), ..row("a", Role::Required, &spans) };
    let drawn = grid.row(&input);
    let busy = vec![Run { x0: 1.0, x1: 2.0 }, Run { x0: 9.5, x1: 10.0 }, Run { x0: 10.0, x1: 11.0 }];
    assert_eq!(drawn.runs, [(FreeBusy::Busy, busy.clone()), (FreeBusy::Tentative, vec![Run { x0: 5.0, x1: 5.5 }])]);
    assert_eq!(drawn.outside, [Run { x0: 0.0, x1: 1.0 }, Run { x0: 9.0, x1: 10.0 }, Run { x0: 10.0, x1: 20.0 }]);
    assert_eq!(path(&busy, 12.25, 20.0), "M12.25 0H24.5V20H12.25zM116.38 0H122.5V20H116.38zM122.5 0H134.75V20H122.5z");
    let summary = grid.day_summary(&input, 0);
    assert_eq!(summary.len(), 3);
    assert_eq!(summary[2].span, Span::new(utc("2026-05-04T17:30Z"), utc("2026-05-04T18:00Z")));
    assert_eq!((grid.cell(&input, 5), grid.cell(&input, 9), grid.cell(&input, 2)), (FreeBusy::Tentative, FreeBusy::Busy, FreeBusy::Free));
    assert_eq!((grid.cell(&input, 99), grid.day_summary(&input, 99)), (FreeBusy::Unknown, Vec::new()));
}

#[test]
fn the_first_row_counts_who_is_free() {
    let grid = grid((2026, 5, 4), 1, (8, 12), 60, "UTC");
    let adele = [
        span("2026-05-04T08:00Z", "2026-05-04T08:15Z", FreeBusy::Tentative),
        span("2026-05-04T08:30Z", "2026-05-04T09:30Z", FreeBusy::Busy),
        span("2026-05-04T10:00Z", "2026-05-04T11:00Z", FreeBusy::WorkingElsewhere),
    ];
    let grady = [span("2026-05-04T08:00Z", "2026-05-04T12:00Z", FreeBusy::Unknown)];
    let rows = [row("adele", Role::Required, &adele), row("grady", Role::Optional, &grady), row("me", Role::Organizer, &[])];
    let cells: Vec<_> = grid.roll_up(&rows).iter().map(|cell| (cell.free, cell.total, cell.worst)).collect();
    use FreeBusy::{Busy, Free, WorkingElsewhere};
    assert_eq!(cells, [(1, 3, Busy), (1, 3, Busy), (2, 3, WorkingElsewhere), (2, 3, Free)]);
    for (column, cell) in cells.iter().enumerate() {
        let free = rows.iter().filter(|row| matches!(worst(row.spans, grid.columns[column].span), Free | WorkingElsewhere));
        assert_eq!(free.count(), cell.0, "the roll-up and the cells agree");
    }
    let said = grid.announce(&rows, 1, 90).unwrap();
    assert_eq!((said.free, said.total), (1, 3));
    assert_eq!(said.not_free, [("adele".to_owned(), Busy), ("grady".to_owned(), FreeBusy::Unknown)]);
    assert_eq!(grid.announce(&rows, 4, 30), None);
}

#[test]
fn nothing_strange_breaks_the_layout() {
    let spec =
        |days, from_minute, to_minute, step_minutes| GridSpec { first_day: NaiveDate::MAX, days, from_minute, to_minute, step_minutes };
    for spec in [spec(3, 0, 1440, 0), spec(0, 0, 1440, 30), spec(2, 900, 60, 30), spec(2, 5000, 9000, u32::MAX)] {
        let grid = Grid::new(&spec, &zone("Europe/Berlin"));
        assert!(grid.columns.iter().all(|column| column.span.minutes() >= 0));
        assert_eq!(path(&grid.runs(Span::new(utc("2026-05-04T08:00Z"), utc("2026-05-04T07:00Z"))), f32::NAN, f32::INFINITY), "");
    }
}
