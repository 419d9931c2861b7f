//! The availability grid: a row for everyone and one for all, columns of time, the meeting as a bar over them. Owns drawing and pointer;
//! keys are in `grid_keys`, numbers in `grid_model`.
//!
//! One SVG path per status and row is all that is drawn. For assistive technology the focused row has a cell for each step and every
//! other row one cell a day with a sentence, so that there is something to read everywhere and the page stays small.

use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};
use convoke_core::{
    model::FreeBusy,
    schedule::{
        RankResult, Role,
        grid::{ClockChange, Run, number, path},
    },
    store::{AssistantAction, PersonTime},
};
use yew::prelude::*;

use super::{
    super::{
        context::{Ui, use_ui},
        format::Form,
        strings::Text,
        words,
    },
    grid_keys::{Cell, Place, Step, step},
    grid_legend::{legend, patterns},
    grid_model::GridModel,
    suggestions::name_of,
};
use crate::browser::dom;

/// The height of a row's drawing, in CSS pixels.
const HEIGHT: f32 = 32.0;

/// Properties of [`AvailabilityGrid`].
#[derive(Properties, PartialEq)]
pub(crate) struct GridProps {
    /// What is drawn.
    pub model: GridModel,
    /// Everybody's time, the organizer first.
    pub people: Rc<Vec<PersonTime>>,
    /// The time that is chosen.
    pub chosen: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The focused cell.
    pub cell: Cell,
    /// Minutes.
    pub duration: u32,
    /// The suggestions.
    pub result: Rc<RankResult>,
}

/// The availability grid.
#[component]
pub(crate) fn AvailabilityGrid(props: &GridProps) -> Html {
    let ui = use_ui();
    let root = use_node_ref();
    let grid = &props.model.grid;
    let width = column_width(grid.step_minutes);
    let rows = props.people.len() + 1;
    let cell = (props.cell.0.min(rows - 1), props.cell.1.min(grid.columns.len().saturating_sub(1)));
    use_layout(&root, template(props, width), width);
    use_effect_with(cell, |cell| dom::move_focus_within("availability", &cell_id(*cell)));
    let bar = props.model.bar(props.chosen);
    use_effect_with((root.clone(), bar), move |(root, bar)| {
        if let Some((x, _)) = bar {
            dom::scroll_to_column(root, f64::from(x * width));
        }
    });
    let onkeydown = keys(&ui, props, cell, rows);
    html! {
        <section class="card grid-card" aria-labelledby="grid-title">
            <header class="grid-head">
                <h2 id="grid-title">{ ui.text(Text::Availability) }</h2>
                { legend(&ui) }
            </header>
            <div class="grid-scroll" ref={root}>
                { patterns() }
                <div id="availability" role="grid" class="grid" aria-labelledby="grid-title" aria-describedby="grid-help"
                    aria-rowcount={(rows + 1).to_string()} aria-colcount={(grid.columns.len() + 1).to_string()} {onkeydown}>
                    { day_headers(&ui, props) }
                    { hour_labels(&ui, props) }
                    { roll_up_row(&ui, props, cell, bar, width) }
                    { for props.people.iter().enumerate().map(|(index, person)| person_row(&ui, props, person, index, cell, bar, width)) }
                </div>
            </div>
            <p id="grid-help" class="help">{ ui.text(Text::GridHelp) }</p>
        </section>
    }
}

/// CSS pixels per column.
fn column_width(step_minutes: u32) -> f32 {
    if step_minutes >= 30 { 24.0 } else { 16.0 }
}

fn cell_id((row, column): Cell) -> String {
    ["cell-", &row.to_string(), "-", &column.to_string()].concat()
}

/// Widths go through CSSOM: the page's policy drops `style` attributes.
#[hook]
fn use_layout(root: &NodeRef, template: String, width: f32) {
    use_effect_with((root.clone(), template), move |(root, template)| {
        dom::set_style(root, "--grid-days", template);
        dom::set_style(root, "--grid-column", &[&number(width), "px"].concat());
    });
}

/// The width of each day, as a list of grid tracks: a day on which the clock changes may be longer or shorter than the others.
fn template(props: &GridProps, width: f32) -> String {
    let days = &props.model.grid.days;
    #[expect(clippy::cast_precision_loss, reason = "a day has at most some hundred columns")]
    let tracks: Vec<String> = days.iter().map(|day| [&number(day.columns as f32 * width), "px"].concat()).collect();
    tracks.join(" ")
}

fn keys(ui: &Ui, props: &GridProps, cell: Cell, rows: usize) -> Callback<KeyboardEvent> {
    let (ui, model, people, result, duration) =
        (ui.clone(), props.model.clone(), props.people.clone(), props.result.clone(), props.duration);
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let place = Place { cell, rows, grid: &model.grid, result: &result, now: ui.now, right_to_left: ui.strings.direction() == "rtl" };
        let Some(step) = step(&event.key(), event.shift_key(), &place) else { return };
        event.prevent_default();
        let go = |cell: Cell, duration: u32| {
            let sentence = sentence(&ui, &model, &people, cell.1, duration);
            ui.send(AssistantAction::Cell(cell.0, cell.1, sentence));
        };
        match step {
            Step::Go(cell) => go(cell, duration),
            Step::Place => {
                if let Some(column) = model.grid.columns.get(cell.1) {
                    let start = column.span.start;
                    ui.send(AssistantAction::Choose(start, start + TimeDelta::minutes(i64::from(duration))));
                    go(cell, duration);
                }
            }
            Step::Stretch(columns) => {
                let minutes = i64::from(duration) + i64::from(columns) * i64::from(model.grid.step_minutes);
                let minutes = u32::try_from(minutes).unwrap_or(0).clamp(model.grid.step_minutes, 480);
                ui.send(AssistantAction::Duration(minutes));
                go(cell, minutes);
            }
            Step::Suggestion(index) => {
                if let Some(suggestion) = result.suggestions.get(index) {
                    ui.send(AssistantAction::Choose(suggestion.start, suggestion.end));
                    if let Some(column) = model.grid.column_at(suggestion.start) {
                        go((cell.0, column), duration);
                    }
                }
            }
        }
    })
}

/// "Tue 17 10:00–10:30: 5 of 6 free; Adele Vance busy".
fn sentence(ui: &Ui, model: &GridModel, people: &[PersonTime], column: usize, duration: u32) -> String {
    let Some(said) = model.announce(people, column, duration) else { return String::new() };
    let (start, end) = (ui.local(said.span.start), ui.local(said.span.end));
    let time = [ui.formats.write(start, Form::Weekday), ui.formats.range(start, end)].join(" ");
    let others = said
        .not_free
        .iter()
        .map(|(id, status)| ui.with(Text::PersonStatus, &[("name", &name_of(ui, people, id)), ("status", &words::free_busy(ui, *status))]))
        .collect::<Vec<_>>()
        .join(", ");
    let text = if others.is_empty() { Text::CellReport } else { Text::CellReportBusy };
    ui.with(text, &[("time", &time), ("free", &said.free.to_string()), ("total", &said.total.to_string()), ("others", &others)])
}

fn day_headers(ui: &Ui, props: &GridProps) -> Html {
    let today = ui.local(ui.now).date();
    html! {
        <div role="row" aria-rowindex="1" class="grid-row grid-days-row">
            <div role="columnheader" aria-colindex="1" class="grid-name"></div>
            <div class="track cells-days">
                { for props.model.grid.days.iter().map(|day| html! {
                    <div key={day.date.to_string()} role="columnheader" aria-colindex={(day.first_column + 2).to_string()} aria-colspan={day.columns.to_string()}
                        class={classes!("grid-day", (day.date == today).then_some("grid-today"))}>
                        { ui.formats.date(day.date, Form::ShortDay) }
                    </div>
                }) }
            </div>
        </div>
    }
}

/// The hours above the columns. The cells say their times themselves, so these are for eyes alone.
fn hour_labels(ui: &Ui, props: &GridProps) -> Html {
    let grid = &props.model.grid;
    let every = if grid.step_minutes >= 30 { 120 } else { 60 };
    html! {
        <div class="grid-row grid-hours-row" aria-hidden="true">
            <div class="grid-name"></div>
            <div class="track cells-steps">
                { for grid.columns.iter().enumerate().map(|(index, column)| {
                    let mark = match column.clock_change {
                        Some(ClockChange::Forward(_)) => Some(Text::ClockForward),
                        Some(ClockChange::Back(_)) => Some(Text::ClockBack),
                        None => None,
                    };
                    html! {
                        <div key={index} class={classes!("grid-hour", mark.is_some().then_some("grid-clock-change"))} title={mark.map(|text| ui.text(text))}>
                            if column.minute.is_multiple_of(every) { <span>{ ui.formats.time(ui.local(column.span.start)) }</span> }
                        </div>
                    }
                }) }
            </div>
        </div>
    }
}

fn roll_up_row(ui: &Ui, props: &GridProps, cell: Cell, bar: Option<(f32, f32)>, width: f32) -> Html {
    let model = &props.model;
    let wanted = |test: &dyn Fn(usize) -> bool| runs_of(model.roll_up.len(), test);
    let all = wanted(&|column| model.roll_up.get(column).is_some_and(|cell| cell.free == cell.total));
    let enough = wanted(&|column| {
        model
            .roll_up
            .get(column)
            .is_some_and(|cell| cell.free < cell.total && matches!(cell.worst, FreeBusy::Free | FreeBusy::WorkingElsewhere))
    });
    // Where somebody who has to come does not work, a green stretch would promise too much.
    let outside: Vec<Run> = props
        .people
        .iter()
        .zip(&model.rows)
        .filter(|(person, _)| person.role != Role::Optional)
        .flat_map(|(_, row)| row.outside.clone())
        .collect();
    let drawing = html! {
        <>
            <path class="all-free" d={path(&all, width, HEIGHT)} />
            <path class="enough-free" d={path(&enough, width, HEIGHT)} />
            <path class="outside" d={path(&outside, width, HEIGHT)} />
        </>
    };
    let label = |column: usize| {
        let (free, total) = model.roll_up.get(column).map_or((0, 0), |cell| (cell.free, cell.total));
        ui.with(Text::OfFree, &[("free", &free.to_string()), ("total", &total.to_string())])
    };
    let day = |day: usize| {
        let Some(at) = model.grid.days.get(day) else { return String::new() };
        let name = ui.formats.date(at.date, Form::ShortDay);
        let free: Vec<String> = all
            .iter()
            .filter_map(|run| {
                let (first, last) = (index(run.x0), index(run.x1));
                let (first, last) = (first.max(at.first_column), last.min(at.first_column + at.columns));
                let (start, end) = (model.grid.columns.get(first)?.span.start, model.grid.columns.get(last.checked_sub(1)?)?.span.end);
                (first < last).then(|| ui.formats.range(ui.local(start), ui.local(end)))
            })
            .collect();
        let spans = if free.is_empty() { ui.text(Text::NoCommonTime) } else { [ui.text(Text::ShowFree), free.join(", ")].join(" ") };
        ui.with(Text::DaySentence, &[("day", &name), ("spans", &spans)])
    };
    row(
        ui,
        props,
        RowDrawing { index: 0, name: ui.text(Text::AllAttendees), class: "grid-all", drawing, bar, width, cell, label: &label, day: &day },
    )
}

fn person_row(ui: &Ui, props: &GridProps, person: &PersonTime, index: usize, cell: Cell, bar: Option<(f32, f32)>, width: f32) -> Html {
    let model = &props.model;
    let name = if person.role == Role::Organizer { ui.text(Text::YouOrganizer) } else { person.person.name.clone() };
    let drawn = model.rows.get(index).cloned().unwrap_or_default();
    let drawing = html! {
        <>
            <path class="outside" d={path(&drawn.outside, width, HEIGHT)} />
            { for drawn.runs.iter().map(|(status, runs)| {
                let class = words::free_busy_class(*status);
                html! { <path key={class} class={classes!("status", class)} fill={["url(#pattern-", class, ")"].concat()} transform="translate(0 4)" d={path(runs, width, HEIGHT - 8.0)} /> }
            }) }
        </>
    };
    let label = |column: usize| words::free_busy(ui, if person.loading { FreeBusy::Unknown } else { model.cell(person, column) });
    let day = |day: usize| {
        let Some(at) = model.grid.days.get(day) else { return String::new() };
        let name = ui.formats.date(at.date, Form::ShortDay);
        if person.loading {
            return ui.with(Text::DaySentence, &[("day", &name), ("spans", &ui.text(Text::NotReadYet))]);
        }
        let spans: Vec<String> = model
            .day(person, day)
            .iter()
            .map(|part| {
                let (start, end) = (ui.formats.time(ui.local(part.span.start)), ui.formats.time(ui.local(part.span.end)));
                ui.with(Text::SpanSentence, &[("status", &words::free_busy(ui, part.status)), ("start", &start), ("end", &end)])
            })
            .collect();
        if spans.is_empty() {
            ui.with(Text::FreeAllDay, &[("day", &name)])
        } else {
            ui.with(Text::DaySentence, &[("day", &name), ("spans", &spans.join(", "))])
        }
    };
    let class = if person.loading { "grid-loading" } else { "" };
    row(ui, props, RowDrawing { index: index + 1, name, class, drawing, bar, width, cell, label: &label, day: &day })
}

/// What differs between the rows.
struct RowDrawing<'a> {
    index: usize,
    name: String,
    class: &'static str,
    drawing: Html,
    bar: Option<(f32, f32)>,
    width: f32,
    cell: Cell,
    /// What a cell says beside its time.
    label: &'a dyn Fn(usize) -> String,
    /// What a day says.
    day: &'a dyn Fn(usize) -> String,
}

fn row(ui: &Ui, props: &GridProps, drawn: RowDrawing<'_>) -> Html {
    let grid = &props.model.grid;
    let focused = drawn.cell.0 == drawn.index;
    let onclick = {
        let (ui, model, people, duration) = (ui.clone(), props.model.clone(), props.people.clone(), props.duration);
        let (index, width) = (drawn.index, drawn.width);
        Callback::from(move |event: MouseEvent| {
            let Some(x) = dom::inline_position(&event) else { return };
            let column = self::index((x / f64::from(width)).floor() as f32);
            if let Some(at) = model.grid.columns.get(column) {
                ui.send(AssistantAction::Choose(at.span.start, at.span.start + TimeDelta::minutes(i64::from(duration))));
                ui.send(AssistantAction::Cell(index, column, sentence(&ui, &model, &people, column, duration)));
            }
        })
    };
    #[expect(clippy::cast_precision_loss, reason = "columns number some thousands")]
    let total = grid.columns.len() as f32 * drawn.width;
    html! {
        <div key={drawn.index} role="row" aria-rowindex={(drawn.index + 2).to_string()} class={classes!("grid-row", drawn.class)}>
            <div role="rowheader" aria-colindex="1" class="grid-name"><bdi>{ &drawn.name }</bdi></div>
            <div class="track" {onclick}>
                <svg class="track-drawing" aria-hidden="true" focusable="false" width={number(total)} height={number(HEIGHT)}>
                    { drawn.drawing }
                    if let Some((x, length)) = drawn.bar {
                        <rect class="bar" x={number(x * drawn.width)} y="0" width={number(length * drawn.width)} height={number(HEIGHT)} />
                    }
                </svg>
                if focused {
                    <div class="cells cells-steps">
                        { for grid.columns.iter().enumerate().map(|(index, column)| {
                            let time = [ui.formats.write(ui.local(column.span.start), Form::Weekday), ui.formats.time(ui.local(column.span.start))].join(" ");
                            let here = index == drawn.cell.1;
                            let first = grid.days.get(column.day).is_some_and(|day| day.first_column == index);
                            html! {
                                <div key={index} id={cell_id((drawn.index, index))} role="gridcell" aria-colindex={(index + 2).to_string()}
                                    class={classes!("cell", first.then_some("cell-first"))} tabindex={if here { "0" } else { "-1" }}
                                    aria-label={[time, (drawn.label)(index)].join(", ")}></div>
                            }
                        }) }
                    </div>
                } else {
                    <div class="cells cells-days">
                        { for grid.days.iter().enumerate().map(|(index, day)| html! {
                            <div key={index} role="gridcell" class="cell cell-day" aria-colindex={(day.first_column + 2).to_string()} aria-colspan={day.columns.to_string()}
                                aria-label={(drawn.day)(index)}></div>
                        }) }
                    </div>
                }
            </div>
        </div>
    }
}

/// Runs of neighbouring columns that pass a test.
fn runs_of(columns: usize, test: &dyn Fn(usize) -> bool) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in (0..columns).filter(|column| test(*column)) {
        #[expect(clippy::cast_precision_loss, reason = "columns number some thousands")]
        let x0 = column as f32;
        match runs.last_mut() {
            Some(last) if last.x1 >= x0 => last.x1 = x0 + 1.0,
            _ => runs.push(Run { x0, x1: x0 + 1.0 }),
        }
    }
    runs
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "columns number some thousands, and a negative one becomes the first"
)]
fn index(x: f32) -> usize {
    x.max(0.0) as usize
}
